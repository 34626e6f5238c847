"""Differences and the answers to them in words, for screens and lists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from annotator.core.adjudicating.differences import (
    AnswerOption,
    DifferenceType,
    OtherOutcome,
    Outcome,
    ReviewDifference,
    live_variants,
    outcome,
)
from annotator.core.annotations import Claim, Entity, Item, Junk
from annotator.core.article import Span, Spans
from annotator.core.edits import PartName, pieces
from annotator.core.records.fields import CLAIM_ATTRIBUTES
from annotator.core.review import Review
from annotator.core.reviewing.wording import shortened

LETTERS = "ABCDEFGH"
"""The letters of the answers to a difference, in their order."""
NOT_MARKED = "not marked"
_QUOTED = 60


def place_of(review: Review, difference: ReviewDifference) -> Span:
    """Where a difference is in the text: the words of its first variant."""
    if difference.contested is None:
        return Span(0, 1)
    held = review.held[difference.contested.ids[0]]
    item = held.suggested or held.item
    if isinstance(item, Claim) and difference.type is DifferenceType.PART:
        told = [name for name in PartName if _differs(review, difference, name)]
        return next((span for name in told for span in pieces(item, name)), item.span)
    return item.span


def words_of(review: Review, difference: ReviewDifference, number: int, text: str) -> str:
    """One of the answers to a difference: the words and what they are called."""
    option = difference.options[number]
    if option.answer is not None:
        return f"the article: {option.answer}"
    item = variant_of(review, option)
    return NOT_MARKED if item is None else _said(review, difference, item, text)


def outcome_words(review: Review, difference: ReviewDifference, text: str) -> str:
    """What was chosen for a difference: a letter, another way, or what else stands; empty while it
    is open."""
    match outcome(review, difference):
        case None:
            return ""
        case OtherOutcome.BOTH:
            return "both"
        case OtherOutcome.NEITHER:
            return "neither"
        case OtherOutcome.OTHER:
            live = (
                () if difference.contested is None else live_variants(review, difference.contested)
            )
            return _said(review, difference, live[0], text) if live else review.answer.value
        case int(number):
            return letter_of(number)


def letter_of(number: int) -> str:
    """The letter of an answer."""
    return LETTERS[number] if number < len(LETTERS) else "?"


def label_of(review: Review, option: AnswerOption) -> str | None:
    """The label that an answer gives an entity; None for other items."""
    item = variant_of(review, option)
    return item.label if isinstance(item, Entity) else None


def variant_of(review: Review, option: AnswerOption) -> Item | None:
    """The suggestion of an answer; None where there is none."""
    if not option.variants:
        return None
    held = review.held[option.variants[0]]
    return held.suggested or held.item


def note_on(review: Review, difference: ReviewDifference) -> str | None:
    """The note of the adjudicator on a difference."""
    if difference.contested is None:
        return None
    held = [review.held[id] for id in difference.contested.ids]
    said = (one.item.note for one in held if one.suggested and one.item.note != one.suggested.note)
    return next(filter(None, said), None)


def outcome_is_against(result: Outcome, difference: ReviewDifference, reviewer: str) -> bool:
    """Whether a settled difference was decided against what a reviewer answered."""
    theirs = [n for n, one in enumerate(difference.options) if reviewer in one.by]
    if not theirs or result is None:
        return False
    has_item = bool(difference.options[theirs[0]].variants)
    if result is OtherOutcome.BOTH:
        return not has_item
    if result is OtherOutcome.NEITHER:
        return has_item
    return result not in theirs


def _said(review: Review, difference: ReviewDifference, item: Item, text: str) -> str:
    match item, difference.type:
        case (Claim(), DifferenceType.PART):
            told = [name for name in PartName if _differs(review, difference, name)]
            return ", ".join(_part(item, name, text) for name in told or [PartName.CONTENT])
        case (Claim(), DifferenceType.ATTRIBUTE):
            return ", ".join(_attributes(review, difference, item, text)) or "the same"
        case (Claim(), _):
            return f"claim “{_quoted(item.content, text)}”"
        case (Entity(), DifferenceType.LABEL):
            return f"{item.label} {_quoted(item.spans, text)}"
        case (Entity(), _):
            return f"{item.label} “{_quoted(item.spans, text)}”"
        case (Junk(), _):
            return f"{item.kind} “{_quoted(item.spans, text)}”"
    return ""


def _part(claim: Claim, name: PartName, text: str) -> str:
    there = pieces(claim, name)
    return f"{name} “{_quoted(there, text)}”" if there else f"no {name}"


def _quoted(spans: Spans, text: str) -> str:
    return shortened(" … ".join(span.of(text) for span in spans), _QUOTED)


def _differs(review: Review, difference: ReviewDifference, name: PartName) -> bool:
    """Whether the answers differ in one part of a claim."""
    found = {pieces(claim, name) for claim in _claims(review, difference.options)}
    return len(found) > 1


def _attributes(
    review: Review, difference: ReviewDifference, claim: Claim, text: str
) -> Iterator[str]:
    """The attributes of a claim in which the answers differ."""
    claims = list(_claims(review, difference.options))
    for attribute in CLAIM_ATTRIBUTES:
        if len({getattr(one, attribute.name) for one in claims}) > 1:
            name = attribute.name.replace("_", " ")
            yield f"{name} {attribute.word(claim) or 'not said'}"
    if len({one.source_entity for one in claims}) > 1:
        held = review.held.get(claim.source_entity or "")
        who = "nobody" if held is None else _quoted(held.item.spans, text)
        yield f"{who} speaks"


def _claims(review: Review, options: Iterable[AnswerOption]) -> Iterator[Claim]:
    for option in options:
        item = variant_of(review, option)
        if isinstance(item, Claim):
            yield item
