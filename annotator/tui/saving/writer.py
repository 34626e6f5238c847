"""The one thread that writes what is decided, in order, until the database has it.

What the database does not take at once is put into a file before anything else is tried: from then
on, however the program ends, it is not lost. The file goes when the database has what it holds.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from annotator.core.decisions import Decision
from annotator.errors import AnnotatorError, ArticleNotFound, ArticlePurged, LeaseLost, ReviewError
from annotator.tui.saving.aside import Aside, PutAside, Unwritten

_RETRY_SECONDS = (0.3, 1.0, 2.0, 5.0)
_PATIENCE = 1.0
_SILENCE = 3.0
_AGAIN = 5.0
_log = logging.getLogger(__name__)


class Saving(StrEnum):
    SAVED = "saved"
    SAVING = "saving"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Saved:
    """How far writing has come: how many decisions wait, and what went wrong last.

    `kept` says whether all that wait are in a file meanwhile; `refused` is how many came too late
    and will be tried again at the next start only.
    """

    state: Saving = Saving.SAVED
    waiting: int = 0
    reason: str = ""
    hint: str = ""
    kept: bool = False
    refused: int = 0


@dataclass(eq=False, slots=True)
class _Job:
    """One thing to do in order: write the decisions of one key press, or something else."""

    decisions: tuple[Decision, ...] = ()
    text: str = ""
    also: Callable[[], None] | None = None
    session: Hashable = None
    taken: float = field(default_factory=time.monotonic)
    kept: bool = False

    @property
    def key(self) -> Hashable:
        """Whose work it is: what is refused of it once is not taken of it later."""
        return self.session if self.session is not None else self.decisions[0].article

    def unwritten(self) -> Iterator[Unwritten]:
        return ((decision, self.text) for decision in self.decisions)


class Writer:
    """Writes in a thread of its own, in order, until it has succeeded.

    `append` is called with the decisions of one press and the article's text; `changed` with the
    state after every change of it, from whatever thread. Where an article turns out to be in other
    hands, no trying again will help: its decisions go to `lost`, from the writer's thread, and the
    others are written; of a session of which one was refused none is taken any more.

    `folder` takes the files of what cannot be written (None: nothing is put into files).
    """

    def __init__(
        self,
        append: Callable[[Sequence[Decision], str], None],
        changed: Callable[[Saved], None],
        lost: Callable[[Sequence[Unwritten], AnnotatorError], None],
        *,
        retry_seconds: Sequence[float] = _RETRY_SECONDS,
        folder: Path | None = None,
        patience: float = _PATIENCE,
    ) -> None:
        self._append, self._changed, self._lost = append, changed, lost
        self._retry_seconds, self._patience = retry_seconds, patience
        self._aside = None if folder is None else Aside(folder)
        self._not_before = 0.0
        self._jobs: deque[_Job] = deque()
        self._refused: list[_Job] = []
        self._refusals: dict[Hashable, AnnotatorError] = {}
        self._something = threading.Condition()
        self._saved = Saved()
        self._begun = 0.0
        self._closing = self._hurries = False
        for work, name in ((self._run, "writer"), (self._keep_watch, "keeper")):
            threading.Thread(target=work, name=f"annotator-{name}", daemon=True).start()

    @property
    def saved(self) -> Saved:
        return self._saved

    def write(self, decisions: Sequence[Decision], text: str, session: Hashable = None) -> None:
        """Takes the decisions of one key press; returns at once.

        `session` is whoever they were made by; without one, what is refused of an article is
        refused alone.
        """
        self._put(_Job(tuple(decisions), text, session=session))

    def then(self, job: Callable[[], None]) -> None:
        """Does `job` after everything that was taken before; a failure of it is not tried again."""
        self._put(_Job(also=job))

    def settle(self, timeout: float) -> bool:
        """Waits up to `timeout` seconds; whether everything has been written."""
        with self._something:
            return self._something.wait_for(lambda: not self._jobs, timeout)

    def close(self, timeout: float = 5.0) -> bool:
        """Ends the threads after what can be written has been; whether nothing is left."""
        with self._something:
            self._hurries = True
            self._something.notify_all()
        done = self.settle(timeout)
        with self._something:
            self._closing = True
            self._something.notify_all()
        return done

    def unwritten(self) -> tuple[Unwritten, ...]:
        """The decisions that the database does not have yet and that are still tried."""
        return tuple(_all(self._jobs.copy()))

    def has_refused(self, session: Hashable) -> bool:
        """Whether a decision of this session was refused: then it has to be opened again."""
        return session in self._refusals

    def put_aside_now(self) -> PutAside:
        """Sees to it that every decision that the database does not have is in a file, and says
        in which; those that no folder takes are given back.

        From any thread, a signal's handler too, and at any time, also after `close`: it waits for
        nothing that a thread stuck in the database may hold.
        """
        refused = tuple(self._refused)
        # The file of what was refused may be gone because a start of the screens brought it back.
        loose = [job for job in refused if not job.kept]
        done = self._keep([*loose, *(job for job in self._jobs.copy() if job.decisions)])
        if self._aside is None:
            return done
        # What was saved while it was put into a file is not needed there.
        self._keep_only_what_is_needed()
        before = self._aside.files_of(decision.id for decision, _ in _all(refused))
        files = dict.fromkeys((*before, *(path for path in done.files if path.exists())))
        return replace(done, files=tuple(files))

    def put_aside(self, decisions: Iterable[Unwritten]) -> PutAside:
        """The same for these decisions alone."""
        unwritten = tuple(decisions)
        if self._aside is None:
            return PutAside(nowhere=unwritten, problem="no folder was given for them")
        return self._aside.keep(unwritten)

    # What comes in

    def _put(self, job: _Job) -> None:
        with self._something:
            self._jobs.append(job)
            self._something.notify_all()
            self._forget_what_came_back()
            self._tell()

    def _forget_what_came_back(self) -> None:
        if self._refused and self._aside is not None:
            files = self._aside
            self._refused = [
                job
                for job in self._refused
                if not job.kept or files.files_of(decision.id for decision in job.decisions)
            ]

    # Writing, in a thread of its own

    def _run(self) -> None:
        failures = 0
        while (job := self._next()) is not None:
            problem = self._do(job)
            if problem is None:
                failures = 0
                continue
            self._put_aside_quietly()
            with self._something:
                self._say(Saving.FAILED, *problem)
                self._something.notify_all()
                pause = self._retry_seconds[min(failures, len(self._retry_seconds) - 1)]
                failures += 1
                self._something.wait_for(lambda: self._closing or self._hurries, pause)
                # What was to be tried at once at the end has been; it goes on in its own time.
                self._hurries = False

    def _next(self) -> _Job | None:
        """The next job once there is one; None at the end."""
        with self._something:
            self._something.wait_for(lambda: self._jobs or self._closing)
            self._begun = time.monotonic()
            return None if self._closing else self._jobs[0]

    def _do(self, job: _Job) -> tuple[str, str] | None:
        """Does a job; what went wrong and what to do, or None. Only decisions are tried again."""
        try:
            if job.decisions:
                self._refuse_with_the_others(job)
                self._append(job.decisions, job.text)
            if job.also:
                job.also()
        except (ArticleNotFound, LeaseLost, ReviewError) as error:
            if job.decisions:
                self._give_up(job, error)
                return None
        except AnnotatorError as error:
            if job.decisions:
                return error.message, error.hint
        except Exception as error:
            # A failure nobody foresaw must not end the thread: what was decided would be lost.
            _log.exception("The writer met what nobody foresaw")
            if job.decisions:
                return f"{type(error).__name__}: {error}", "The decision is kept and tried again."
        self._take_off([job])
        return None

    def _refuse_with_the_others(self, job: _Job) -> None:
        if job.session is not None and job.session in self._refusals:
            raise self._refusals[job.session]

    def _give_up(self, job: _Job, error: AnnotatorError) -> None:
        """Puts aside what will not be taken: this job and those of the same work after it."""
        if job.session is not None:
            self._refusals[job.session] = error
        theirs = [one for one in self._jobs.copy() if one.decisions and one.key == job.key]
        if isinstance(error, ArticlePurged):
            self._forget(job.decisions[0].article)
        else:
            self._keep(theirs)
            with self._something:
                self._refused += theirs
        self._take_off(theirs)
        try:
            self._lost(tuple(_all(theirs)), error)
        except Exception:
            # It is in a file, or told at the end; whoever is to show it must not end the thread.
            _log.exception("What came too late could not be told")

    def _forget(self, article: str) -> None:
        """The words of a purged article are to be nowhere: nor are what was refused of it."""
        with self._something:
            self._refused = [job for job in self._refused if job.decisions[0].article != article]

    def _take_off(self, done: Sequence[_Job]) -> None:
        """These are over; tells so, and removes files of which nothing is needed any more."""
        with self._something:
            for job in done:
                self._jobs.remove(job)
            self._tell(over=True)
            self._something.notify_all()
        self._keep_only_what_is_needed()

    def _keep_only_what_is_needed(self) -> None:
        if self._aside is not None:
            self._aside.keep_only(d.id for d, _ in (*_all(self._refused), *self.unwritten()))

    # Files, in another thread: the first may be stuck in the database

    def _keep_watch(self) -> None:
        while self._wait_until_due():
            self._put_aside_quietly()
            with self._something:
                if self._waiting() and self._silence() >= _SILENCE and not self._has_failed:
                    self._say(
                        Saving.FAILED,
                        "The database does not answer.",
                        "Wait, or look whether it runs and who holds it.",
                    )
                else:
                    self._tell()

    def _wait_until_due(self) -> bool:
        """Waits until something has to be put into a file or to be told; False at the end."""
        with self._something:
            while not self._closing:
                due = self._due()
                if due is not None and due <= 0:
                    return True
                self._something.wait(due)
            return False

    def _due(self) -> float | None:
        """In how many seconds the next job has waited too long; None if there is none."""
        now, times = time.monotonic(), []
        loose = [job for job in (*self._refused, *self._jobs) if job.decisions and not job.kept]
        if loose and self._aside is not None:
            since = now if self._has_failed or self._refused else loose[0].taken + self._patience
            times.append(max(since, self._not_before) - now)
        if self._waiting() and not self._has_failed:
            times.append(_SILENCE - self._silence())
        return min(times, default=None)

    def _silence(self) -> float:
        """For how many seconds the database has not answered."""
        return time.monotonic() - max(self._begun, self._jobs[0].taken)

    @property
    def _has_failed(self) -> bool:
        return self._saved.state is Saving.FAILED

    def _put_aside_quietly(self) -> None:
        if self._aside is not None and self.put_aside_now().nowhere:
            self._not_before = time.monotonic() + _AGAIN

    def _keep(self, jobs: Sequence[_Job]) -> PutAside:
        aside = self.put_aside(_all(jobs))
        loose = {decision.id for decision, _ in aside.nowhere}
        for job in jobs:
            job.kept = not any(decision.id in loose for decision in job.decisions)
        return aside

    # Telling

    def _tell(self, *, over: bool = False) -> None:
        """Tells how many wait now; something being `over` ends a failure."""
        if not self._waiting():
            self._say(Saving.SAVED)
        elif self._has_failed and not over:
            self._say(Saving.FAILED, self._saved.reason, self._saved.hint)
        else:
            self._say(Saving.SAVING)

    def _say(self, state: Saving, reason: str = "", hint: str = "") -> None:
        jobs = [job for job in self._jobs if job.decisions]
        kept = bool(jobs) and all(job.kept for job in jobs)
        refused = sum(len(job.decisions) for job in self._refused)
        saved = Saved(state, self._waiting(), reason, hint, kept, refused)
        if saved != self._saved:
            self._saved = saved
            try:
                self._changed(saved)
            except Exception:
                _log.exception("The state of saving could not be shown")

    def _waiting(self) -> int:
        return sum(len(job.decisions) for job in self._jobs)


def _all(jobs: Iterable[_Job]) -> Iterator[Unwritten]:
    return (one for job in jobs for one in job.unwritten())
