"""Reads brat standoff files: text-bound annotations, attribution events, attributes and notes.

`brat_pairs` matches texts and annotation files. `Content2`, `Source2` and so on are further pieces.
If an attribution has no attributes in its file, they are guessed from its words. The offset unit is
proved by the words beside the offsets; code points are preferred.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from annotator.core.annotations import (
    Claim,
    Entity,
    Item,
    Junk,
    MadeBy,
    Verdict,
)
from annotator.core.article import Article, Origin, Span, identity_of
from annotator.core.claim_ties import Tie
from annotator.core.claims.claim_defaults import with_guesses
from annotator.core.record import Record
from annotator.errors import RecordError
from annotator.formats.across_rows import with_ties
from annotator.formats.base import Means, ReadOptions, Refused, nothing
from annotator.formats.brat import brat_names as names
from annotator.formats.brat.brat_loose import Loose, loose_claims
from annotator.formats.brat.brat_pairs import TEXTS, pairs_in
from annotator.formats.brat.brat_places import Marked, marked_in
from annotator.formats.brat.brat_references import (
    NO_LINE,
    NamedIdentities,
    Reference,
    is_tie,
    reference_in,
)
from annotator.formats.counting import Counting, Spans, counting
from annotator.formats.external_text import (
    ExternalText,
    InvalidAnnotation,
    check,
    decoded,
    imported,
)
from annotator.formats.imported_items import IMPORTED, claim_read, entity_read
from annotator.formats.plain_files import content_of
from annotator.formats.quotation_spans import role_in
from annotator.formats.refusals import RefusedPiece, refused_then_record

_NUMBER = re.compile(r"\d+$")
# Lines that mark no words but refer to annotations of other lines.
_BESIDE = ("A", "M", "N", "R", "#", "*")
_OF_NOTHING = "line about another annotation"
_OTHER_WORDS = "invalid span"
_ATTRIBUTION = "unsupported attribution"
_UNREAD = "unreadable files"


def read(path: Path, options: ReadOptions) -> Iterator[Record | Refused]:
    """One record for each `.ann` file of a folder, in order, or for one `.ann` or `.txt` file.

    Yields Refused, with file and line, for annotations that are invalid or unsupported. Raises
    RecordError if there is no such file.
    """
    how = counting(path, options.offsets, options.notes)
    if not path.exists():
        raise RecordError(f"{path} does not exist.", hint="Name a folder with .ann and .txt files.")
    named = path.resolve()
    # Attribution corpora have the texts in a folder beside that of the annotations.
    within = (named, named.parent / TEXTS if path.is_dir() else path.parent.resolve())
    for one in pairs_in(path):
        if isinstance(one, Refused):
            yield one
        else:
            yield from _read_pair(*one, how, within, options.means)


def _read_pair(
    ann: Path, text: Path, how: Counting, within: Sequence[Path], means: Means
) -> Iterator[Record | Refused]:
    try:
        raw = decoded(content_of(text, within))
        lines = decoded(content_of(ann, within)).removeprefix("\ufeff")
        numbered = [(number, line.removesuffix("\r")) for number, line in _numbered_lines(lines)]
        if not names.are_lines([line for _, line in numbered]):
            raise InvalidAnnotation(
                "its .ann file contains no brat lines", "files of another format"
            )
        marked = {number: one for number, line in numbered if (one := marked_in(line)) is not None}
        rows = (row for one in marked.values() for row in one.rows)
        spans = replace(how, file=ann.name).spans(
            ExternalText(raw), rows, ours=_is_named_by_id(text.stem, raw)
        )
    except OSError as error:
        name = Path(error.filename or ann).name
        yield Refused(name, None, f"cannot be read: {error.strerror or error}", kind=_UNREAD)
    except UnicodeDecodeError as error:
        yield Refused(ann.name, None, f"not UTF-8 text: {error}", kind=_UNREAD)
    except InvalidAnnotation as invalid:
        yield Refused(text.name, None, str(invalid), kind=invalid.kind)
    else:
        reading = _AnnFile(spans, marked, means)
        for number, line in numbered:
            reading.take(number, line)
        record = _named(reading.record(), text.stem, ann.stem)
        lost = sorted(reading.lost, key=lambda one: one.line or 0)
        yield from refused_then_record(record, lost, ann.name, 1)


def _numbered_lines(content: str) -> Iterator[tuple[int, str]]:
    """The numbered lines of an `.ann` file; also with CR as line end."""
    return enumerate(content.split("\n" if "\n" in content else "\r"), start=1)


def _named(record: Record, text: str, ann: str) -> Record:
    """The record with the file's name, unless that is its id, and the annotator, if named."""
    if not _is_named_by_id(text, record.article.text):
        article = replace(record.article, origin=Origin(name=f"{text}.txt"))
        record = replace(record, article=article)
    reviewer = ann.removeprefix(text).removeprefix("_")
    return replace(record, review=replace(IMPORTED, reviewer=reviewer)) if reviewer else record


