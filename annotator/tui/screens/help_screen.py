"""Help: by task, searchable, with the labels, the guidelines and the names of actions."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import VerticalScroll

from annotator.tui.app_setup import AppSetup
from annotator.tui.keys import KeyMap, Mode
from annotator.tui.screens.help_pages import HelpLines, HelpPages, laid_out
from annotator.tui.screens.layers import KeyScreen
from annotator.tui.widgets.bar import Bar, BarLine, Piece, hints
from annotator.tui.widgets.line_editor import Line

_AROUND = 6
"""The margins of the page and the scroll bar."""
_HINTS = (("esc", "back"), ("tab", "next part"), ("↑ ↓ pgup pgdn", "scroll"))
_LEAVE = ("q", "?")
"""They close the page while nothing is typed."""


class HelpScreen(KeyScreen):
    """One page to scroll; what is typed leaves only what holds these words, tab jumps from part to
    part. `begin_at` is the part, or the heading, that is shown first."""

    def __init__(self, setup: AppSetup, keymap: KeyMap, mode: Mode, *, begin_at: str = "") -> None:
        super().__init__()
        config = setup.config
        self._parts = HelpPages(keymap, mode, config.scheme, config.guidelines).parts()
        self._colors = config.label_colors
        self._line, self._is_searching = Line(), False
        self._begin_at = begin_at
        self.shown = HelpLines((), {})

    def compose(self) -> ComposeResult:
        yield Bar(id="counts")
        with VerticalScroll(id="help"):
            yield Bar(id="help-lines", colors=self._colors, on_panel=False)
        yield Bar(id="hints")

    def on_mount(self) -> None:
        self.page.focus()

    @property
    def page(self) -> VerticalScroll:
        return self.query_one(VerticalScroll)

    def on_resize(self) -> None:
        if self.query("#help-lines"):
            self._show()
            if self._begin_at:
                self.call_after_refresh(self._go_to, self._begin_at)

    # Keys

    def press(self, pressed: str, character: str | None) -> None:
        """Scroll, type, or close the page."""
        page = self.page
        match pressed:
            case "escape" if self._line.text or self._is_searching:
                self._is_searching = False
                self._type(Line())
            case "escape":
                self.close()
            case _ if pressed in _LEAVE and not self._line.text and not self._is_searching:
                self.close()
            case "/" if not self._line.text:
                self._is_searching = True
                self._show()
            case "down" | "up":
                page.scroll_relative(y=1 if pressed == "down" else -1, animate=False)
            case "pagedown" | "enter":
                page.scroll_page_down(animate=False)
            case "pageup":
                page.scroll_page_up(animate=False)
            case "home" | "end" if not self._line.text:
                scroll = page.scroll_home if pressed == "home" else page.scroll_end
                scroll(animate=False)
            case "tab" | "shift+tab":
                self._go_to_part(1 if pressed == "tab" else -1)
            case _ if character and character.isprintable():
                self._type(self._line.insert(character))
            case _:
                self._type(self._line.press(pressed))

    def insert(self, words: str) -> bool:
        """Insert pasted text into the words that are looked for."""
        self._type(self._line.insert(words))
        return True

    def _type(self, line: Line) -> None:
        self._line = line
        self._show()
        self.page.scroll_home(animate=False)

    # Parts

    def _go_to_part(self, by: int) -> None:
        here = self.page.scroll_offset.y
        tops = self.shown.begins.values()
        beyond = [top for top in tops if (top > here if by > 0 else top < here)]
        if beyond:
            self.page.scroll_to(y=beyond[0] if by > 0 else beyond[-1], animate=False)

    def _go_to(self, title: str) -> None:
        self._begin_at = ""
        at = self.shown.begins.get(title, self.shown.line_of(title))
        if at is not None:
            self.page.scroll_to(y=at, animate=False)

    def _show(self) -> None:
        width = max(30, self.size.width - _AROUND)
        self.shown = laid_out(self._parts, width, self._line.text)
        bar = self.query_one("#help-lines", Bar)
        bar.styles.height = max(1, len(self.shown.lines))
        bar.show(*self.shown.lines)
        self.query_one("#counts", Bar).show(self._title())
        self.query_one("#hints", Bar).show(hints(_HINTS, self.size.width))

    def _title(self) -> BarLine:
        text, at = self._line.text, self._line.at
        left: list[Piece] = [("strong", " Help  ")]
        if not text and not self._is_searching:
            return BarLine((*left, ("muted", "type what you are looking for")))
        left += [("accent", "› "), ("strong", text[:at]), ("accent", "▏"), ("strong", text[at:])]
        found = () if self.shown.lines else (("muted", "nothing holds these words "),)
        return BarLine(tuple(left), found)
