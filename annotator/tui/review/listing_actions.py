"""Keys that change which items are listed, and their order."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from annotator.core.annotations import Claim, Item, differs
from annotator.core.labels import Label, LabelScheme
from annotator.core.reviewing.item_filter import filter_counts, item_rank
from annotator.core.reviewing.wording import named
from annotator.core.states import ItemFilter, ItemOrdering
from annotator.core.text.counted import many
from annotator.tui.review.item_rows import Shown
from annotator.tui.review.navigation import Navigation
from annotator.tui.review.page import Page
from annotator.tui.review.review_menus import item_filter_menu, item_order_menu
from annotator.tui.review.state import ReviewState
from annotator.tui.screens.offers import Offer
from annotator.tui.screens.palette_prompt import PalettePrompt

_NOTED = 30
"""Characters of the item that a note is on, in the list of notes."""


class ListingActions:
    """Changes the listing of a review, and shows its items."""

    def __init__(
        self, state: ReviewState, page: Page, navigation: Navigation, scheme: LabelScheme
    ) -> None:
        self._state, self._page, self._navigation = state, page, navigation
        self._scheme = scheme

    def show(self) -> None:
        """Show the listed items."""
        state, listed = self._state, self._state.listed
        self._page.panel.show_review(
            Shown(state.review, state.text, state.confidence),
            listed.lets_through,
            fold=listed.fold,
            like=listed.all_items,
            rank=item_rank(listed.by, state.confidence, state.text),
        )
        self._page.panel.focus_on(state.focus.id)
        self._page.lines.show_header()

    def order(self) -> None:
        """Ask for an order."""
        self._page.open_menu(item_order_menu(self._state.listed.by), self.order_by)

    def order_by(self, wanted: ItemOrdering) -> None:
        """List the items in another order, and go to the first open one of those that it puts
        first."""
        listed = self._state.listed
        listed.by = wanted
        self._arrange()
        if wanted is ItemOrdering.TEXT:
            self._page.say("In the order of the text.")
            return
        differing = self._focus_on_first()
        if wanted is ItemOrdering.LEAST_CONFIDENT and differing:
            self._page.say("Differences first, then the least confident.")
        else:
            self._page.say(f"{wanted[0].upper()}{wanted[1:]} first.")

    def _focus_on_first(self) -> bool:
        """Go to the first open item; returns whether pipelines differ on it."""
        state = self._state
        first = state.listed.order.step(None, +1, open_only=True)
        self._navigation.focus_on(first)
        return first is not None and differs(state.review.held[first].item)

    def toggle_fold(self) -> None:
        state, listed = self._state, self._state.listed
        folded = listed.folded(state.review)
        if not folded:
            self._page.say("Nothing is folded: all that was suggested is listed.")
            return
        listed.toggle_fold()
        if listed.fold.unfolded:
            state.sight.unfold()
        self._arrange()
        for item in folded:
            self._navigation.draw_marks(item.id)
        if state.focus.id not in listed.all_items:
            self._navigation.follow()
        verb = "is" if len(folded) == 1 else "are"
        done = "shown" if listed.fold.unfolded else "folded away"
        self._page.say(f"{_counted(folded)} {verb} {done}.")

    def _arrange(self) -> None:
        self._state.listed.arrange(self._state.review)
        self.show()

    def filter(self) -> None:
        """Ask for a filter."""
        state, listed = self._state, self._state.listed
        counts = filter_counts(
            [state.review.held[id] for id in listed.all_items.ids],
            (*ItemFilter, *self._scheme),
            confidence=state.confidence,
            text=state.text,
        )
        menu = item_filter_menu(self._scheme, counts, listed.only)
        self._page.open_menu(menu, self.list_only)

    def list_only(self, wanted: ItemFilter | Label) -> None:
        """List the items that pass a filter."""
        state, listed = self._state, self._state.listed
        listed.filter(wanted)
        self._arrange()
        if state.focus.id is not None and state.focus.id not in listed.order:
            following = listed.order.step(state.last_focus, +1, open_only=False)
            if following is not None:
                self._navigation.focus_on(following)
        if listed.is_filtered:
            self._page.say(f"Only {listed.words}: {len(listed.order)} of {len(listed.all_items)}.")

    def list_notes(self) -> None:
        """List the notes; the chosen one's item gets the focus."""
        review, text = self._state.review, self._state.text
        offers = [
            Offer(f"note {place}", f"article: {note.text}", lambda: None)
            for place, note in enumerate(review.notes)
        ]
        for held in review.held.values():
            item = held.item
            if item.note:
                words = f"{named(item, text, _NOTED)}: {item.note}"
                go = partial(self._navigation.focus_on, item.id)
                offers.append(Offer(item.id, words, go, tone="info"))
        if offers:
            self._page.prompts.open(PalettePrompt(offers, title="notes"))
        else:
            keys = f"{self._page.shown('note')} and {self._page.shown('article_note')}"
            self._page.say(f"There are no notes yet: {keys} write one.")


def _counted(folded: Sequence[Item]) -> str:
    """The folded items in words: *3 claims and 1 known wrong name*."""
    claims = sum(isinstance(item, Claim) for item in folded)
    counts = ((claims, "claim"), (len(folded) - claims, "known wrong name"))
    return " and ".join(many(n, word) for n, word in counts if n)
