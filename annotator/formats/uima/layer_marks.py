"""Makes marks and links of annotations of INCEpTION's layers, from whatever file they come.

Named entities and our own layers say what they are. An annotation of another layer is read where
one of its values, or the name of its layer, is a label of the scheme or of the map, or a part of a
claim; the others are refused, grouped by layer. Tokens, sentences and grammar can be derived from
the text and are ignored.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from annotator.core.across.identity_log import Identity
from annotator.core.article import Span
from annotator.core.claims.quotes import role_of
from annotator.core.record import Record
from annotator.core.text.counted import many
from annotator.formats.base import Means, nothing
from annotator.formats.marks.shown_marks import (
    ATTRIBUTES,
    IDENTITY,
    ROLES,
    TITLES,
    MarkKind,
    MarkLink,
    SpanMark,
)
from annotator.formats.refusals import RefusedPiece
from annotator.formats.tie_relations import relation_named
from annotator.formats.uima import uima_types as types

IDENTIFIER = "identifier"
_DERIVED = ("de.tudarmstadt.ukp.dkpro.core.api.", "uima.", "de.tudarmstadt.ukp.clarin.webanno.api.")
_MADE_BY_PEOPLE = tuple(f"{_DERIVED[0]}{name}." for name in ("ner", "coref", "semantics"))
_LABELS = {types.ENTITY: "value", types.JUNK: "kind", types.PART: types.ROLE}
_ROLE_NAMED = {TITLES[role]: role for role in ROLES}
_WIKIDATA = re.compile(r"https?://(?:www\.|m\.)?wikidata\.org/(?:entity|wiki)/(Q\d{1,15})")
_LINK = re.compile(r"wikidata:Q\d+")
_FEW = 3


def is_derived(layer: str) -> bool:
    """Whether the annotations of a layer can be derived from the text, or describe the document."""
    return layer.startswith(_DERIVED) and not layer.startswith(_MADE_BY_PEOPLE)


@dataclass(frozen=True, slots=True)
class LayerSpan:
    """One annotation of a layer: a key that no other has, its offsets, and its values as words.

    `is_placed` means that the offsets are code points, whatever the file counts; `line` is its line
    in the file, if any.
    """

    key: Hashable
    layer: str
    start: Any
    end: Any
    said: Mapping[str, str]
    line: int | None = None
    is_placed: bool = False


@dataclass
class LayerMarks:
    """Collects the marks and links of one text; what cannot be read is added to `lost`.

    `ours` means that we wrote the file, so that a named entity is an entity whatever its label.
    `beside` are the values of marks that a record has no place for.
    """

    means: Means = nothing
    ours: bool = False
    marks: list[SpanMark] = field(default_factory=list)
    links: list[MarkLink] = field(default_factory=list)
    lost: list[RefusedPiece] = field(default_factory=list)
    beside: list[dict[str, Any]] = field(default_factory=list)
    _names: dict[Hashable, str] = field(default_factory=dict)
    _others: dict[str, Counter[str]] = field(default_factory=dict)

    def take(self, one: LayerSpan) -> None:
        """Add an annotation of any layer."""
        if is_derived(one.layer):
            return
        if one.start == one.end:
            reason = f"{_short(one.layer)} at {one.start} marks no words"
            self.lost.append(RefusedPiece(reason, "annotation without words", (), one.line))
        elif one.layer in _LABELS:
            feature = _LABELS[one.layer]
            label = one.said.get(feature)
            if label is None or (one.layer == types.PART and label not in _ROLE_NAMED):
                reason = f"a {_short(one.layer)} has no {feature}: {label!r:.40}"
                where = (Span(one.start, one.end),) if one.is_placed else None
                self.lost.append(
                    RefusedPiece(reason, "annotation without a label", where, one.line)
                )
                return
            self._add(one, self._kind(one.layer, label), label, {feature, IDENTIFIER})
        elif (found := self._known_word(one)) is not None:
            feature, label = found
            self._add(one, None, label, {feature, IDENTIFIER})
        else:
            self.pass_over(one.layer, one.said.values())

    def knows(self, key: Hashable) -> bool:
        """Whether an annotation became a mark."""
        return key in self._names

    def join(self, layer: str, said: Iterable[str], one: Hashable, other: Hashable) -> None:
        """Add a relation or a slot between two annotations by their keys; its label is what it says
        of a tie, otherwise its first value or the name of its layer."""
        ends = self._names.get(one), self._names.get(other)
        words = [*said, _short(layer)]
        if is_derived(layer):
            return
        if ends[0] is None or ends[1] is None:
            self.pass_over(layer, words[:-1])
            return
        label = next((word for word in words if relation_named(word)), words[0])
        self.links.append(MarkLink(label, ends[0], ends[1]))

    def pass_over(self, layer: str, said: Iterable[str] = ()) -> None:
        """Count an annotation that is not imported, by its first value."""
        if not is_derived(layer):
            values = self._others.setdefault(layer, Counter())
            values[next(iter(said), "")] += 1

    def refusals(self) -> tuple[RefusedPiece, ...]:
        """What was lost, and the layers that are not imported."""
        return (*self.lost, *self._of_others())

    def _of_others(self) -> Iterator[RefusedPiece]:
        for layer, values in self._others.items():
            count = many(values.total(), "annotation")
            verb = "is" if values.total() == 1 else "are"
            reason = f"{count} of the layer {layer:.80} {verb} not imported{_shown(values)}"
            yield RefusedPiece(reason, f"annotations of the layer {layer:.80}", ())

    def _kind(self, layer: str, label: str) -> MarkKind | None:
        if layer == types.PART:
            return _ROLE_NAMED[label]
        if layer == types.JUNK:
            return MarkKind.JUNK
        return MarkKind.ENTITY if self.ours else None

    def _known_word(self, one: LayerSpan) -> tuple[str, str] | None:
        """The feature and the value that say what an annotation of another layer is; None if
        nothing does."""
        words = (*one.said.items(), ("", _short(one.layer)))
        return next((it for it in words if self.means(it[1]) or role_of(it[1])), None)

    def _add(self, one: LayerSpan, kind: MarkKind | None, label: str, read: set[str]) -> None:
        self._names[one.key] = name = f"m{len(self._names) + 1}"
        said = {fact: word for fact, word in one.said.items() if fact in ATTRIBUTES - read}
        if (identifier := one.said.get(IDENTIFIER)) is not None:
            said[IDENTITY] = identifier if self.ours else _identity(identifier)
        mark = SpanMark(name, kind, label, one.start, one.end, said=said, is_placed=one.is_placed)
        self.marks.append(mark)
        rest = {fact: word for fact, word in one.said.items() if fact not in read | ATTRIBUTES}
        if rest and not self.ours:
            self.beside.append({"of": f"{label:.40} [{one.start}, {one.end})", **rest})


def _short(layer: str) -> str:
    return layer.rpartition(".")[2]


def _shown(values: Counter[str]) -> str:
    """The most frequent values, and how to import them."""
    named = {word: count for word, count in values.most_common(_FEW + 1) if word}
    if not named:
        return ""
    shown = ", ".join(f"{word:.40} {count:,}" for word, count in list(named.items())[:_FEW])
    more = ", …" if len(values) > _FEW else ""
    return f" ({shown}{more}); map values to labels of ours with --map FILE"


def _identity(identifier: str) -> str:
    """The id of an identity: of Wikidata's addresses, `wikidata:Q1`; others unchanged."""
    found = _WIKIDATA.fullmatch(identifier.strip())
    return f"wikidata:{found[1]}" if found else identifier


def with_links(record: Record) -> Record:
    """The record with an identity for each link to Wikidata that its entities have, named by the
    first of them."""
    known = {one.id for one in record.identities}
    made: dict[str, Identity] = {}
    for entity in record.entities:
        link = entity.identity
        if link is not None and link not in known and _LINK.fullmatch(link):
            words = entity.span.of(record.article.text)
            made.setdefault(link, Identity(link, words, entity.label, link))
    if not made:
        return record
    found = sorted((*record.identities, *made.values()), key=lambda one: one.id)
    return replace(record, identities=tuple(found))
