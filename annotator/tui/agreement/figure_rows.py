"""Measures of agreement as rows: what they are of, then a column for each measure; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from annotator.core.comparison.subjects import ATTRIBUTES, CLAIMS, ITEM_KINDS
from annotator.core.text.counted import many
from annotator.measures.measure_wording import COLUMNS, column_of, in_words
from annotator.tui.widgets.bar import Piece
from annotator.tui.widgets.rows import Cell, Row

if TYPE_CHECKING:
    from annotator.measures.agreement_measures import Measure

_WHAT, _MEASURE, _UNITS = 18, 16, 18
_LEAST_UNITS = 12


@dataclass(frozen=True, slots=True)
class FigureColumns:
    """The columns that fit: `count` of the measures from `first` on, and the number of units."""

    first: int
    count: int
    units: int

    @classmethod
    def fitting(cls, width: int, first: int) -> FigureColumns:
        """As many columns as fit into so many cells, from `first` on as far as there are some."""
        room = width - _WHAT - _LEAST_UNITS - 2
        count = max(1, min(len(COLUMNS), room // (_MEASURE + 1)))
        units = max(_LEAST_UNITS, min(_UNITS, width - _WHAT - count * (_MEASURE + 1) - 2))
        return cls(max(0, min(first, len(COLUMNS) - count)), count, units)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the measures shown."""
        return tuple(COLUMNS)[self.first : self.first + self.count]

    def heads(self) -> tuple[Piece, ...]:
        """The line above the list; arrows where there are more columns."""
        more_left = "‹" if self.first else " "
        more_right = "›" if self.first + self.count < len(COLUMNS) else " "
        pieces: list[Piece] = [("muted", more_left + " " * _WHAT)]
        pieces += [("strong", f" {COLUMNS[name]:<{_MEASURE}}") for name in self.names]
        return (*pieces, ("muted", f"{'units':>{self.units}}{more_right}"))


@dataclass(frozen=True, slots=True)
class FigureRow:
    """The measures of one thing."""

    subject: str
    category: str | None
    measures: tuple[Measure, ...]

    @property
    def key(self) -> str:
        """Its key in a list."""
        return f"{self.subject}:{self.category or ''}"

    def row(self, columns: FigureColumns) -> Row:
        """The row in these columns."""
        by_column = {column_of(one): one for one in self.measures}
        cells = [self._name()]
        for name in columns.names:
            one = by_column.get(name)
            tone = "normal" if one is not None and one.is_enough else "muted"
            cells.append(Cell("" if one is None else in_words(one), tone, _MEASURE))
        first = self.measures[0]
        units = many(first.units, first.unit.removesuffix("s"))
        return Row.of(self.key, *cells, Cell(units, "muted", columns.units, align_right=True))

    def _name(self) -> Cell:
        if self.category is None:
            return Cell(_title(self.subject), "strong", _WHAT, bold=True)
        # Values of attributes are no labels, even where they are called alike.
        tone = "normal" if self.subject in ATTRIBUTES else f"label:{self.category}"
        return Cell(f"  {self.category}", tone, _WHAT)


def figure_rows(figures: Sequence[Measure]) -> tuple[FigureRow, ...]:
    """The rows of measures, in their order."""
    grouped = groupby(figures, key=lambda one: (one.subject, one.category))
    return tuple(FigureRow(*what, tuple(found)) for what, found in grouped)


def _title(subject: str) -> str:
    if subject in ITEM_KINDS:
        return subject
    return (
        f"claims: {subject}".replace("_", " ") if subject in ATTRIBUTES else f"{CLAIMS}: {subject}"
    )
