"""What one reviewer said of an article, and about what they said nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from annotator.core.annotations import Claim, Entity, Item, Junk, Verdict
from annotator.core.article import Article, Span, Spans
from annotator.core.decisions import Answer
from annotator.core.edits import joined_pieces
from annotator.core.item_matching import overlap
from annotator.core.record import Record, ReviewFacts, SchemeId
from annotator.core.records.unknown import apart_from
from annotator.core.review import Review

_Some = TypeVar("_Some", Entity, Claim, Junk)
COMPARED_KINDS = ("review", "import")
"""Kinds of reviews that are compared: an adjudication is never compared with its sources."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """The decided items of a finished review, and what it left open.

    `unsaid` are the spans about which it says nothing, without the words of its own decided items;
    `open_claims` were left open or never shown.
    """

    reviewer: str
    finished: datetime | None
    entities: tuple[Entity, ...] = ()
    claims: tuple[Claim, ...] = ()
    junk: tuple[Junk, ...] = ()
    open_claims: tuple[Claim, ...] = ()
    unsaid_entities: Spans = ()
    unsaid_claims: Spans = ()
    unsaid_junk: Spans = ()

    @classmethod
    def of(cls, record: Record) -> Judgement:
        """What a record says."""
        entities, open_entities = _by_verdict(record.entities)
        claims, open_claims = _by_verdict(record.claims)
        junk, open_junk = _by_verdict(record.junk)
        return cls(
            record.review.reviewer or "",
            record.review.finished,
            entities,
            claims,
            junk,
            (*open_claims, *record.offered),
            _unsaid(record.unknown, open_entities, entities),
            record.unknown,
            _unsaid(record.unknown, open_junk, junk),
        )

    def knows(self, item: Item) -> bool:
        """Whether this review says of an item of another one whether it is right."""
        match item:
            case Entity():
                return not _touches(item.span, self.unsaid_entities)
            case Junk():
                return not _touches(item.span, self.unsaid_junk)
            case Claim():
                if not self.open_claims and not self.unsaid_claims:
                    return True
                if any(overlap(item, mine) for mine in self.claims):
                    return True
                unsaid = any(_touches(piece, self.unsaid_claims) for piece in item.content)
                return not unsaid and not any(overlap(item, one) for one in self.open_claims)


@dataclass(frozen=True, slots=True)
class ReviewedArticle:
    """An article with the judgements of two reviewers or more, ordered by reviewer."""

    article: Article
    judgements: tuple[Judgement, ...]

    @classmethod
    def of(cls, records: Iterable[Record]) -> ReviewedArticle | None:
        """The comparable reviews among the records of one article; None if there are not two.

        Articles that somebody skipped or called unusable have no items to compare for them.
        """
        found = sorted(
            (one for one in records if is_comparable(one)),
            key=lambda one: one.review.reviewer or "",
        )
        if len(found) < 2:
            return None
        return cls(found[0].article, tuple(map(Judgement.of, found)))

    @classmethod
    def of_reviews(cls, reviews: Iterable[FinishedReview]) -> ReviewedArticle | None:
        """The comparable ones among finished reviews of one article; None if there are not two."""
        return cls.of(map(_as_record, reviews))

    @property
    def month(self) -> str | None:
        """The month (`2026-03`, UTC) in which the last of the reviews was finished, if known."""
        ends = [one.finished for one in self.judgements if one.finished]
        return f"{max(ends):%Y-%m}" if ends else None


class FinishedReview(Protocol):
    """The part of a review from the store that is compared."""

    @property
    def article(self) -> Article: ...
    @property
    def review(self) -> Review: ...
    @property
    def kind(self) -> str: ...


def _as_record(one: FinishedReview) -> Record:
    """What a dataset would say: what nobody was shown is left out there too."""
    facts = ReviewFacts(one.review.reviewer, one.kind, finished=one.review.finished)
    return Record.of(one.article, one.review, scheme=_NO_SCHEME, pipeline=None, facts=facts)


_NO_SCHEME = SchemeId("", "")


def is_comparable(record: Record) -> bool:
    """Whether a record is one reviewer's finished review of the items of its article."""
    review = record.review
    return (
        review.kind in COMPARED_KINDS
        and review.reviewer is not None
        and record.answer is Answer.ACCEPT
    )


def _by_verdict(items: Iterable[_Some]) -> tuple[tuple[_Some, ...], tuple[_Some, ...]]:
    """The decided items, and the open ones."""
    decided: list[_Some] = []
    left_open: list[_Some] = []
    for item in items:
        (left_open if item.verdict is Verdict.PENDING else decided).append(item)
    return tuple(decided), tuple(left_open)


def _unsaid(unknown: Spans, left_open: Sequence[Item], decided: Sequence[Item]) -> Spans:
    if not unknown and not left_open:
        return ()
    silent = joined_pieces((*unknown, *(one.span for one in left_open)))
    return apart_from(silent, (one.span for one in decided))


def _touches(span: Span, unsaid: Spans) -> bool:
    return any(span.overlaps(one) for one in unsaid)
