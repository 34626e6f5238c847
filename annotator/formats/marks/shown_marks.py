"""A review as spans with labels and links between them, as most annotation programs show it.

An entity is one mark, a junk line too, a claim one mark for each piece, linked to its first piece
of content. Links also lead to the entity behind a source, and tie two claims. What such programs do
not show stands beside: the record itself, without its text. Formats write a `MarkedText` in their
syntax, and `read_marks` makes a record of it again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import count
from typing import Any

from annotator.core.annotations import Claim, Entity, Item, Junk
from annotator.core.article import Span
from annotator.core.record import Record
from annotator.core.records.codec import Plain
from annotator.core.records.fields import CLAIM_ATTRIBUTES
from annotator.formats import record_envelope
from annotator.formats.readings import PLAIN, Reading
from annotator.formats.tie_relations import LABELS, rows_of, within

IDENTITY, NOTE = "identity", "note"
SOURCE_ENTITY = "Source entity"
"""The label of the link from a claim to the entity behind its source."""
ATTRIBUTES = frozenset(attribute.name for attribute in CLAIM_ATTRIBUTES)
"""The names of the attributes of a claim that a mark may say."""
_LISTS = ("entities", "claims", "junk", "rejected")


class MarkKind(StrEnum):
    """What a mark is: an entity, a piece of a claim, or a junk line."""

    ENTITY = "entity"
    CONTENT = "content"
    CUE = "cue"
    SOURCE = "source"
    JUNK = "junk"


ROLES = (MarkKind.CONTENT, MarkKind.CUE, MarkKind.SOURCE)
"""The pieces of a claim, in the order in which they are written."""
TITLES: Mapping[MarkKind, str] = {role: role.value.capitalize() for role in ROLES}
"""The labels of pieces of a claim for people: `Content`, `Cue`, `Source`."""


@dataclass(frozen=True, slots=True)
class SpanMark:
    """A span in the offsets of its file. `name` is unique in its text; `kind` is None in files of
    others, which have only labels; `words` is its text if the file gives it.

    `said` are further facts as words: the identity of an entity, the attributes of a claim on its
    first piece of content, a note. `is_placed` is set if its words were found in the text, so that
    its offsets are code points, whatever the file counts.
    """

    name: str
    kind: MarkKind | None
    label: str
    start: Any
    end: Any
    words: str | None = None
    said: Mapping[str, str] = field(default_factory=dict)
    is_placed: bool = False


@dataclass(frozen=True, slots=True)
class MarkLink:
    """A link from one mark to another, by name; its label says what it means."""

    label: str
    one: str
    other: str


@dataclass(frozen=True, slots=True)
class MarkedText:
    """A text with marks and links. `beside` is our own part, if we wrote the file; `reading` is
    how the offsets of such a file count; `says` names the facts that the format can say of a mark,
    so that a missing one was removed. `meta` is what else a file of others says."""

    text: Any
    marks: tuple[SpanMark, ...]
    links: tuple[MarkLink, ...] = ()
    beside: Any = None
    reading: Reading = PLAIN
    says: frozenset[str] = frozenset()
    meta: Mapping[str, Any] = field(default_factory=dict)
    reviewer: str | None = None


def shown(record: Record) -> MarkedText:
    """The record as marks in code points, named `m1`, `m2` and so on, in text order."""
    text, numbers = record.article.text, count(1)
    first: dict[str, str] = {}
    marks: list[SpanMark] = []
    links: list[MarkLink] = []
    for item in record.items:
        own = [_mark(f"m{next(numbers)}", *one, text) for one in _pieces(item)]
        first[item.id] = own[0].name
        marks += own
        links += (MarkLink(one.label, one.name, own[0].name) for one in own[1:])
    known = {entity.id for entity in record.entities}
    for claim in record.claims:
        if claim.source_entity in known:
            links.append(MarkLink(SOURCE_ENTITY, first[claim.id], first[claim.source_entity or ""]))
    tied = tuple(within(record.ties, record.article.id, {claim.id for claim in record.claims}))
    links += (MarkLink(LABELS[tie.relation], first[tie.claim], first[tie.other]) for tie in tied)
    return MarkedText(text, tuple(marks), tuple(links), beside_of(record, drawn=tied))


def beside_of(record: Record, drawn: Iterable[Any] = ()) -> Plain:
    """Our own part: the record without its text; `drawn` are the ties that links show."""
    plain = record.to_dict()
    items = {name: plain[name] for name in _LISTS if plain[name]}
    return {**record_envelope.head_of(record), **items, **rows_of(record.ties, {*drawn})}


def _mark(
    name: str, kind: MarkKind, label: str, span: Span, said: Mapping[str, str], text: str
) -> SpanMark:
    return SpanMark(name, kind, label, span.start, span.end, span.of(text), said)


def _pieces(item: Item) -> Iterator[tuple[MarkKind, str, Span, Mapping[str, str]]]:
    """The kind, label, span and facts of each mark of an item."""
    said = {} if item.note is None else {NOTE: item.note}
    match item:
        case Entity():
            named = {} if item.identity is None else {IDENTITY: item.identity}
            yield MarkKind.ENTITY, item.label, item.span, {**named, **said}
        case Junk():
            yield MarkKind.JUNK, item.kind.value, item.span, said
        case Claim():
            words = {one.name: word for one in CLAIM_ATTRIBUTES if (word := one.word(item))}
            said = {**words, **said}
            for role in ROLES:
                for span in getattr(item, role.value):
                    yield role, TITLES[role], span, said
                    said = {}
