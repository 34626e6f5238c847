"""One review in progress.

No widgets here. A key press becomes decisions at once; they are folded into the review and passed
to the writer, which writes them in order, each key press in one transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from annotator.core.decisions import Change, Decision, DecisionGroup, to_decisions
from annotator.core.reviewing.basis import KnownDecisions
from annotator.core.reviewing.sitting import Sitting
from annotator.tui.clock import Clock
from annotator.tui.saving.writer import Writer

if TYPE_CHECKING:
    from annotator.core.across.identity_candidates import IdentitiesAround
    from annotator.core.article import Article
    from annotator.core.review import Review
    from annotator.store.values import Alike, OpenedReview

IDLE_SECONDS = 60.0


class Session:
    """A review in progress: turns changes into decisions, folds them and passes them on.

    `has_decided` says whether it made any since the article was opened; `assisted` whether the
    review started with suggestions. `sitting` is told of every change.
    """

    def __init__(
        self, opened: OpenedReview, writer: Writer, clock: Clock, sitting: Sitting | None = None
    ) -> None:
        self.article: Article = opened.article
        self.review: Review = opened.review
        self.alike: tuple[Alike, ...] = opened.alike
        self.around: IdentitiesAround = opened.around
        self.assisted, self.number = opened.assisted, opened.number
        self._writer, self._clock = writer, clock
        self._sitting = Sitting() if sitting is None else sitting
        self._name = object()
        self._known = KnownDecisions(opened.review.decisions)
        self.has_decided = False
        self._keys = 0
        self._seconds = 0.0
        self._last = clock.seconds()

    @property
    def seconds(self) -> Callable[[], float]:
        """The session's clock: seconds on a monotonic clock."""
        return self._clock.seconds

    def count_key(self, keys: int = 1) -> None:
        """Count key presses and the time since the last one, unless it was a pause.

        The mouse only counts time (`keys=0`).
        """
        now = self._clock.seconds()
        pause = now - self._last
        if pause <= IDLE_SECONDS:
            self._seconds += pause
        self._last = now
        self._keys += keys

    def press(self, *changes: Change) -> tuple[Decision, ...]:
        """Turn `changes` into decisions, fold them and pass them to the writer.

        ReviewError if one is invalid; then nothing has changed.
        """
        stamped = to_decisions(
            changes,
            DecisionGroup(
                id=self._clock.new_id(),
                article=self.review.article,
                reviewer=self.review.reviewer,
                at=self._clock.now(),
                first_seq=self.review.next_seq,
                keys=self._keys,
                seconds=round(self._seconds, 3),
                adjudicates=self.review.adjudicates,
            ),
            ids=[self._clock.new_id() for _ in changes],
        )
        decisions = self._known.made(stamped)
        before, self.review = self.review, self.review.decide(*decisions)
        self._sitting.changed(before, self.review)
        self._known.add(*decisions)
        self._keys, self._seconds = 0, 0.0
        self.has_decided = True
        self._writer.write(decisions, self.article.text, self._name)
        return decisions

    def tried(self, review: Review, changes: Sequence[Change]) -> Review:
        """What `review`, a state of this one, would be after these changes."""
        press = DecisionGroup(
            "tried",
            review.article,
            review.reviewer,
            self._clock.now(),
            review.next_seq,
            adjudicates=review.adjudicates,
        )
        ids = (self._clock.new_id() for _ in changes)
        return review.decide(*to_decisions(changes, press, ids=ids))

    @property
    def refused(self) -> bool:
        """Whether one of its decisions was refused; the article must then be reopened."""
        return self._writer.has_refused(self._name)

    def undo(self) -> tuple[Decision, ...]:
        """Undo the last key press; returns its decisions."""
        change, undone = self.review.undo(), self.review.undoable
        if change:
            self.press(change)
        return undone

    def redo(self) -> tuple[Decision, ...]:
        """Redo the last undone key press; returns its decisions."""
        change, redone = self.review.redo(), self.review.redoable
        if change:
            self.press(change)
        return redone
