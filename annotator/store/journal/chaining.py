"""Chain values of what is stored: reviews with their decisions, and logs across articles.

Every row of a log is made here or gets its chain value here, and nowhere else.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import Connection, Row, Table, insert, select, update

from annotator.core.decisions import Decision
from annotator.core.journal.chain import (
    Opening,
    digest_of,
    entry_content,
    linked,
    log_content,
    opening_content,
)
from annotator.store.sql import columns as t
from annotator.store.sql.row_mapping import decision_to_row

Plain = dict[str, Any]
DECISION_FIELDS = (
    *("id", "article", "reviewer", "at", "seq", "group", "kind", "target", "before", "after"),
    *("keys", "seconds"),
)
_SHARED = ("id", "reviewer", "at", "group", "kind", "target", "before", "after")
LOG_FIELDS: dict[str, tuple[str, ...]] = {
    t.identity_decision.name: (*_SHARED, "article"),
    t.story_decision.name: _SHARED,
}
"""The logs across articles, and what the content of their entries is."""
_SET_FIELDS = (
    *("article_id", "pipeline_name", "pipeline_version", "pipeline_hash", "at", "dropped"),
    *("base_id", "suggesters"),
)


def canonical(content: object) -> bytes:
    """`content` as UTF-8 JSON with sorted keys and no blanks."""
    try:
        return orjson.dumps(content, option=orjson.OPT_SORT_KEYS)
    except TypeError:  # large integers and surrogates
        # As it will be read: JSON makes one character of two surrogates that are a pair.
        stored = json.loads(json.dumps(content))
        words = json.dumps(stored, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return words.encode("utf-8", "surrogatepass")


def suggestions_digest(row: Row[Any] | Mapping[str, Any]) -> str:
    """The digest of a suggestion set, given as a row or as the values of one."""
    values = row._asdict() if isinstance(row, Row) else row
    content = entry_content(values, _SET_FIELDS) | {"items": list(values["items"])}
    if (comparison := values.get("comparison")) is not None:  # of an adjudication
        content["comparison"] = comparison
    return digest_of(canonical(content))


def opening_value(opening: Opening) -> str:
    """The chain value with which a review begins."""
    return digest_of(canonical(opening_content(opening)))


def opening_columns(opening: Opening) -> Plain:
    """The columns of a review that keep its opening and the head of its chain."""
    value = opening_value(opening)
    return {"opening": value, "chain": value}


def decision_digest(row: Mapping[str, Any], article: str, reviewer: str) -> str:
    """The digest of a decision, given as the values of its row."""
    whole = {**row, "article": article, "reviewer": reviewer, "seconds": float(row["seconds"])}
    return digest_of(canonical(entry_content(whole, DECISION_FIELDS)))


def chained(decisions: Iterable[Decision], text: str, head: str) -> tuple[list[Plain], str]:
    """The decisions of one review as rows without `review_id`, chained after `head`; and the new
    head."""
    rows = []
    for decision in decisions:
        row = decision_to_row(decision, text)
        head = row["chain"] = linked(
            head, decision_digest(row, decision.article, decision.reviewer)
        )
        rows.append(row)
    return rows, head


def put_decisions(
    connection: Connection, review: Row[Any], decisions: Iterable[Decision], text: str
) -> str:
    """Store new decisions of a review, whose row is locked; returns the new head of its chain."""
    rows, head = chained(decisions, text, review.chain)
    connection.execute(insert(t.decision), [row | {"review_id": review.id} for row in rows])
    return head


# Logs across articles


def last_head(connection: Connection, log: Table) -> tuple[int, str]:
    """The number of the last entry of a log, 0 if there is none, and the head of its chain."""
    row = connection.execute(select(t.log_head).where(t.log_head.c.log == log.name)).first()
    return (0, log_start(log.name)) if row is None else (row.number, row.chain)


def last_number(connection: Connection, log: Table) -> int:
    """The number of the last entry of a log, 0 if there is none."""
    return last_head(connection, log)[0]


def put_entries(connection: Connection, log: Table, rows: Sequence[Plain]) -> None:
    """Store new entries of a log, numbered already; the caller holds its lock."""
    number, head = last_head(connection, log)
    chained = []
    for row in rows:
        head = linked(head, entry_digest(log.name, row))
        chained.append(row | {"chain": head})
    connection.execute(insert(log), chained)
    keep_head(connection, log, chained[-1]["number"], head, is_new=not number)


def keep_head(connection: Connection, log: Table, number: int, head: str, *, is_new: bool) -> None:
    """Store the number of the last entry of a log and the head of its chain."""
    c, values = t.log_head.c, {"number": number, "chain": head}
    if is_new:
        connection.execute(insert(t.log_head).values(log=log.name, **values))
    else:
        connection.execute(update(t.log_head).where(c.log == log.name).values(values))


def log_start(name: str) -> str:
    """The chain value with which a log begins."""
    return digest_of(canonical(log_content(name)))


def entry_digest(name: str, row: Mapping[str, Any]) -> str:
    """The digest of an entry of a log, given as the values of its row."""
    return digest_of(canonical(entry_content(row, LOG_FIELDS[name])))
