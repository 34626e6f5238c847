"""Finds near-duplicates by shared bands, checks their texts, and links them.

They are never merged: each stays an article, next to the others in the queue.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, or_, select, union_all, update

from annotator.core.article import Span
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


def alike(connection: Connection, article_id: str) -> tuple[Alike, ...]:
    """The near-duplicates of an article, within a transaction."""
    c, a = t.likeness.c, t.article.c
    pairs = union_all(
        select(c.other_id.label("id"), c.similarity).where(c.article_id == article_id),
        select(c.article_id.label("id"), c.similarity).where(c.other_id == article_id),
    ).subquery()
    rows = connection.execute(
        select(a.id, a.listed_as, a.title, a.origin, a.outlet, pairs.c.similarity)
        .join(pairs, pairs.c.id == a.id)
        .where(a.stage != Stage.SUPERSEDED.value)
        .order_by(pairs.c.similarity.desc(), a.number)
    )
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
    """Compares articles within one transaction and reads each text once."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._shingles: dict[str, frozenset[str]] = {}

    def link(self, sharing: Mapping[str, Sequence[str]]) -> None:
        numbers = self._numbers({*sharing, *(other for some in sharing.values() for other in some)})
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
        for pair in pairs:
            self._move_together(pair["article_id"], pair["other_id"])

    def _numbers(self, ids: Iterable[str]) -> dict[str, int]:
        c = t.article.c
        numbers: dict[str, int] = {}
        for some in chunks(ids):
            rows = self.connection.execute(select(c.id, c.number).where(c.id.in_(some)))
            numbers |= dict(rows.all())
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
            before = self.connection.execute(select(c.supersedes).where(c.id == before)).scalar()
        return seen

    def _move_together(self, one: str, other: str) -> None:
        """Move the groups of both articles in the queue to the earlier position."""
        c = t.article.c
        places = self.connection.execute(select(c.place).where(c.id.in_([one, other]))).scalars()
        first, *others = sorted(set(places))
        if others:
            self.connection.execute(
                update(t.article).where(c.place.in_(others)).values(place=first)
            )


def _junk(items: Iterable[Mapping[str, Any]]) -> Iterator[Span]:
    return (Span(item["start"], item["end"]) for item in items if "kind" in item)
