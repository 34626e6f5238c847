"""The thread that writes decisions into the database, in order, until they are saved.

A decision that the database does not accept at once is written to a file before anything else is
tried, so that it survives any end of the program. The file is removed when the database has the
decision.
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
from annotator.tui.saving.rescue_files import Rescued, RescueFiles, Unwritten

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
    """The progress of writing: the number of waiting decisions, and the last problem.

    `kept` says whether all waiting decisions are in a file; `refused` counts late decisions, which
    only the next start tries again.
    """

    state: Saving = Saving.SAVED
    waiting: int = 0
    reason: str = ""
    hint: str = ""
    kept: bool = False
    refused: int = 0


@dataclass(eq=False, slots=True)
class _Job:
    """A job of the queue: the decisions of one key press, or a callable."""

    decisions: tuple[Decision, ...] = ()
    text: str = ""
    also: Callable[[], None] | None = None
    session: Hashable = None
    taken: float = field(default_factory=time.monotonic)
    kept: bool = False

    @property
    def key(self) -> Hashable:
        """Identifies the work: after one refusal, its later decisions are refused too."""
        return self.session if self.session is not None else self.decisions[0].article

    def unwritten(self) -> Iterator[Unwritten]:
        return ((decision, self.text) for decision in self.decisions)


class Writer:
    """Writes decisions in a thread, in order, and retries until it succeeds.

    `append` is called with the decisions of one key press and the article's text; `changed` with
    the new state after every change, from any thread. If somebody else holds the article, retrying
    is useless: its decisions go to `lost`, from the writer's thread, and the others are written;
    all later decisions of that session are refused too.

    `folder` is for the files with unsaved decisions (None: no files).
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
        self._rescue_files = None if folder is None else RescueFiles(folder)
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
        """Queue the decisions of one key press; returns at once.

        `session` identifies their maker; without it, a refusal affects only the article's own
        decisions.
        """
        self._put(_Job(tuple(decisions), text, session=session))

    def then(self, job: Callable[[], None]) -> None:
        """Run `job` after everything queued before; a failure is not retried."""
        self._put(_Job(also=job))

    def settle(self, timeout: float) -> bool:
        """Wait up to `timeout` seconds; returns whether everything is written."""
        with self._something:
            return self._something.wait_for(lambda: not self._jobs, timeout)

    def close(self, timeout: float = 5.0) -> bool:
        """End the threads after writing what can be written; returns whether nothing is left."""
        with self._something:
            self._hurries = True
            self._something.notify_all()
        done = self.settle(timeout)
        with self._something:
            self._closing = True
            self._something.notify_all()
        return done

    def unwritten(self) -> tuple[Unwritten, ...]:
        """The decisions that are not saved yet and will be retried."""
        return tuple(_all(self._jobs.copy()))

    def has_refused(self, session: Hashable) -> bool:
        """Whether a decision of this session was refused; the article must then be reopened."""
        return session in self._refusals

    def rescue_all(self) -> Rescued:
        """Make sure that every unsaved decision is in a file; returns the files, and the decisions
        that no folder accepted.

        Callable from any thread or signal handler, at any time, even after `close`: it waits for
        nothing that a thread stuck in the database may hold.
        """
        refused = tuple(self._refused)
        # A start of the screens may have restored and removed the file of refused decisions.
        loose = [job for job in refused if not job.kept]
        done = self._keep([*loose, *(job for job in self._jobs.copy() if job.decisions)])
        if self._rescue_files is None:
            return done
        # Decisions that were saved meanwhile need no file.
        self._keep_only_what_is_needed()
        before = self._rescue_files.files_of(decision.id for decision, _ in _all(refused))
        files = dict.fromkeys((*before, *(path for path in done.files if path.exists())))
        return replace(done, files=tuple(files))

    def rescue(self, decisions: Iterable[Unwritten]) -> Rescued:
        """The same for only these decisions."""
        unwritten = tuple(decisions)
        if self._rescue_files is None:
            return Rescued(not_rescued=unwritten, problem="no folder was given for them")
        return self._rescue_files.keep(unwritten)

    # Input

    def _put(self, job: _Job) -> None:
        with self._something:
            self._jobs.append(job)
            self._something.notify_all()
            self._forget_what_came_back()
            self._tell()

    def _forget_what_came_back(self) -> None:
        if self._refused and self._rescue_files is not None:
            files = self._rescue_files
            self._refused = [
                job
                for job in self._refused
                if not job.kept or files.files_of(decision.id for decision in job.decisions)
            ]

    # Writing, in its own thread

    def _run(self) -> None:
        failures = 0
        while (job := self._next()) is not None:
            problem = self._do(job)
            if problem is None:
                failures = 0
                continue
            self._rescue_quietly()
            with self._something:
                self._say(Saving.FAILED, *problem)
                self._something.notify_all()
                pause = self._retry_seconds[min(failures, len(self._retry_seconds) - 1)]
                failures += 1
                self._something.wait_for(lambda: self._closing or self._hurries, pause)
                # The immediate retry at the end is done; continue at the normal pace.
                self._hurries = False

    def _next(self) -> _Job | None:
        """The next job, waiting for one; None at the end."""
        with self._something:
            self._something.wait_for(lambda: self._jobs or self._closing)
            self._begun = time.monotonic()
            return None if self._closing else self._jobs[0]

    def _do(self, job: _Job) -> tuple[str, str] | None:
        """Run a job; returns what went wrong and what to do, or None. Only decisions are
        retried."""
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
            # An unexpected failure must not end the thread, or decisions would be lost.
            _log.exception("The writer failed unexpectedly")
            if job.decisions:
                return f"{type(error).__name__}: {error}", "The decision is kept and tried again."
        self._take_off([job])
        return None

    def _refuse_with_the_others(self, job: _Job) -> None:
        if job.session is not None and job.session in self._refusals:
            raise self._refusals[job.session]

    def _give_up(self, job: _Job, error: AnnotatorError) -> None:
        """Give up this job and all later ones of the same work."""
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
            # The decisions are in a file or reported at the end; an error in reporting must not end
            # the thread.
            _log.exception("Late decisions could not be reported")

    def _forget(self, article: str) -> None:
        """Drop refused decisions on a purged article: its text must not be kept."""
        with self._something:
            self._refused = [job for job in self._refused if job.decisions[0].article != article]

    def _take_off(self, done: Sequence[_Job]) -> None:
        """Remove finished jobs from the queue, report progress, and remove files that are no longer
        needed."""
        with self._something:
            for job in done:
                self._jobs.remove(job)
            self._tell(over=True)
            self._something.notify_all()
        self._keep_only_what_is_needed()

    def _keep_only_what_is_needed(self) -> None:
        if self._rescue_files is not None:
            self._rescue_files.keep_only(d.id for d, _ in (*_all(self._refused), *self.unwritten()))

    # Files, in another thread: the first may be stuck in the database

    def _keep_watch(self) -> None:
        while self._wait_until_due():
            self._rescue_quietly()
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
        """Wait until something must be written to a file or reported; False at the end."""
        with self._something:
            while not self._closing:
                due = self._due()
                if due is not None and due <= 0:
                    return True
                self._something.wait(due)
            return False

    def _due(self) -> float | None:
        """Seconds until the next job has waited too long; None without a job."""
        now, times = time.monotonic(), []
        loose = [job for job in (*self._refused, *self._jobs) if job.decisions and not job.kept]
        if loose and self._rescue_files is not None:
            since = now if self._has_failed or self._refused else loose[0].taken + self._patience
            times.append(max(since, self._not_before) - now)
        if self._waiting() and not self._has_failed:
            times.append(_SILENCE - self._silence())
        return min(times, default=None)

    def _silence(self) -> float:
        """Seconds since the database last answered."""
        return time.monotonic() - max(self._begun, self._jobs[0].taken)

    @property
    def _has_failed(self) -> bool:
        return self._saved.state is Saving.FAILED

    def _rescue_quietly(self) -> None:
        if self._rescue_files is not None and self.rescue_all().not_rescued:
            self._not_before = time.monotonic() + _AGAIN

    def _keep(self, jobs: Sequence[_Job]) -> Rescued:
        rescued = self.rescue(_all(jobs))
        loose = {decision.id for decision, _ in rescued.not_rescued}
        for job in jobs:
            job.kept = not any(decision.id in loose for decision in job.decisions)
        return rescued

    # Reporting

    def _tell(self, *, over: bool = False) -> None:
        """Report the current state; if something is `over`, a failure has ended."""
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
