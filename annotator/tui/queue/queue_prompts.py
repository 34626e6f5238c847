"""The prompts of the queue: filter, order, search in the titles."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from annotator.tui.queue.queue_list import QueueList
from annotator.tui.queue.queue_questions import QueueQuestions
from annotator.tui.queue.title_search import SearchCalls, TitleSearch
from annotator.tui.screens.layers import KeyScreen
from annotator.tui.widgets.prompts import Prompts

if TYPE_CHECKING:
    from annotator.core.states import QueueFilter, QueueOrder
    from annotator.tui.queue.queue_menus import Asked
    from annotator.tui.widgets.letter_menu import LetterMenu

T = TypeVar("T")


def _nothing(_article: str) -> None:
    """Before the actions are there."""


class QueuePrompts:
    """Opens the prompts of the queue, and carries out their results.

    `shown` is called whenever the screen must change; `prompts` has the open one. `opens` is
    called with the article that a search is for.
    """

    def __init__(
        self,
        screen: KeyScreen,
        rows: QueueList,
        questions: QueueQuestions,
        shown: Callable[[], None],
    ) -> None:
        self.prompts = Prompts(shown)
        self.opens: Callable[[str], None] = _nothing
        self._screen, self._rows, self._questions = screen, rows, questions
        self._shown = shown
        # One search at a time, however much is typed: among 100,000 titles a search takes a moment.
        self._asking = asyncio.Lock()

    @property
    def is_open(self) -> bool:
        """Whether a prompt takes the keys."""
        return self.prompts.current is not None

    def open_filters(self) -> None:
        """Open the menu of filters."""
        from annotator.tui.queue.queue_menus import queue_filter_menu

        self._choose(queue_filter_menu(self._rows.listing), self._keep_to)

    def open_orders(self) -> None:
        """Open the menu of orders."""
        from annotator.tui.queue.queue_menus import queue_order_menu

        self._choose(queue_order_menu(self._rows.listing), self._order_by)

    def open_outlets(self) -> None:
        """Open the menu of outlets."""
        self._screen.waiting.fetch("outlets", self._ask_outlet)

    def open_search(self) -> None:
        """Open a search in the titles, starting at the cursor."""
        calls = SearchCalls(self._shown, self._open_hit)
        rows, questions = self._rows, self._questions
        self.prompts.open(TitleSearch(self._screen, rows, questions, self._asking, calls))

    def _open_hit(self, article: str) -> None:
        self.prompts.close()
        self.opens(article)

    def keep_cursor(self) -> None:
        """The cursor was moved by hand: it stays there when a search ends."""
        if isinstance(self.prompts.current, TitleSearch):
            self.prompts.current.keep()

    def _choose(self, menu: LetterMenu[T], chosen: Callable[[T], None]) -> None:
        from annotator.tui.widgets.letter_menu import MenuPrompt

        self.prompts.open(MenuPrompt(menu, chosen, self._screen.say))

    def _keep_to(self, chosen: QueueFilter | Asked | None) -> None:
        from annotator.tui.queue.queue_menus import Asked

        listing = self._rows.listing
        if isinstance(chosen, Asked):
            self.open_outlets()
        elif chosen is None:
            self._rows.show_listing(replace(listing, state=None, outlet=None))
        else:
            self._rows.show_listing(replace(listing, state=chosen))

    def _order_by(self, order: QueueOrder) -> None:
        self._rows.show_listing(replace(self._rows.listing, order=order))

    def _keep_to_outlet(self, outlet: str | None) -> None:
        self._rows.show_listing(replace(self._rows.listing, outlet=outlet))

    async def _ask_outlet(self) -> None:
        from annotator.tui.queue.queue_menus import outlet_menu

        outlets = await self._questions.outlets()
        row = self._rows.row
        if outlets:
            here, chosen = row.outlet if row else None, self._rows.listing.outlet
            self._choose(outlet_menu(outlets, here, chosen), self._keep_to_outlet)
        else:
            self._screen.say("No article says which outlet it is from.")
