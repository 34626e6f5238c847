"""Keys that act on the whole article: finish, skip, reopen, undo."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from annotator.core.annotations import Claim, Item
from annotator.core.decisions import (
    Answer,
    Change,
    Decision,
    finish,
    note_article,
    reopen,
    skip,
)
from annotator.core.reviewing.sitting import ArticleResult, result_of
from annotator.core.reviewing.wording import shortened, told
from annotator.tui.clock import Clock
from annotator.tui.review.decider import Decider
from annotator.tui.review.navigation import Navigation
from annotator.tui.review.page import Page
from annotator.tui.review.review_menus import skip_menu
from annotator.tui.review.state import ReviewState
from annotator.tui.review.text_prompts import Note


@dataclass(frozen=True, slots=True)
class FinishedArticle:
    """An article that a key finished or skipped: `group` is that of the decisions, `result` what
    became of its items, `undo` the key that takes it back, `left` how many articles are left, if
    that was asked; `told` is what else is to be told of it."""

    article: str
    name: str
    group: str
    result: ArticleResult
    undo: str
    left: int | None = None
    told: str = ""


class Neighbours(Protocol):
    """The next and the previous article."""

    @property
    def done_before(self) -> FinishedArticle | None:
        """The article that a key finished right before this one was opened; None if none was."""

    @property
    def just_done(self) -> FinishedArticle | None:
        """The same, unless this article was opened again since."""

    def open_next(self, done: FinishedArticle | None = None) -> None:
        """Open the next ready article, or return to the queue; `done` is the one that a key has
        just finished, None if it was finished before."""

    def open_before(self) -> None:
        """Open `done_before`, and undo its finish."""


class ArticleActions:
    """Acts on the whole article."""

    def __init__(
        self,
        state: ReviewState,
        page: Page,
        navigation: Navigation,
        decider: Decider,
        articles: Neighbours,
    ) -> None:
        self._state, self._page, self._navigation = state, page, navigation
        self._decider, self._articles = decider, articles

    def is_over(self) -> bool:
        """Whether the review is finished already; if so, open the next article."""
        if self._state.review.finished:
            self._articles.open_next()
            return True
        return False

    def finish_with(self, changes: Iterable[Change]) -> None:
        """Finish with these changes, as one group of decisions, and open the next article."""
        if self._decider.decide(*changes, self._finishing(), seen=True):
            self._go_on()

    def finish(self) -> None:
        """Finish; with open items, only after a warning."""
        state, open_count = self._state, self._state.listed.all_items.open_count
        if self.is_over() or self.adjudicates():
            return
        if open_count and not state.is_confirmed:
            again = self._page.shown("finish")
            self._decider.ask(
                f"{open_count} undecided{self._claims_undecided()}: {again} again finishes anyway "
                "and leaves them open."
            )
        else:
            self.finish_with(())

    def adjudicates(self) -> bool:
        """Whether this is an adjudication, which only its own screen finishes: answers that exclude
        each other stand side by side here, and notes of the reviews would be left out."""
        if self._state.review.adjudicates:
            back = self._page.shown("back")
            self._page.say(f"Finish an adjudication on its own screen: {back} goes back there.")
        return self._state.review.adjudicates

    def _claims_undecided(self) -> str:
        review, listed = self._state.review, self._state.listed
        return _claims_among(review.open_items(listed.fold))

    def _finishing(self) -> Change:
        """The finish, which says what was shown."""
        state = self._state
        hidden = state.listed.never_shown(state.review)
        return finish(folded=hidden, showed_speakers=True)

    def choose_skip(self) -> None:
        """Ask why the article is skipped."""
        if self.adjudicates():
            return
        self._page.open_menu(skip_menu(), self._skip)

    def _skip(self, answer: Answer) -> None:
        if self._decider.decide(skip(answer), finish(), seen=True):
            self._go_on()

    def _go_on(self) -> None:
        """Open the next article after a key has finished this one."""
        article, review = self._state.session.article, self._state.review
        self._articles.open_next(
            FinishedArticle(
                article.id,
                article.name,
                review.undoable[0].group,
                result_of(review),
                self._page.shown("undo"),
            )
        )

    def reopen(self) -> None:
        if not self._state.review.finished:
            self._page.say("This review is not finished.")
        elif self._decider.decide(reopen(), seen=True):
            self._page.say("Taken up again.")

    def note(self, clock: Clock) -> None:
        """Open a note on the article."""

        def keep(words: str) -> None:
            remark = note_article(self._state.review.reviewer, clock.now(), words)
            if words and self._decider.decide(remark):
                self._page.say("Noted on the article.")

        self._page.prompts.open(Note("note on the article", "", keep))

    # Undo

    def undo(self) -> None:
        """Undo the last key press here. The finish of the article before is undone if it was the
        last key press of all, or on request when nothing is left to undo here."""
        state, articles = self._state, self._articles
        if articles.just_done is not None and not state.session.has_decided:
            self._return()
        elif state.review.undoable:
            self._undo_here()
        elif articles.done_before is None:
            self._page.say("Nothing left to undo here.")
        elif state.is_confirmed:
            self._return()
        else:
            before = f"“{shortened(articles.done_before.name)}”"
            again = f"{self._page.shown('undo')} again returns to {before} and undoes its finish."
            self._decider.ask(f"Nothing left to undo here; {again}", anew=True)

    def _return(self) -> None:
        """Undo the finish of the article before. Further key presses there need a new one."""
        self._decider.ignore_held_key()
        self._articles.open_before()

    def _undo_here(self) -> None:
        state = self._state
        undone = state.session.undo()
        state.habits.repeats.undone(undone)
        self._show_changed(undone)
        self._page.say(f"Undone: {told(undone, state.text)}")

    def undo_back(self, presses: int) -> None:
        """Undo so many key presses of this article, one after the other."""
        for _ in range(presses - 1):
            undone = self._state.session.undo()
            self._state.habits.repeats.undone(undone)
            self._navigation.changed((one.target for one in undone), with_line=False)
        self._undo_here()

    def redo(self) -> None:
        state = self._state
        redone = state.session.redo()
        if not redone:
            self._page.say("Nothing to redo.")
            return
        state.habits.repeats.redone(redone)
        self._show_changed(redone)
        self._page.say(f"Done again: {told(redone, state.text)}")

    def _show_changed(self, decisions: Iterable[Decision]) -> None:
        targets = [decision.target for decision in decisions if decision.target]
        listed = self._state.listed
        self._navigation.changed(targets, with_line=False)  # the message redraws it
        first = next((id for id in targets if id in listed.all_items), None)
        back = next((self._state.came_from.get(id) for id in targets), None)
        if first is not None:
            self._navigation.focus_on(first)
        elif back is not None:
            self._navigation.go_back_to(back)


def _claims_among(items: Iterable[Item]) -> str:
    """How many of the items are claims, in brackets; empty if none is."""
    claims = sum(isinstance(item, Claim) for item in items)
    return f" ({claims} claim{'s' * (claims != 1)})" if claims else ""
