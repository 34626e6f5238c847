"""Finds near-duplicates by shared bands, checks their texts, and links them.

They are never merged: each stays an article, next to the others in the queue.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    BindParameter,
    Connection,
    Select,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    union_all,
    update,
)

from annotator.core.article import Span
from annotator.core.components import connected_components
from annotator.core.text.shingles import ALIKE, likeness, shingles
from annotator.store.sql import columns as t
from annotator.store.sql.database import chunks
from annotator.store.sql.row_mapping import newest_suggestions
from annotator.store.values import Alike, Stage

Bands = Mapping[str, Sequence[int]]
"""The MinHash bands of articles by id; empty for short texts."""
# Thousands of texts may come from one template; each is linked with a few only.
_COMPARED = 8
_ROWS_READ = 5000
_OF_A_BAND = 50


def _alike() -> Select[Any]:
    c, a = t.likeness.c, t.article.c
    of_it: BindParameter[str] = bindparam("of")
    pairs = union_all(
        select(c.other_id.label("id"), c.similarity).where(c.article_id == of_it),
        select(c.article_id.label("id"), c.similarity).where(c.other_id == of_it),
    ).subquery()
    return (
        select(a.id, a.listed_as, a.title, a.origin, a.outlet, pairs.c.similarity)
        .join(pairs, pairs.c.id == a.id)
        .where(a.stage != Stage.SUPERSEDED.value)
        .order_by(pairs.c.similarity.desc(), a.number)
    )


# Built once: building a statement takes longer than executing it.
_ALIKE = _alike()


def alike(connection: Connection, article_id: str) -> tuple[Alike, ...]:
    """The near-duplicates of an article, within a transaction."""
    rows = connection.execute(_ALIKE, {"of": article_id})
    return tuple(
        Alike(
            row.id,
            row.listed_as or row.title or row.origin.get("name") or row.id[:12],
            row.outlet,
            row.similarity,
        )
        for row in rows
    )


def link(connection: Connection, bands: Bands) -> None:
    """Replace the bands of these articles, and link them with near-duplicates, including each
    other."""
    told = {article_id: some for article_id, some in bands.items() if some}
    _forget(connection, bands)
    if not told:
        return
    sharing = _sharing(connection, told)
    rows = [{"band": band, "article_id": one} for one, some in told.items() for band in set(some)]
    connection.execute(insert(t.shingle_band), rows)
    if sharing:
        _Linking(connection).link(sharing)


def _forget(connection: Connection, ids: Iterable[str]) -> None:
    pair = t.likeness.c
    for some in chunks(ids):
        connection.execute(delete(t.shingle_band).where(t.shingle_band.c.article_id.in_(some)))
        connection.execute(
            delete(t.likeness).where(or_(pair.article_id.in_(some), pair.other_id.in_(some)))
        )


def _sharing(connection: Connection, told: Bands) -> dict[str, list[str]]:
    """For each article, a few articles that share bands with it, most bands first."""
    there: dict[int, set[str]] = defaultdict(set)
    c = t.shingle_band.c
    for some in chunks({band for bands in told.values() for band in bands}):
        wanted = select(c.band, c.article_id).where(c.band.in_(some)).limit(_ROWS_READ)
        rows = list(connection.execute(wanted))
        if len(rows) == _ROWS_READ:
            # Limit each band, so that bands of a template do not displace others.
            share = select(c.band, c.article_id).where(c.band == bindparam("of")).limit(_OF_A_BAND)
            rows = [row for band in some for row in connection.execute(share, {"of": band})]
        for band, article_id in rows:
            there[band].add(article_id)
    found: dict[str, list[str]] = {}
    for one, bands in told.items():
        shared = Counter(other for band in set(bands) for other in there[band] if other != one)
        if shared:
            found[one] = sorted(shared, key=lambda other: (-shared[other], other))[:_COMPARED]
        for band in bands:
            there[band].add(one)
    return found


class _Linking:
    """Compares articles within one transaction; reads each text, and where each stands, once."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._shingles: dict[str, frozenset[str]] = {}
        self._before: dict[str, str | None] = {}

    def link(self, sharing: Mapping[str, Sequence[str]]) -> None:
        numbers = self._look_up({*sharing, *(other for some in sharing.values() for other in some)})
        pairs: list[dict[str, Any]] = []
        for one, others in sharing.items():
            for other in others:
                share = likeness(self._of(one), self._of(other))
                if share < ALIKE or self._are_revisions(one, other):
                    continue
                later, earlier = sorted((one, other), key=numbers.__getitem__, reverse=True)
                pairs.append({"article_id": later, "other_id": earlier, "similarity": share})
        if pairs:
            self.connection.execute(insert(t.likeness), pairs)
            _join_groups(self.connection, pairs)

    def _look_up(self, ids: Iterable[str]) -> dict[str, int]:
        """The numbers of articles; what they replace is kept."""
        c = t.article.c
        numbers: dict[str, int] = {}
        for some in chunks(ids):
            wanted = select(c.id, c.number, c.supersedes).where(c.id.in_(some))
            for row in self.connection.execute(wanted):
                numbers[row.id], self._before[row.id] = row.number, row.supersedes
        return numbers

    def _of(self, article_id: str) -> frozenset[str]:
        if article_id not in self._shingles:
            c = t.article.c
            text = self.connection.execute(select(c.text).where(c.id == article_id)).scalar_one()
            newest = newest_suggestions(self.connection, article_id)
            junk = _junk(newest.items) if newest else ()
            self._shingles[article_id] = shingles(text, junk)
        return self._shingles[article_id]

    def _are_revisions(self, one: str, other: str) -> bool:
        """Whether one is a revision of the other; revisions are linked already."""
        return other in self._earlier(one) or one in self._earlier(other)

    def _earlier(self, article_id: str) -> set[str]:
        c = t.article.c
        seen: set[str] = set()
        before: str | None = article_id
        while before is not None and before not in seen:
            seen.add(before)
            if before not in self._before:
                wanted = select(c.supersedes).where(c.id == before)
                self._before[before] = self.connection.execute(wanted).scalar()
            before = self._before[before]
        return seen


