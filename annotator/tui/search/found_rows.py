"""What was found, as rows: a heading for each article, its hits below; pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from annotator.tui.search.hit_lines import hit_line
from annotator.tui.terminal.cells import width_of
from annotator.tui.widgets.rows import Cell, Row

if TYPE_CHECKING:
    from annotator.core.search.sought import HitInContext
    from annotator.store.searching.search import FoundArticle

_WHAT = 22


@dataclass(frozen=True, slots=True)
class FoundHit:
    """One hit, and its article."""

    article: FoundArticle
    hit: HitInContext

    @property
    def key(self) -> str:
        """Its key in a list."""
        span = self.hit.span
        return f"{self.article.id} {span.start} {span.end} {self.hit.what}"


class FoundRows:
    """The rows of a growing list."""

    def __init__(self) -> None:
        self._rows: list[FoundArticle | FoundHit] = []
        self._places: dict[str, int] = {}
        self.hits = self.articles = 0

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, articles: tuple[FoundArticle, ...]) -> None:
        """Add articles at the end."""
        for article in articles:
            self._rows.append(article)
            for hit in article.hits:
                found = FoundHit(article, hit)
                self._places[found.key] = len(self._rows)
                self._rows.append(found)
                self.hits += 1
            self.articles += 1

    def article(self, article: str) -> FoundArticle | None:
        """The article with this id, if it is here."""
        return next((one for one in self._articles() if one.id == article), None)

    def put(self, article: str, now: FoundArticle | None) -> None:
        """Show an article as it is found now; without it if nothing is found there any more."""
        kept = [now if one.id == article else one for one in self._articles()]
        self._rows, self._places, self.hits, self.articles = [], {}, 0, 0
        self.add(tuple(one for one in kept if one is not None))

    def place(self, key: str) -> int | None:
        """The index of the row with this key, if any."""
        return self._places.get(key)

    def at(self, index: int) -> FoundHit | None:
        """The hit in the row at an index; None for a heading, and beyond the end."""
        found = self._rows[index] if 0 <= index < len(self._rows) else None
        return found if isinstance(found, FoundHit) else None

    def every_hit(self) -> Iterator[FoundHit]:
        """All hits, in their order."""
        return (one for one in self._rows if isinstance(one, FoundHit))

    def hit(self, key: str | None) -> FoundHit | None:
        """The hit with this key, if any."""
        place = self._places.get(key or "")
        return None if place is None else self.at(place)

    def _articles(self) -> Iterator[FoundArticle]:
        return (one for one in self._rows if not isinstance(one, FoundHit))

    def row(self, index: int, width: int, *, of_entities: bool) -> Row | None:
        """The row at an index in so many cells; None beyond the end. `of_entities` says that what
        is marked is a label."""
        if index >= len(self._rows):
            return None
        found = self._rows[index]
        if isinstance(found, FoundHit):
            return Row(found.key, (_cells(found.hit, width, of_entities=of_entities),))
        count = len(found.hits)
        told = f"{count:,} hit" if count == 1 else f"{count:,} hits"
        head = (Cell(found.name, "info", bold=True), Cell(told, "muted", len(told)))
        return Row(found.id, (head,), heading=True)


def _cells(hit: HitInContext, width: int, *, of_entities: bool) -> tuple[Cell, ...]:
    marked: tuple[Cell, ...] = ()
    if hit.what:
        tone = f"label:{hit.what}" if of_entities else "muted"
        marked = (Cell(hit.what, tone, width=_WHAT),)
        width -= _WHAT + 1
    left, text, right = hit_line(hit, max(1, width))
    return (
        *marked,
        Cell(left, "muted", width=width_of(left)),
        Cell(text, "strong", width=width_of(text), bold=True, joined=True),
        Cell(right, joined=True),
    )
