"""The palette: everything that can be done here, by name, in the lines at the foot."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from annotator.tui.screens.layers import keyboard_app
from annotator.tui.screens.offers import Below, Offer, found, recent_first
from annotator.tui.widgets.bar import CURSOR, BarLine, Piece
from annotator.tui.widgets.line_editor import Line
from annotator.tui.widgets.prompts import Done

MOST_ROWS = 12
_ROW = "row "
"""What a click on a line presses: this, and its place."""
_ABOUT_FROM = 90


def open_palette(below: Below) -> None:
    """Open the palette over a screen, once a workspace is open."""
    screen, offering = below.screen, keyboard_app(below.screen).offering
    if offering is None:
        return

    def rows() -> int:
        return max(3, min(MOST_ROWS, screen.size.height // 2 - 2))

    offers = recent_first(offering.over(below), offering.recent)
    below.prompts.open(PalettePrompt(offers, rows=rows, used=offering.used))


class PalettePrompt:
    """Lists the lines that match what is typed, in `rows()` rows; `used` gets the chosen one."""

    def __init__(
        self,
        offers: Sequence[Offer],
        *,
        rows: Callable[[], int] = lambda: MOST_ROWS,
        used: Callable[[Offer], None] = lambda _: None,
        title: str = "",
    ) -> None:
        self.line = Line()
        self.offers = self.hits = tuple(offers)
        self.at = 0
        self._top = 0
        self._rows, self._used, self._title = rows, used, title

    @property
    def here(self) -> Offer | None:
        """The line under the cursor."""
        return self.hits[self.at] if self.hits else None

    def press(self, pressed: str, character: str | None) -> Done | None:
        if pressed == "escape" or (pressed == "ctrl+p" and not self._title):
            return Done()
        if pressed == "enter":
            return self._chosen()
        if pressed.startswith(_ROW):
            self.at = min(int(pressed.removeprefix(_ROW)), max(0, len(self.hits) - 1))
            return self._chosen()
        if character and character.isprintable():
            self._type(self.line.insert(character))
        elif not self._moved(pressed):
            self._type(self.line.press(pressed))
        return None

    def insert(self, words: str) -> bool:
        self._type(self.line.insert(words))
        return True

    def lines(self, width: int) -> list[BarLine]:
        """What is typed, then the lines around the cursor, as many as there are rows."""
        rows = self._rows()
        self._top = max(min(self._top, self.at), self.at - rows + 1)
        shown = self.hits[self._top : self._top + rows]
        drawn = [
            _row(offer, place, width, chosen=place == self.at)
            for place, offer in enumerate(shown, start=self._top)
        ]
        return [self._head(width), *drawn, *([BarLine()] * (rows - len(drawn)))]

    def close(self) -> None:
        """Nothing to undo."""

    def _chosen(self) -> Done:
        offer = self.here
        if offer is None:
            return Done()
        chosen = offer

        def do() -> None:
            self._used(chosen)
            chosen.act()

        return Done(do)

    def _moved(self, pressed: str) -> bool:
        by = {"up": -1, "down": 1, "pageup": 1 - self._rows(), "pagedown": self._rows() - 1}
        if pressed not in by:
            return False
        self.at = min(max(self.at + by[pressed], 0), max(0, len(self.hits) - 1))
        return True

    def _type(self, line: Line) -> None:
        changed, self.line = line.text != self.line.text, line
        if changed:
            self.hits, self.at, self._top = tuple(found(self.offers, line.text)), 0, 0

    def _head(self, width: int) -> BarLine:
        text, at = self.line.text, self.line.at
        first = max(0, at - width + 48)
        typed: tuple[Piece, ...] = (
            ("accent", f" {self._title} › ".replace("  ", " ")),
            ("strong", text[first:at]),
            ("accent", CURSOR),
            ("strong", text[at:]),
        )
        if not text:
            typed = (*typed, ("muted", "type some words of what you want"))
        count = f"{len(self.hits)} of {len(self.offers)}" if self.hits else "none holds these words"
        return BarLine(
            typed,
            (
                ("muted", f"{count}   "),
                ("key", "enter", "enter"),
                ("normal", " does it  ", "enter"),
                ("key", "esc", "escape"),
                ("normal", " closes ", "escape"),
            ),
        )


def _row(offer: Offer, place: int, width: int, *, chosen: bool) -> BarLine:
    key = f"{_ROW}{place}"
    verb, colon, rest = offer.words.partition(": ")
    left: list[Piece] = [("accent", "▌" if chosen else " ", key), ("normal", f" {verb}", key)]
    if colon:
        left += [("normal", ": ", key), (offer.tone, rest, key)]
    tells = offer.about.casefold() != offer.words.casefold()
    if chosen and tells and width >= _ABOUT_FROM:
        left.append(("muted", f"   {offer.about}", key))
    return BarLine(tuple(left), (("key", f"{offer.keys} ", key),), chosen=chosen)
