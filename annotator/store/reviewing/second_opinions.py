"""Opinions of suggesters as rows: stored beside a suggestion set, merged with it for a review."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, delete, insert, select

from annotator.core.annotations import Entity
from annotator.core.opinions import Opinion
from annotator.core.record import PipelineId
from annotator.core.records.suggesters import SuggesterId
from annotator.store.sql import columns as t
from annotator.store.sql.row_mapping import items_from_rows, items_to_rows
from annotator.store.values import SecondOpinion


def opinions_to_rows(opinions: Iterable[SecondOpinion], text: str) -> list[dict[str, Any]]:
    """Rows of `opinion` without the set that they belong to."""
    return [
        {
            "suggester": one.opinion.suggester,
            "pipeline_name": one.pipeline.name,
            "pipeline_version": one.pipeline.version,
            "pipeline_hash": one.pipeline.hash,
            "dropped": one.dropped,
            "problem": one.problem,
            "labels": sorted(one.opinion.labels),
            "items": items_to_rows(one.opinion.entities, text),
        }
        for one in opinions
    ]


def put_opinions(
    connection: Connection, rows: Mapping[str, Sequence[Mapping[str, Any]]], sets: Mapping[str, int]
) -> None:
    """Store the opinions on these articles beside the set of each, if it has one."""
    new = [
        {**row, "set_id": set_id}
        for article, set_id in sets.items()
        for row in rows.get(article, ())
    ]
    if new:
        connection.execute(insert(t.opinion), new)


def opinions_beside(connection: Connection, set_id: int) -> tuple[SecondOpinion, ...]:
    """The opinions stored beside a suggestion set, by name."""
    return tuple(
        SecondOpinion(
            Opinion(row.suggester, _entities(row.items), frozenset(row.labels)),
            PipelineId(row.pipeline_name, row.pipeline_version, row.pipeline_hash),
            row.dropped,
            row.problem,
        )
        for row in connection.execute(_beside(), {"set": set_id})
    )


@cache
def _beside() -> Select[Any]:
    """Built once: building a statement takes longer than executing it."""
    c = t.opinion.c
    return select(t.opinion).where(c.set_id == bindparam("set")).order_by(c.suggester)


def suggester_of(one: SecondOpinion) -> SuggesterId:
    """The suggester of an opinion, as a record names it."""
    pipeline = one.pipeline
    return SuggesterId(one.opinion.suggester, pipeline.name, pipeline.version, pipeline.hash)


def forget_opinions(connection: Connection, article_id: str) -> None:
    """Remove the opinions on an article."""
    theirs = select(t.suggestion_set.c.id).where(t.suggestion_set.c.article_id == article_id)
    connection.execute(delete(t.opinion).where(t.opinion.c.set_id.in_(theirs)))


def _entities(rows: Iterable[Mapping[str, Any]]) -> tuple[Entity, ...]:
    return tuple(item for item in items_from_rows(rows) if isinstance(item, Entity))
