"""The loaded pages of the queue; pure."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from annotator.store.values import QueueRow

PAGE = 100
_KEPT_ROWS = 2000


@dataclass(frozen=True, slots=True)
class Unseen:
    """Arrivals that are hidden until requested: a number of rows above all others, and some `among`
    them, such as revisions, by their positions in the store's order.

    A list that hides nothing may have `headings` instead, in these lines, each above a row.
    """

    above: int = 0
    among: tuple[int, ...] = ()
    headings: tuple[int, ...] = ()

    def __len__(self) -> int:
        return self.above + len(self.among)

    def place(self, line: int) -> int:
        """The position in the store's order of a line of the list; of the row below a heading."""
        if self.headings:
            return line - bisect_left(self.headings, line)
        place = line + self.above
        for hidden in self.among:
            if hidden > place:
                break
            place += 1
        return place

    def line(self, place: int) -> int:
        """The line of the row at this position, or of the next listed one."""
        return place - self.above - bisect_left(self.among, place) + self._headings_to(place)

    def lines(self, rows: int) -> int:
        """The number of lines of a list that has so many rows in the store's order."""
        return rows - len(self) + self._headings_to(rows - 1)

    def heading(self, line: int) -> int | None:
        """The number of the heading in a line, counted from 0; None for a row."""
        before = bisect_left(self.headings, line)
        is_heading = before < len(self.headings) and self.headings[before] == line
        return before if is_heading else None

    def _headings_to(self, place: int) -> int:
        """The number of headings above the row at this position."""
        numbers = range(len(self.headings))
        return bisect_right(numbers, place, key=lambda n: self.headings[n] - n)


class QueuePages:
    """Rows by their position in the store's order. Old rows are shown until new ones are loaded."""

    def __init__(self) -> None:
        self.rows: dict[int, QueueRow] = {}
        self._stale: set[int] = set()
        self._asked: set[int] = set()

    def __len__(self) -> int:
        return len(self.rows)

    def row(self, place: int) -> tuple[QueueRow | None, int | None]:
        """The row at a position, if known, and the page to load, if it is due."""
        row, page = self.rows.get(place), place // PAGE
        due = (row is None or page in self._stale) and page not in self._asked
        if due:
            self._asked.add(page)
        return row, page if due else None

    def is_fresh(self, place: int) -> bool:
        """Whether the row at a position is unchanged since it was loaded."""
        return place in self.rows and place // PAGE not in self._stale

    def of(self, article: str) -> QueueRow | None:
        """The row of an article, if known."""
        return next((row for row in self.rows.values() if row.id == article), None)

    def put(self, page: int, rows: Sequence[QueueRow]) -> None:
        """Store a loaded page."""
        self._asked.discard(page)
        self._stale.discard(page)
        if len(self.rows) > _KEPT_ROWS:
            self.rows.clear()
        first = page * PAGE
        for place in range(first, first + PAGE):
            self.rows.pop(place, None)
        self.rows.update(enumerate(rows, start=first))

    def fail(self, page: int) -> None:
        """Allow a page to be loaded again."""
        self._asked.discard(page)

    def grow_stale(self) -> None:
        """Mark everything to be reloaded when it is next needed."""
        self._stale = {place // PAGE for place in self.rows}

    def move(self, before: Unseen, now: Unseen, by: int = 0) -> None:
        """Account for a change of the hidden rows; the listed ones move down by so many lines."""
        if before.headings or now.headings:
            self.ask_again()  # other rows may stand between them: they are read again
            return
        hidden = set(before.among)
        self.rows = {
            now.place(before.line(place) + by): row
            for place, row in self.rows.items()
            if place >= before.above and place not in hidden and before.line(place) + by >= 0
        }
        self.ask_again()

    def ask_again(self) -> None:
        """Allow every page that is still loading to be loaded again."""
        self._asked.clear()

    def forget(self, place: int) -> None:
        """Drop the row at a position; another article is there now."""
        self.rows.pop(place, None)
        self._stale.add(place // PAGE)

    def clear(self) -> None:
        self.rows.clear()
        self._stale.clear()
        self._asked.clear()
