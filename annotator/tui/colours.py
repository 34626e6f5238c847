"""Themes, and how every look is drawn in each of them.

Three designs. *Tint* (themes dark, light, contrast; true colour): entities stand on a tint of their
label's colour, claim content on a tint of its own, and whatever is written on a tint is brought to
a contrast of 4.5:1 at least. *Sixteen* (terminal, terminal-light) keeps to the colours that the
terminal's owner chose, for letters alone. *Plain* (`NO_COLOR`) has no colour at all.

What must be told apart never hangs on colour alone:

| | tint | sixteen and plain |
|---|---|---|
| open | underlined | underlined |
| accepted | plain on its tint | bold |
| corrected, added | bold on its tint | bold and underlined |
| rejected | struck through, no tint | struck through |
| claim content | tint, bar in the margin | italic, bar in the margin |
| cue | bold italic | bold italic |
| source | bold in its colour | line above, bold where no entity is |
| junk | muted, dotted bar in the margin | dim, dotted bar in the margin |
| focus, selection, caret | solid | reverse |

In the margin `▎` stands for claim content, `▌` for content that was corrected, `┊` for junk, and
`•` says that something on the line is open.
"""

from __future__ import annotations

import colorsys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache

from rich.color import Color
from rich.style import Style
from textual.theme import BUILTIN_THEMES, Theme

from annotator.tui.render import Gutter, Look, MarkStatus

LEAST_CONTRAST = 4.5
_DECIDED = (MarkStatus.ACCEPTED, MarkStatus.CORRECTED, MarkStatus.ADDED)
_CHANGED = (MarkStatus.CORRECTED, MarkStatus.ADDED)


