"""The themes as Textual has them, and the choice of one for a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from textual.theme import BUILTIN_THEMES, Theme

from annotator.tui.theme.designs import Palette
from annotator.tui.theme.palettes import DARK, LIGHT, PALETTES, PLAIN, TERMINAL, TERMINAL_LIGHT

IN_256 = "-256"
THEMES = tuple(name for name in PALETTES if not name.endswith(IN_256))
"""The names of the themes that one can choose."""
_TRACKS = (
    *("scrollbar-background", "scrollbar-background-hover", "scrollbar-background-active"),
    "scrollbar-corner-color",
)
_THUMBS = ("scrollbar", "scrollbar-hover", "scrollbar-active")
_FEW_COLORS = ("standard", "windows")


def themes() -> tuple[Theme, ...]:
    """Every palette as a Textual theme; the app registers it under the palette's name."""
    return tuple(_theme(palette) for palette in PALETTES.values())


def theme_for(wanted: str | None, environment: Mapping[str, str], color_system: str | None) -> str:
    """The name of the palette for a theme: the wanted one as far as the terminal can show it.

    `NO_COLOR` (any value but the empty one) always gives `plain`; the caller must then start the
    app with `ansi_color=True`, or Textual draws greys. `color_system` is rich's name for the
    terminal's capabilities; None if unknown.
    """
    if environment.get("NO_COLOR"):
        return PLAIN.name
    name = wanted if wanted is not None and wanted in THEMES else DARK.name
    if not PALETTES[name].is_tinted:
        return name
    if color_system in _FEW_COLORS:
        return TERMINAL.name if PALETTES[name].dark else TERMINAL_LIGHT.name
    return f"{name}{IN_256}" if color_system == "256" else name


def choices(environment: Mapping[str, str], color_system: str | None) -> tuple[str, ...]:
    """The themes that look different on a terminal, which is described as for `theme_for`."""
    first: dict[str, str] = {}
    for name in THEMES:
        first.setdefault(theme_for(name, environment, color_system), name)
    return tuple(first.values())


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
    return _tinted(palette) if palette.is_tinted else _of_terminal(palette)


def _tinted(palette: Palette) -> Theme:
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
        variables=_variables(palette),
    )


def _variables(palette: Palette) -> dict[str, str]:
    """What Textual would mix from the colours of a theme, which 256 colours cannot show."""
    return {
        "text": palette.foreground,
        "text-muted": palette.muted,
        "footer-key-foreground": palette.accent,
        "panel-lighten-1": palette.panel,
        "panel-darken-1": palette.panel,
        **dict.fromkeys(_TRACKS, palette.background),
        **dict.fromkeys(_THUMBS, palette.cursor_ground),
    }


def _of_terminal(palette: Palette) -> Theme:
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
        variables={
            **stock.variables,
            **dict.fromkeys(_TRACKS, "ansi_default"),
            **dict.fromkeys(_THUMBS, f"ansi_{palette.thumb}"),
            "text-muted": "ansi_default",
        },
    )


def _ansi(name: str) -> str:
    return f"ansi_{name}"