def _join_groups(connection: Connection, pairs: Sequence[Mapping[str, Any]]) -> None:
    """Move the groups of near-duplicates that pairs join to one position of the queue: that of the
    group with most articles, of groups that are alike the earliest one.

    So no article is moved often, however many groups are joined one after the other.
    """
    c = t.article.c
    places: dict[str, int] = {}
    for some in chunks(
        sorted({pair[name] for pair in pairs for name in ("article_id", "other_id")})
    ):
        rows = connection.execute(select(c.id, c.place).where(c.id.in_(some)))
        places |= {row.id: row.place for row in rows}
    links = ((places[pair["article_id"]], places[pair["other_id"]]) for pair in pairs)
    earliest = connected_components(links)
    groups: dict[int, list[int]] = defaultdict(list)
    for place, first in sorted(earliest.items()):
        groups[first].append(place)
    for joined in groups.values():
        stays = _largest(connection, joined) if len(joined) > 1 else joined[0]
        if others := [place for place in joined if place != stays]:
            for some in chunks(others):
                connection.execute(update(t.article).where(c.place.in_(some)).values(place=stays))


def _largest(connection: Connection, places: Sequence[int]) -> int:
    """The place with most articles, the earliest of several; none is counted any further than that
    takes."""
    limit = 2
    while True:
        sizes = {place: _size(connection, place, limit) for place in places}
        if sum(size == limit for size in sizes.values()) < 2:
            return max(places, key=lambda place: (sizes[place], -place))
        limit *= 4


def _size(connection: Connection, place: int, limit: int) -> int:
    """How many articles have a place, counted up to `limit`."""
    some = select(t.article.c.place).where(t.article.c.place == place).limit(limit)
    return connection.execute(select(func.count()).select_from(some.subquery())).scalar_one()


def _junk(items: Iterable[Mapping[str, Any]]) -> Iterator[Span]:
    return (Span(item["start"], item["end"]) for item in items if "kind" in item)
