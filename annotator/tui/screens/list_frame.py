"""A list with the lines around it, and what a key does in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widget import Widget

from annotator.tui.keys import show_key
from annotator.tui.screens.layers import KeyScreen
from annotator.tui.widgets.bar import Bar, BarLine, Piece, hints
from annotator.tui.widgets.rows import Row
from annotator.tui.widgets.virtual_list import VirtualList

Act: TypeAlias = Callable[[], object]
_NO_HEADS = BarLine()


@dataclass(frozen=True, slots=True)
class AroundList:
    """The lines around a list: above it the `title`, what was `counted` (a message takes its place)
    and the heads of its `columns`, below it what is `told` of the row under the cursor, on at least
    `told_rows` lines, and the keys with what they do, the most important first. A list without rows
    shows why it is `empty`."""

    title: tuple[Piece, ...]
    hints: Sequence[tuple[str, str]]
    counted: str = ""
    columns: BarLine = _NO_HEADS
    told: Sequence[BarLine] = ()
    told_rows: int = 1
    empty: str = ""


class ListFrame(Vertical):
    """Shows widgets, of which one is a list, and the lines that are `around` them.

    `choose` is called with a list of which a row was chosen, `moved` when the cursor of one moved.
    Bars among the widgets that are named `columns` and `told` get these lines.
    """

    DEFAULT_CSS = """
    ListFrame { height: 1fr; }
    """

    def __init__(
        self,
        widgets: Sequence[Widget],
        around: Callable[[], AroundList],
        choose: Callable[[VirtualList], object],
        moved: Callable[[VirtualList.Highlighted], object] = lambda _: None,
    ) -> None:
        super().__init__()
        self.message = ""
        self._widgets, self._around, self._choose, self._moved = widgets, around, choose, moved

    def compose(self) -> ComposeResult:
        yield Bar(id="counts")
        yield from self._widgets
        yield Bar(id="hints")

    def on_mount(self) -> None:
        self.query(VirtualList).first().focus()
        self.show()

    def on_resize(self) -> None:
        self.show()

    def press(self, pressed: str, act: Act | None) -> None:
        """Do what a key does, or say that it does nothing."""
        self.message = ""
        if act is not None:
            act()
        else:
            self.message = f"{show_key(pressed)} does nothing here; the line below lists the keys."
        self.show()

    def on_virtual_list_chosen(self, event: VirtualList.Chosen) -> None:
        event.stop()
        if isinstance(self.screen, KeyScreen) and self.screen.takes_keys:
            self._choose(event.widget)

    def on_virtual_list_highlighted(self, event: VirtualList.Highlighted) -> None:
        event.stop()
        self._moved(event)
        self.show()

    def show(self) -> None:
        """Draw the lines, once they are there."""
        if not self.query("#hints"):
            return
        around = self._around()
        right: tuple[Piece, ...] = (("muted", f"{around.counted} "),) if around.counted else ()
        if self.message:
            right = (("accent", f" {self.message} "),)
        self.query_one("#counts", Bar).show(BarLine(around.title, right))
        self.query_one("#hints", Bar).show(hints(around.hints, self.size.width))
        for listed in [one for one in self._widgets if isinstance(one, VirtualList)][:1]:
            listed.say_when_empty(around.empty)
        for bar in self.query("#columns").results(Bar):
            bar.show(around.columns)
        for bar in self.query("#told").results(Bar):
            rows = max(around.told_rows, len(around.told))
            bar.display = rows > 0
            bar.styles.height = max(1, rows)
            bar.show(*around.told)


class ShownRows:
    """Rows, and the list that shows them, which has the name `id` in the style sheet."""

    def __init__(self, id: str, *, lines: int = 1, colors: Mapping[str, str] | None = None) -> None:
        self.rows: Sequence[Row] = ()
        self.listed = VirtualList(self._row, find=self._place, lines=lines, colors=colors, id=id)

    def show(self, rows: Sequence[Row]) -> None:
        """Show other rows; the cursor stays on its row."""
        self.rows = rows
        if self.listed.is_attached:
            self.listed.set_size(len(rows))

    def _row(self, index: int) -> Row | None:
        return self.rows[index] if 0 <= index < len(self.rows) else None

    def _place(self, key: str) -> int | None:
        return next((n for n, row in enumerate(self.rows) if row.key == key), None)
