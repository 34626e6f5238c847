"""Tables under another name, for conditions that look at a table twice."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import Table
from sqlalchemy.sql.selectable import NamedFromClause


@cache
def alias_of(table: Table, name: str) -> NamedFromClause[Any]:
    """A table under another name. Always the same object, because each new alias makes all columns
    of the table anew, which takes a good part of the time that a statement is built in.

    Nested selects without an explicit `correlate` need different names.
    """
    return table.alias(name)
