"""The heads of all chains as lines, to be kept elsewhere: what they stand for must still be there.

A chain shows that something in it was changed, but not that a whole review, or a whole store, was
replaced by another. Heads that were kept where the store is not show that too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import orjson
from sqlalchemy import Connection, select

from annotator.core.journal.journal_problems import Problem, ProblemKind
from annotator.errors import StoreError
from annotator.store.journal.protection import SHARED_LOGS
from annotator.store.sql import columns as t
from annotator.store.sql.database import Database
from annotator.store.tombstones import why_purged

FORMAT = {"format": "annotator.heads/2"}
WITHOUT_END = {"format": "annotator.heads/1"}
"""As written by earlier versions: nobody can tell whether such a file was cut off. The value over
all heads still begins with it, so that it is the same as then."""
Plain = dict[str, Any]
_FIELDS = (
    {"article": str, "reviewer": str, "seq": int, "chain": str},
    {"log": str, "number": int, "chain": str},
)
_LOGS = {log.name: log for log in SHARED_LOGS}


def head_line(head: Plain) -> bytes:
    """One head as a line."""
    return orjson.dumps(head) + b"\n"


def end_line(heads: int) -> bytes:
    """The last line of a file with so many heads."""
    return head_line({"heads": heads})


def heads_in(lines: Iterable[bytes], name: str) -> Iterator[Plain]:
    """The heads in the lines of the file `name`; raises StoreError naming a line that is not one,
    if there is no line, or if the last ones were cut off."""
    first: object = None
    has_ended = False
    number = 0
    for number, line in enumerate(lines, 1):
        head = _value(line)
        if number == 1:
            first = head
            if head not in (FORMAT, WITHOUT_END):
                raise _not_heads(f"Line 1 of {name}")
        elif has_ended or not (_is_head(head) or head == {"heads": number - 2}):
            raise _not_heads(f"Line {number} of {name}")
        elif _is_head(head):
            yield head
        else:
            has_ended = True
    if not number:
        raise _not_heads(f"The empty file {name}")
    if first == FORMAT and not has_ended:
        raise StoreError(
            f"{name} was cut off after line {number}: its last line is missing.",
            hint="Give the whole file, or a copy of it that was kept elsewhere.",
        )


def _value(line: bytes) -> Any:
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        return None


def _not_heads(what: str) -> StoreError:
    return StoreError(f"{what} is not what `verify --heads` writes.", hint="Give another file.")


def _is_head(head: object) -> bool:
    return isinstance(head, dict) and any(
        head.keys() == fields.keys()
        and all(type(head[name]) is kind for name, kind in fields.items())
        and head.get("log", SHARED_LOGS[0].name) in _LOGS
        for fields in _FIELDS
    )


def missing(database: Database, heads: Iterable[Plain], name: str) -> Iterator[Problem]:
    """The heads in the file `name` that are no longer there; those of purged articles are not
    missed."""
    with database.reading() as connection:
        for head in heads:
            chains = _chains(connection, head)
            if head["chain"] in chains:
                continue
            if "log" in head:
                if chains or not _is_redacted(connection, head):
                    told = f"Entry {head['number']} of {head['log']} is not the one in {name}."
                    yield Problem(ProblemKind.CHAIN, told, entry=head["number"])
            elif not why_purged(connection, [head["article"]]):
                told = f"Decision {head['seq']} is not the one in {name}."
                yield Problem(
                    ProblemKind.CHAIN, told, head["article"], head["reviewer"], head["seq"]
                )


def _chains(connection: Connection, head: Plain) -> Sequence[str]:
    """The chain values at the place of a head; a reviewer may have several adjudications."""
    if "log" in head:
        log = _LOGS[head["log"]]
        wanted = select(log.c.chain).where(log.c.number == head["number"])
    else:
        r, d = t.review.c, t.decision.c
        wanted = (
            select(d.chain)
            .join(t.review, r.id == d.review_id)
            .where(
                r.article_id == head["article"],
                r.reviewer == head["reviewer"],
                d.seq == head["seq"],
            )
        )
    return connection.execute(wanted).scalars().all()


def _is_redacted(connection: Connection, head: Plain) -> bool:
    redacted = select(t.stone.c.redacted).where(t.stone.c.redacted.is_not(None))
    return any(
        (one["log"], one["number"]) == (head["log"], head["number"])
        for stored in connection.execute(redacted).scalars()
        for one in stored
    )
