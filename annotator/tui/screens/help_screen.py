"""Help: every key of the current screen, the meanings of the labels, the guidelines."""

from __future__ import annotations

from itertools import zip_longest
from textwrap import wrap

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from annotator.tui.keys import SECTIONS, KeyMap, Mode, show_key
from annotator.tui.screens.layers import KeyScreen
from annotator.tui.screens.letter_menus import attribute_menu, junk_menu
from annotator.tui.setup import AppSetup
from annotator.tui.terminal.cells import shown
from annotator.tui.widgets.bar import Bar, BarLine
from annotator.tui.widgets.letter_menu import LetterMenu

_KEY, _LABEL = 12, 21
# The horizontal padding of the page and the scroll bar.
_AROUND = 10
_TWO_COLUMNS = 104


class HelpScreen(KeyScreen):
    """One page to scroll: keys, labels, guidelines; tab jumps from section to section."""

    def __init__(self, setup: AppSetup, keymap: KeyMap, mode: Mode) -> None:
        super().__init__()
        self.setup, self.keymap, self.mode = setup, keymap, mode

    def compose(self) -> ComposeResult:
        yield Bar(id="counts")
        with VerticalScroll(id="help"):
            yield Static(id="help-keys")
            yield Static(id="help-labels")
            yield Static(self._guidelines(), id="help-guidelines")
        yield Bar(id="hints")

    def on_mount(self) -> None:
        title = (("strong", " Help  "), ("muted", "keys, labels, guidelines"))
        self.query_one("#counts", Bar).show(BarLine(title))
        told = " tab next part   ↑ ↓ pgup pgdn scroll   esc or q closes"
        self.query_one("#hints", Bar).show(BarLine((("muted", told),)))
        self.page.focus()

    @property
    def page(self) -> VerticalScroll:
        return self.query_one(VerticalScroll)

    def press(self, pressed: str, _character: str | None) -> None:
        """Scroll, or close the page."""
        page = self.page
        match pressed:
            case "escape" | "q" | "?":
                self.close()
            case "j" | "down" | "k" | "up":
                page.scroll_relative(y=1 if pressed in ("j", "down") else -1, animate=False)
            case "space" | "pagedown":
                page.scroll_page_down(animate=False)
            case "pageup":
                page.scroll_page_up(animate=False)
            case "home" | "g":
                page.scroll_home(animate=False)
            case "end" | "G":
                page.scroll_end(animate=False)
            case "tab" | "shift+tab":
                self._go_to_part(1 if pressed == "tab" else -1)

    def _go_to_part(self, by: int) -> None:
        tops = [part.virtual_region.y for part in self.page.children]
        here = self.page.scroll_offset.y
        beyond = [top for top in tops if (top > here if by > 0 else top < here)]
        if beyond:
            self.page.scroll_to(y=beyond[0] if by > 0 else beyond[-1], animate=False)

    def on_resize(self) -> None:
        if not self.query("#help-labels"):
            return  # closed before it was shown
        room = max(30, self.size.width - _AROUND)
        self.query_one("#help-keys", Static).update(self._keys(room))
        self.query_one("#help-labels", Static).update(self._labels(room))

    def _keys(self, room: int) -> Content:
        """The sections of keys, in two columns if there is space."""
        if room < _TWO_COLUMNS:
            return Content("\n").join(_lines(self._sections(room)))
        half = room // 2 - 1
        sections = self._sections(half)
        left: list[list[Content]] = []
        # Fill the left column first, so that it is the longer one.
        while sections and _height(left) < _height(sections):
            left.append(sections.pop(0))
        pairs = zip_longest(_lines(left), _lines(sections), fillvalue=Content(""))
        return Content("\n").join(
            Content.assemble(one, " " * (half + 2 - one.cell_length), other) for one, other in pairs
        )

    def _sections(self, room: int) -> list[list[Content]]:
        sections: list[list[Content]] = []
        for section in SECTIONS:
            keys = [k for k in self.keymap.keys if k.section == section and k.mode is self.mode]
            if not keys:
                continue
            lines = [Content.styled(section, "bold $accent")]
            digits = [key for key in keys if key.action.rpartition("label_")[2].isdigit()]
            for key in keys:
                if key in digits[1:]:
                    continue
                shown_keys = digits if key in digits else [key]
                names = " ".join(show_key(name) for one in shown_keys for name in one.keys)
                names = "1 … 9 0" if names == "1 2 3 4 5 6 7 8 9 0" else names
                does = "the first ten labels: relabels, or marks" if key in digits else key.does
                lines += _rows(names or "no key", does, room)
            sections.append([*lines, Content("")])
        return sections

    def _labels(self, room: int) -> Content:
        lines = [Content.styled("Labels", "bold $accent")]
        digits = "1234567890"
        for place, label in enumerate(self.setup.config.scheme):
            digit = digits[place] if place < len(digits) else " "
            lines += _rows(f"{digit}  l {label.key}  {label.name}", label.meaning, room, _LABEL)
        lines += _of_menu("Attributes of a claim", "t", attribute_menu(title=""), room)
        lines += _of_menu("Kinds of junk", "-", junk_menu(title=""), room)
        lines.append(Content(""))
        return Content("\n").join(lines)

    def _guidelines(self) -> Content:
        lines = [Content.styled("Guidelines", "bold $accent"), Content("")]
        for line in self.setup.config.guidelines.splitlines():
            bare = shown(line.rstrip())
            lines.append(
                Content.styled(bare.lstrip("# "), "bold") if line.startswith("#") else Content(bare)
            )
        return Content("\n").join(lines)


def _of_menu(title: str, key: str, menu: LetterMenu[object], room: int) -> list[Content]:
    """Every letter of a menu that `key` opens, and its meaning."""
    lines = [Content(""), Content.styled(title, "bold $accent")]
    for head, choices in menu.rows:
        for choice in choices:
            words = f"{head:<13} {choice.words}".strip()
            lines += _rows(f"{key} {choice.letter}", words, room)
    return lines


def _rows(key: str, does: str, room: int, width: int = _KEY) -> list[Content]:
    """A key and its description, which may take several lines."""
    first, *others = wrap(shown(does), max(12, room - width - 2)) or [""]
    return [
        Content.assemble((f"  {key:<{width}}", "bold"), first),
        *(Content(" " * (width + 2) + line) for line in others),
    ]


def _lines(sections: list[list[Content]]) -> list[Content]:
    return [line for section in sections for line in section]


def _height(sections: list[list[Content]]) -> int:
    return sum(map(len, sections))
