"""Plots as SVG inside a page: columns over time, shares with intervals, scores against truth.

Colours come from classes that the page styles, so a plot follows light, dark and print. Each plot
has a title for screen readers; the page has the same figures as a table beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from math import floor, log10

from annotator.core.text.harmless import harmless_line

_WIDTH = 640
_MOST_TICKS = 8


@dataclass(frozen=True, slots=True)
class PlotColumn:
    """A column of a plot over time: what is below it, and the heights that stand on each other."""

    name: str
    heights: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """A share (0 to 1) with its interval, and what it is of; `share` None: too few to tell."""

    name: str
    share: float | None
    low: float | None
    high: float | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Calibrated:
    """Suggestions of about one score: their mean score, the share that was right, with its
    interval, and how many there are."""

    score: float
    share: float
    low: float
    high: float
    units: int


def columns_over_time(title: str, columns: Sequence[PlotColumn]) -> Iterator[str]:
    """Columns of stacked heights, each series in a colour of its own."""
    height, left, bottom = 220, 48, 190
    highest = max((sum(one.heights) for one in columns), default=0.0) or 1.0
    step = (_WIDTH - left - 10) / max(1, len(columns))
    top = _rounded_up(highest)
    yield from _begin(title, height)
    for share in (0, 0.5, 1):
        y = bottom - share * 160
        yield _line(left, y, _WIDTH - 10, y, "grid")
        yield _text(left - 6, y + 4, f"{top * share:,.0f}", "end")
    every = max(1, -(-len(columns) // _MOST_TICKS))
    for place, one in enumerate(columns):
        x, base = left + place * step, float(bottom)
        for series, value in enumerate(one.heights):
            tall = value / top * 160
            base -= tall
            if tall:
                yield _box(x + step * 0.15, base, step * 0.7, tall, f"series{series}")
        if place % every == 0:
            yield _text(x + step / 2, bottom + 16, one.name, "middle")
    yield "</svg>"


def line_over_time(title: str, points: Sequence[tuple[str, float | None]]) -> Iterator[str]:
    """Values from 0 upwards, joined where one follows the other; those that are not known (None)
    are left out."""
    height, left, bottom, tall = 150, 48, 120, 100
    top = _rounded_up(max((value or 0.0 for _, value in points), default=0.0) or 1.0)
    step = (_WIDTH - left - 10) / max(1, len(points))
    yield from _begin(title, height)
    for share in (0, 0.5, 1):
        y = bottom - share * tall
        yield _line(left, y, _WIDTH - 10, y, "grid")
        yield _text(left - 6, y + 4, f"{top * share:,.4g}", "end")
    every = max(1, -(-len(points) // _MOST_TICKS))
    before: tuple[float, float] | None = None
    for place, (name, value) in enumerate(points):
        x = left + (place + 0.5) * step
        here = None if value is None else (x, bottom - value / top * tall)
        if before is not None and here is not None:
            yield _line(*before, *here, "joined")
        if here is not None:
            yield _dot(*here, 4)
        if place % every == 0:
            yield _text(x, bottom + 16, name, "middle")
        before = here
    yield "</svg>"


def bars(title: str, shares: Sequence[Share]) -> Iterator[str]:
    """One bar for each share, which all have one."""
    left, right, line = 170, _WIDTH - 130, 24
    yield from _begin(title, line * len(shares) + 12)
    for place, one in enumerate(shares):
        y = 20 + place * line
        yield _text(left - 8, y + 4, one.name, "end")
        yield _box(left, y - 7, right - left, 14, "ground")
        if one.share:
            yield _box(left, y - 7, one.share * (right - left), 14, "series0")
        yield _text(right + 10, y + 4, one.note, "start")
    yield "</svg>"


def shares_with_intervals(title: str, shares: Sequence[Share]) -> Iterator[str]:
    """One line for each share, on a scale from 0 to 1."""
    left, right, line = 170, _WIDTH - 130, 24
    height = line * len(shares) + 34
    yield from _begin(title, height)
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        x = left + share * (right - left)
        yield _line(x, 8, x, height - 22, "grid")
        yield _text(x, height - 6, f"{share:.0%}", "middle")
    for place, one in enumerate(shares):
        y = 20 + place * line
        yield _text(left - 8, y + 4, one.name, "end")
        if one.share is None or one.low is None or one.high is None:
            yield _text(left + 6, y + 4, "too few to tell", "start")
        else:
            low, at, high = (left + s * (right - left) for s in (one.low, one.share, one.high))
            yield _line(low, y, high, y, "interval")
            yield _dot(at, y, 5)
        yield _text(right + 10, y + 4, one.note, "start")
    yield "</svg>"


def scores_against_truth(title: str, points: Sequence[Calibrated]) -> Iterator[str]:
    """Mean scores to the right, shares that were right upwards; on the diagonal a score is what it
    says it is. Larger dots stand for more suggestions."""
    side, left, top = 300, 60, 12
    most = max((one.units for one in points), default=1)
    yield from _begin(title, side + top + 44, side + left + 30)
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        x, y = left + share * side, top + (1 - share) * side
        yield _line(left, y, left + side, y, "grid")
        yield _line(x, top, x, top + side, "grid")
        yield _text(left - 6, y + 4, f"{share:.0%}", "end")
        yield _text(x, top + side + 16, f"{share:.2g}", "middle")
    yield _line(left, top + side, left + side, top, "diagonal")
    for one in points:
        x = left + one.score * side
        yield _line(x, top + (1 - one.low) * side, x, top + (1 - one.high) * side, "interval")
        yield _dot(x, top + (1 - one.share) * side, 3 + 6 * (one.units / most) ** 0.5)
    yield _text(left + side / 2, top + side + 34, "score of the pipeline", "middle")
    yield "</svg>"


def _begin(title: str, height: float, width: float = _WIDTH) -> Iterator[str]:
    size = f'viewBox="0 0 {width:g} {height:g}" style="max-width: {width:g}px"'
    yield f'<svg {size} role="img" aria-label="{_safe(title)}">'
    yield f"<title>{_safe(title)}</title>"


def _line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="{kind}"/>'


def _box(x: float, y: float, width: float, height: float, kind: str) -> str:
    size = f'width="{width:.1f}" height="{height:.1f}"'
    return f'<rect x="{x:.1f}" y="{y:.1f}" {size} class="{kind}"/>'


def _dot(x: float, y: float, radius: float) -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" class="dot"/>'


def _text(x: float, y: float, words: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{_safe(words)}</text>'


def _rounded_up(value: float) -> float:
    """The next round number."""
    size = 10.0 ** floor(log10(value))
    return next(n * size for n in (1, 1.5, 2, 3, 4, 5, 6, 8, 10) if n * size >= value)


def _safe(words: str) -> str:
    return escape(harmless_line(words))
