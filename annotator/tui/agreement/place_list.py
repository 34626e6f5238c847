"""The places of a cell of the matrix, in context, as a list."""

from __future__ import annotations

import asyncio

from annotator.core.comparison.article_tallies import Names
from annotator.core.comparison.confusions import CellPlaces
from annotator.tui.agreement.agreement_reading import AgreementReading, PlaceInContext
from annotator.tui.agreement.confusion_rows import LINES_OF_A_PLACE, place_row
from annotator.tui.widgets.virtual_list import Row, VirtualList

_READ = 200
"""So many places of a cell are read with their text."""


class PlaceList:
    """The list, and what it shows."""

    def __init__(self, reading: AgreementReading) -> None:
        self.listed = VirtualList(
            self._row, find=self._index_of, lines=LINES_OF_A_PLACE, id="places"
        )
        self.cell = CellPlaces((), 0, 0)
        self.found: tuple[PlaceInContext, ...] = ()
        self.is_read = False
        self._reading = reading

    async def read(self, pair: Names | None, subject: str, met: tuple[str, str] | None) -> None:
        """Show the places of a cell, whose texts are read in a thread."""
        self.is_read = False
        cell = CellPlaces((), 0, 0)
        if met is not None:
            cell = self._reading.confusions.places(pair, subject, met)
        found = await asyncio.to_thread(self._reading.in_context, cell.shown[:_READ])
        self.cell, self.found, self.is_read = cell, found, True
        if self.listed.is_attached:
            is_lost = self._index_of(self.listed.key or "") is None
            self.listed.set_size(len(found), lost=is_lost)
            self.listed.invalidate()

    @property
    def current(self) -> PlaceInContext | None:
        """The place under the cursor; None if there is none."""
        index = self._index_of(self.listed.key or "")
        return None if index is None else self.found[index]

    @property
    def why_nothing(self) -> str:
        """Why there are no places."""
        if self.cell.hidden:
            return "Finish these articles first: others' answers are shown afterwards."
        return "Nothing differs here."

    def _row(self, index: int) -> Row | None:
        if not 0 <= index < len(self.found):
            return None
        return place_row(self.found[index], self.listed.scrollable_content_region.width - 1)

    def _index_of(self, key: str) -> int | None:
        return next((n for n, one in enumerate(self.found) if one.key == key), None)
