"""Mixes colours, and keeps text readable on its background."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

LEAST_CONTRAST = 4.5

Snap = Callable[[str], str]
"""The colour that a terminal shows for `#rrggbb`, as `#rrggbb`."""


def as_it_is(color: str) -> str:
    """The colour itself: terminals with all colours show every one."""
    return color


@lru_cache(maxsize=8192)
def readable(color: str, ground: str, least: float = LEAST_CONTRAST, snap: Snap = as_it_is) -> str:
    """`color`, moved towards white or black until its contrast with `ground` is `least`:1.

    White or black if no colour has as much. With `snap`, both are compared as they are shown.
    """
    ground = snap(ground)
    towards = "#ffffff" if contrast("#ffffff", ground) > contrast("#000000", ground) else "#000000"
    for step in range(21):
        moved = mix(color, towards, step / 20)
        if contrast(snap(moved), ground) >= least:
            return moved
    return towards


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours (1 to 21), as WCAG 2.1 defines it."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def mix(one: str, other: str, weight: float) -> str:
    """`one` mixed with `weight` (0 to 1) of `other`."""
    pairs = zip(rgb(one), rgb(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * weight):02x}" for a, b in pairs)


def _luminance(color: str) -> float:
    red, green, blue = linear(color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def linear(color: str) -> tuple[float, float, float]:
    """Red, green and blue of `#rrggbb` as shares of light, each from 0 to 1."""
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4
        for part in (value / 255 for value in rgb(color))
    )
    return red, green, blue


def rgb(color: str) -> tuple[int, int, int]:
    """Red, green and blue of `#rrggbb`, each from 0 to 255."""
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)
