"""Items (entities, claims and junk lines) and when they are valid in a text.

An item holds offsets only; its words are read from the article when needed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise
from typing import TypeAlias

from annotator.core.article import Span, Spans
from annotator.core.text.paragraph_bounds import crosses_paragraphs


class Quotation(StrEnum):
    """How much of the content is in quotation marks: none, all or some."""

    INDIRECT = "indirect"
    DIRECT = "direct"
    MIXED = "mixed"


class SourceKind(StrEnum):
    """What kind of source a claim has: named, anonymous, several people, a document, the author, or
    none given."""

    NAMED = "named"
    ANONYMOUS = "anonymous"
    COLLECTIVE = "collective"
    DOCUMENT = "document"
    AUTHOR = "author"
    UNSPECIFIED = "unspecified"


class Stance(StrEnum):
    """The attitude of the source to the content: asserts it, denies it, demands it, judges it."""

    ASSERTS = "asserts"
    DENIES = "denies"
    QUESTIONS = "questions"
    PREDICTS = "predicts"
    DEMANDS = "demands"
    COMMITS = "commits"
    JUDGES = "judges"


class Certainty(StrEnum):
    """How certain the source is of the content, as worded."""

    CERTAIN = "certain"
    PROBABLE = "probable"
    POSSIBLE = "possible"


class JunkKind(StrEnum):
    """Why a line is not part of the article; the guidelines define each kind."""

    AD_MARKER = "ad-marker"
    RELATED_LINK = "related-link"
    PHOTO_CAPTION = "photo-caption"
    CREDIT_LINE = "credit-line"
    DUPLICATE_TITLE = "duplicate-title"
    DUPLICATE_CAPTION = "duplicate-caption"
    COMMENT_FORM = "comment-form"
    NEWSLETTER = "newsletter"
    SHARE_BAR = "share-bar"
    TAG_LINE = "tag-line"
    FOOTNOTE = "footnote"
    BLANK_ARTIFACT = "blank-artifact"


class MadeBy(StrEnum):
    """Who first made an item."""

    PIPELINE = "pipeline"
    MEMORY = "memory"
    CARRIED = "carried"
    REVIEWER = "reviewer"
    IMPORT = "import"


class Verdict(StrEnum):
    """The reviewer's verdict on an item; `pending` means undecided."""

    ACCEPTED = "accepted"
    CORRECTED = "corrected"
    ADDED = "added"
    PENDING = "pending"


class Tier(StrEnum):
    A = "A"
    B = "B"


@dataclass(frozen=True, slots=True)
class Entity:
    """One span with one label. `score` is the chance (0 to 1) that it is right, if one is known.

    Suggestions of forms that were rejected repeatedly have tier B: known to be wrong. Where several
    pipelines suggest, `suggested_by` names those that suggested it as it is, in order, and
    `not_suggested_by` those that did not although it was theirs to suggest (see `core.opinions`).
    """

    id: str
    span: Span
    label: str
    identity: str | None = None
    made_by: MadeBy = MadeBy.REVIEWER
    verdict: Verdict = Verdict.PENDING
    score: float | None = None
    note: str | None = None
    tier: Tier = Tier.A
    suggested_by: tuple[str, ...] = ()
    not_suggested_by: tuple[str, ...] = ()

    @property
    def spans(self) -> Spans:
        """The span of the item, as a tuple of one."""
        return (self.span,)


@dataclass(frozen=True, slots=True)
class Claim:
    """An attribution: source, cue and content, each a tuple of spans in text order.

    An empty source means that the text names none; an empty cue means a quotation without a
    reporting verb. `source_entity` is the id of an entity of the same review.
    """

    id: str
    content: Spans
    cue: Spans = ()
    source: Spans = ()
    quotation: Quotation = Quotation.INDIRECT
    source_kind: SourceKind = SourceKind.UNSPECIFIED
    stance: Stance = Stance.ASSERTS
    certainty: Certainty | None = None
    check_worthy: bool | None = None
    source_entity: str | None = None
    tier: Tier = Tier.A
    made_by: MadeBy = MadeBy.REVIEWER
    verdict: Verdict = Verdict.PENDING
    score: float | None = None
    note: str | None = None

    @property
    def span(self) -> Span:
        """From the first character of the content to its last."""
        return Span(self.content[0].start, self.content[-1].end)

    @property
    def spans(self) -> Spans:
        """Every piece of content, cue and source, in text order."""
        return tuple(sorted((*self.content, *self.cue, *self.source)))


