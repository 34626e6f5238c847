"""The index of the words of all texts: written with an article, removed with it.

On SQLite it is an FTS5 table without content, on PostgreSQL a table of word lists with a GIN index.
Both hold the folded words of `core.search`, so that the two databases find the same, and neither
holds the text a second time. It finds the articles; where words stand is read from their texts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnClause,
    ColumnElement,
    CompoundSelect,
    Connection,
    LargeBinary,
    Select,
    Text,
    bindparam,
    cast,
    column,
    delete,
    func,
    intersect,
    select,
    table,
    text,
)

from annotator.core.article import identity_of
from annotator.core.search.folding import keys_in
from annotator.core.search.query import Phrase, Query, WantedWord
from annotator.store.sql import columns as t

NAME = "article_words"
TABLES = (NAME, *(f"{NAME}_{part}" for part in ("config", "data", "docsize", "idx")))
"""The tables of the index; SQLite makes those after the first itself."""
Progress = Callable[[int, int], None]
_words = table(NAME, column("number"), column("words"))
_AT_ONCE = 200
# PostgreSQL keeps at most a megabyte of words in one row.
_BYTES_IN_A_ROW = 500_000
# More words of a phrase, and more phrases, do not narrow a search down any further.
_PHRASE, _PHRASES = 8, 8


def index_texts(connection: Connection, articles: Iterable[Mapping[str, Any]]) -> None:
    """Add articles, rows of `article` just inserted, to the index."""
    rows = [(row["number"], row["text"]) for row in articles]
    if not rows:
        return
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(
            f"INSERT INTO {NAME} (rowid, words) VALUES (?, ?)",
            [(number, " ".join(keys_in(words))) for number, words in rows],
        )
        return
    parts = [{"number": number, "keys": some} for number, words in rows for some in _in_rows(words)]
    if not parts:
        return  # texts without a word
    connection.execute(
        text(f"INSERT INTO {NAME} (number, words) VALUES (:number, array_to_tsvector(:keys))")
        .bindparams(bindparam("keys", type_=ARRAY(Text))),
        parts,
    )  # fmt: skip


def index_everything(
    connection: Connection, progress: Progress | None = None, *, without: str | None = None
) -> None:
    """Index the texts of all articles, some at a time; `progress` is called with (done, total).

    An article `without` and texts that cannot be decoded are left out.
    """
    empty_index(connection)
    c = t.article.c
    total = connection.execute(select(func.count()).select_from(t.article)).scalar_one()
    done, last = 0, -1
    while True:
        wanted = select(c.number, c.id, _stored_text(connection)).where(c.number > last)
        rows = connection.execute(wanted.order_by(c.number).limit(_AT_ONCE)).fetchall()
        if not rows:
            return
        index_texts(
            connection,
            [
                {"number": row.number, "text": text}
                for row in rows
                if row.id != without and (text := _decoded(row.text)) is not None
            ],
        )
        done, last = done + len(rows), rows[-1].number
        if progress is not None:
            progress(done, total)


def empty_index(connection: Connection) -> None:
    """Remove everything from the index."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"INSERT INTO {NAME} ({NAME}) VALUES ('delete-all')")
    else:
        connection.execute(delete(_words))


def forget_text(connection: Connection, article_id: str) -> None:
    """Remove an article from the index."""
    c = t.article.c
    if connection.dialect.name != "sqlite":
        number = select(c.number).where(c.id == article_id).scalar_subquery()
        connection.execute(delete(_words).where(_words.c.number == number))
        return
    wanted = select(c.number, _stored_text(connection)).where(c.id == article_id)
    row = connection.execute(wanted).one()
    words = _decoded(row.text)
    if words is None or identity_of(words) != article_id:
        # An index without content is told the words that it is to forget, and a damaged text does
        # not tell them.
        index_everything(connection, without=article_id)
        return
    connection.exec_driver_sql(
        f"INSERT INTO {NAME} ({NAME}, rowid, words) VALUES ('delete', ?, ?)",
        (row.number, " ".join(keys_in(words))),
    )


def _stored_text(connection: Connection) -> ColumnElement[Any]:
    """The column of texts; as bytes on SQLite, which also keeps texts that are not UTF-8."""
    c = t.article.c
    return (
        cast(c.text, LargeBinary).label("text") if connection.dialect.name == "sqlite" else c.text
    )


def _decoded(stored: str | bytes) -> str | None:
    """A stored text; None if it is damaged."""
    try:
        return stored.decode() if isinstance(stored, bytes) else stored
    except UnicodeDecodeError:
        return None


MERGE = f"INSERT INTO {NAME} ({NAME}) VALUES ('optimize')"
"""Rewrites the index of SQLite, in which forgotten words stay until then."""


def candidates(
    connection: Connection, queries: Sequence[Query], *, before: int | None, limit: int
) -> Sequence[int]:
    """The numbers of articles whose texts hold the words of all queries, the newest first: every
    article with a hit, and some without, if their words stand apart.

    Only articles numbered below `before`; without a query, all of them.
    """
    phrases = [phrase for query in queries for phrase in query.phrases][:_PHRASES]
    if not phrases:
        number = t.article.c.number
        wanted: Select[int] | CompoundSelect[int] = _newest(select(number), number, before)
    elif connection.dialect.name == "sqlite":
        matches = text(f"{NAME} MATCH :words").bindparams(words=_fts5(phrases))
        rowid: ColumnClause[int] = column("rowid")
        wanted = _newest(select(rowid).select_from(_words).where(matches), rowid, before)
    else:
        # A very long text takes several rows, so each word is looked up by itself.
        words = dict.fromkeys(word for phrase in phrases for word in phrase[:_PHRASE])
        holding = [_holding(word, place, before) for place, word in enumerate(words)]
        wanted = intersect(*holding).order_by(text("number DESC"))
    return connection.execute(wanted.limit(limit)).scalars().all()


def _newest(wanted: Select[int], number: ColumnElement[int], before: int | None) -> Select[int]:
    wanted = wanted if before is None else wanted.where(number < before)
    return wanted.order_by(number.desc())


def _holding(word: WantedWord, place: int, before: int | None) -> Select[int]:
    """The numbers of articles that hold a word, on PostgreSQL; `place` names its parameter."""
    matches = text(f"words @@ CAST(:word_{place} AS tsquery)").bindparams(
        bindparam(f"word_{place}", _lexeme(word))
    )
    wanted = select(_words.c.number).where(matches)
    return wanted if before is None else wanted.where(_words.c.number < before)


def _fts5(phrases: Iterable[Phrase]) -> str:
    """An expression of FTS5: its strings hold letters and digits only, so none is an operator."""
    return " AND ".join(part for phrase in phrases for part in _fts5_parts(phrase[:_PHRASE]))


def _fts5_parts(phrase: Phrase) -> Iterator[str]:
    """The strings of a phrase; a word that goes on ends one."""
    row: list[str] = []
    for word in phrase:
        row.append(word.key)
        if word.goes_on:
            yield f'"{" ".join(row)}" *'
            row = []
    if row:
        yield f'"{" ".join(row)}"'


def _lexeme(word: WantedWord) -> str:
    return f"'{word.key}':*" if word.goes_on else f"'{word.key}'"


def _in_rows(words: str) -> Iterator[list[str]]:
    """The different words of a text, in parts that fit into one row."""
    row: list[str] = []
    size = 0
    for key in dict.fromkeys(keys_in(words)):
        row.append(key)
        size += len(key.encode())
        if size > _BYTES_IN_A_ROW:
            yield row
            row, size = [], 0
    if row:
        yield row
