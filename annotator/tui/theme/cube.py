"""The 256 colours of terminals without true colour: a cube of 216, and 24 greys.

Textual passes colours on as red, green and blue, and rich picks one of the 256 for each. A palette
for such terminals names the numbers that it wants; `handed` gives the colour for which rich picks
that number.
"""

from __future__ import annotations

from functools import lru_cache

from rich.color import Color, ColorSystem

_GREYS = 232
_BLACK = 16
_LEVELS = (0, 95, 135, 175, 215, 255)


def handed(number: int) -> str:
    """The `#rrggbb` to hand on for one of the 256 colours, from 16.

    Raises ValueError for the four greys of the cube, which rich never picks.
    """
    if number >= _GREYS:
        grey = round(255 * (number - _GREYS + 1) / 25)
        return f"#{grey:02x}{grey:02x}{grey:02x}"
    red, rest = divmod(number - _BLACK, 36)
    green, blue = divmod(rest, 6)
    if red == green == blue and red not in (0, 5):
        raise ValueError(f"no colour is shown as number {number}")
    return f"#{_LEVELS[red]:02x}{_LEVELS[green]:02x}{_LEVELS[blue]:02x}"


@lru_cache(maxsize=8192)
def number_of(color: str) -> int:
    """The number, from 16 to 255, of the colour that is shown for `#rrggbb`."""
    number = Color.parse(color).downgrade(ColorSystem.EIGHT_BIT).number
    assert number is not None  # it has one in this system
    return number


@lru_cache(maxsize=8192)
def shown(color: str) -> str:
    """What is shown for `#rrggbb`: one of the 256, as xterm has them."""
    return Color.from_ansi(number_of(color)).get_truecolor().hex
