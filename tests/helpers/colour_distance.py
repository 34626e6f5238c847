"""How far apart two colours look, to whom.

The measure is CIEDE2000 (Sharma, Wu, Dalal: *The CIEDE2000 color-difference formula*, Color
Research and Application 30, 2005) with a white of D65: 1 is what an eye just sees side by side.
Colour blindness is simulated with the matrices of Machado, Oliveira and Fernandes (*A
physiologically-based model for simulation of color vision deficiency*, IEEE TVCG 15, 2009) for a
severity of 1, on linear light. Grey is the luminance alone.
"""

from __future__ import annotations

import math
from enum import StrEnum
from functools import cache

from annotator.tui.theme.contrast import linear

Three = tuple[float, float, float]


class Sight(StrEnum):
    """Who looks."""

    FULL = "full"
    DEUTERANOPIA = "deuteranopia"
    PROTANOPIA = "protanopia"
    GREY = "grey"


_LUMINANCE = (0.2126, 0.7152, 0.0722)
_SEEN: dict[Sight, tuple[Three, Three, Three]] = {
    Sight.FULL: ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    Sight.DEUTERANOPIA: (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    Sight.PROTANOPIA: (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    Sight.GREY: (_LUMINANCE, _LUMINANCE, _LUMINANCE),
}
_TO_XYZ = (
    (0.4124564, 0.3575761, 0.1804375),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339, 0.1191920, 0.9503041),
)
_WHITE = (0.95047, 1.0, 1.08883)


def distance(one: str, other: str, sight: Sight = Sight.FULL) -> float:
    """CIEDE2000 of two colours, `#rrggbb`, as somebody sees them."""
    return ciede2000(_lab(one, sight), _lab(other, sight))


@cache
def _lab(color: str, sight: Sight) -> Three:
    seen = [min(1.0, max(0.0, part)) for part in _times(_SEEN[sight], linear(color))]
    x, y, z = (
        _root(part / white) for part, white in zip(_times(_TO_XYZ, seen), _WHITE, strict=True)
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _times(matrix: tuple[Three, Three, Three], vector: Three | list[float]) -> list[float]:
    return [sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix]


def _root(part: float) -> float:
    return math.cbrt(part) if part > 216 / 24389 else (24389 / 27 * part + 16) / 116


def ciede2000(one: Three, other: Three) -> float:
    """The difference of two colours in CIELAB; letters and numbers as in the paper."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    mean_c = (math.hypot(a1, b1) + math.hypot(a2, b2)) / 2
    g = 0.5 * (1 - _saturation(mean_c))
    a1, a2 = (1 + g) * a1, (1 + g) * a2
    c1, c2 = math.hypot(a1, b1), math.hypot(a2, b2)
    h1, h2 = _hue(a1, b1), _hue(a2, b2)
    dl, dc = l2 - l1, c2 - c1
    dh = 2 * math.sqrt(c1 * c2) * math.sin(math.radians(_turn(h1, h2, c1 * c2) / 2))
    mean_l, c, h = (l1 + l2) / 2, (c1 + c2) / 2, _mean_hue(h1, h2, c1 * c2)
    t = (
        1
        - 0.17 * _cos(h - 30)
        + 0.24 * _cos(2 * h)
        + 0.32 * _cos(3 * h + 6)
        - 0.20 * _cos(4 * h - 63)
    )
    sl = 1 + 0.015 * (mean_l - 50) ** 2 / math.sqrt(20 + (mean_l - 50) ** 2)
    sc, sh = 1 + 0.045 * c, 1 + 0.015 * c * t
    around_blue = 30 * math.exp(-(((h - 275) / 25) ** 2))
    rt = -2 * _saturation(c) * math.sin(math.radians(2 * around_blue))
    return math.sqrt((dl / sl) ** 2 + (dc / sc) ** 2 + (dh / sh) ** 2 + rt * (dc / sc) * (dh / sh))


def _saturation(c: float) -> float:
    return math.sqrt(c**7 / (c**7 + 25.0**7))


def _hue(a: float, b: float) -> float:
    return math.degrees(math.atan2(b, a)) % 360 if a or b else 0.0


def _turn(h1: float, h2: float, product: float) -> float:
    turn = h2 - h1
    if not product:
        return 0.0
    return turn - 360 if turn > 180 else turn + 360 if turn < -180 else turn


def _mean_hue(h1: float, h2: float, product: float) -> float:
    if not product:
        return h1 + h2
    if abs(h1 - h2) <= 180:
        return (h1 + h2) / 2
    return (h1 + h2 + 360) / 2 if h1 + h2 < 360 else (h1 + h2 - 360) / 2


def _cos(degrees: float) -> float:
    return math.cos(math.radians(degrees))
