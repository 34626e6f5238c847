"""A process that reviews article after article, with the product's own store, sessions and writer.

`python -m tests.helpers.simulated_reviewer WORK`, where WORK is a `ReviewerWork` as JSON. It may be
killed at any moment and started again, and works until its standard input is closed. It prints one
JSON object a line: `began`; `ack` with the decisions of a key press once they are saved, and how
long that took; `trouble` with what it is told; `late` with what came too late; `taken` where
somebody else was quicker.
"""

from __future__ import annotations

import json
import random
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from annotator.core.assignment import ReviewPlan
from annotator.core.decisions import Change, Decision, accept, finish, reject
from annotator.core.states import QueueView
from annotator.errors import AnnotatorError, LeaseLost
from annotator.store.sql.patience import AT_THE_SCREEN
from annotator.store.store import Store
from annotator.store.values import OpenedReview
from annotator.tui.clock import Clock
from annotator.tui.review.session import Session
from annotator.tui.saving.restore import restore
from annotator.tui.saving.writer import Saved, Saving, Writer

_BETWEEN_TRIES = 0.1


@dataclass(frozen=True)
class ReviewerWork:
    """Whose work it is, in which store; `think` is the mean time between key presses, `folder` is
    for decisions that could not be saved."""

    url: str
    reviewer: str
    folder: str
    seed: int
    think: float = 0.02
    lease: float = 2.0
    overlap: float = 0.5

    @property
    def plan(self) -> ReviewPlan:
        return ReviewPlan(overlap=self.overlap)


def say(**said: Any) -> None:
    print(json.dumps(said), flush=True)


class SimulatedReviewer:
    """One reviewer at work."""

    def __init__(self, work: ReviewerWork) -> None:
        self.work, self.random = work, random.Random(work.seed)
        self._is_over = threading.Event()
        threading.Thread(target=self._wait_for_the_end, daemon=True).start()
        self.store = self._opened()
        self.clock = Clock(self.store.now)
        self.told = ""
        self.writer = Writer(
            self._append,
            self._changed,
            lambda unwritten, error: say(late=len(unwritten), why=error.message),
            folder=Path(work.folder),
        )

    @property
    def is_due(self) -> bool:
        return not self._is_over.is_set()

    def _wait_for_the_end(self) -> None:
        sys.stdin.read()
        self._is_over.set()

    def run(self) -> None:
        say(began=True)
        last: str | None = None
        self._try(self._restore)
        while self.is_due:
            last = self._try(partial(self._review_next, last)) or last
        self.writer.close(20.0)
        say(unwritten=len(self.writer.unwritten()))

    def _opened(self) -> Store:
        while self.is_due:
            try:
                return Store.open(self.work.url, patience=AT_THE_SCREEN)
            except AnnotatorError as error:
                say(trouble=error.message)
                time.sleep(_BETWEEN_TRIES)
        raise SystemExit

    def _try(self, step: Any) -> Any:
        try:
            return step()
        except LeaseLost:
            say(taken=1)
        except AnnotatorError as error:
            say(trouble=error.message)
            time.sleep(_BETWEEN_TRIES)
        return None

    def _restore(self) -> None:
        back = restore(
            self.store,
            Path(self.work.folder),
            now=self.store.now(),
            lease_seconds=self.work.lease,
            plan=self.work.plan,
        )
        if back.decisions:
            say(restored=back.decisions)

    def _review_next(self, last: str | None) -> str | None:
        """Review the next article, if there is one; returns its id."""
        view, now = QueueView(self.work.reviewer, overlap=self.work.overlap), self.store.now()
        article = self.store.queue.next_ready(view, last, now=now)
        if article is None:
            time.sleep(_BETWEEN_TRIES)
            return None
        opened = self.store.reviews.open(
            article,
            self.work.reviewer,
            now=self.store.now(),
            lease_seconds=self.work.lease,
            plan=self.work.plan,
        )
        self._work_on(opened)
        self.writer.then(lambda: self.store.reviews.release(article, self.work.reviewer))
        return article

    def _work_on(self, opened: OpenedReview) -> None:
        session = Session(opened, self.writer, self.clock)
        for item in opened.review.open_items():
            if not self._press(session, self.random.choice([accept, reject])(item)):
                return
            if self.random.random() < 0.2 and (undo := session.review.undo()) is not None:
                self._press(session, undo)
        if opened.review.finished is None:
            self._press(session, finish())

    def _press(self, session: Session, change: Change) -> bool:
        """Think and press a key; whether the review still goes on."""
        time.sleep(self.random.expovariate(1 / self.work.think))
        if session.refused or not self.is_due:
            return False
        session.count_key()
        session.press(change)
        self.writer.settle(60.0)
        return not session.refused

    def _append(self, decisions: Sequence[Decision], text: str) -> None:
        began = time.perf_counter()
        self.store.reviews.append(decisions, text=text)
        took = time.perf_counter() - began
        say(ack=[one.id for one in decisions], ms=1000 * took)

    def _changed(self, saved: Saved) -> None:
        if saved.state is Saving.FAILED and saved.reason != self.told:
            say(trouble=saved.reason)
        self.told = saved.reason if saved.state is Saving.FAILED else ""


if __name__ == "__main__":
    SimulatedReviewer(ReviewerWork(**json.loads(sys.argv[1]))).run()
