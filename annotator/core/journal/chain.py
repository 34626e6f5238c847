"""Chains of hashes over logs, so that a changed, removed or moved entry is found.

The *digest* of an entry is the SHA-256 of its content. The *chain value* of an entry is the SHA-256
of the chain value before it and its digest. A chain begins with the digest of what it belongs to:
for a review, with what it was opened with. The last chain value of a log is its *head*. Values are
64 hexadecimal digits.

Content is a plain dict, and becomes bytes in one way only: UTF-8 JSON with sorted keys and no
blanks. docs/journal.md has the fields, for whoever wants to check a store with another program.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

FORMAT = "annotator.journal/1"
Plain = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Opening:
    """What a review is opened with, and cannot be changed afterwards.

    `opened` is UTC; `suggestions` is the digest of the suggestion set that the review is pinned
    to, None without one. A review that is not `assisted` started without suggestions.
    """

    article: str
    reviewer: str
    kind: str
    opened: datetime
    suggestions: str | None
    assisted: bool = True


@dataclass(frozen=True, slots=True)
class Redaction:
    """An entry of a log across articles that the purge of an article removed (`now` is None) or
    changed: its number in the log, its digest before, and its digest now. So the chain still holds,
    and what was purged cannot be read."""

    log: str
    number: int
    was: str
    now: str | None = None


def digest_of(content: bytes) -> str:
    """The digest of an entry's content."""
    return sha256(content).hexdigest()


def linked(previous: str, digest: str) -> str:
    """The chain value of an entry with this digest, after the entry with the value `previous`."""
    return sha256(f"{previous}{digest}".encode()).hexdigest()


def opening_content(opening: Opening) -> Plain:
    """The content with which the chain of a review begins."""
    return {
        "journal": FORMAT,
        "article": opening.article,
        "reviewer": opening.reviewer,
        "kind": opening.kind,
        "opened": exact_time(opening.opened),
        "suggestions": opening.suggestions,
        "assisted": opening.assisted,
    }


def log_content(name: str) -> Plain:
    """The content with which the chain of a log across articles begins."""
    return {"journal": FORMAT, "log": name}


def entry_content(row: Mapping[str, Any], fields: tuple[str, ...]) -> Plain:
    """The content of an entry: these fields of its row, times as text."""
    content = {name: row[name] for name in fields}
    content["at"] = exact_time(content["at"])
    return content


def exact_time(at: datetime) -> str:
    """RFC 3339 in UTC, always with microseconds."""
    # Four times as fast as `strftime`; imports have thousands of times.
    return f"{at.astimezone(UTC).isoformat(timespec='microseconds')[:-6]}Z"
