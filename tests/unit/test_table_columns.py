"""The generated columns equal the tables."""

from annotator.store.sql import describe, tables


def test_the_columns_are_those_of_the_tables() -> None:
    wanted = describe.described(tables.metadata)
    assert describe.FILE.read_text(encoding="utf-8") == wanted, (
        "A table has changed: run `python -m annotator.store.sql.describe`."
    )
