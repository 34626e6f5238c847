"""Generates `columns.py` from the tables: `python -m annotator.store.sql.describe`.

Run it after each change of `tables`; a test compares the two.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Column, MetaData, Table
from sqlalchemy.types import JSON

FILE = Path(__file__).with_name("columns.py")
_HEAD = '''\
"""The tables as queries need them: columns and their types. Made by `describe`, not by hand.

What describes them is `tables`, in SQLModel; loading that takes longer than loading all that a
screen needs, and twice the memory of an article.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Float,
    Integer,
    MetaData,
    Table,
    Text,
)

from annotator.store.sql.column_types import JsonList, Utc

metadata = MetaData()
'''


def described(metadata: MetaData) -> str:
    """The source code of `columns.py` for these tables."""
    return _HEAD + "".join(_table(table) for table in metadata.tables.values())


def _table(table: Table) -> str:
    columns = "".join(f"    {_column(column)},\n" for column in table.columns)
    return f'\n{table.name} = Table(\n    "{table.name}",\n    metadata,\n{columns})\n'


def _column(column: Column[object]) -> str:
    kind = type(column.type).__name__
    words = [f'"{column.name}"', f"{kind}(none_as_null=True)" if _is_json(column) else kind]
    if column.primary_key:
        words.append("primary_key=True")
    if column.default is not None:
        words.append(f"default={getattr(column.default, 'arg', None)!r}".replace("'", '"'))
    return f"Column({', '.join(words)})"


def _is_json(column: Column[object]) -> bool:
    return isinstance(column.type, JSON)


if __name__ == "__main__":
    from annotator.store.sql.tables import metadata as in_full

    FILE.write_text(described(in_full), encoding="utf-8")
