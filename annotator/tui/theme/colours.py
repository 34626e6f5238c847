"""The styles of all looks in the four designs of themes.

*Tint* (themes dark, light, contrast, contrast-light; true colour): entities have a background
tinted with their label's colour, claim content another tint, and text on a tint has a contrast of
at least 4.5:1, in the contrast themes of 7:1. *Cube* is the same with 256 colours, with backgrounds
chosen from them. *Sixteen* (terminal, terminal-light) uses only the terminal's own colours, and
only for letters. *Plain* (`NO_COLOR`) has no colour at all.

Colour is never the only difference:

| | tint and cube | sixteen and plain |
|---|---|---|
| open | underlined | underlined |
| accepted | plain on its tint | bold |
| corrected, added | bold on its tint | bold and underlined |
| rejected | struck through, no tint | struck through |
| claim content | tint, bar in the margin | italic, bar in the margin |
| cue | bold italic | bold italic |
| unsure claim | fainter tint, cue not bold, thin bar in the margin | dim, thin bar in the margin |
| source | bold in its colour | overline, bold outside entities |
| junk | muted, dotted bar in the margin | dim, dotted bar in the margin |
| who speaks in the focused claim | solid in the colour of sources | reverse, overline |
| focus | solid | reverse; focused content bold and underlined |
| selection, caret | solid | reverse, the caret underlined too |

In the margin, `▎` marks claim content, `▏` content of unsure claims alone, `▌` corrected content,
`┊` junk, `•` a line in which open items begin, and `"` one with a note.
"""

from __future__ import annotations

import colorsys
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from rich.color import Color
from rich.style import Style

from annotator.core.states import ItemState
from annotator.tui.theme.contrast import rgb
from annotator.tui.theme.designs import Design, Palette
from annotator.tui.theme.looks import NOTED, Gutter, Look

_DECIDED = (ItemState.ACCEPTED, ItemState.CORRECTED, ItemState.ADDED)
_CHANGED = (ItemState.CORRECTED, ItemState.ADDED)


def label_style(color: str, status: ItemState, palette: Palette) -> Style:
    """The style of an entity whose label has this colour (`#rrggbb`)."""
    look = Look(label="label", entity=status)
    return Painter(palette, {"label": color}).style(look)


class _Ink(NamedTuple):
    """The style of characters while it is mixed from the items on them."""

    color: str
    ground: str
    bold: bool
    italic: bool
    underline: bool
    strike: bool


