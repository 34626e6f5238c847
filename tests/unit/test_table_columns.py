"""The generated columns equal the tables."""

from annotator.store.sql import generate_columns, tables


def test_the_columns_are_those_of_the_tables() -> None:
    wanted = generate_columns.described(tables.metadata)
    assert generate_columns.FILE.read_text(encoding="utf-8") == wanted, (
        "A table has changed: run `python -m annotator.store.sql.generate_columns`."
    )
