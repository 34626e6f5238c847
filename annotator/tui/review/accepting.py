"""The key that accepts all: at once if all was seen and is sure, otherwise as the reviewer says."""

from __future__ import annotations

from annotator.core.annotations import MadeBy, differs
from annotator.core.reviewing.accepting_all import AllAccepted, Extent, OpenItems, open_items
from annotator.core.states import ItemFilter
from annotator.tui.review.article_actions import ArticleActions
from annotator.tui.review.decider import Decider
from annotator.tui.review.listing_actions import ListingActions
from annotator.tui.review.navigation import Navigation
from annotator.tui.review.page import Page
from annotator.tui.review.review_menus import FirstLook, accepting_menu
from annotator.tui.review.state import ReviewState


class Accepting:
    """Accepts open items together, after asking which if some are unsure or were never seen."""

    def __init__(
        self,
        page: Page,
        navigation: Navigation,
        decider: Decider,
        listing: ListingActions,
        article: ArticleActions,
    ) -> None:
        self._page, self._navigation, self._decider = page, navigation, decider
        self._listing, self._article = listing, article

    def accept_all(self, state: ReviewState) -> None:
        """Accept all listed items and finish, if that leaves none open. Ask first if some are
        unsure or were not on the screen."""
        if self._article.is_over() or self._article.adjudicates():
            return
        items = self._open_items(state)
        if not items.need_asking:
            self._accept(items, Extent.LISTED)
            return
        menu = accepting_menu(items, why=_why_unsure(items, state.confidence))
        self._page.open_menu(menu, lambda chosen: self._do(state, items, chosen))
        self._decider.ask_by_menu()

    def _open_items(self, state: ReviewState) -> OpenItems:
        listed = state.listed
        return open_items(
            state.review,
            listed.order,
            seen=state.sight.seen(state.review.open_items(listed.fold), listed.fold),
            fold=listed.fold,
            confidence=state.confidence,
        )

    def _do(self, state: ReviewState, items: OpenItems, chosen: Extent | FirstLook) -> None:
        match chosen:
            case Extent():
                self._accept(items, chosen)
            case FirstLook.UNSURE:
                self._show_unsure(state, items)
            case FirstLook.UNSEEN:
                self._navigation.focus_on(items.unseen[0].id)
                self._page.say(f"The first of {len(items.unseen)} that were not on the screen.")

    def _accept(self, items: OpenItems, extent: Extent) -> None:
        done = items.accept(extent)
        if done.finishes:
            self._article.finish_with(done.changes)
        elif not done.changes or self._decider.decide(*done.changes, seen=True):
            self._say_left(items, extent, done)

    def _say_left(self, items: OpenItems, extent: Extent, done: AllAccepted) -> None:
        """Say what is left open, and go to the first of it."""
        said = [f"{len(done.changes)} decided"] if done.changes else []
        if extent is Extent.SURE:
            said.append(f"{len(items.unsure)} unsure left open")
        elif extent is Extent.SEEN:
            said.append(f"{len(items.unseen)} that were not on the screen left open")
        if items.hidden and extent is not Extent.EVERYTHING:
            key = self._page.shown("filter")
            said.append(f"{len(items.hidden)} open that the filter hides ({key})")
        if done.left_open:
            count = len(done.left_open)
            lines = "this line was suggested" if count == 1 else f"{count} lines were suggested"
            said.append(f"{lines} as junk, but you marked something there: decide")
        if done.differing:
            differing = len(done.differing)
            said.append(f"{differing} open where pipelines differ: accept one of each")
        left = {Extent.SURE: items.unsure, Extent.SEEN: items.unseen}.get(extent, ())
        first = next(iter((*left, *done.differing, *done.left_open)), None)
        if first is not None:
            self._navigation.focus_on(first.id)
        self._page.say("; ".join(said) + ".")

    def _show_unsure(self, state: ReviewState, items: OpenItems) -> None:
        """List the unsure items only, until all of them are decided."""
        state.listed_before = state.listed.only
        self._listing.list_only(ItemFilter.UNSURE)
        self._navigation.focus_on(items.unsure[0].id)
        accept, reject = self._page.shown("accept"), self._page.shown("reject")
        self._page.say(f"{len(items.unsure)} unsure: {accept} accepts, {reject} rejects.")

    def after_key(self, state: ReviewState) -> None:
        """List what was listed before, once the last unsure item is decided."""
        listed, before = state.listed, state.listed_before
        if before is None or (listed.only is ItemFilter.UNSURE and listed.order.open_count):
            return
        state.listed_before = None
        if listed.only is ItemFilter.UNSURE:
            self._listing.list_only(before)
            key = self._page.shown("accept_all")
            open_count = listed.order.open_count
            self._page.say(f"None is unsure any more: {key} accepts the other {open_count}.")


def _why_unsure(items: OpenItems, confidence: float) -> str:
    """The reasons why items are unsure: *below 60% or from memory*."""
    reasons = (
        (f"below {confidence:.0%}", any(_is_low(item.score, confidence) for item in items.unsure)),
        ("from memory", any(item.made_by is MadeBy.MEMORY for item in items.unsure)),
        ("differing between pipelines", any(map(differs, items.unsure))),
    )
    return " or ".join(reason for reason, applies in reasons if applies)


def _is_low(score: float | None, confidence: float) -> bool:
    return score is not None and score < confidence