@dataclass
class Painter:
    """Styles for looks, tones and margins in one palette; each is computed once."""

    palette: Palette
    labels: Mapping[str, str] = field(default_factory=dict)
    _styles: dict[tuple[Look, bool], Style] = field(default_factory=dict)
    _tones: dict[tuple[str, bool, bool], Style] = field(default_factory=dict)

    def style(self, look: Look, *, active: bool = True) -> Style:
        """The style of a look; the caret of a view that is not `active` is only underlined."""
        found = self._styles.get((look, active))
        if found is None:
            tinted = self.palette.is_tinted
            found = self._tinted(look, active) if tinted else self._attributed(look, active)
            self._styles[look, active] = found
        return found

    def gutter(self, gutter: Gutter) -> tuple[tuple[str, Style], tuple[str, Style]]:
        """The bar and the dot of a line's margin."""
        bar = " "
        if gutter.bar is not None:
            bar = "▌" if gutter.bar in _CHANGED else "▏" if gutter.unsure else "▎"
        elif gutter.junk:
            bar = "┊"
        tone = "claim" if gutter.bar is not None else "muted"
        return (
            (bar, self.tone("strong" if gutter.focus and gutter.bar else tone)),
            (
                (NOTED, self.tone("info"))
                if gutter.noted
                else ("•" if gutter.open else " ", self.tone("accent"))
            ),
        )

    def tone(self, name: str, *, under_cursor: bool = False, on_panel: bool = False) -> Style:
        """A style for text beside the article.

        `name` is one of `TONES` or `label:NAME`; `under_cursor` is for the row with the cursor,
        `on_panel` for text on the panel's background.
        """
        key = (name, under_cursor, on_panel)
        found = self._tones.get(key)
        if found is None:
            found = self._tones[key] = self._tone(name, under_cursor, on_panel)
        return found

    def _tone(self, name: str, under_cursor: bool, on_panel: bool) -> Style:
        palette = self.palette
        bold = name in ("strong", "key") or under_cursor
        if palette.is_tinted:
            ground = palette.panel if on_panel else palette.background
            if under_cursor:
                ground = palette.cursor_ground
            color = self._color_of(name)
            return _style(palette.readable(color, ground), ground, bold=bold)
        dim = name == "muted" and not under_cursor
        color = self._color_of(name)
        if palette.design is Design.SIXTEEN and color != "default" and not under_cursor:
            return Style(color=color, bold=bold, dim=dim)
        return Style(bold=bold, dim=dim, reverse=under_cursor)

    def hint(self) -> Style:
        """The style of jump letters."""
        palette = self.palette
        if palette.is_tinted:
            ground = palette.accent
            return _style(palette.readable(palette.background, ground), ground, bold=True)
        return Style(bold=True, reverse=True)

    def _color_of(self, name: str) -> str:
        if name.startswith("label:"):
            return self._label_color(name.removeprefix("label:"))
        return self.palette.tone(name)

    def _label_color(self, label: str | None) -> str:
        color = self.labels.get(label or "", "")
        match self.palette.design:
            case Design.TINT | Design.CUBE:
                return self.palette.ink(color) if color else self.palette.info
            case Design.SIXTEEN:
                known = self.palette.inks.get(color.lower())
                return known or (_of_sixteen(color, self.palette.dark) if color else "default")
            case _:
                return "default"

    def _tinted(self, look: Look, active: bool) -> Style:
        ink = self._with_reader(look, self._with_entity(look, self._of_claims(look)), active)
        return _style(
            self.palette.readable(ink.color, ink.ground),
            ink.ground,
            bold=ink.bold,
            italic=ink.italic,
            underline=ink.underline,
            strike=ink.strike,
        )

    def _of_claims(self, look: Look) -> _Ink:
        """Junk, content, source and cue."""
        palette = self.palette
        ground, color = palette.background, palette.foreground
        bold = italic = underline = strike = False
        if look.junk in (ItemState.OPEN, *_DECIDED):
            color = palette.muted
        if look.content:
            ground = palette.content_ground(
                look.content, unsure=look.unsure, focused=look.focus > 0
            )
        elif look.content_status is ItemState.REJECTED:
            color, strike = palette.muted, True
        if look.source is not None:
            color, bold = palette.source, not look.unsure
            strike = look.source is ItemState.REJECTED
        if look.cue is not None:
            color, bold, italic = palette.claim, not look.unsure, True
            underline = look.cue is ItemState.OPEN
            strike = look.cue is ItemState.REJECTED
        return _Ink(color, ground, bold, italic, underline, strike)

    def _with_entity(self, look: Look, ink: _Ink) -> _Ink:
        """An entity over what its words are in claims."""
        if look.entity is None:
            return ink
        if look.entity is ItemState.REJECTED:
            return ink._replace(color=self.palette.muted, strike=True)
        color = self._label_color(look.label)
        is_open = look.entity is ItemState.OPEN
        return ink._replace(
            color=color,
            ground=self.palette.entity_ground(color, ink.ground, is_open=is_open),
            bold=ink.bold or look.entity in _CHANGED,
            underline=ink.underline or look.entity is ItemState.OPEN,
        )

    def _with_reader(self, look: Look, ink: _Ink, active: bool) -> _Ink:
        """Hits, focus, selection and caret over everything else."""
        palette, (color, ground, bold, italic, underline, strike) = self.palette, ink
        if look.hit:
            ground = palette.hit_ground
        if look.focus == 2:
            ground = color if color not in (palette.foreground, palette.muted) else palette.claim
            color, bold = palette.background, True
        elif look.focus and not look.content:
            ground = palette.focus_ground(color)
        if look.tied:
            ground, color, bold = palette.source, palette.background, True
        if look.selected:
            ground = palette.selection
        if look.caret and active:
            ground, color = palette.foreground, palette.background
        elif look.caret:
            underline = True
        return _Ink(color, ground, bold, italic, underline, strike)

    def _attributed(self, look: Look, active: bool) -> Style:
        bold = italic = underline = over = strike = dim = reverse = False
        color = "default"
        if look.junk in (ItemState.OPEN, *_DECIDED):
            dim = True
        # An entity in an unsure claim is as sure as elsewhere.
        dim = dim or (look.unsure and look.entity is None and not look.focus)
        italic = look.content > 0
        strike = look.content_status is ItemState.REJECTED and not look.content
        if look.source is not None:
            # An overline works with every style of an entity inside a source.
            bold, over = look.entity in (None, ItemState.REJECTED) and not look.unsure, True
            color = self.palette.source
            strike = look.source is ItemState.REJECTED
        if look.cue is not None:
            bold, italic = not look.unsure, True
            color = self.palette.claim
            underline = look.cue is ItemState.OPEN
            strike = look.cue is ItemState.REJECTED
        if look.entity is ItemState.REJECTED:
            strike = True
        elif look.entity is not None:
            color = self._label_color(look.label)
            underline = underline or look.entity is not ItemState.ACCEPTED
            bold = bold or look.entity in _DECIDED
        if look.focus:
            speaker = look.source or look.cue
            if look.focus == 1 and speaker:
                reverse, underline = True, False
            # Entities inside the content of the focused claim still show their status.
            elif look.entity is None or (look.focus == 2 and (speaker or look.content)):
                bold = underline = True
        if look.hit or look.focus == 2 or look.selected or look.tied:
            reverse, dim = True, False
            bold, over = bold or look.hit, over or look.tied
        if look.caret and active:
            # On a reversed background the caret is not reversed; its underline distinguishes it.
            bold = underline = True
            reverse, dim = not reverse, False
        elif look.caret:
            underline = True
        return Style(
            color=None if color == "default" else color,
            bold=bold,
            italic=italic,
            underline=underline,
            overline=over,
            strike=strike,
            dim=dim,
            reverse=reverse,
        )


def _of_sixteen(color: str, dark: bool) -> str:
    """The terminal colour nearest in hue that is readable on the default background."""
    red, green, blue = rgb(color)
    hue, _, saturation = colorsys.rgb_to_hls(red / 255, green / 255, blue / 255)
    if saturation < 0.12:
        return "default"
    if dark:
        # The standard blue is too dark on a dark background.
        names = ("red", "yellow", "green", "cyan", "cyan", "magenta")
        return f"bright_{names[round(hue * 6) % 6]}"
    return ("red", "red", "blue", "blue", "blue", "magenta")[round(hue * 6) % 6]


def _style(
    color: str,
    ground: str,
    *,
    bold: bool = False,
    italic: bool = False,
    underline: bool = False,
    strike: bool = False,
) -> Style:
    return Style(
        color=_color(color),
        bgcolor=_color(ground),
        bold=bold,
        italic=italic,
        underline=underline,
        strike=strike,
    )


@lru_cache(maxsize=1024)
def _color(name: str) -> Color:
    return Color.parse(name)
