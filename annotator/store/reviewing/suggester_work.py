"""What came of the suggestions of each suggester, counted over all reviews that it was part of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from sqlalchemy import Connection, Row, func, select

from annotator.core.annotations import Entity
from annotator.core.opinions import PIPELINE
from annotator.core.reviewing.outcomes import Outcomes, outcomes_of
from annotator.errors import ArticleDamaged
from annotator.store.reviewing.second_opinions import opinions_beside
from annotator.store.reviewing.stored_review import read_review
from annotator.store.sql import columns as t
from annotator.store.sql.row_mapping import items_from_rows
from annotator.store.values import SuggesterWork

_AT_ONCE = 200
_ByLabel = dict[str, Outcomes]


def suggester_work(connection: Connection) -> tuple[SuggesterWork, ...]:
    """The work of our pipeline, then of each suggester by name, on the articles of which these have
    an opinion; empty without suggesters."""
    counts = _counts(connection)
    if not counts:
        return ()
    outcomes: dict[str, _ByLabel] = {}
    reviewed: Counter[str] = Counter()
    for found in _outcomes(connection):
        for name, by_label in found.items():
            reviewed[name] += 1
            known = outcomes.setdefault(name, {})
            for label, more in by_label.items():
                known[label] = known.get(label, Outcomes()) + more
    problems = _last_problems(connection)
    return tuple(
        SuggesterWork(
            name,
            reviewed[name],
            dict(sorted(outcomes.get(name, {}).items())),
            failed=counts[name].failed if name in counts else 0,
            problem=problems.get(name),
            dropped=counts[name].dropped if name in counts else 0,
        )
        for name in (PIPELINE, *sorted(counts))
    )


def _counts(connection: Connection) -> Mapping[str, Row[Any]]:
    """Articles without an opinion and dropped suggestions of each suggester, in the newest sets."""
    c = t.opinion.c
    wanted = (
        select(
            c.suggester, func.count(c.problem).label("failed"), func.sum(c.dropped).label("dropped")
        )
        .where(c.set_id.in_(_newest()))
        .group_by(c.suggester)
    )
    return {row.suggester: row for row in connection.execute(wanted)}


def _last_problems(connection: Connection) -> dict[str, str]:
    """The reason of the newest failure of each suggester."""
    c = t.opinion.c
    last = (
        select(c.suggester, func.max(c.set_id))
        .where(c.problem.is_not(None), c.set_id.in_(_newest()))
        .group_by(c.suggester)
    )
    found: dict[str, str] = {}
    for name, set_id in connection.execute(last).all():
        here = select(c.problem).where(c.suggester == name, c.set_id == set_id)
        found[name] = connection.execute(here).scalar_one()
    return found


def _newest() -> Any:
    c = t.suggestion_set.c
    return select(func.max(c.id)).where(c.base_id.is_(None)).group_by(c.article_id)


def _outcomes(connection: Connection) -> Iterator[dict[str, _ByLabel]]:
    """The outcomes by suggester and label of each review with decisions."""
    r, s, last = t.review.c, t.suggestion_set.c, 0
    while True:
        rows = connection.execute(
            select(t.review, s.base_id)
            .join(t.suggestion_set, s.id == r.suggestion_set_id)
            .where(r.id > last, r.last_seq > 0, r.kind == "review", s.suggesters.is_not(None))
            .where(r.assisted)
            .order_by(r.id)
            .limit(_AT_ONCE)
        ).fetchall()
        if not rows:
            return
        for row in rows:
            with suppress(ArticleDamaged):  # the export names it
                yield _in_review(connection, row)
        last = rows[-1].id


def _in_review(connection: Connection, row: Row[Any]) -> dict[str, _ByLabel]:
    stored = read_review(connection, row, before=False)
    if stored.is_hidden:
        return {}
    review = stored.review()
    base = select(t.suggestion_set.c["items"]).where(t.suggestion_set.c.id == row.base_id)
    ours = items_from_rows(connection.execute(base).scalar_one())
    said = {PIPELINE: tuple(item for item in ours if isinstance(item, Entity))}
    for one in opinions_beside(connection, row.base_id):
        if one.problem is None:
            said[one.opinion.suggester] = one.opinion.entities
    return {name: outcomes_of(review, entities) for name, entities in said.items()}
