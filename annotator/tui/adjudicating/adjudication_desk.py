"""One adjudication in progress: its differences, the one in hand, and what the keys decide.

No widgets here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from annotator.core.adjudicating.choices import (
    Changes,
    answer_with,
    both,
    choose,
    close,
    neither,
)
from annotator.core.adjudicating.compared_reviews import ComparedReviews
from annotator.core.adjudicating.difference_wording import letter_of, note_on
from annotator.core.adjudicating.differences import (
    DifferenceType,
    ReviewDifference,
    differences,
    live_variants,
    open_differences,
    outcome,
)
from annotator.core.annotations import Entity
from annotator.core.decisions import note, reopen
from annotator.core.review import Review
from annotator.core.reviewing.wording import done
from annotator.errors import ReviewError
from annotator.tui.review.session import Session

if TYPE_CHECKING:
    from annotator.store.values import OpenedReview

_NO_CHOICE = "This has no answer {letter}."
Say = Callable[[str], None]


class AdjudicationDesk:
    """The differences of an opened adjudication; `here` is the number of the one in hand."""

    def __init__(self, opened: OpenedReview, session: Session, say: Say) -> None:
        assert opened.comparison is not None  # it is an adjudication
        self.opened, self.session, self._say = opened, session, say
        self.comparison: ComparedReviews = opened.comparison
        self.differences = differences(self.comparison)
        self.here = 0
        first = next(iter(self.open), None)
        if first is not None:
            self.here = self.differences.index(first)

    @property
    def review(self) -> Review:
        return self.session.review

    @property
    def text(self) -> str:
        return self.opened.article.text

    @property
    def difference(self) -> ReviewDifference | None:
        """The difference in hand; None if there is none."""
        return self.differences[self.here] if self.differences else None

    @property
    def open(self) -> tuple[ReviewDifference, ...]:
        """The differences on which nothing is chosen yet."""
        return open_differences(self.review, self.differences)

    @property
    def is_finished(self) -> bool:
        return self.review.finished is not None

    # Choices

    def choose(self, number: int) -> None:
        """Choose an answer of the difference in hand, and go on to the next open one."""
        one = self.difference
        if one is None:
            self._say("There is nothing to decide.")
        elif number >= len(one.options):
            self._say(_NO_CHOICE.format(letter=letter_of(number)))
        else:
            self._decide(choose(self.review, one, number))

    def choose_both(self) -> None:
        """Let all answers stand."""
        one = self.difference
        if one is None or one.contested is None:
            self._say("Only one answer can stand here.")
        else:
            self._decide(both(self.review, one))

    def choose_neither(self) -> None:
        """Turn all answers down."""
        one = self.difference
        if one is None or one.contested is None:
            self._say("Choose one of the answers, or open the article with another one.")
        else:
            self._decide(neither(self.review, one))

    def choose_label(self, label: str) -> None:
        """Give the entity in hand another label."""
        one = self.difference
        if one is None or one.contested is None:
            self._say("Labels are for entities.")
            return
        review = self.review
        held = review.held[one.contested.ids[0]]
        pattern = held.suggested or held.item
        if not isinstance(pattern, Entity):
            self._say("Labels are for entities.")
            return
        live = live_variants(review, one.contested)
        if live and isinstance(live[0], Entity):
            pattern = live[0]
        of_label = replace(one, type=DifferenceType.LABEL)
        if one.type is DifferenceType.MISSING:
            of_label = one
        changes = answer_with(review, of_label, replace(pattern, label=label))
        if not changes:
            self._say("Choose the edges first, then the label.")
        self._decide(changes)

    def choose_all(self, number: int) -> None:
        """Choose the answer with this number for every open difference, by one key press."""
        changes, review = list[Changes](), self.review
        for one in self.open:
            if number < len(one.options):
                made = choose(review, one, number)
                review = self.session.tried(review, made)
                changes.append(made)
        if not changes:
            self._say("Nothing is open.")
        self._decide(tuple(change for some in changes for change in some))

    def note(self, words: str) -> None:
        """Note why, where those who differ find it."""
        one = self.difference
        if one is None or one.contested is None:
            return
        held = [self.review.held[id] for id in one.contested.ids]
        live = live_variants(self.review, one.contested)
        target = live[0] if live else held[0].item
        self._press((note(target, words),))

    @property
    def noted(self) -> str:
        """The note on the difference in hand."""
        one = self.difference
        return (one and note_on(self.review, one)) or ""

    def finish(self) -> bool:
        """Finish the adjudication; returns whether it was."""
        return self._press(close(self.review, self.comparison))

    def reopen(self) -> None:
        """Take a finished adjudication up again."""
        if self.is_finished:
            self._press((reopen(),))
        else:
            self._say("It is not finished.")

    def undo(self) -> None:
        undone = self.session.undo()
        self._say(f"Undone: {done(undone, self.text)}." if undone else "Nothing to undo.")

    def redo(self) -> None:
        again = self.session.redo()
        self._say(f"Done again: {done(again, self.text)}." if again else "Nothing to redo.")

    # The difference in hand

    def go_to(self, number: int) -> None:
        """Go to the difference with this number, or the last or first one."""
        self.here = max(0, min(number, len(self.differences) - 1))

    def go_to_open(self, by: int) -> None:
        """Go to the next (+1) or the previous (-1) open difference, wrapping around."""
        count = len(self.differences)
        still = self.open
        for step in range(1, count + 1):
            at = (self.here + by * step) % count
            if self.differences[at] in still:
                self.here = at
                return

    def _decide(self, changes: Changes) -> None:
        one = self.difference
        if not changes:
            if one is not None and outcome(self.review, one) is not None:
                self.go_to_open(1)
            return
        if self._press(changes):
            self.go_to_open(1)

    def _press(self, changes: Changes) -> bool:
        if self.session.refused:
            return False
        try:
            self.session.press(*changes)
        except ReviewError as error:
            self._say(f"{error.message} {error.hint}".strip())
            return False
        return True