class Design(StrEnum):
    TINT = "tint"
    SIXTEEN = "sixteen"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one theme, as `#rrggbb`; in the other designs, names of terminal colours."""

    name: str
    design: Design
    dark: bool
    background: str
    panel: str
    foreground: str
    muted: str
    accent: str
    good: str
    bad: str
    info: str
    claim: str
    source: str
    selection: str
    strength: float = 1.0

    def tone(self, name: str) -> str:
        """The colour of a tone: normal, strong, muted, accent, good, bad, info, claim, source."""
        return self.foreground if name in ("normal", "strong") else str(getattr(self, name))


TONES = ("normal", "strong", "muted", "accent", "good", "bad", "info", "claim", "source")

DARK = Palette(
    name="dark",
    design=Design.TINT,
    dark=True,
    background="#12141d",
    panel="#1d202d",
    foreground="#d5d8e4",
    muted="#9297ab",
    accent="#f5a742",
    good="#3dc48b",
    bad="#f7768e",
    info="#7aa2f7",
    claim="#b49cf5",
    source="#f59ac8",
    selection="#3b4a75",
)
LIGHT = Palette(
    name="light",
    design=Design.TINT,
    dark=False,
    background="#fbfaf7",
    panel="#eceae4",
    foreground="#22242c",
    muted="#666a78",
    accent="#9a5200",
    good="#0f6b45",
    bad="#b3253f",
    info="#2450b5",
    claim="#6236c4",
    source="#a8246f",
    selection="#bcd0f7",
    strength=1.25,
)
CONTRAST = replace(
    DARK,
    name="contrast",
    background="#000000",
    panel="#1c1c1c",
    foreground="#ffffff",
    muted="#b4b4b4",
    accent="#ffc21a",
    good="#4cf0a6",
    bad="#ff8496",
    info="#8fb8ff",
    claim="#c9b5ff",
    source="#ffb0d9",
    selection="#2f4fb0",
    strength=1.2,
)
TERMINAL = Palette(
    name="terminal",
    design=Design.SIXTEEN,
    dark=True,
    background="default",
    panel="default",
    foreground="default",
    muted="default",
    accent="bright_yellow",
    good="bright_green",
    bad="bright_red",
    info="bright_cyan",
    claim="bright_magenta",
    source="bright_cyan",
    selection="default",
)
TERMINAL_LIGHT = replace(
    TERMINAL,
    name="terminal-light",
    dark=False,
    accent="red",
    good="blue",
    bad="red",
    info="blue",
    claim="magenta",
    source="blue",
)
PLAIN = replace(
    TERMINAL,
    name="plain",
    design=Design.PLAIN,
    accent="default",
    good="default",
    bad="default",
    info="default",
    claim="default",
    source="default",
)
PALETTES: Mapping[str, Palette] = {
    palette.name: palette for palette in (DARK, LIGHT, CONTRAST, TERMINAL, TERMINAL_LIGHT, PLAIN)
}


def themes() -> tuple[Theme, ...]:
    """Textual's form of every palette, to be registered by the app under the palette's name."""
    return tuple(_theme(palette) for palette in PALETTES.values())


def theme_for(wanted: str | None, environment: Mapping[str, str], color_system: str | None) -> str:
    """The name of the theme to use: the wanted one unless the terminal or its owner has no colour.

    `NO_COLOR` (any value but the empty one) always gives `plain`; the caller then has to start the
    app with `ansi_color=True`, or Textual draws greys. `color_system` is rich's name for what the
    terminal can do; None if that is unknown.
    """
    if environment.get("NO_COLOR"):
        return PLAIN.name
    name = wanted if wanted in PALETTES else DARK.name
    if color_system in ("standard", "windows") and PALETTES[name].design is Design.TINT:
        return TERMINAL.name if PALETTES[name].dark else TERMINAL_LIGHT.name
    return name


def palette_for(theme: Theme) -> Palette:
    """The palette of a theme; for a theme that is not ours, one made of its own colours."""
    known = PALETTES.get(theme.name)
    if known is not None:
        return known
    if theme.ansi:
        return TERMINAL if theme.dark else TERMINAL_LIGHT
    base = DARK if theme.dark else LIGHT
    return replace(
        base,
        name=theme.name,
        background=_hex(theme.background) or ("#121212" if theme.dark else "#e0e0e0"),
        panel=_hex(theme.panel) or _hex(theme.surface) or base.panel,
        foreground=_hex(theme.foreground) or base.foreground,
    )


def label_style(color: str, status: MarkStatus, palette: Palette) -> Style:
    """How an entity whose label has this colour (`#rrggbb`) is drawn."""
    look = Look(label="label", entity=status)
    return Painter(palette, {"label": color}).style(look)


@dataclass
class Painter:
    """Styles for looks, tones and margins in one palette; each is worked out once."""

    palette: Palette
    labels: Mapping[str, str] = field(default_factory=dict)
    _styles: dict[tuple[Look, bool], Style] = field(default_factory=dict)

    def style(self, look: Look, *, active: bool = True) -> Style:
        """The style of a look; the caret of a view that is not `active` is underlined only."""
        found = self._styles.get((look, active))
        if found is None:
            tint = self.palette.design is Design.TINT
            found = self._tinted(look, active) if tint else self._attributed(look, active)
            self._styles[look, active] = found
        return found

    def gutter(self, gutter: Gutter) -> tuple[tuple[str, Style], tuple[str, Style]]:
        """Bar and dot of a line's margin."""
        bar = " "
        if gutter.bar is not None:
            bar = "▌" if gutter.bar in _CHANGED else "▎"
        elif gutter.junk:
            bar = "┊"
        tone = "claim" if gutter.bar is not None else "muted"
        return (
            (bar, self.tone("strong" if gutter.focus and gutter.bar else tone)),
            ("•" if gutter.open else " ", self.tone("accent")),
        )

    def tone(self, name: str, *, here: bool = False, on_panel: bool = False) -> Style:
        """A style for words beside the article.

        `name` is one of `TONES` or `label:NAME`; `here` is for the row under the cursor, `on_panel`
        for words on the panel's ground.
        """
        palette = self.palette
        bold = name == "strong" or here
        if palette.design is Design.TINT:
            ground = palette.background
            if on_panel:
                ground = palette.panel
            if here:
                ground = mix(palette.panel, palette.info, 0.22)
            color = self._color_of(name)
            return _style(readable(color, ground), ground, bold=bold)
        dim = name == "muted" and not here
        color = self._color_of(name)
        if palette.design is Design.SIXTEEN and color != "default" and not here:
            return Style(color=color, bold=bold, dim=dim)
        return Style(bold=bold, dim=dim, reverse=here)

    def hint(self) -> Style:
        """The style of jump letters."""
        if self.palette.design is Design.TINT:
            ground = self.palette.accent
            return _style(readable(self.palette.background, ground), ground, bold=True)
        return Style(bold=True, reverse=True)

    def _color_of(self, name: str) -> str:
        if name.startswith("label:"):
            return self._label_color(name.removeprefix("label:"))
        return self.palette.tone(name)

    def _label_color(self, label: str | None) -> str:
        color = self.labels.get(label or "", "")
        match self.palette.design:
            case Design.TINT:
                return color or self.palette.info
            case Design.SIXTEEN:
                return _of_sixteen(color, self.palette.dark) if color else "default"
            case _:
                return "default"

    def _tinted(self, look: Look, active: bool) -> Style:
        palette = self.palette
        ground, color = palette.background, palette.foreground
        bold = italic = underline = strike = False
        if look.junk in (MarkStatus.OPEN, *_DECIDED):
            color = palette.muted
        if look.content:
            depth = min(look.content, 3)
            ground = mix(ground, palette.claim, self._strength(0.09 + 0.07 * depth))
            if look.focus:
                ground = mix(palette.background, palette.claim, self._strength(0.32))
        elif look.content_status is MarkStatus.REJECTED:
            color, strike = palette.muted, True
        if look.source is not None:
            color, bold = palette.source, True
            strike = look.source is MarkStatus.REJECTED
        if look.cue is not None:
            color, bold, italic = palette.claim, True, True
            underline = look.cue is MarkStatus.OPEN
            strike = look.cue is MarkStatus.REJECTED
        if look.entity is MarkStatus.REJECTED:
            color, strike = palette.muted, True
        elif look.entity is not None:
            color = self._label_color(look.label)
            weight = 0.22 if look.entity is MarkStatus.OPEN else 0.38
            ground = mix(ground, color, self._strength(weight))
            bold = bold or look.entity in _CHANGED
            underline = underline or look.entity is MarkStatus.OPEN
        if look.hit:
            ground = mix(palette.background, palette.accent, self._strength(0.5))
        if look.focus == 2:
            ground = color if color not in (palette.foreground, palette.muted) else palette.claim
            color, bold = palette.background, True
        elif look.focus and not look.content:
            ground = mix(palette.background, color, self._strength(0.4))
        if look.selected:
            ground = palette.selection
        if look.caret and active:
            ground, color = palette.foreground, palette.background
        elif look.caret:
            underline = True
        return _style(
            readable(color, ground),
            ground,
            bold=bold,
            italic=italic,
            underline=underline,
            strike=strike,
        )

    def _attributed(self, look: Look, active: bool) -> Style:
        bold = italic = underline = over = strike = dim = reverse = False
        color = "default"
        if look.junk in (MarkStatus.OPEN, *_DECIDED):
            dim = True
        italic = look.content > 0
        strike = look.content_status is MarkStatus.REJECTED and not look.content
        if look.source is not None:
            # A line above goes with whatever the entities inside a source need.
            bold, over = look.entity in (None, MarkStatus.REJECTED), True
            color = self.palette.source
            strike = look.source is MarkStatus.REJECTED
        if look.cue is not None:
            bold = italic = True
            color = self.palette.claim
            underline = look.cue is MarkStatus.OPEN
            strike = look.cue is MarkStatus.REJECTED
        if look.entity is MarkStatus.REJECTED:
            strike = True
        elif look.entity is not None:
            color = self._label_color(look.label)
            underline = underline or look.entity is not MarkStatus.ACCEPTED
            bold = bold or look.entity in _DECIDED
        if look.focus == 1 and look.entity is None:
            bold = underline = True
        if look.hit or look.focus == 2 or look.selected:
            reverse, dim = True, False
            bold = bold or look.hit
        if look.caret and active:
            # On reversed ground the caret is what is not; beside it, the line tells them apart.
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

    def _strength(self, weight: float) -> float:
        return min(0.6, weight * self.palette.strength)


