"""Articles: immutable text, its origin, and spans of characters in it."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from typing import Any

_LINE = re.compile(r"[^\n]+")
_ADDRESS = re.compile(r"\w+://\S+")
_TITLE_LENGTH = 200


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range `[start, end)` of code points of an article's text; never empty."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"invalid span: [{self.start}, {self.end})")

    def __len__(self) -> int:
        return self.end - self.start

    def overlaps(self, other: Span) -> bool:
        """Whether the two spans share a character."""
        return self.start < other.end and other.start < self.end

    def contains(self, other: Span) -> bool:
        """Whether this span covers all of `other`."""
        return self.start <= other.start and other.end <= self.end

    def shift(self, by: int) -> Span:
        """The span moved by so many characters; raises ValueError if it would begin before 0."""
        return Span(self.start + by, self.end + by)

    def of(self, text: str) -> str:
        """The characters of `text` that this span covers."""
        return text[self.start : self.end]


Spans = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an article came from: `name` a file name, never a path; `received` UTC, RFC 3339."""

    name: str | None = None
    outlet: str | None = None
    url: str | None = None
    author: str | None = None
    published: str | None = None
    received: str | None = None
    part: str | None = None


@dataclass(frozen=True)
class Article:
    """A text as taken in. Its text is its identity; all offsets refer to it."""

    text: str
    title: str | None = None
    language: str | None = None
    origin: Origin = field(default_factory=Origin)
    also_from: tuple[Origin, ...] = ()
    meta: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def id(self) -> str:
        """SHA-256 (hex) of the text in UTF-8."""
        return identity_of(self.text)

    @cached_property
    def name(self) -> str:
        """What every list and header calls the article, as `core.text.lead.listed_as` says."""
        from annotator.core.text.lead import listed_as  # which reads articles

        return listed_as(self)

    def is_from(self, outlet: str) -> bool:
        """Whether any origin of the article has this outlet."""
        return any(origin.outlet == outlet for origin in (self.origin, *self.also_from))


def identity_of(text: str) -> str:
    """SHA-256 (hex) of `text` in UTF-8: the id of the article that has this text."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def normalise(text: str) -> str:
    """`text` without byte order mark and with every CRLF and CR as LF; nothing else is changed."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def title_line(text: str) -> str | None:
    """The first line with more than blanks and a URL, if it is short enough; otherwise None."""
    for line in _LINE.finditer(text):
        title = line.group().strip().lstrip("#").strip()
        if title and not _ADDRESS.fullmatch(title):
            return title if len(title) <= _TITLE_LENGTH else None
    return None


def overlap_test(spans: Iterable[Span]) -> Callable[[Span], bool]:
    """A test whether a span overlaps one of these; each call is a bisection."""
    ordered = sorted(spans)
    starts = [span.start for span in ordered]
    reach = list(accumulate((span.end for span in ordered), max))

    def overlaps(span: Span) -> bool:
        before = bisect_left(starts, span.end)
        return before > 0 and reach[before - 1] > span.start

    return overlaps
