"""Reads rows exactly as they are stored, so that even a change without effect is found: a blank in
JSON, another sign between date and time."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ColumnElement,
    Dialect,
    Float,
    Integer,
    Row,
    Table,
    Text,
    cast,
    type_coerce,
)

from annotator.store.sql.column_types import JsonList, Utc

Plain = dict[str, Any]
_KINDS: dict[type[Any], type | tuple[type, ...]] = {
    Text: str,
    Integer: int,
    Float: (float, int),
}


class NotAsWritten(ValueError):
    """A column holds what no program of ours writes; the message names the column."""


def exact_columns(table: Table, dialect: Dialect) -> list[ColumnElement[Any]]:
    """The columns of a table, to be read as they are stored."""
    return [_exact(column, dialect.name == "sqlite") for column in table.c]


def exact_values(table: Table, row: Row[Any]) -> Plain:
    """The values of a row of `exact_columns`; raises NotAsWritten."""
    values = {}
    for column, stored in zip(table.c, row, strict=True):
        try:
            values[column.name] = None if stored is None else _value(column, stored)
        except (ValueError, TypeError, RecursionError) as error:
            raise NotAsWritten(f"`{column.name}` was not written like this") from error
    return values


def _exact(column: Column[Any], is_sqlite: bool) -> ColumnElement[Any]:
    kind = column.type
    if isinstance(kind, JSON | JsonList):
        return cast(column, Text).label(column.name)
    if is_sqlite and isinstance(kind, Utc):
        return type_coerce(column, Text).label(column.name)
    if is_sqlite and isinstance(kind, Boolean):
        return type_coerce(column, Integer).label(column.name)
    return column


def _value(column: Column[Any], stored: Any) -> Any:
    match column.type:
        case JSON() | JsonList():
            return from_json(stored)
        case Utc():
            return stored if isinstance(stored, datetime) else _time(stored)
        case Boolean():
            if stored not in (0, 1):
                raise ValueError
            return bool(stored)
    if not isinstance(stored, _KINDS.get(type(column.type), object)):
        raise TypeError
    return stored


def from_json(stored: str) -> Any:
    """The value of stored JSON; raises NotAsWritten."""
    try:
        value = _decoded(stored)
    except (ValueError, RecursionError) as error:
        raise NotAsWritten("cannot be read") from error
    if not _is_written(value, stored):
        raise NotAsWritten("was not written like this")
    return value


def _decoded(stored: str) -> Any:
    try:
        return orjson.loads(stored)
    except orjson.JSONDecodeError:
        return json.loads(stored)  # surrogates


def _is_written(value: Any, stored: str) -> bool:
    """Whether our programs write a value like this, or the first versions did."""
    try:
        if orjson.dumps(value).decode() == stored:
            return True
    except TypeError:  # large integers and surrogates
        pass
    return json.dumps(value) == stored


def _time(stored: str) -> datetime:
    at = datetime.fromisoformat(stored)
    if at.isoformat(sep=" ", timespec="microseconds") != stored:
        raise ValueError
    return at.replace(tzinfo=UTC)
