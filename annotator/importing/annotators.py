"""Annotators of imported texts: valid names, and texts annotated by several people."""

from __future__ import annotations

from dataclasses import dataclass, field

from annotator.core.record import Record
from annotator.core.records.record_to_decisions import is_undecided
from annotator.errors import RecordError

LONGEST_NAME = 100


def is_name(name: str) -> bool:
    """Whether this is a valid reviewer name."""
    return 0 < len(name) <= LONGEST_NAME and name.isprintable() and name == name.strip()


def annotator_of(record: Record) -> str:
    """The annotator of a record; raises RecordError if there is none, or the name is invalid."""
    name = record.review.reviewer
    if name is None:
        raise RecordError("it does not name its annotator; use --as reviewer NAME")
    if not is_name(name):
        raise RecordError(f"its annotator is not a valid reviewer name: {name!r:.60}")
    return name


@dataclass
class Annotators:
    """The annotators of each text over all files; texts are identified by a part of their ids."""

    named: int = 0
    nameless: int = 0
    _first: dict[int, str | None] = field(default_factory=dict)
    _several: set[int] = field(default_factory=set)

    def take(self, record: Record) -> None:
        """Add a record."""
        if is_undecided(record):
            return
        who = record.review.reviewer
        self.named += who is not None
        self.nameless += who is None
        key = _key(record)
        if key in self._first and (who is None or self._first[key] != who):
            self._several.add(key)
        self._first.setdefault(key, who)

    def are_several(self, record: Record) -> bool:
        """Whether this record's text has more than one annotator."""
        return _key(record) in self._several


def _key(record: Record) -> int:
    return int(record.article.id[:16], 16)
