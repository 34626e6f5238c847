"""The letter menus of the queue: what it keeps to, and how it is ordered."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from annotator.tui.queue.queue_list import QueueList
from annotator.tui.queue.queue_questions import QueueQuestions
from annotator.tui.screens.layers import KeyScreen
from annotator.tui.widgets.bar import BarLine, Piece

if TYPE_CHECKING:
    from annotator.tui.strips import Strip


class QueueMenu:
    """The menu that is open, if one is; `shown` is called whenever there is another one to see."""

    def __init__(
        self,
        screen: KeyScreen,
        rows: QueueList,
        questions: QueueQuestions,
        shown: Callable[[], None],
    ) -> None:
        self.strip: Strip | None = None
        self._screen, self._rows, self._questions = screen, rows, questions
        self._shown = shown

    @property
    def is_open(self) -> bool:
        """Whether a menu is open."""
        return self.strip is not None

    def lines(self, width: int, told: tuple[Piece, ...]) -> list[BarLine]:
        """The menu as it is drawn in `width` cells, beside what there is to say."""
        if self.strip is None:
            return []
        head, *others = self.strip.lines(width)
        return [BarLine(head.left, told or head.right), *others]

    def open_filters(self) -> None:
        """Opens the menu of what may be listed."""
        from annotator.tui.queue.queue_strips import queue_filter_strip

        self._open(queue_filter_strip())

    def open_orders(self) -> None:
        """Opens the menu of orders."""
        from annotator.tui.queue.queue_strips import queue_order_strip

        self._open(queue_order_strip())

    def press(self, pressed: str) -> None:
        """Takes a key while a menu is open."""
        assert self.strip is not None
        choice = self.strip.by_letter.get(pressed)
        if choice is None and pressed != "escape":
            self._screen.say(f"No option {pressed}; esc closes.")
            return
        self._open(None)
        if choice is None:
            return
        if choice.value == ("ask", "outlet"):
            self._screen.fetch("outlets", self._ask_outlet)
        else:
            self._rows.show_listing(self._rows.listing.chosen(choice.value))

    def _open(self, strip: Strip | None) -> None:
        self.strip = strip
        self._shown()

    async def _ask_outlet(self) -> None:
        from annotator.tui.queue.queue_strips import outlet_strip

        outlets = await self._questions.outlets()
        row = self._rows.row
        if outlets:
            self._open(outlet_strip(outlets, row.outlet if row else None))
        else:
            self._screen.say("No article says which outlet it is from.")
