"""Column types: times and long JSON lists."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import JSON, DateTime, Dialect
from sqlalchemy.types import TypeDecorator

_BETWEEN = re.compile(r"[\s,]*")
_SHORT = 500_000  # characters of JSON


class Utc(TypeDecorator[datetime]):
    """Timezone-aware times in UTC. SQLite does not store the zone: it is removed and added."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        at = value.astimezone(UTC)
        return at.replace(tzinfo=None) if dialect.name == "sqlite" else at

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class JsonList(TypeDecorator[Iterable[Any]]):
    """A list as JSON; reading returns an iterable.

    Short lists are decoded at once, long ones element by element, since eight thousand suggestions
    as dicts take three times the memory of the items.
    """

    impl = JSON(none_as_null=True)
    cache_ok = True

    def result_processor(
        self, dialect: Dialect, coltype: object
    ) -> Callable[[Any], Iterable[Any] | None] | None:
        if dialect.name != "sqlite":  # on PostgreSQL the driver has decoded it already
            return super().result_processor(dialect, coltype)
        return lambda stored: None if stored is None else _Encoded(stored)


class _Encoded(Sequence[Any]):
    """A JSON list that is decoded on each iteration."""

    def __init__(self, stored: str) -> None:
        self._stored = stored

    def __iter__(self) -> Iterator[Any]:
        if len(self._stored) > _SHORT:
            return self._one_by_one()
        try:
            return iter(orjson.loads(self._stored))
        except orjson.JSONDecodeError:  # orjson does not support surrogates
            return self._one_by_one()

    def _one_by_one(self) -> Iterator[Any]:
        stored, decode = self._stored, json.JSONDecoder().raw_decode
        at = stored.index("[") + 1
        end = stored.rindex("]")
        while True:
            between = _BETWEEN.match(stored, at)
            at = between.end() if between else at
            if at >= end:
                return
            element, at = decode(stored, at)
            yield element

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __getitem__(self, index: Any) -> Any:
        return list(self)[index]
