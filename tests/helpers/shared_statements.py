"""Statements compiled once in a process, not once for each store that a test opens.

SQLAlchemy keeps what it compiles with an engine. Tests open thousands of stores, in each of which
the same statements are wanted; to compile them anew takes half the time of most of these tests.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy
from sqlalchemy import Engine

from annotator.store.sql import database


def share_statements() -> None:
    """From now on all stores of this process share their compiled statements."""
    setattr(database, "create_engine", _sharing_engine)  # noqa: B010  # not exported


class _Statements(dict[Any, Any]):
    """What is compiled for one kind of database. The first part of a key is the dialect of an
    engine, an object of its own in each."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(key[1:], default)

    def __setitem__(self, key: Any, compiled: Any) -> None:
        super().__setitem__(key[1:], compiled)


_COMPILED: dict[str, _Statements] = {}


def _sharing_engine(*place: Any, **options: Any) -> Engine:
    engine = sqlalchemy.create_engine(*place, **options)
    compiled = _COMPILED.setdefault(engine.url.drivername, _Statements())
    engine.update_execution_options(compiled_cache=compiled)
    return engine
