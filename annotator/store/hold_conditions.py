"""Conditions on rows for valid leases; the rules are in `core.holds`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Float, and_, literal, or_
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from annotator.core.holds import SLACK_SECONDS, latest


def is_held(until: ColumnElement[Any], now: datetime, seconds: Any) -> ColumnElement[bool]:
    """The condition that a lease taken for so many seconds (a column) is valid."""
    return and_(until > now, _ahead(until, now) <= seconds + SLACK_SECONDS)


def is_free(until: ColumnElement[Any], now: datetime, seconds: float) -> ColumnElement[bool]:
    """The condition that nobody holds a row; it can use an index on the end of leases."""
    return or_(until.is_(None), until <= now, until > latest(now, seconds))


class _ahead(FunctionElement[float]):  # a function, as those of the database are
    """Seconds from `now` to `until`."""

    type = Float()
    inherit_cache = True
    name = "ahead"

    def __init__(self, until: ColumnElement[Any], now: datetime) -> None:
        super().__init__(until, literal(now, until.type))


@compiles(_ahead, "sqlite")
def _in_sqlite(element: Any, compiler: Any, **how: Any) -> str:
    until, now = (compiler.process(one, **how) for one in element.clauses)
    return f"((julianday({until}) - julianday({now})) * 86400.0)"


@compiles(_ahead, "postgresql")
def _in_postgresql(element: Any, compiler: Any, **how: Any) -> str:
    until, now = (compiler.process(one, **how) for one in element.clauses)
    return f"extract(epoch FROM ({until}) - CAST({now} AS timestamptz))"
