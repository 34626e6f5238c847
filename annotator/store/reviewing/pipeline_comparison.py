"""Compares finished reviews with what the pipeline suggested, for columns in their rows."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, func, select

from annotator.core.anchoring import PipelineOverlap, compared
from annotator.core.annotations import Item
from annotator.core.decisions import Answer
from annotator.core.review import Review
from annotator.store.sql import columns as t
from annotator.store.sql.row_mapping import items_from_rows

Plain = dict[str, Any]
_NOTHING: Plain = dict.fromkeys(
    ("same_entities", "marked_entities", "same_claims", "marked_claims", "fates")
)


def comparison_after(connection: Connection, row: Row[Any], before: Review, after: Review) -> Plain:
    """The cached columns that change when a review is finished or reopened; empty otherwise."""
    if before.finished == after.finished:
        return {}
    return comparison_columns(connection, row, after)


def comparison_columns(connection: Connection, row: Row[Any], review: Review) -> Plain:
    """The comparison of a review with the pipeline's own suggestions, before second opinions and
    memory; null for reviews that are not finished, skipped, or not made here article by article."""
    if not review.finished or review.answer is not Answer.ACCEPT or row.kind != "review":
        return dict(_NOTHING)
    suggested = _of_the_pipeline(connection, row.suggestion_set_id)
    if suggested is None:
        return dict(_NOTHING)
    from annotator.core.statistics.fates import fates_of, fates_to_rows

    fates = fates_to_rows(fates_of(review, suggested))
    return _columns(compared(review, suggested)) | {"fates": fates}


def _columns(one: PipelineOverlap) -> Plain:
    return {
        "same_entities": one.entities.same,
        "marked_entities": one.entities.marked,
        "same_claims": one.claims.same,
        "marked_claims": one.claims.marked,
    }


def _of_the_pipeline(connection: Connection, set_id: int | None) -> tuple[Item, ...] | None:
    """The suggestions that a set was made from; None without a pipeline that is known."""
    s = t.suggestion_set.c
    base = select(func.coalesce(s.base_id, s.id)).where(s.id == set_id).scalar_subquery()
    own = select(s["items"], s.pipeline_name).where(s.id == base)
    row = connection.execute(own).first()
    return items_from_rows(row.items) if row is not None and row.pipeline_name else None
