"""Checks the chain of a log across articles, past what purges took out of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Table, select

from annotator.core.journal.chain import Redaction, linked
from annotator.core.journal.journal_problems import Problem, ProblemKind
from annotator.errors import ArticleDamaged
from annotator.store.journal.chaining import entry_digest, last_head, log_start
from annotator.store.journal.exact_rows import NotAsWritten, exact_columns, exact_values
from annotator.store.sql import columns as t
from annotator.store.sql.damage import of_article

_AT_ONCE = 500
_NAMES = {
    t.identity_decision.name: "decision on identities",
    t.story_decision.name: "decision on stories",
}


@dataclass(frozen=True)
class LogChecked:
    """How many entries of a log were checked, the first thing wrong, and the number and the chain
    value of the last entry that is right."""

    log: str
    entries: int
    problem: Problem | None
    number: int
    head: str


def check_log(connection: Connection, log: Table) -> LogChecked:
    """Check a log from its beginning, up to the first thing wrong."""
    check = _LogCheck(connection, log)
    try:
        with of_article(""):
            message, place = check.first_wrong()
    except ArticleDamaged:
        message, place = "or a later one cannot be read.", check.number + 1
    told = None if message is None else f"{_NAMES[log.name].capitalize()} {place} {message}"
    problem = None if told is None else Problem(ProblemKind.CHAIN, told, entry=place)
    return LogChecked(log.name, check.entries, problem, check.number, check.head)


class _LogCheck:
    def __init__(self, connection: Connection, log: Table) -> None:
        self.connection, self.log = connection, log
        self.redacted = _redacted(connection, log)
        self.entries = 0
        self.number, self.head = 0, log_start(log.name)

    def first_wrong(self) -> tuple[str | None, int]:
        """What is wrong first, and of which entry; None if nothing is."""
        for row in self._rows():
            before = self.number
            self._pass_removed(row.number)
            try:
                values = exact_values(self.log, row)
            except NotAsWritten as error:
                return f"was changed: {error}.", row.number
            if not self._follows(values):
                # Before logs had chains, purges left gaps, so a gap alone says nothing.
                is_gone = values["number"] > before + 1
                what = "is missing." if is_gone else "was changed or is not the one made here."
                return what, before + 1
            self.entries += 1
            self.number, self.head = values["number"], values["chain"]
        last, head = last_head(self.connection, self.log)
        if self.number > last:
            return "is stored after the last one of the log.", self.number
        self._pass_removed(last + 1)
        if (self.number, self.head) == (last, head):
            return None, 0
        if self.number < last:
            return "is missing.", self.number + 1
        return "is not the one that the log ends with.", self.number

    def _follows(self, values: Mapping[str, Any]) -> bool:
        """Whether an entry has its chain value by its digest, or by the one before purges."""
        digest: str | None = entry_digest(self.log.name, values)
        changes = {one.now: one.was for one in self.redacted.get(values["number"], ())}
        for _ in range(len(changes) + 1):
            if digest is None:
                return False
            if linked(self.head, digest) == values["chain"]:
                return True
            digest = changes.get(digest)
        return False

    def _pass_removed(self, before: int) -> None:
        """Go on past the entries numbered below `before` that purges removed."""
        for number in range(self.number + 1, before) if self.redacted else ():
            own = self.redacted.get(number, ())
            digest = next((one.was for one in own if one.now is None), None)
            if digest is None:
                continue
            changes = {one.now: one.was for one in own if one.now is not None}
            while digest in changes:
                digest = changes.pop(digest)
            self.number, self.head = number, linked(self.head, digest)

    def _rows(self) -> Iterator[Row[Any]]:
        c, last = self.log.c, 0
        while True:
            wanted = select(*exact_columns(self.log, self.connection.dialect))
            wanted = wanted.where(c.number > last).order_by(c.number).limit(_AT_ONCE)
            rows = self.connection.execute(wanted).fetchall()
            if not rows:
                return
            yield from rows
            last = rows[-1].number


def _redacted(connection: Connection, log: Table) -> dict[int, list[Redaction]]:
    """What purges took out of a log or changed in it, by number."""
    found: dict[int, list[Redaction]] = defaultdict(list)
    wanted = select(t.stone.c.redacted).where(t.stone.c.redacted.is_not(None))
    for stored in connection.execute(wanted).scalars():
        for one in stored:
            if one["log"] == log.name:
                found[one["number"]].append(Redaction(**one))
    return found
