"""Help: every key of the screen it was asked on, what the labels mean, how reviewers decide."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from annotator.tui.bar import Bar, BarLine
from annotator.tui.cells import shown
from annotator.tui.keys import SECTIONS, KeyMap, Mode, pressed_key, show_key
from annotator.tui.setup import AppSetup
from annotator.tui.strips import attribute_strip, junk_strip

_KEY_WIDTH = 22


class HelpScreen(Screen[None]):
    """One page to scroll: keys, labels, guidelines; tab goes from part to part."""

    def __init__(self, setup: AppSetup, keymap: KeyMap, mode: Mode) -> None:
        super().__init__()
        self.setup, self.keymap, self.mode = setup, keymap, mode

    def compose(self) -> ComposeResult:
        yield Bar(id="counts")
        with VerticalScroll(id="help"):
            yield Static(self._keys(), id="help-keys")
            yield Static(self._labels(), id="help-labels")
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

    def on_key(self, event: events.Key) -> None:
        pressed = pressed_key(event.key, event.character)
        if pressed in ("escape", "q", "?"):
            self.dismiss()
        elif pressed in ("j", "k"):
            self.page.scroll_relative(y=1 if pressed == "j" else -1, animate=False)
        elif pressed == "space":
            self.page.scroll_page_down(animate=False)
        elif pressed in ("tab", "shift+tab"):
            self._go_to_part(1 if pressed == "tab" else -1)
        else:
            return
        event.stop()
        event.prevent_default()

    def _go_to_part(self, by: int) -> None:
        tops = [part.virtual_region.y for part in self.page.children]
        here = self.page.scroll_offset.y
        beyond = [top for top in tops if (top > here if by > 0 else top < here)]
        if beyond:
            self.page.scroll_to(y=beyond[0] if by > 0 else beyond[-1], animate=False)

    def _keys(self) -> Content:
        lines: list[Content] = []
        for section in SECTIONS:
            keys = [k for k in self.keymap.keys if k.section == section and k.mode is self.mode]
            if not keys:
                continue
            lines.append(Content.styled(section, "bold $accent"))
            digits = [key for key in keys if key.action.startswith("label_")]
            for key in keys:
                if key in digits[1:]:
                    continue
                shown_keys = digits if key in digits else [key]
                names = " ".join(show_key(name) for one in shown_keys for name in one.keys)
                does = "the first ten labels: relabels, or marks" if key in digits else key.does
                lines.append(_row(names or "no key", does))
            lines.append(Content(""))
        return Content("\n").join(lines)

    def _labels(self) -> Content:
        lines = [Content.styled("Labels", "bold $accent")]
        digits = "1234567890"
        for place, label in enumerate(self.setup.scheme):
            digit = digits[place] if place < len(digits) else " "
            lines.append(_row(f"{digit}  l {label.key}", f"{label.name:<12} {label.meaning}"))
        lines += [Content(""), Content.styled("Attributes of a claim", "bold $accent")]
        for strip, letter in ((attribute_strip(title=""), "t"), (junk_strip(title=""), "-")):
            if letter == "-":
                lines += [Content(""), Content.styled("Kinds of junk", "bold $accent")]
            for head, choices in strip.rows:
                for choice in choices:
                    lines.append(
                        _row(f"{letter} {choice.letter}", f"{head:<13} {choice.words}".strip())
                    )
        lines.append(Content(""))
        return Content("\n").join(lines)

    def _guidelines(self) -> Content:
        lines = [Content.styled("Guidelines", "bold $accent"), Content("")]
        for line in self.setup.guidelines.splitlines():
            bare = shown(line.rstrip())
            lines.append(
                Content.styled(bare.lstrip("# "), "bold") if line.startswith("#") else Content(bare)
            )
        return Content("\n").join(lines)


def _row(key: str, does: str) -> Content:
    return Content.assemble((f"  {key:<{_KEY_WIDTH}}", "bold"), shown(does))
