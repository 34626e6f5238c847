"""Keys that change which items are listed, and their order."""

from __future__ import annotations

from annotator.core.annotations import differs
from annotator.core.labels import Label, LabelScheme
from annotator.core.review import is_low_confidence
from annotator.core.states import ItemFilter
from annotator.tui.review.navigation import Navigation
from annotator.tui.review.page import Page
from annotator.tui.review.review_menus import item_filter_menu
from annotator.tui.review.state import ReviewState


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
            state.review,
            state.text,
            listed.lets_through,
            low_confidence=listed.low_confidence,
            like=listed.all_items,
        )
        self._page.panel.focus_on(state.focus.id)
        self._page.lines.show_header()

    def order(self) -> None:
        listed = self._state.listed
        listed.by_confidence = not listed.by_confidence
        self._arrange()
        if not listed.by_confidence:
            self._page.say("In the order of the text.")
        elif self._focus_on_first_difference():
            self._page.say("Differences first, then the least confident.")
        else:
            self._page.say("The least confident first.")

    def _focus_on_first_difference(self) -> bool:
        """Go to the first open item on which pipelines differ; returns whether there is one."""
        state = self._state
        first = state.listed.order.step(None, +1, open_only=True)
        if first is None or not differs(state.review.held[first].item):
            return False
        self._navigation.focus_on(first)
        return True

    def toggle_low_confidence(self) -> None:
        state, listed = self._state, self._state.listed
        listed.low_confidence = not listed.low_confidence
        self._arrange()
        for id, held in state.review.held.items():
            if is_low_confidence(held.item):
                self._navigation.draw_marks(id)
        if state.focus.id not in listed.all_items:
            self._navigation.follow()
        self._page.say(
            "Low-confidence claims and known wrong names are shown."
            if listed.low_confidence
            else "Low-confidence claims and known wrong names are hidden."
        )

    def _arrange(self) -> None:
        self._state.listed.arrange(self._state.review)
        self.show()

    def filter(self) -> None:
        """Ask for a filter."""
        self._page.open_menu(item_filter_menu(self._scheme), self.list_only)

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