def _is_named_by_id(name: str, text: str) -> bool:
    """Whether we wrote a file with this name: it begins with the id of its text."""
    return name.startswith(identity_of(text))


@dataclass(frozen=True)
class _Bound:
    """A text-bound annotation: its type, the spans of its fragments in our text, and its line."""

    kind: str
    spans: tuple[Span, ...]
    line: int


@dataclass(frozen=True)
class _Event:
    kind: str
    trigger: str
    roles: tuple[tuple[str, str], ...]
    line: int


@dataclass
class _AnnFile:
    """Reads one `.ann` file; lines are collected first, since they may refer to later lines."""

    spans: Spans
    marked: Mapping[int, Marked]
    means: Means = nothing
    lost: list[RefusedPiece] = field(default_factory=list)
    bound: dict[str, _Bound] = field(default_factory=dict)
    events: dict[str, _Event] = field(default_factory=dict)
    said: dict[str, list[Reference]] = field(default_factory=dict)
    items: dict[str, Item] = field(default_factory=dict)
    identities: NamedIdentities = field(default_factory=NamedIdentities)

    @property
    def text(self) -> ExternalText:
        """The annotated text."""
        return self.spans.text

    def take(self, number: int, line: str) -> None:
        """Read one line, or refuse it if invalid."""
        if not line.strip():
            return
        name, _, rest = line.partition("\t")
        try:
            if name in self.bound or name in self.events:
                raise InvalidAnnotation(f"{name} occurs twice", "duplicate id")
            match name[:1]:
                case "T":
                    self.bound[name] = self._bound(rest, number)
                case "E":
                    self.events[name] = _event(rest, number)
                case "A" | "M" | "N" | "R" | "#":
                    target, said = reference_in(name[0], rest, number)
                    self.said.setdefault(target, []).append(said)
                case "*":
                    raise InvalidAnnotation(
                        "equivalence sets (*) are not imported", "equivalence sets"
                    )
                case _:
                    raise InvalidAnnotation(f"not a brat line: {line!r:.60}", NO_LINE)
        except InvalidAnnotation as error:
            # It is unknown which words an invalid line would have marked.
            self.refuse(number, error, () if name[:1] in _BESIDE else None)

    def refuse(
        self, line: int, why: InvalidAnnotation, about: tuple[Span, ...] | None = ()
    ) -> None:
        """Record a refused line and the words that it was about (None: unknown)."""
        self.lost.append(RefusedPiece(str(why), why.kind, about, line))

    def record(self) -> Record:
        """The record made from all lines."""
        triggers = {event.trigger for event in self.events.values()}
        parts = {name for event in self.events.values() for _, name in event.roles}
        loose: dict[str, Loose] = {}
        for name, bound in self.bound.items():
            if role := role_in(bound.kind, self.means):
                if name not in parts | triggers:
                    loose[name] = Loose(role, bound.spans, bound.line)
            elif bound.kind != names.ATTRIBUTION:
                if name not in triggers:
                    self._make(name, bound)
            elif name not in parts | triggers:
                why = InvalidAnnotation(
                    f"{name} ({bound.kind}) is not part of an attribution", "loose pieces"
                )
                self.refuse(bound.line, why, bound.spans)
        ties = self._ties()
        for name, event in self.events.items():
            self._make(name, event)
        relations = list(self._relations_of(loose))
        claims = list(loose_claims(loose, relations, self.text.text, self.lost))
        for target, rows in self.said.items():
            for one in rows:
                lost = f"it refers to {target}, which is missing or not imported"
                self.refuse(one.line, InvalidAnnotation(lost, _OF_NOTHING))
        record = imported(Article(self.text.text), [*self.items.values(), *claims])
        record = replace(record, identities=self.identities.in_order())
        return with_ties(record, self._tied(ties, record.article.id), self.lost)

    def _ties(self) -> list[tuple[str, Reference]]:
        """The relations that are ties of two attributions, with the first of them; taken out of
        the lines about it."""
        found = []
        for name in self.said.keys() & self.events.keys():
            ties = [one for one in self.said[name] if is_tie(one) and one.value in self.events]
            found += [(name, one) for one in ties]
            self.said[name] = [one for one in self.said[name] if one not in ties]
        return sorted(found, key=lambda one: one[1].line)

    def _tied(self, ties: Iterable[tuple[str, Reference]], article: str) -> Iterator[Tie]:
        """The ties of claims; those of events that are not imported are refused."""
        for name, one in ties:
            gone = next((end for end in (name, one.value) if end not in self.items), None)
            if gone is not None or name == one.value:
                why = f"it joins {name} and {one.value}, which are not two claims"
                self.refuse(one.line, InvalidAnnotation(why, _OF_NOTHING))
                continue
            yield names.tie_read(name, one.what, article, one.value)

    def _relations_of(self, loose: Mapping[str, Loose]) -> Iterator[tuple[str, str]]:
        """The relations between these annotations; other lines about them are kept."""
        for name in loose:
            rows = self.said.pop(name, [])
            known = [one for one in rows if one.letter == "R" and one.value in loose]
            yield from ((name, one.value) for one in known)
            if others := [one for one in rows if one not in known]:
                self.said[name] = others

    def _make(self, name: str, found: _Bound | _Event) -> None:
        try:
            if isinstance(found, _Event):
                item: Item = self._claim(name, found)
            else:
                item = self._item(name, found)
            self.items[name] = check(item, self.text.text)
        except InvalidAnnotation as error:
            self.refuse(found.line, error, self._about(found))

    def _about(self, found: _Bound | _Event) -> tuple[Span, ...] | None:
        """The spans of an annotation; None if a part of it has no valid span."""
        if isinstance(found, _Bound):
            return found.spans
        named = (found.trigger, *(target for _, target in found.roles))
        pieces = [self.bound.get(name) for name in named]
        placed = [piece for piece in pieces if piece is not None]
        whole = len(placed) == len(pieces)
        return tuple(span for piece in placed for span in piece.spans) if whole else None

    def _bound(self, rest: str, line: int) -> _Bound:
        where, _, words = rest.partition("\t")
        marked = self.marked.get(line)
        if marked is None:
            raise InvalidAnnotation(f"missing type or offsets: {where!r:.60}", NO_LINE)
        spans = tuple(self.spans.at(*row) for row in marked.rows)
        if len(spans) > 1 and words.strip() and any(row[2] is None for row in marked.rows):
            there = " ".join(span.of(self.text.text) for span in spans)
            if words.split() != there.split():
                places = where.partition(" ")[2]
                raise InvalidAnnotation(
                    f"{places} reads {there!r:.60} in the text, not {words!r:.60}", _OTHER_WORDS
                )
        return _Bound(marked.kind, spans, line)

    def _item(self, name: str, bound: _Bound) -> Entity | Junk:
        spans = names.pieces(bound.spans, self.text.text, whole=True)
        if len(spans) != 1:
            raise InvalidAnnotation(
                f"{name} ({bound.kind}) is discontinuous, which only claims may be",
                "discontinuous entity or junk",
            )
        if bound.kind == names.JUNK:
            said = self._fields(name, (names.JUNK_KIND,))
            if "kind" not in said:
                raise InvalidAnnotation(f"{name} has no {names.JUNK_KIND}", "junk without a kind")
            return Junk(name, spans[0], made_by=MadeBy.IMPORT, verdict=Verdict.ACCEPTED, **said)
        entity = entity_read(name, spans[0], names.from_type(bound.kind))
        if name not in self.said:
            return entity
        entity = self._named(name, entity)
        return replace(entity, **self._fields(name, ()))

    def _claim(self, name: str, event: _Event) -> Claim:
        if event.kind != names.ATTRIBUTION:
            raise InvalidAnnotation(
                f"events of the type {event.kind} are not imported", "unsupported event type"
            )
        parts: dict[str, list[Span]] = {part: [] for part in names.ROLES.values()}
        linked = None
        for role, target in event.roles:
            if role not in names.ROLES:
                raise InvalidAnnotation(
                    f"{name} has the role {role}, which is not supported", _ATTRIBUTION
                )
            if target not in self.bound:
                raise InvalidAnnotation(
                    f"{name} refers to {target}, which is missing or not imported", _ATTRIBUTION
                )
            if role == names.SOURCE and isinstance(self.items.get(target), Entity):
                linked = linked or target
            parts[names.ROLES[role]] += names.pieces(self.bound[target].spans, self.text.text)
        claim = claim_read(
            name, **{part: tuple(sorted(set(spans))) for part, spans in parts.items()}
        )
        said = self._fields(name, tuple(names.VALUES))
        if not said.keys() - {"note", "source_entity"}:
            claim = with_guesses(claim, self.text.text) if claim.content else claim
        return replace(claim, **{"source_entity": linked, **said})

    def _named(self, name: str, entity: Entity) -> Entity:
        """The entity with the identity that normalisations name."""
        rows = self.said[name]
        own = [one for one in rows if one.letter == "N"]
        if not own:
            return entity
        self.said[name] = [one for one in rows if one.letter != "N"]
        words = names.surface(names.fragments(entity.spans, self.text.text), self.text.text)
        identity, lost = self.identities.named(own, words, entity.label)
        for line, why in lost:
            self.refuse(line, why)
        return replace(entity, identity=identity)

    def _fields(self, name: str, attributes: tuple[str, ...]) -> dict[str, Any]:
        """The fields of an item from the lines about its annotation."""
        fields: dict[str, Any] = {}
        for one in self.said.pop(name, ()):
            try:
                fields |= self._field(one, attributes, fields.get("note"))
            except InvalidAnnotation as error:
                self.refuse(one.line, InvalidAnnotation(str(error), error.kind))
        return fields

    def _field(
        self, one: Reference, attributes: tuple[str, ...], note: str | None
    ) -> dict[str, Any]:
        if one.letter == "#":
            return {"note": f"{note} {one.value}" if note else one.value}
        if one.letter == "R" and one.what == names.SOURCE_ENTITY and attributes:
            if isinstance(self.items.get(one.value), Entity):
                return {"source_entity": one.value}
            raise InvalidAnnotation(f"{one.value} is not an entity", _OF_NOTHING)
        if one.letter in "AM" and one.what in attributes:
            try:
                return names.attribute_read(one.what, one.value)
            except (ValueError, KeyError):
                known = ", ".join(names.VALUES[one.what])
                raise InvalidAnnotation(
                    f"{one.value!r:.60} is not one of {known}", "invalid value"
                ) from None
        raise InvalidAnnotation(f"{one.what} is not imported", "unsupported attribute")


def _event(rest: str, line: int) -> _Event:
    pairs = [word.partition(":") for word in rest.split()]
    if not pairs or not all(colon and target for _, colon, target in pairs):
        raise InvalidAnnotation(f"not an event: {rest!r:.60}", NO_LINE)
    (kind, _, trigger), *roles = pairs
    return _Event(
        kind, trigger, tuple((_NUMBER.sub("", role), target) for role, _, target in roles), line
    )
