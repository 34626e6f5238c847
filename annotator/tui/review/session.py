"""One review being worked on.

No widgets here. A key press becomes decisions at once; they are folded into the review, handed to
the writer, and written in the order in which they were made, each press as one transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotator.core.decisions import Change, Decision, DecisionGroup, to_decisions
from annotator.core.reviewing.basis import Known
from annotator.tui.clock import Clock
from annotator.tui.saving.writer import Writer

if TYPE_CHECKING:
    from annotator.core.article import Article
    from annotator.core.review import Review
    from annotator.store.values import Alike, OpenedReview

IDLE_SECONDS = 60.0


class Session:
    """A review under somebody's hands: keys become decisions, decisions are folded and written."""

    def __init__(self, opened: OpenedReview, writer: Writer, clock: Clock) -> None:
        self.article: Article = opened.article
        self.review: Review = opened.review
        self.alike: tuple[Alike, ...] = opened.alike
        self._writer, self._clock = writer, clock
        self._name = object()
        self._known = Known(opened.review.decisions)
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
            ),
            ids=[self._clock.new_id() for _ in changes],
        )
        decisions = self._known.made(stamped)
        self.review = self.review.decide(*decisions)
        self._known.add(*decisions)
        self._keys, self._seconds = 0, 0.0
        self._writer.write(decisions, self.article.text, self._name)
        return decisions

    @property
    def refused(self) -> bool:
        """Whether a decision of it was not taken: then it has to be opened again."""
        return self._writer.has_refused(self._name)

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
