"""Bars, sparklines and shares drawn with characters."""

from __future__ import annotations

from collections.abc import Sequence

_LEVELS = "▁▂▃▄▅▆▇█"
_FULL, _REST = "━", "─"
_TO, _VALUE, _MARK = "╌", "●", "│"


def bar(share: float, width: int) -> str:
    """A share (0 to 1) as a bar; anything above nothing has at least one full cell, and only the
    whole fills the bar."""
    full = round(share * width)
    if 0 < share < 1:
        full = min(max(full, 1), width - 1)
    return _FULL * full + _REST * (width - full)


def sparkline(values: Sequence[float | None]) -> str:
    """Values as a line of small columns, up to the highest; a blank where there is none."""
    highest = max((one for one in values if one is not None), default=0.0)
    return "".join(" " if one is None else _level(one, highest) for one in values)


def _level(value: float, highest: float) -> str:
    if not highest:
        return _LEVELS[0]
    return _LEVELS[min(len(_LEVELS) - 1, int(value / highest * len(_LEVELS)))]


def on_scale(
    value: float, low: float, high: float, width: int, *, mark: float | None = None
) -> str:
    """A value between 0 and 1 with its interval, on a scale of so many cells; and a `mark` at
    another value."""

    def cell(share: float) -> int:
        return min(width - 1, max(0, int(share * width)))

    cells = [" "] * width
    for place in range(cell(low), cell(high) + 1):
        cells[place] = _TO
    if mark is not None:
        cells[cell(mark)] = _MARK
    cells[cell(value)] = _VALUE
    return "".join(cells)
