"""The differences between finished reviews, each of one type, and how each one is settled.

Two items that are meant to be the same may differ in two aspects: an entity or a junk line in label
and edges, a claim in its parts and its attributes. Each aspect is a difference of its own. Nothing
is kept beside the review: what was chosen is read from its items.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from annotator.core.adjudicating.compared_reviews import ComparedReviews, Contested
from annotator.core.annotations import Claim, Entity, Item, Junk, in_text_order
from annotator.core.decisions import Answer, Kind
from annotator.core.records.fields import CLAIM_ATTRIBUTES
from annotator.core.review import Review, Status
from annotator.errors import ReviewError

_ATTRIBUTES = (*(attribute.name for attribute in CLAIM_ATTRIBUTES), "source_entity")


class DifferenceType(StrEnum):
    """What reviewers differ on: the label of an item, where it begins and ends, whether it is
    there, a part of a claim (content, cue or source), an attribute of it or of the whole article.
    """

    LABEL = "label"
    EDGES = "edges"
    MISSING = "missing"
    PART = "part"
    ATTRIBUTE = "attribute"


@dataclass(frozen=True, slots=True)
class AnswerOption:
    """One answer to a difference and who gave it: the variants that have it, none if the reviewers
    have no such item; or an answer on the whole article."""

    by: tuple[str, ...]
    variants: tuple[str, ...] = ()
    answer: Answer | None = None


@dataclass(frozen=True, slots=True)
class ReviewDifference:
    """One thing on which reviewers differ. `options` are their answers, that of most reviewers
    first; `contested` is None for the answer on the whole article."""

    type: DifferenceType
    options: tuple[AnswerOption, ...]
    contested: Contested | None = None

    @property
    def key(self) -> tuple[str, ...]:
        """What identifies it among the differences of a comparison."""
        return (self.type, *(self.contested.ids if self.contested else ()))

    @property
    def has_majority(self) -> bool:
        """Whether more reviewers gave the first answer than any other."""
        return len(self.options[0].by) > max(len(one.by) for one in self.options[1:])


class OtherOutcome(StrEnum):
    """How a difference was settled other than by one of the options: several answers stand, none
    does, or another answer."""

    BOTH = "both"
    NEITHER = "neither"
    OTHER = "other"


Outcome = int | OtherOutcome | None
"""The number of the chosen option, another way, or None while a difference is open."""

_ASPECTS: dict[type[Item], tuple[DifferenceType, DifferenceType]] = {
    Entity: (DifferenceType.LABEL, DifferenceType.EDGES),
    Junk: (DifferenceType.LABEL, DifferenceType.EDGES),
    Claim: (DifferenceType.PART, DifferenceType.ATTRIBUTE),
}


def differences(comparison: ComparedReviews) -> tuple[ReviewDifference, ...]:
    """All differences: on the whole article first, then in text order."""
    items = {item.id: item for item in comparison.items}
    ordered = sorted(
        comparison.contested,
        key=lambda one: (min(in_text_order(items[id]) for id in one.ids), one.ids),
    )
    found = [difference for one in ordered for difference in _differences_in(one, items)]
    if comparison.answer is None and comparison.answers:
        found.insert(0, _on_the_whole(comparison))
    return tuple(found)


def outcome(review: Review, difference: ReviewDifference) -> Outcome:
    """What was chosen for a difference so far."""
    contested = difference.contested
    if contested is None:
        return _outcome_of_the_whole(review, difference)
    live = live_variants(review, contested)
    if is_open(review, contested):
        if difference.type is DifferenceType.MISSING:
            return None
        values = {value_of(item, difference.type) for item in live}
        is_decided = len(values) == 1 and len(live) > 1  # another aspect is open
        return _option_with(review, difference, values.pop()) if is_decided else None
    if not live:
        return _absent_option(difference)
    if len(live) > 1:
        return OtherOutcome.BOTH
    if difference.type is DifferenceType.MISSING:
        suggested = review.held[live[0].id].suggested
        is_same = suggested is not None and same_answer(live[0], suggested)
        return _option_number(difference, live[0].id) if is_same else OtherOutcome.OTHER
    return _option_with(review, difference, value_of(live[0], difference.type))


def open_differences(
    review: Review, found: Iterable[ReviewDifference]
) -> tuple[ReviewDifference, ...]:
    """The differences on which nothing is chosen yet: none if the article has no items."""
    left = tuple(one for one in found if outcome(review, one) is None)
    if review.answer is not Answer.ACCEPT:
        return tuple(one for one in left if one.contested is None)
    return left


def live_variants(review: Review, contested: Contested) -> tuple[Item, ...]:
    """The variants that are not rejected, as they are now."""
    held = [review.held[id] for id in contested.ids]
    return tuple(one.item for one in held if one.status is not Status.REJECTED)


def is_open(review: Review, contested: Contested) -> bool:
    """Whether a variant is undecided."""
    return any(review.held[id].status is Status.OPEN for id in contested.ids)


def value_of(item: Item, aspect: DifferenceType) -> object:
    """The answer of an item in one aspect."""
    match item, aspect:
        case (Entity(), DifferenceType.LABEL):
            return item.label
        case (Junk(), DifferenceType.LABEL):
            return item.kind
        case (Claim(), DifferenceType.PART):
            return item.content, item.cue, item.source
        case (Claim(), DifferenceType.ATTRIBUTE):
            return attributes_of(item)
        case _:
            return item.spans


def attributes_of(claim: Claim) -> tuple[object, ...]:
    """The attributes of a claim on which reviewers may differ, and who speaks."""
    return tuple(getattr(claim, name) for name in _ATTRIBUTES)


def with_value_of(item: Item, other: Item, aspect: DifferenceType) -> Item:
    """`item` with the answer of `other` in one aspect."""
    match item, other, aspect:
        case (Entity(), Entity(), DifferenceType.LABEL):
            return replace(item, label=other.label)
        case (Junk(), Junk(), DifferenceType.LABEL):
            return replace(item, kind=other.kind)
        case (Entity(), Entity(), _):
            return replace(item, span=other.span)
        case (Junk(), Junk(), _):
            return replace(item, span=other.span)
        case (Claim(), Claim(), DifferenceType.PART):
            return replace(item, content=other.content, cue=other.cue, source=other.source)
        case (Claim(), Claim(), _):
            return replace(item, **{name: getattr(other, name) for name in _ATTRIBUTES})
        case _:
            raise ReviewError("Items of different kinds have no answers in common.")


def same_answer(one: Item, other: Item) -> bool:
    """Whether two items are the same in all aspects."""
    return type(one) is type(other) and all(
        value_of(one, aspect) == value_of(other, aspect) for aspect in _ASPECTS[type(one)]
    )


def _differences_in(contested: Contested, items: dict[str, Item]) -> Iterator[ReviewDifference]:
    if len(contested.variants) == 1:
        there = AnswerOption(contested.variants[0].by, contested.ids)
        options = _most_first((there, AnswerOption(contested.absent)))
        yield ReviewDifference(DifferenceType.MISSING, options, contested)
        return
    # Who has no such item says so once, beside the first aspect that differs.
    absent = (AnswerOption(contested.absent),) if contested.absent else ()
    for aspect in _ASPECTS[type(items[contested.ids[0]])]:
        options = tuple(_options(contested, items, aspect))
        if len(options) > 1:
            yield ReviewDifference(aspect, _most_first((*options, *absent)), contested)
            absent = ()


def _options(
    contested: Contested, items: dict[str, Item], aspect: DifferenceType
) -> Iterator[AnswerOption]:
    alike: dict[object, list[int]] = {}
    for number, variant in enumerate(contested.variants):
        alike.setdefault(value_of(items[variant.id], aspect), []).append(number)
    for numbers in alike.values():
        some = [contested.variants[number] for number in numbers]
        by = sorted(name for variant in some for name in variant.by)
        yield AnswerOption(tuple(by), tuple(variant.id for variant in some))


def _most_first(options: Sequence[AnswerOption]) -> tuple[AnswerOption, ...]:
    return tuple(sorted(options, key=lambda one: (-len(one.by), one.by)))


def _on_the_whole(comparison: ComparedReviews) -> ReviewDifference:
    by: dict[Answer, list[str]] = {}
    for reviewer, answer in comparison.answers.items():
        by.setdefault(answer, []).append(reviewer)
    options = [AnswerOption(tuple(sorted(names)), answer=answer) for answer, names in by.items()]
    return ReviewDifference(DifferenceType.ATTRIBUTE, _most_first(options))


def _outcome_of_the_whole(review: Review, difference: ReviewDifference) -> Outcome:
    said = (one for group in review.standing for one in group.decisions)
    if not any(decision.kind is Kind.SKIP for decision in said):
        return None
    numbers = (n for n, one in enumerate(difference.options) if one.answer is review.answer)
    return next(numbers, OtherOutcome.OTHER)


def _absent_option(difference: ReviewDifference) -> Outcome:
    numbers = (n for n, one in enumerate(difference.options) if not one.variants)
    return next(numbers, OtherOutcome.NEITHER)


def _option_number(difference: ReviewDifference, id: str) -> Outcome:
    numbers = (n for n, one in enumerate(difference.options) if id in one.variants)
    return next(numbers, OtherOutcome.OTHER)


def _option_with(review: Review, difference: ReviewDifference, value: object) -> Outcome:
    """The option with this answer, as the variants were suggested."""
    for number, option in enumerate(difference.options):
        for id in option.variants[:1]:
            suggested = review.held[id].suggested
            if suggested is not None and value_of(suggested, difference.type) == value:
                return number
    return OtherOutcome.OTHER
