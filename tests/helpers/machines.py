"""One review that is copied to several machines and continued on each, cheap to draw."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import count

from hypothesis import strategies as st

from annotator.core.annotations import Claim, Entity, Item, Junk, JunkKind
from annotator.core.article import Article, Span
from annotator.core.claim_ties import Relation, Tie
from annotator.core.decisions import (
    Answer,
    Change,
    DecisionGroup,
    accept,
    add,
    correct,
    finish,
    link,
    note,
    note_article,
    reject,
    relate,
    reopen,
    skip,
    to_decisions,
)
from annotator.core.review import Review
from tests.helpers.strategies import EPOCH

TEXT = "Ada met Bo and Cy in Sund.\nShe said it rains.\nShare this"
ADA, BO, CY = (Entity(f"e{at}", Span(at, at + 2), "PERSON") for at in (0, 8, 15))
CLAIM = Claim("c1", (Span(36, 44),), (Span(31, 35),), (Span(27, 30),))
JUNK = Junk("j1", Span(46, 56), JunkKind.SHARE_BAR)
ITEMS: tuple[Item, ...] = (ADA, BO, CY, CLAIM, JUNK)
KINDS = 14
Step = tuple[int, int, int]
"""Which machine, which kind of key, which item."""


def opened(reviewer: str = "ada") -> Review:
    """The review before the first decision."""
    return Review.of(Article(TEXT).id, reviewer, ITEMS)


def made(review: Review, changes: Sequence[Change], second: int, machine: str) -> Review:
    """The review after one key press, with ids that no other machine makes."""
    group = DecisionGroup(
        f"{machine}-{second}",
        review.article,
        review.reviewer,
        EPOCH + timedelta(seconds=second),
        review.next_seq,
        keys=1,
        seconds=0.25,
    )
    return review.decide(*to_decisions(changes, group, ids=(f"{group.id}-{n}" for n in count())))


def pressed_on(review: Review, step: Step, second: int, machine: str) -> Review:
    """The review after a key on one of its items; unchanged where the key does nothing."""
    changes = changes_of(review, step[1], step[2], f"{machine}-{second}")
    return made(review, changes, second, machine) if changes else review


def copies_of(steps: Iterable[Step], before: Iterable[Step], copies: int) -> list[Review]:
    """The copies of a review with `before`, continued by `steps`; clocks are right."""
    clock = count(1)
    review = opened()
    for step in before:
        review = pressed_on(review, step, next(clock), "first")
    machines = [review] * copies
    for step in steps:
        at = step[0] % copies
        machines[at] = pressed_on(machines[at], step, next(clock), f"machine{at}")
    return machines


def steps(most: int) -> st.SearchStrategy[list[Step]]:
    """Keys pressed on any of three machines."""
    one = st.tuples(st.integers(0, 2), st.integers(0, KINDS - 1), st.integers(0, 7))
    return st.lists(one, max_size=most)


def changes_of(review: Review, kind: int, which: int, name: str) -> tuple[Change, ...]:
    undo, redo = review.undo(), review.redo()
    if kind == 0:
        return () if undo is None else (undo,)
    if kind == 1:
        return () if redo is None else (redo,)
    if review.finished:
        return (reopen(),) if kind == 2 else ()
    held = [one.item for one in review.held.values()]
    if kind in (2, 3):
        return (finish(folded=()),)
    if kind in (4, 5, 6, 7, 8, 9):
        return (_of_item(held[which % len(held)], kind, which),)
    return _of_several(review, held, (kind, which), name)


def _of_item(item: Item, kind: int, which: int) -> Change:
    match kind:
        case 6:
            return reject(item)
        case 7:
            return correct(item, _reworded(item, which))
        case 8:
            return note(item, f"note {which}")
        case 9 if isinstance(item, Entity):
            return link(item, replace(item, identity=f"i{which}"))
        case _:
            return accept(item)


def _of_several(
    review: Review, held: Sequence[Item], key: tuple[int, int], name: str
) -> tuple[Change, ...]:
    kind, which = key
    place = Span(21 + which % 2, 25)
    match kind:
        case 10 if place not in [one.span for one in held if isinstance(one, Entity)]:
            return (add(Entity(f"{name}-new", place, "GPE")),)
        case 11:
            return tuple(accept(one) for one in held[which % 3 :])
        case 12:
            return (skip([*Answer][which % 3]),)
        case 13:
            return (relate(Tie(CLAIM.id, [*Relation][which % 3], "a" * 64, "c1")),)
        case _:
            return (note_article(review.reviewer, EPOCH, name),)


def _reworded(item: Item, which: int) -> Item:
    match item:
        case Entity():
            return replace(item, label=["ORG", "GPE", "PERSON"][which % 3])
        case Claim():
            return replace(item, content=(Span(36, 41 + which % 3),))
        case Junk():
            return replace(item, kind=[*JunkKind][which % 3])
