"""Takes choices over into a new adjudication, after a review was finished anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from annotator.core.adjudicating.choices import Changes, answer_with, both, choose, neither
from annotator.core.adjudicating.compared_reviews import ComparedReviews
from annotator.core.adjudicating.differences import (
    OtherOutcome,
    ReviewDifference,
    differences,
    live_variants,
    outcome,
)
from annotator.core.annotations import Item
from annotator.core.decisions import note
from annotator.core.item_matching import content_key
from annotator.core.review import Review

Decide = Callable[[Review, Changes], Review]


def take_over(
    old: tuple[Review, ComparedReviews], new: Review, comparison: ComparedReviews, decide: Decide
) -> Review:
    """The new adjudication with the choices and notes of an old one on differences that are still
    the same: between the same answers. `decide` makes decisions of changes."""
    before, old_comparison = old
    there = {_answers(before, one): one for one in differences(old_comparison)}
    for one in differences(comparison):
        same = there.get(_answers(new, one))
        if same is not None:
            new = _taken(before, same, new, one, decide)
    return new


def _taken(
    before: Review, old: ReviewDifference, new: Review, one: ReviewDifference, decide: Decide
) -> Review:
    changes = _same_choice(before, old, new, one)
    if changes:
        new = decide(new, changes)
    for here, there in _pairs(before, old, new, one):
        said = before.held[there]
        was = said.suggested.note if said.suggested else None
        if said.item.note != was:
            new = decide(new, (note(new.held[here].item, said.item.note or ""),))
    return new


def _same_choice(
    before: Review, old: ReviewDifference, new: Review, one: ReviewDifference
) -> Changes:
    """The changes that choose for `one` what was chosen for `old`."""
    match outcome(before, old):
        case None:
            return ()
        case OtherOutcome.BOTH:
            return both(new, one)
        case OtherOutcome.NEITHER:
            return neither(new, one)
        case OtherOutcome.OTHER:
            kept = live_variants(before, old.contested)[:1] if old.contested else ()
            return answer_with(new, one, kept[0]) if kept else ()
        case int(number):
            wanted = _answer(before, old, number)
            found = [_answer(new, one, n) for n in range(len(one.options))]
            return choose(new, one, found.index(wanted))


def _pairs(
    before: Review, old: ReviewDifference, new: Review, one: ReviewDifference
) -> Iterable[tuple[str, str]]:
    """The ids of the same variants in both adjudications."""
    if one.contested is None or old.contested is None:
        return ()
    here = {_content(new, id): id for id in one.contested.ids}
    return tuple((here[_content(before, id)], id) for id in old.contested.ids)


def _answers(review: Review, difference: ReviewDifference) -> tuple[object, ...]:
    """What identifies a difference among those of another comparison: its type and the answers."""
    numbers = range(len(difference.options))
    said = frozenset(_answer(review, difference, number) for number in numbers)
    return difference.type, said


def _answer(review: Review, difference: ReviewDifference, number: int) -> object:
    option = difference.options[number]
    contents: Sequence[Item] = [_content(review, id) for id in option.variants]
    return option.answer, frozenset(contents)


def _content(review: Review, id: str) -> Item:
    held = review.held[id]
    return content_key(held.suggested or held.item)
