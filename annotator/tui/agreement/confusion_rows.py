"""A matrix of what met what, and the places behind a cell, as rows; pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from annotator.core.comparison.confusions import CellPlaces, ConfusionMatrix
from annotator.core.comparison.token_labels import NONE
from annotator.tui.search.hit_lines import hit_line
from annotator.tui.terminal.cells import shown, width_of
from annotator.tui.widgets.bar import BarLine, Piece
from annotator.tui.widgets.rows import Cell, Row

if TYPE_CHECKING:
    from annotator.core.comparison.article_tallies import Names
    from annotator.tui.agreement.agreement_reading import PlaceInContext

_NAME, _COUNT = 13, 7
LINES_OF_A_PLACE = 2


@dataclass(frozen=True, slots=True)
class MatrixView:
    """A matrix with a cursor on one of its cells, and the columns that are shown from `first`."""

    matrix: ConfusionMatrix
    row: int = 0
    column: int = 0
    first: int = 0
    room: int = 80

    @property
    def values(self) -> tuple[str, ...]:
        """The values, for rows and columns alike."""
        return self.matrix.values

    @property
    def met(self) -> tuple[str, str] | None:
        """The values of the cell under the cursor; None if there are none."""
        if not self.values:
            return None
        return self.values[self.row], self.values[self.column]

    def at(self, row: int, column: int) -> MatrixView:
        """With the cursor on the nearest cell that there is, in view."""
        last = max(0, len(self.values) - 1)
        row, column = max(0, min(row, last)), max(0, min(column, last))
        moved = replace(self, row=row, column=column)
        fits = moved.fits
        start = min(max(self.first, column - fits + 1), column)
        return replace(moved, first=max(0, min(start, len(self.values) - fits)))

    def moved(self, down: int, right: int) -> MatrixView:
        """With the cursor so many cells further."""
        return self.at(self.row + down, self.column + right)

    def place(self, key: str) -> int | None:
        """The row of a value; None if it is not there."""
        return self.values.index(key) if key in self.values else None

    def at_most_disputed(self, value: str | None) -> MatrixView:
        """With the cursor on the largest cell off the diagonal, in the row of `value` if given."""
        counts = self.matrix.counts
        cells = [
            (-counts[one, other], n, m)
            for n, one in enumerate(self.values)
            for m, other in enumerate(self.values)
            if one != other and value in (None, one)
        ]
        row, column = min(cells)[1:] if cells else (0, 0)
        return self.at(row, column)

    @property
    def fits(self) -> int:
        """The number of columns that fit."""
        return max(1, min(len(self.values), (self.room - _NAME - 3) // (_COUNT + 1)))

    @property
    def _columns(self) -> tuple[str, ...]:
        return self.values[self.first : self.first + self.fits]

    def heads(self) -> tuple[Piece, ...]:
        """The line of the columns' names; arrows where there are more."""
        pieces: list[Piece] = [("muted", ("‹" if self.first else " ").rjust(_NAME + 1))]
        for value in self._columns:
            tone = "accent" if value == self.values[self.column] else "strong"
            pieces.append((tone, f" {shown(value, _COUNT):>{_COUNT}}"))
        more = self.first + self.fits < len(self.values)
        return (*pieces, ("muted", " ›" if more else ""))

    def line(self, index: int) -> Row | None:
        """One row of the matrix."""
        if not 0 <= index < len(self.values):
            return None
        value = self.values[index]
        tone = "muted" if value == NONE else f"label:{value}"
        cells = [Cell(value, tone, _NAME, bold=True)]
        for column in self._columns:
            is_here = index == self.row and column == self.values[self.column]
            cells.append(self._cell(value, column, is_here=is_here))
        return Row.of(value, *cells)

    def _cell(self, row: str, column: str, *, is_here: bool) -> Cell:
        count = self.matrix.counts[row, column]
        text = f"{count:,}" if count else "·"
        if is_here:
            return Cell(f"[{text}]", "accent", _COUNT, align_right=True, bold=True)
        # Where brackets would stand, so that figures stay in their columns.
        tone = "muted" if row == column or not count else "normal"
        return Cell(f"{text} ", tone, _COUNT, align_right=True)


def cell_in_words(view: MatrixView, pair: Names | None, places: CellPlaces) -> BarLine:
    """The cell under the cursor: what met what, how often, and what of it is not shown."""
    met = view.met
    if met is None:
        return BarLine((("muted", " nothing to compare"),))
    count = view.matrix.counts[met]
    who = pair or ("one", "the other")
    said = f" {who[0]} {met[0]}, {who[1]} {met[1]} "
    told = {0: " never", 1: " once"}.get(count, f" {count:,} times")
    if met[0] == met[1]:
        told += f", {places.differing:,} with other edges"
    hidden = f"{places.hidden:,} in articles you have not finished " if places.hidden else ""
    return BarLine((("strong", said), ("muted", told)), (("muted", hidden),))


def place_row(found: PlaceInContext, width: int) -> Row:
    """A place: its words in context, and below what each of the two said of it."""
    left, text, right = hit_line(found.hit, max(1, width))
    context = (
        Cell(left, "muted", width=width_of(left)),
        Cell(text, "strong", width=width_of(text), bold=True, joined=True),
        Cell(right, joined=True),
    )
    return Row(found.key, (context, (*_said(found), Cell(found.title, "muted", align_right=True))))


def _said(found: PlaceInContext) -> tuple[Cell, ...]:
    values = found.place.difference.values
    is_of_edges = values[0] == values[1]
    cells: list[Cell] = []
    for who, value, words in zip(found.place.pair, values, found.words, strict=True):
        said = f"“{words}”" if is_of_edges and words else value
        text = shown(f"  {who}: {said}", 38)
        cells.append(Cell(text, "muted" if value == NONE else "info", width_of(text)))
    return tuple(cells)
