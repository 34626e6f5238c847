"""Who annotated: what may be a reviewer's name, and which texts several people annotated."""

from __future__ import annotations

from dataclasses import dataclass, field

from annotator.core.record import Record
from annotator.core.records.record_to_decisions import is_undecided
from annotator.errors import RecordError

LONGEST_NAME = 100


def is_name(name: str) -> bool:
    """Whether a reviewer may be called so."""
    return 0 < len(name) <= LONGEST_NAME and name.isprintable() and name == name.strip()


def annotator_of(record: Record) -> str:
    """Whose work a record says that it is; RecordError if it names nobody who can be a reviewer."""
    name = record.review.reviewer
    if name is None:
        raise RecordError("it does not say who annotated it; say so with --as reviewer NAME")
    if not is_name(name):
        raise RecordError(f"no reviewer can be called as its annotator is: {name!r:.60}")
    return name


@dataclass
class Annotators:
    """Who annotated which text, over all files; a text is known by a part of its id."""

    named: int = 0
    nameless: int = 0
    _first: dict[int, str | None] = field(default_factory=dict)
    _several: set[int] = field(default_factory=set)

    def take(self, record: Record) -> None:
        """Counts a record in."""
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
        """Whether more than one annotator said something of this record's text."""
        return _key(record) in self._several


def _key(record: Record) -> int:
    return int(record.article.id[:16], 16)
