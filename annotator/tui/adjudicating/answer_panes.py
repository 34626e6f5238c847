"""The article several times side by side, each time with the answers of other reviewers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from textual.containers import Horizontal, Vertical

from annotator.core.adjudicating.compared_reviews import ComparedReviews
from annotator.core.adjudicating.difference_wording import letter_of, place_of
from annotator.core.adjudicating.differences import AnswerOption, ReviewDifference
from annotator.core.annotations import Verdict
from annotator.core.folds import Fold
from annotator.core.review import Review, ReviewItem, Status
from annotator.tui.adjudicating.difference_rows import names
from annotator.tui.article.article_view import ArticleView
from annotator.tui.article.marks import marks_of
from annotator.tui.article.render import Mark
from annotator.tui.widgets.bar import Bar, BarLine

_MOST = 3
_THREE_FROM = 120
_NO_FOLD = Fold()


class AnswerPanes(Horizontal):
    """At most three panes: the first answers to the difference in hand, in their context."""

    def __init__(self, colors: Mapping[str, str]) -> None:
        super().__init__(id="answers")
        self._panes = [_AnswerPane(colors) for _ in range(_MOST)]

    def compose(self) -> Iterator[Vertical]:
        yield from self._panes

    def show(
        self, review: Review, comparison: ComparedReviews, one: ReviewDifference | None, text: str
    ) -> None:
        """Show the answers to a difference, or two reviews as they are without one."""
        options: tuple[AnswerOption, ...]
        if one is None:
            options = tuple(AnswerOption((who,)) for who in comparison.reviewers[:2])
        else:
            options = one.options
        shown = min(len(options), _MOST if self.app.size.width >= _THREE_FROM else 2)
        for number, pane in enumerate(self._panes):
            pane.display = number < shown
            if number < shown:
                pane.show(letter_of(number), options[number], review, comparison, text)
                pane.point_at(options[number], review, one)


class _AnswerPane(Vertical):
    """The article with the answers of one reviewer, below the names of all who gave that in
    hand."""

    def __init__(self, colors: Mapping[str, str]) -> None:
        super().__init__(classes="answer")
        self._who = Bar()
        self._view = ArticleView(colors)
        self._view.can_focus = False
        self._shown: tuple[object, ...] = ()
        self.display = False

    def compose(self) -> Iterator[Bar | ArticleView]:
        yield self._who
        yield self._view

    def show(
        self,
        letter: str,
        option: AnswerOption,
        review: Review,
        comparison: ComparedReviews,
        text: str,
    ) -> None:
        self._who.show(BarLine((("accent", f" {letter}  "), ("strong", names(option.by)))))
        reviewer = option.by[0]
        shown = (review.article, comparison.reviews, reviewer)
        if shown != self._shown:
            self._shown = shown
            self._view.set_text(text, marks_for(comparison, reviewer))

    def point_at(self, option: AnswerOption, review: Review, one: ReviewDifference | None) -> None:
        """Show the place of a difference: its item, or the words that nobody marked here."""
        view = self._view
        if one is None or one.contested is None:
            view.focus_item(None)
            view.select(None)
            return
        place = place_of(review, one)
        view.focus_item(option.variants[0] if option.variants else None)
        view.select(None if option.variants else place)
        view.scroll_to_span(place)


def marks_for(comparison: ComparedReviews, reviewer: str) -> list[Mark]:
    """The marks of what one reviewer answered."""
    contested = {id for one in comparison.contested for id in one.ids}
    theirs = {
        variant.id
        for one in comparison.contested
        for variant in one.variants
        if reviewer in variant.by
    }
    marks: list[Mark] = []
    for item in comparison.items:
        status = comparison.settled.get(item.id, Status.OPEN)
        if status is Status.REJECTED or (item.id in contested and item.id not in theirs):
            continue
        verdict = Verdict.ACCEPTED if status is Status.ACCEPTED else Verdict.PENDING
        held = ReviewItem(replace(item, verdict=verdict), item, status)
        marks += marks_of(held, _NO_FOLD, 0.0)
    return marks
