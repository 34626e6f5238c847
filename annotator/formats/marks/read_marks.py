"""Makes records of texts with marks and links, ours and those of other programs.

In a file that we wrote, marks and links decide what stands, and our own part says the rest. In
others, labels tell pieces of claims from entities, and pieces without links are joined by
proximity.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from annotator.core.annotations import (
    Claim,
    Entity,
    Item,
    Junk,
    JunkKind,
    MadeBy,
    Verdict,
    in_text_order,
)
from annotator.core.article import Article, Span
from annotator.core.claims.claim_defaults import with_guesses
from annotator.core.claims.quotes import Parts
from annotator.core.decisions import Answer
from annotator.core.record import Record
from annotator.core.records.fields import CLAIM_ATTRIBUTES
from annotator.formats import record_envelope
from annotator.formats.across_rows import with_ties
from annotator.formats.base import Means, Refused
from annotator.formats.counting import Counting, Row, Spans
from annotator.formats.external_text import (
    ExternalText,
    InvalidAnnotation,
    check,
    imported,
    label_in,
)
from annotator.formats.imported_items import IMPORTED, claim_read, entity_read
from annotator.formats.marks.known_items import KnownItems, known_items, rejected_items
from annotator.formats.marks.shown_marks import (
    IDENTITY,
    NOTE,
    MarkedText,
    MarkKind,
    MarkLink,
    SpanMark,
)
from annotator.formats.quotation_spans import CLAIM, parts_of, role_in, spans_of
from annotator.formats.refusals import RefusedPiece, refuse_path, refused_then_records
from annotator.formats.tie_relations import Drawn, Written, relation_named, settled

_Item = TypeVar("_Item", bound=Entity | Claim | Junk)
_NO_PARTS = "relation between other spans than parts of claims"
_ROLES = {MarkKind.CONTENT, MarkKind.CUE, MarkKind.SOURCE}


def read_marks(
    one: MarkedText,
    how: Counting,
    means: Means,
    number: int,
    refused: tuple[RefusedPiece, ...] = (),
) -> Iterator[Refused | Record]:
    """The record of a text with marks, after its refused parts; Refused if there is no text.

    `refused` are parts that the format itself could not read; `number` is the line or item.
    """
    lost = list(refused)
    return refused_then_records(lambda: [(_record(one, how, means, lost), lost)], how.file, number)


def _record(one: MarkedText, how: Counting, means: Means, lost: list[RefusedPiece]) -> Record:
    ours = one.beside if isinstance(one.beside, dict) else None
    text = ExternalText(one.text, keeps_mark=ours is not None)
    if ours is None:
        refuse_path(text.text)
        review = replace(IMPORTED, reviewer=one.reviewer) if one.reviewer else IMPORTED
        base = imported(Article(text.text, meta=dict(one.meta)), (), review=review)
        spans = how.spans(text, _rows(one))
        known, written = KnownItems(), tuple[Written, ...]()
    else:
        base = _as_reviewed(record_envelope.record_of(ours, text.text, lost))
        spans = Spans(text, one.reading)
        known = known_items(ours, text.text, lost)
        written = record_envelope.ties_in(ours, lost)
        base = replace(base, rejected=rejected_items(ours, text.text, lost))
    reading = _MarksToItems(spans, means, ours is not None, one.says, known, lost)
    items = sorted(reading.items(one), key=lambda item: _place(item, known))
    record = replace(
        base,
        entities=tuple(item for item in items if isinstance(item, Entity)),
        claims=tuple(item for item in items if isinstance(item, Claim)),
        junk=tuple(item for item in items if isinstance(item, Junk)),
    )
    return with_ties(record, settled(written, reading.tied, record.article.id), lost)


def _rows(one: MarkedText) -> Iterator[Row]:
    """The offsets of all marks that prove or need a unit."""
    return ((mark.start, mark.end, mark.words) for mark in one.marks if not mark.is_placed)


def _as_reviewed(base: Record) -> Record:
    """The record as a finished review, since we write no others."""
    review = base.review if base.review.kind != "none" else IMPORTED
    return replace(base, review=review, answer=Answer.ACCEPT)


def _place(item: Item, known: KnownItems) -> tuple[Any, ...]:
    return (*in_text_order(item), known.order.get(item.id, len(known.order)))


@dataclass
class _MarksToItems:
    """Reads the marks of one text; invalid ones are added to `lost`. `tied` are the ties of claims
    once the items are read."""

    spans: Spans
    means: Means
    ours: bool
    says: frozenset[str]
    known: KnownItems
    lost: list[RefusedPiece]
    tied: list[Drawn] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The annotated text."""
        return self.spans.text.text

    def items(self, one: MarkedText) -> list[Item]:
        """The items of these marks."""
        pieces: dict[str, tuple[str, Span]] = {}
        said: dict[str, Mapping[str, str]] = {}
        plain: list[tuple[str, Item, Mapping[str, str]]] = []
        for mark in one.marks:
            try:
                spans = Spans(self.spans.text) if mark.is_placed else self.spans
                span = spans.at(mark.start, mark.end, mark.words)
                if role := self._role(mark):
                    pieces[mark.name] = role, span
                    said[mark.name] = mark.said
                else:
                    plain.append((mark.name, check(_bare(mark, span), self.text), mark.said))
            except InvalidAnnotation as invalid:
                where = f"{mark.label} [{mark.start}, {mark.end})"
                self.lost.append(RefusedPiece(f"{where:.80}: {invalid}", invalid.kind))
        entities, items = {}, []
        for name, found in self._settled(plain):
            items.append(found)
            if isinstance(found, Entity):
                entities[name] = found.id
        return [*items, *self._claims(one.links, pieces, said, entities)]

    def _role(self, mark: SpanMark) -> str | None:
        """The role of a mark in a claim; None if it is an entity or a junk line."""
        if mark.kind is None:
            return role_in(mark.label, self.means)
        return mark.kind.value if mark.kind in _ROLES else None

    def _settled(
        self, plain: list[tuple[str, Item, Mapping[str, str]]]
    ) -> Iterator[tuple[str, Item]]:
        """Entities and junk lines as our part knows them; corrected ones once all that are as they
        were are taken."""
        same = [self.known.same(item) for _, item, _ in plain]
        for (name, item, said), was in zip(plain, same, strict=True):
            if was is None and (was := self.known.like(item)) is not None:
                was = _relabelled(was, item)
            if was is None:
                letter = "e" if isinstance(item, Entity) else "j"
                was = replace(item, id=self.known.fresh_id(letter))
                yield name, _with_said(was, said, frozenset(said))
            else:
                yield name, _with_said(was, said, self.says)

    def _claims(
        self,
        links: tuple[MarkLink, ...],
        pieces: dict[str, tuple[str, Span]],
        said: Mapping[str, Mapping[str, str]],
        entities: Mapping[str, str],
    ) -> Iterator[Claim]:
        joined: list[tuple[str, str]] = []
        sources: dict[str, str] = {}
        ties: list[MarkLink] = []
        for link in links:
            if link.one in pieces and link.other in pieces:
                if relation_named(link.label):
                    ties.append(link)
                else:
                    joined.append((link.one, link.other))
            elif link.one in pieces and link.other in entities:
                sources[link.one] = entities[link.other]
            elif link.other in pieces and link.one in entities:
                sources[link.other] = entities[link.one]
            else:
                reason = f"{link.label:.40}: from {link.one:.40} to {link.other:.40}"
                self.lost.append(RefusedPiece(reason, _NO_PARTS, ()))
        owners: dict[str, str] = {}
        parts = parts_of(pieces, joined, self.text, self.lost, near=not self.ours)
        for claim, one in self._made(parts, pieces):
            speaker = next((sources[key] for key in one.every if key in sources), None)
            words = {k: v for key in one.every for k, v in said[key].items()}
            try:
                claim = self._attributed(replace(claim, source_entity=speaker), words)
                yield check(claim, self.text)  # type: ignore[misc]  # what went in comes out
                owners |= dict.fromkeys(one.every, claim.id)
            except InvalidAnnotation as invalid:
                where = tuple(pieces[key][1] for key in one.every)
                self.lost.append(RefusedPiece(f"claim {invalid}", CLAIM, where))
        self.tied = [drawn for link in ties if (drawn := self._drawn(link, owners)) is not None]

    def _made(
        self, parts: tuple[Parts[str], ...], pieces: Mapping[str, tuple[str, Span]]
    ) -> Iterator[tuple[Claim, Parts[str]]]:
        """A claim for each group of pieces, as our part knows it; one whose pieces were changed
        once all that are as they were are taken."""
        bare = [claim_read("", *self._spans_of(pieces, one)) for one in parts]
        same = [self.known.same(claim) for claim in bare]
        for one, claim, was in zip(parts, bare, same, strict=True):
            if was is None and (was := self.known.like(claim)) is not None:
                moved = replace(claim, source_entity=None)
                assert isinstance(was, Claim)
                was = replace(was, content=moved.content, cue=moved.cue, source=moved.source)
                was = _corrected(was)
            if was is None:
                claim = with_guesses(claim, self.text) if claim.content else claim
                was = replace(claim, id=self.known.fresh_id("c"))
            assert isinstance(was, Claim)
            yield was, one

    def _spans_of(
        self, pieces: Mapping[str, tuple[str, Span]], parts: Parts[str]
    ) -> tuple[tuple[Span, ...], tuple[Span, ...], tuple[Span, ...]]:
        if not self.ours:
            return spans_of(pieces, parts, self.text)
        content, cue, source = (
            tuple(pieces[key][1] for key in keys)
            for keys in (parts.content, parts.cue, parts.source)
        )
        return content, cue, source

    def _attributed(self, claim: Claim, said: Mapping[str, str]) -> Claim:
        """The claim with the attributes that its marks say; invalid ones are added to `lost`."""
        claim = _with_said(claim, said, self.says & {NOTE} if self.ours else {NOTE} & said.keys())
        for attribute in CLAIM_ATTRIBUTES:
            word = said.get(attribute.name)
            if word is None and (attribute.name not in self.says or attribute.default is not None):
                continue
            try:
                value = None if word is None else attribute.of_word(word)
            except ValueError:
                reason = (
                    f"{attribute.name}: {word!r:.40} is not one of {', '.join(attribute.words)}"
                )
                self.lost.append(RefusedPiece(reason, "invalid value", ()))
                continue
            if value != getattr(claim, attribute.name):
                claim = _corrected(_changed(claim, **{attribute.name: value}))
        return claim

    def _drawn(self, link: MarkLink, owners: Mapping[str, str]) -> Drawn | None:
        claim, other = owners.get(link.one), owners.get(link.other)
        relation = relation_named(link.label)
        if claim is None or other is None or claim == other or relation is None:
            reason = f"{link.label:.40} from {link.one:.40} to {link.other:.40} ties no two claims"
            self.lost.append(RefusedPiece(reason, _NO_PARTS, ()))
            return None
        return Drawn(claim, relation, other)


