"""The themes: their colours, and the theme for a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from textual.theme import BUILTIN_THEMES, Theme


class Design(StrEnum):
    TINT = "tint"
    SIXTEEN = "sixteen"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one theme, as `#rrggbb`; names of terminal colours in the other designs."""

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
        """The colour of a tone, one of `TONES`."""
        if name in ("normal", "strong"):
            return self.foreground
        return str(getattr(self, "accent" if name == "key" else name))


TONES = ("normal", "strong", "muted", "accent", "key", "good", "bad", "info", "claim", "source")
"""The tones of text beside the article; `strong` ones and keys are bold."""

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
    """Every palette as a Textual theme; the app registers it under the palette's name."""
    return tuple(_theme(palette) for palette in PALETTES.values())


def theme_for(wanted: str | None, environment: Mapping[str, str], color_system: str | None) -> str:
    """The name of the theme to use: the wanted one unless the terminal or the user has no colour.

    `NO_COLOR` (any value but the empty one) always gives `plain`; the caller must then start the
    app with `ansi_color=True`, or Textual draws greys. `color_system` is rich's name for the
    terminal's capabilities; None if unknown.
    """
    if environment.get("NO_COLOR"):
        return PLAIN.name
    name = wanted if wanted is not None and wanted in PALETTES else DARK.name
    if color_system in ("standard", "windows") and PALETTES[name].design is Design.TINT:
        return TERMINAL.name if PALETTES[name].dark else TERMINAL_LIGHT.name
    return name


def palette_for(theme: Theme) -> Palette:
    """The palette of a theme; for other themes, one made from their colours."""
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


def _hex(color: str | None) -> str | None:
    """`#rrggbb` of a theme's colour; None for one without a fixed value."""
    if not color:
        return None
    # Slow to import, and our own themes do not need it.
    from textual.color import Color as TextualColor
    from textual.color import ColorParseError

    try:
        parsed = TextualColor.parse(color)
    except ColorParseError:
        return None
    return None if parsed.ansi is not None else parsed.hex6.lower()


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