@lru_cache(maxsize=4096)
def readable(color: str, ground: str) -> str:
    """`color`, moved towards white or black as far as it takes to reach 4.5:1 on `ground`."""
    towards = "#ffffff" if contrast("#ffffff", ground) > contrast("#000000", ground) else "#000000"
    for step in range(21):
        moved = mix(color, towards, step / 20)
        if contrast(moved, ground) >= LEAST_CONTRAST:
            return moved
    return towards


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours (1 to 21), as WCAG 2.1 defines it."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def mix(one: str, other: str, weight: float) -> str:
    """`one` with `weight` (0 to 1) of `other` in it."""
    pairs = zip(_rgb(one), _rgb(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * weight):02x}" for a, b in pairs)


def _luminance(color: str) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4
        for part in (value / 255 for value in _rgb(color))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _rgb(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def _hex(color: str | None) -> str | None:
    """`#rrggbb` of a colour that a theme names; None for what has no fixed value."""
    if not color:
        return None
    from textual.color import Color as TextualColor  # costs time that our own themes do not need
    from textual.color import ColorParseError

    try:
        parsed = TextualColor.parse(color)
    except ColorParseError:
        return None
    return None if parsed.ansi is not None else parsed.hex6.lower()


def _of_sixteen(color: str, dark: bool) -> str:
    """The terminal colour nearest in hue, of those that can be read on the usual ground."""
    red, green, blue = _rgb(color)
    hue, _, saturation = colorsys.rgb_to_hls(red / 255, green / 255, blue / 255)
    if saturation < 0.12:
        return "default"
    if dark:
        # The usual blue is too dark for a dark ground.
        names = ("red", "yellow", "green", "cyan", "cyan", "magenta")
        return f"bright_{names[round(hue * 6) % 6]}"
    return ("red", "red", "blue", "blue", "blue", "magenta")[round(hue * 6) % 6]


def _style(color: str, ground: str, *, bold: bool = False, **attributes: bool) -> Style:
    return Style(color=_color(color), bgcolor=_color(ground), bold=bold, **attributes)


@lru_cache(maxsize=1024)
def _color(name: str) -> Color:
    return Color.parse(name)


def _theme(palette: Palette) -> Theme:
    if palette.design is Design.TINT:
        return Theme(
            name=palette.name,
            primary=palette.info,
            secondary=palette.claim,
            warning=palette.accent,
            error=palette.bad,
            success=palette.good,
            accent=palette.accent,
            foreground=palette.foreground,
            background=palette.background,
            surface=palette.background,
            panel=palette.panel,
            dark=palette.dark,
            text_alpha=1.0,
            variables={"text-muted": palette.muted, "footer-key-foreground": palette.accent},
        )
    stock = BUILTIN_THEMES["ansi-dark" if palette.dark else "ansi-light"]
    return Theme(
        name=palette.name,
        ansi=True,
        primary="ansi_default",
        secondary="ansi_default",
        warning=_ansi(palette.accent),
        error=_ansi(palette.bad),
        success=_ansi(palette.good),
        accent=_ansi(palette.accent),
        foreground="ansi_default",
        background="ansi_default",
        surface="ansi_default",
        panel="ansi_default",
        boost="ansi_default",
        dark=palette.dark,
        variables={**stock.variables, "text-muted": "ansi_default"},
    )


def _ansi(name: str) -> str:
    return f"ansi_{name}"