def _bare(mark: SpanMark, span: Span) -> Item:
    if mark.kind is not MarkKind.JUNK:
        return entity_read("", span, label_in(mark.label))
    try:
        return Junk("", span, JunkKind(mark.label), MadeBy.IMPORT, Verdict.ACCEPTED)
    except ValueError:
        raise InvalidAnnotation(
            f"{mark.label!r:.40} is not a kind of junk", "junk without a kind"
        ) from None


def _relabelled(was: Item, now: Item) -> Item:
    if isinstance(was, Entity) and isinstance(now, Entity):
        return _corrected(replace(was, label=now.label))
    if isinstance(was, Junk) and isinstance(now, Junk):
        return _corrected(replace(was, kind=now.kind))
    return was


def _with_said(item: _Item, said: Mapping[str, str], says: Set[str]) -> _Item:
    """The item with the identity and the note that its mark says."""
    if IDENTITY in says and isinstance(item, Entity):
        item = _changed(item, identity=said.get(IDENTITY))
    return _changed(item, note=said.get(NOTE)) if NOTE in says else item


def _changed(item: _Item, **values: Any) -> _Item:
    if all(getattr(item, name) == value for name, value in values.items()):
        return item
    return replace(item, **values)


def _corrected(item: _Item) -> _Item:
    """The item with the verdict of one that somebody changed, if it was accepted as it was."""
    is_accepted = item.verdict is Verdict.ACCEPTED and item.made_by is not MadeBy.IMPORT
    return replace(item, verdict=Verdict.CORRECTED) if is_accepted else item