@dataclass(frozen=True, slots=True)
class Junk:
    """A line, or part of one, that is not part of the article."""

    id: str
    span: Span
    kind: JunkKind
    made_by: MadeBy = MadeBy.REVIEWER
    verdict: Verdict = Verdict.PENDING
    score: float | None = None
    note: str | None = None

    @property
    def spans(self) -> Spans:
        """The span of the item, as a tuple of one."""
        return (self.span,)


Item: TypeAlias = Entity | Claim | Junk


def is_known_wrong(item: Item) -> bool:
    """Whether an item is an undecided entity whose form was rejected repeatedly."""
    return isinstance(item, Entity) and item.tier is Tier.B and item.verdict is Verdict.PENDING


def differs(item: Item) -> bool:
    """Whether pipelines differ on an item: one did not suggest it, or suggested something else."""
    return isinstance(item, Entity) and bool(item.not_suggested_by)


def unattributed(entity: Entity) -> Entity:
    """The entity without the names of its suggesters."""
    if not entity.suggested_by and not entity.not_suggested_by:
        return entity
    return replace(entity, suggested_by=(), not_suggested_by=())


def same_content(one: Item, other: Item) -> bool:
    """Whether two items have the same content, apart from id, maker, suggesters, verdict, score and
    note."""
    return one is other or _bare(one) == _bare(other)


def decided_as(item: Item, verdict: Verdict, made_by: MadeBy, score: float | None) -> Item:
    """The item with this verdict, maker and score."""
    if isinstance(item, Entity):
        # Four times as fast as `replace`: most decisions are on entities.
        return Entity(
            item.id,
            item.span,
            item.label,
            item.identity,
            made_by,
            verdict,
            score,
            item.note,
            item.tier,
            item.suggested_by,
            item.not_suggested_by,
        )
    return replace(item, verdict=verdict, made_by=made_by, score=score)


def called(item: Item, name: str) -> Item:
    """The item with this id."""
    if isinstance(item, Entity):
        # Four times as fast as `replace`: imports give an id to each entity.
        return Entity(
            name,
            item.span,
            item.label,
            item.identity,
            item.made_by,
            item.verdict,
            item.score,
            item.note,
            item.tier,
            item.suggested_by,
            item.not_suggested_by,
        )
    return replace(item, id=name)


def in_text_order(item: Item) -> tuple[int, int, str]:
    """Sort key: by start, then end, then label (of a claim its stance, of a junk line its kind)."""
    match item:
        case Entity():
            return item.span.start, item.span.end, item.label
        case Junk():
            return item.span.start, item.span.end, item.kind
        case Claim():
            return item.span.start, item.span.end, item.stance


def first_problem(item: Item, text: str) -> str | None:
    """The first of an item's `problems` in `text`; None for a valid item."""
    if not isinstance(item, Claim):
        # Fast path for valid entities.
        span = item.span
        if span.end <= len(text) and not text[span.start].isspace():
            return None
    return next(problems(item, text), None)


def problems(item: Item, text: str) -> Iterator[str]:
    """Yields why `item` is invalid in `text`; nothing for a valid item.

    Pieces must lie within the text, contain more than blanks, and be in order and disjoint within
    their part. Pieces of a claim must not cross the end of a paragraph.
    """
    parts = (
        {"content": item.content, "cue": item.cue, "source": item.source}
        if isinstance(item, Claim)
        else {"span": (item.span,)}
    )
    if isinstance(item, Claim) and not item.content:
        yield "a claim needs content"
    for part, pieces in parts.items():
        for piece in pieces:
            yield from _piece_problems(part, piece, text, within=isinstance(item, Claim))
        for one, next_one in pairwise(pieces):
            if one.end > next_one.start:
                yield f"{part}: pieces overlap or are out of order at {next_one.start}"


def _piece_problems(part: str, piece: Span, text: str, *, within: bool) -> Iterator[str]:
    if piece.end > len(text):
        yield f"{part}: [{piece.start}, {piece.end}) lies outside the text"
    # Copy the words only if the first is a blank: thousands of spans may each cover most of a text.
    elif text[piece.start].isspace() and piece.of(text).isspace():
        yield f"{part}: [{piece.start}, {piece.end}) holds only blanks"
    elif within and crosses_paragraphs(piece, text):
        yield f"{part}: [{piece.start}, {piece.end}) crosses the end of a paragraph"


def _bare(item: Item) -> Item:
    plain = replace(item, id="", made_by=MadeBy.REVIEWER, verdict=Verdict.PENDING, score=None)
    plain = replace(plain, note=None)
    return unattributed(replace(plain, tier=Tier.A)) if isinstance(plain, Entity) else plain
