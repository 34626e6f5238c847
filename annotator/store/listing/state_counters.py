"""Counters of articles by state: reading them takes constant time.

`tally` counts articles by stage and by the state of their reviews (`under`): none, all open, all
done, all done with the article set aside (`skip`, `unusable`), or mixed; `who` is empty in these
rows. Rows with `who` = `=NAME` count the reviews of one reviewer by their state, without
adjudications. On SQLite, where one process writes at a time,
triggers maintain it. On PostgreSQL it is a view that counts: a row that every writer changes would
make all of them wait.

`tally_place`, on SQLite only, counts articles that are not superseded by blocks of queue positions,
so that the position of an article is known without reading all articles before it.

Both are recreated after each upgrade, since rebuilt tables lose their triggers.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, column, func, select, table

NONE, OPEN, DONE, MIXED = "none", "open", "done", "mixed"
SKIP, UNUSABLE = "skip", "unusable"
BLOCK = 512
"""The number of queue positions in a block of `tally_place`."""
Counted = tuple[str, str]
"""A stage, and the state of the reviews of an article in it."""
tally = table("tally", column("who"), column("stage"), column("under"), column("articles"))
tally_place = table("tally_place", column("block"), column("articles"))
TABLES = (tally.name, tally_place.name)


def read_tally(connection: Connection, who: str | None = None) -> dict[Counted, int]:
    """The number of articles by (stage, state of their reviews); with `who`, of this reviewer's
    reviews."""
    c = tally.c
    rows = connection.execute(
        select(c.stage, c.under, c.articles).where(c.who == ("" if who is None else f"={who}"))
    )
    return {(stage, under): int(number) for stage, under, number in rows if number}


def keeps_places(connection: Connection) -> bool:
    """Whether this database counts articles by blocks of positions."""
    return connection.dialect.name == "sqlite"


def read_places(connection: Connection, *, up: bool) -> Iterator[tuple[int, int]]:
    """Blocks in ascending (`up`) or descending order, with their articles not superseded."""
    c = tally_place.c
    wanted = select(c.block, c.articles).order_by(c.block.asc() if up else c.block.desc())
    return ((row.block, row.articles) for row in connection.execute(wanted))


def articles_beyond(connection: Connection, block: int, *, below: bool) -> int:
    """The number of articles not superseded in the blocks below this one, or above it."""
    c = tally_place.c
    beyond = c.block < block if below else c.block > block
    return connection.execute(select(func.sum(c.articles)).where(beyond)).scalar() or 0


def drop_tally(connection: Connection) -> None:
    """Drop the counters, so that the counted tables can be rebuilt."""
    if connection.dialect.name != "sqlite":
        connection.exec_driver_sql("DROP VIEW IF EXISTS tally")
        return
    for name in _TRIGGERS:
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
    for name in TABLES:
        connection.exec_driver_sql(f"DROP TABLE IF EXISTS {name}")


def make_tally(connection: Connection) -> None:
    """Create the counters and count existing rows."""
    if connection.dialect.name != "sqlite":
        connection.exec_driver_sql(f"CREATE VIEW tally AS {COUNTED}")
        return
    connection.exec_driver_sql(
        "CREATE TABLE tally (who TEXT NOT NULL, stage TEXT NOT NULL, under TEXT NOT NULL, "
        "articles INTEGER NOT NULL, PRIMARY KEY (who, stage, under)) WITHOUT ROWID"
    )
    connection.exec_driver_sql(
        "CREATE TABLE tally_place (block INTEGER NOT NULL PRIMARY KEY, articles INTEGER NOT NULL)"
    )
    connection.exec_driver_sql(f"INSERT INTO tally {COUNTED}")
    connection.exec_driver_sql(f"INSERT INTO tally_place {PLACES_COUNTED}")
    for name, trigger in _TRIGGERS.items():
        connection.exec_driver_sql(f"CREATE TRIGGER {name} {trigger}")


def _under(row: str) -> str:
    return (
        f"CASE WHEN {row}.reviews = 0 THEN 'none' WHEN {row}.finished = 0 THEN 'open' "
        f"WHEN {row}.finished >= {row}.reviews THEN coalesce({row}.set_aside, 'done') "
        "ELSE 'mixed' END"
    )


def _done(row: str) -> str:
    return (
        f"CASE WHEN {row}.finished_at IS NULL THEN 'open' "
        f"WHEN {row}.answer = 'accept' THEN 'done' ELSE {row}.answer END"
    )


COUNTED = (
    f"SELECT '' AS who, a.stage AS stage, {_under('a')} AS under, count(*) AS articles "
    "FROM article a GROUP BY 1, 2, 3 UNION ALL "
    f"SELECT '=' || r.reviewer, b.stage, {_done('r')}, count(*) "
    "FROM review r JOIN article b ON b.id = r.article_id WHERE r.kind <> 'adjudication' "
    "GROUP BY 1, 2, 3"
)
"""The SELECT that computes the rows of `tally`."""
PLACES_COUNTED = (
    f"SELECT place / {BLOCK}, count(*) FROM article WHERE stage <> 'superseded' GROUP BY 1"
)
"""The SELECT that computes the rows of `tally_place`."""


def _add(rows: str, by: int) -> str:
    """SQL that adds `by` for each row (who, stage, under) of a SELECT."""
    # "WHERE true" keeps SQLite from reading ON CONFLICT as part of a join.
    return (
        f"INSERT INTO tally {rows.format(by=by)} ON CONFLICT (who, stage, under) "
        "DO UPDATE SET articles = articles + excluded.articles; "
    )


def _article(row: str, by: int) -> str:
    return _add(f"SELECT '', {row}.stage, {_under(row)}, {{by}} WHERE true", by)


def _review(row: str, by: int) -> str:
    stage = f"(SELECT stage FROM article WHERE id = {row}.article_id)"
    reviews = f"{row}.kind <> 'adjudication'"
    return _add(f"SELECT '=' || {row}.reviewer, {stage}, {_done(row)}, {{by}} WHERE {reviews}", by)


def _place(row: str, by: int) -> str:
    return (
        f"INSERT INTO tally_place SELECT {row}.place / {BLOCK}, {by} "
        f"WHERE {row}.stage <> 'superseded' ON CONFLICT (block) "
        "DO UPDATE SET articles = articles + excluded.articles; "
    )


def _reviews_of(row: str, by: int) -> str:
    return _add(
        f"SELECT '=' || r.reviewer, {row}.stage, {_done('r')}, {{by}} "
        f"FROM review r WHERE r.article_id = {row}.id AND r.kind <> 'adjudication'",
        by,
    )


_TRIGGERS = {
    "tally_article_added": f"AFTER INSERT ON article BEGIN {_article('NEW', 1)}END",
    "tally_article_removed": f"AFTER DELETE ON article BEGIN {_article('OLD', -1)}END",
    "tally_article_changed": (
        "AFTER UPDATE OF stage, reviews, finished, set_aside ON article "
        "WHEN OLD.stage <> NEW.stage OR OLD.reviews <> NEW.reviews OR OLD.finished <> NEW.finished "
        "OR OLD.set_aside IS NOT NEW.set_aside "
        f"BEGIN {_article('OLD', -1)}{_article('NEW', 1)}END"
    ),
    "tally_stage_changed": (
        "AFTER UPDATE OF stage ON article WHEN OLD.stage <> NEW.stage AND NEW.reviews > 0 "
        f"BEGIN {_reviews_of('OLD', -1)}{_reviews_of('NEW', 1)}END"
    ),
    "tally_place_added": f"AFTER INSERT ON article BEGIN {_place('NEW', 1)}END",
    "tally_place_removed": f"AFTER DELETE ON article BEGIN {_place('OLD', -1)}END",
    "tally_place_changed": (
        "AFTER UPDATE OF stage, place ON article "
        "WHEN OLD.place <> NEW.place "
        "OR (OLD.stage = 'superseded') <> (NEW.stage = 'superseded') "
        f"BEGIN {_place('OLD', -1)}{_place('NEW', 1)}END"
    ),
    "tally_review_added": f"AFTER INSERT ON review BEGIN {_review('NEW', 1)}END",
    "tally_review_removed": f"AFTER DELETE ON review BEGIN {_review('OLD', -1)}END",
    "tally_review_changed": (
        "AFTER UPDATE OF finished_at, answer ON review "
        f"WHEN {_done('OLD')} <> {_done('NEW')} "
        f"BEGIN {_review('OLD', -1)}{_review('NEW', 1)}END"
    ),
}
