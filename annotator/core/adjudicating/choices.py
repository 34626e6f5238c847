"""What a key of an adjudication changes: an answer chosen, both, neither, another one; and its end.

Choices are ordinary decisions: the chosen variant is accepted and the others are rejected, so that
records hold what was turned down. Where two items differ in two aspects, the first choice gives all
variants that answer, and the second leaves one of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from annotator.core.adjudicating.compared_reviews import ComparedReviews, Contested
from annotator.core.adjudicating.differences import (
    DifferenceType,
    ReviewDifference,
    is_open,
    live_variants,
    same_answer,
    with_value_of,
)
from annotator.core.annotations import Item
from annotator.core.decisions import (
    Answer,
    Change,
    accept,
    correct,
    finish,
    link,
    note_article,
    reject,
    relate,
    skip,
)
from annotator.core.review import Review, Status

Changes = tuple[Change, ...]


def choose(review: Review, difference: ReviewDifference, number: int) -> Changes:
    """Choose one of the options of a difference."""
    option, contested = difference.options[number], difference.contested
    if contested is None:
        return () if option.answer is None else (skip(option.answer),)
    if not option.variants:
        return neither(review, difference)
    chosen = review.held[option.variants[0]]
    pattern = chosen.suggested or chosen.item
    if not is_open(review, contested) and not live_variants(review, contested):
        return _keep_only(review, contested, [pattern])
    return answer_with(review, difference, pattern)


def answer_with(review: Review, difference: ReviewDifference, pattern: Item) -> Changes:
    """Give the item of a difference the answer of `pattern` in its aspect; () if that needs
    another aspect to be chosen before."""
    contested = difference.contested
    if contested is None:
        return ()
    if difference.type is DifferenceType.MISSING:
        return _keep_only(review, contested, [pattern])
    live = live_variants(review, contested)
    if not is_open(review, contested):
        live = live[:1]
    wanted = _once(with_value_of(item, pattern, difference.type) for item in live)
    if len(wanted) == 1:
        return _keep_only(review, contested, wanted)
    if not any(same_answer(one, item) for one in wanted for item in live):
        return ()
    return _keep_open(review, contested, wanted)


def both(review: Review, difference: ReviewDifference) -> Changes:
    """Let all variants stand, each as it was answered."""
    if difference.contested is None:
        return ()
    changes: list[Change] = []
    for id in difference.contested.ids:
        held = review.held[id]
        changes += _as_wanted(review, held.item, held.suggested or held.item)
    return tuple(changes)


def neither(review: Review, difference: ReviewDifference) -> Changes:
    """Turn all variants down."""
    if difference.contested is None:
        return ()
    return _keep_only(review, difference.contested, [])


def close(review: Review, comparison: ComparedReviews) -> Changes:
    """Finish the adjudication: with the answer on the article on which the reviewers agree, their
    notes on it, and the ties of their claims."""
    beside, answer = comparison.beside, comparison.answer
    changes: list[Change] = []
    if answer not in (None, Answer.ACCEPT, review.answer):
        changes.append(skip(answer))
    there = {(note.reviewer, note.text) for note in review.notes}
    changes += [
        note_article(note.reviewer, note.at, note.text)
        for note in beside.notes
        if (note.reviewer, note.text) not in there
    ]
    claims, tied = {claim.id for claim in review.claims}, {tie.pair for tie in review.ties}
    changes += [relate(tie) for tie in beside.ties if tie.claim in claims and tie.pair not in tied]
    changes += _speakers_moved(review, comparison)
    changes.append(
        finish(
            unknown=beside.unknown,
            folded=beside.hidden,
            showed_speakers=beside.showed_speakers,
        )
    )
    return tuple(changes)


def _keep_only(review: Review, contested: Contested, wanted: Sequence[Item]) -> Changes:
    """Let one item stand with this content, or none; the other variants are rejected."""
    keeper = _keeper(review, contested, wanted[0]) if wanted else None
    changes: list[Change] = []
    for id in contested.ids:
        held = review.held[id]
        if id == keeper:
            changes += _as_wanted(review, held.item, wanted[0])
        elif held.status is not Status.REJECTED:
            changes.append(reject(held.item))
    return tuple(changes)


def _keep_open(review: Review, contested: Contested, wanted: Sequence[Item]) -> Changes:
    """Let the variants have these contents, one each; those that have one already stay open."""
    left = list(wanted)
    changed: list[Item] = []
    for item in live_variants(review, contested):
        alike = next((one for one in left if same_answer(one, item)), None)
        if alike is None:
            changed.append(item)
        else:
            left.remove(alike)
    corrected = [correct(item, _told(item, now)) for item, now in zip(changed, left, strict=False)]
    return (*corrected, *(reject(item) for item in changed[len(left) :]))


def _keeper(review: Review, contested: Contested, wanted: Item) -> str:
    """The variant that stands for the wanted content: the one that says so, or the first left."""
    held = [review.held[id] for id in contested.ids]
    for one in held:
        if one.suggested is not None and same_answer(one.suggested, wanted):
            return one.item.id
    alive = [one.item.id for one in held if one.status is not Status.REJECTED]
    if wanted.id in alive:
        return wanted.id
    return alive[0] if alive else contested.ids[0]


def _as_wanted(review: Review, item: Item, wanted: Item) -> Iterator[Change]:
    """Let an item stand with the wanted content."""
    if not same_answer(item, wanted):
        yield correct(item, _told(item, wanted))
    elif review.held[item.id].status is not Status.ACCEPTED:
        yield accept(item)


def _told(item: Item, wanted: Item) -> Item:
    """The wanted content as a correction of `item`, with its id and what is noted on it."""
    return replace(
        wanted,
        id=item.id,
        note=item.note,
        made_by=item.made_by,
        verdict=item.verdict,
        score=item.score,
    )


def _speakers_moved(review: Review, comparison: ComparedReviews) -> Iterator[Change]:
    """Let the variant that stands speak in the claims in which another one of the same speaks."""
    variants = {id: one for one in comparison.contested for id in one.ids}
    for claim in review.claims:
        held = review.held.get(claim.source_entity or "")
        if held is not None and held.status is Status.REJECTED:
            contested = variants.get(held.item.id)
            live = () if contested is None else live_variants(review, contested)
            yield link(claim, replace(claim, source_entity=live[0].id if live else None))


def _once(items: Iterable[Item]) -> list[Item]:
    """The items, of several with the same content the first."""
    found: list[Item] = []
    for item in items:
        if not any(same_answer(item, one) for one in found):
            found.append(item)
    return found
