"""The colours that a terminal shows for what the themes draw."""

from __future__ import annotations

import tomllib
from pathlib import Path

from rich.color import Color, ColorSystem
from rich.style import Style
from rich.terminal_theme import TerminalTheme

from annotator.tui.theme.designs import Design, Palette

_SCHEME = Path(__file__).parents[2] / "schema" / "labels.toml"
LABELS: dict[str, str] = {
    row["name"]: row["color"] for row in tomllib.loads(_SCHEME.read_text())["label"]
}
"""The labels of the shipped scheme, with their colours."""
FREQUENT = ("PERSON", "ORG", "GPE", "DATE", "NORP", "WEAPON", "VEHICLE")
"""Those that are frequent in reports of conflict."""
SYSTEMS = {
    Design.TINT: ColorSystem.TRUECOLOR,
    Design.CUBE: ColorSystem.EIGHT_BIT,
    Design.SIXTEEN: ColorSystem.STANDARD,
    Design.PLAIN: ColorSystem.STANDARD,
}
# The sixteen colours as xterm ships them, on black and on white.
_XTERM = [
    *((0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0)),
    *((0, 0, 238), (205, 0, 205), (0, 205, 205), (229, 229, 229)),
    *((127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0)),
    *((92, 92, 255), (255, 0, 255), (0, 255, 255), (255, 255, 255)),
]
GROUNDS = {
    True: TerminalTheme((0, 0, 0), (255, 255, 255), _XTERM),
    False: TerminalTheme((255, 255, 255), (0, 0, 0), _XTERM),
}


def drawn(style: Style, palette: Palette) -> tuple[str, str]:
    """Letters and background of a style, `#rrggbb`, as a terminal of a theme shows them."""
    theme = GROUNDS[palette.dark]
    ink, ground = (
        (color or Color.parse("default")).downgrade(SYSTEMS[palette.design])
        for color in (style.color, style.bgcolor)
    )
    pair = (
        ink.get_truecolor(theme, foreground=True).hex,
        ground.get_truecolor(theme, foreground=False).hex,
    )
    return (pair[1], pair[0]) if style.reverse else pair
