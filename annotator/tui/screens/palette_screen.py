"""Every action of a screen by name: type part of it, enter runs it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from annotator.tui.keys import Key, KeyMap, Mode, show_key
from annotator.tui.screens.list_frame import AroundList, ListFrame, ShownRows
from annotator.tui.screens.list_screen import ListScreen
from annotator.tui.terminal.cells import width_of
from annotator.tui.widgets.bar import Bar, BarLine
from annotator.tui.widgets.line_editor import Line
from annotator.tui.widgets.virtual_list import Cell, Row

_SECTION = 9
_AROUND = AroundList(
    (("strong", " Actions  "), ("muted", "type some words of what you want")),
    (("enter", "do it"), ("esc", "close"), ("↑ ↓ pgup pgdn", "move")),
)


class PaletteScreen(ListScreen):
    """Lists the actions that match all typed words; `act` is called with the chosen one when the
    screen below is on top again."""

    def __init__(self, keymap: KeyMap, mode: Mode, act: Callable[[str], None]) -> None:
        super().__init__()
        self.line = Line()
        self._keys = tuple(
            key for key in keymap.keys if key.mode is mode and not key.action.endswith("palette")
        )
        self._act = act
        self.shown = ShownRows("palette")
        self.shown.rows = [_row(key) for key in self._keys]
        self.frame = ListFrame(
            (Bar(id="typed"), self.shown.listed), lambda: _AROUND, lambda _: self._do_it()
        )

    def on_mount(self) -> None:
        self._show()

    def press(self, pressed: str, character: str | None) -> None:
        """Type, move in the list, run the chosen action, or close."""
        if pressed == "escape":
            self.close()
        elif pressed == "enter":
            self._do_it()
        elif character and character.isprintable():
            self._type(self.line.insert(character))
        elif pressed in ("up", "down", "pageup", "pagedown"):
            self.listed.press(pressed)
        else:
            self._type(self.line.press(pressed))

    def insert(self, words: str) -> bool:
        """Insert pasted text into the line being typed."""
        self._type(self.line.insert(words))
        return True

    def _do_it(self) -> None:
        action = self.listed.key
        if action is not None:
            self.close()
            self._act(action)

    def _type(self, line: Line) -> None:
        changed, self.line = line.text != self.line.text, line
        if changed:
            wanted = line.text.casefold().split()
            self.shown.rows = [_row(key) for key in self._keys if _holds(key, wanted)]
        self._show(from_top=changed)

    def _show(self, *, from_top: bool = True) -> None:
        text, at = self.line.text, self.line.at
        first = max(0, at - self.size.width + 12)
        typed = (("strong", text[first:at]), ("accent", "▏"), ("strong", text[at:]))
        none = () if self.shown.rows else (("muted", "no action holds these words "),)
        self.query_one("#typed", Bar).show(BarLine((("accent", " › "), *typed), none))
        if from_top:
            self.listed.set_size(len(self.shown.rows), cursor=0, lost=True)


def _row(key: Key) -> Row:
    keys = " ".join(show_key(pressed) for pressed in key.keys)
    return Row.of(
        key.action,
        Cell(key.section, "muted", width=_SECTION),
        Cell(key.does, "normal"),
        Cell(keys, "key", width=max(1, width_of(keys)), align_right=True),
    )


def _holds(key: Key, wanted: Iterable[str]) -> bool:
    """Whether an action's name contains all these words, or words that start like them."""
    told = f"{key.section} {key.does} {key.action.replace('_', ' ')}".casefold()
    return all(word in told for word in wanted)
