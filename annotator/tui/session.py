"""One review being worked on, and the one thread that writes what is decided.

No widgets here. A key press becomes decisions at once; they are folded into the review, handed to
the writer, and written in the order in which they were made, each press as one transaction. When
the database fails, the writer keeps what it has and tries again.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from annotator.core.decisions import Change, Decision, stamp
from annotator.errors import AnnotatorError, LeaseLost, ReviewError
from annotator.tui.clock import Clock

if TYPE_CHECKING:
    from annotator.core.article import Article
    from annotator.core.review import Review
    from annotator.store.values import Alike, OpenedReview

IDLE_SECONDS = 60.0
_RETRY_SECONDS = (0.3, 1.0, 2.0, 5.0)


class Saving(StrEnum):
    SAVED = "saved"
    SAVING = "saving"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Saved:
    """How far writing has come: how many decisions wait, and what went wrong last."""

    state: Saving = Saving.SAVED
    waiting: int = 0
    reason: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class _Job:
    """One thing to do in order: write the decisions of one key press, or something else."""

    decisions: tuple[Decision, ...] = ()
    text: str = ""
    also: Callable[[], None] | None = None


Unwritten = tuple[Decision, str]
"""A decision that the database does not have, and its article's text."""


class Writer:
    """Writes in a thread of its own, in order, until it has succeeded.

    `append` is called with the decisions of one press and the article's text; `changed` with the
    state after every change of it, from whatever thread. Where an article turns out to be in other
    hands, no trying again will help: its decisions go to `lost`, from the writer's thread, and the
    others are written.
    """

    def __init__(
        self,
        append: Callable[[Sequence[Decision], str], None],
        changed: Callable[[Saved], None],
        lost: Callable[[Sequence[Unwritten], AnnotatorError], None],
        *,
        retry_seconds: Sequence[float] = _RETRY_SECONDS,
    ) -> None:
        self._append, self._changed, self._lost = append, changed, lost
        self._retry_seconds = retry_seconds
        self._jobs: deque[_Job] = deque()
        self._something = threading.Condition()
        self._saved = Saved()
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="annotator-writer", daemon=True)
        self._thread.start()

    @property
    def saved(self) -> Saved:
        return self._saved

    def write(self, decisions: Sequence[Decision], text: str) -> None:
        """Takes the decisions of one key press; returns at once."""
        self._put(_Job(tuple(decisions), text))

    def then(self, job: Callable[[], None]) -> None:
        """Does `job` after everything that was taken before; a failure of it is not tried again."""
        self._put(_Job(also=job))

    def settle(self, timeout: float) -> bool:
        """Waits up to `timeout` seconds; whether everything has been written."""
        with self._something:
            return self._something.wait_for(lambda: not self._jobs, timeout)

    def close(self, timeout: float = 5.0) -> bool:
        """Ends the thread after what can be written has been; whether nothing is left."""
        done = self.settle(timeout)
        with self._something:
            self._closing = True
            self._something.notify_all()
        return done

    def unwritten(self) -> tuple[Unwritten, ...]:
        """The decisions that the database does not have yet."""
        with self._something:
            return tuple(_unwritten(self._jobs))

    def _put(self, job: _Job) -> None:
        with self._something:
            self._jobs.append(job)
            self._something.notify_all()
            if self._saved.state is not Saving.FAILED:
                self._say(Saved(Saving.SAVING, self._waiting()))
            else:
                self._say(replace(self._saved, waiting=self._waiting()))

    def _run(self) -> None:
        failures = 0
        while True:
            with self._something:
                self._something.wait_for(lambda: self._jobs or self._closing)
                if self._closing:
                    return
                job = self._jobs[0]
            problem = self._do(job)
            with self._something:
                if problem is None:
                    failures = 0
                    self._jobs.popleft()
                    state = Saving.SAVING if self._waiting() else Saving.SAVED
                    self._say(Saved(state, self._waiting()))
                    self._something.notify_all()
                    continue
                self._say(Saved(Saving.FAILED, self._waiting(), *problem))
                pause = self._retry_seconds[min(failures, len(self._retry_seconds) - 1)]
                failures += 1
                self._something.wait_for(lambda: self._closing, pause)

    def _do(self, job: _Job) -> tuple[str, str] | None:
        """Does a job; what went wrong and what to do, or None. Only decisions are tried again."""
        try:
            if job.decisions:
                self._append(job.decisions, job.text)
            if job.also:
                job.also()
        except (LeaseLost, ReviewError) as error:
            self._give_up(job, error)
        except AnnotatorError as error:
            return (error.message, error.hint) if job.decisions else None
        except Exception as error:
            # A failure nobody foresaw must not end the thread: what was decided would be lost.
            if not job.decisions:
                return None
            return f"{type(error).__name__}: {error}", "The decision is kept and tried again."
        return None

    def _give_up(self, job: _Job, error: AnnotatorError) -> None:
        """Hands over the decisions of a job and those of its article that come after it."""
        if not job.decisions:
            return
        article = job.decisions[0].article
        with self._something:
            theirs = [
                other
                for other in self._jobs
                if other.decisions and other.decisions[0].article == article
            ]
            # The job itself is taken off by whoever did it.
            for other in theirs:
                if other is not job:
                    self._jobs.remove(other)
        self._lost(tuple(_unwritten(theirs)), error)

    def _waiting(self) -> int:
        return sum(len(job.decisions) for job in self._jobs)

    def _say(self, saved: Saved) -> None:
        if saved != self._saved:
            self._saved = saved
            self._changed(saved)


def _unwritten(jobs: Iterable[_Job]) -> Iterator[Unwritten]:
    return ((decision, job.text) for job in jobs for decision in job.decisions)


class Session:
    """A review under somebody's hands: keys become decisions, decisions are folded and written."""

    def __init__(self, opened: OpenedReview, writer: Writer, clock: Clock) -> None:
        self.article: Article = opened.article
        self.review: Review = opened.review
        self.alike: tuple[Alike, ...] = opened.alike
        self._writer, self._clock = writer, clock
        self._keys = 0
        self._seconds = 0.0
        self._last = clock.seconds()

    def count_key(self, keys: int = 1) -> None:
        """Counts key presses and the time since the last, unless that was a pause.

        The mouse counts as time alone (`keys=0`).
        """
        now = self._clock.seconds()
        pause = now - self._last
        if pause <= IDLE_SECONDS:
            self._seconds += pause
        self._last = now
        self._keys += keys

    def press(self, *changes: Change) -> tuple[Decision, ...]:
        """The decisions that `changes` become, folded and on their way to the store.

        ReviewError where one does not fit; then nothing has happened.
        """
        decisions = stamp(
            changes,
            article=self.review.article,
            reviewer=self.review.reviewer,
            at=self._clock.now(),
            first_seq=self.review.next_seq,
            group=self._clock.new_id(),
            ids=[self._clock.new_id() for _ in changes],
            keys=self._keys,
            seconds=round(self._seconds, 3),
        )
        self.review = self.review.decide(*decisions)
        self._keys, self._seconds = 0, 0.0
        self._writer.write(decisions, self.article.text)
        return decisions

    def undo(self) -> tuple[Decision, ...]:
        """Takes the last standing key press back; the decisions that it had made."""
        change, undone = self.review.undo(), self.review.undoable
        if change:
            self.press(change)
        return undone

    def redo(self) -> tuple[Decision, ...]:
        """Brings back what was taken back last; the decisions that stand again."""
        change, redone = self.review.redo(), self.review.redoable
        if change:
            self.press(change)
        return redone
