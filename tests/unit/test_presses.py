"""How items were decided: one by one or in bulk, by the key presses that stand."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given

from annotator.core.annotations import Entity, Item, Verdict
from annotator.core.article import Article, Span
from annotator.core.decisions import (
    Answer,
    Change,
    Decision,
    Kind,
    accept,
    add,
    correct,
    finish,
    link,
    note,
    reject,
    reopen,
    skip,
)
from annotator.core.record import Record, ReviewFacts, SchemeId, record_from_dict
from annotator.core.review import Review, Status
from annotator.core.reviewing.accepting_all import Extent, open_items
from annotator.core.reviewing.commands import accept_one
from annotator.core.reviewing.presses import (
    How,
    accepted_in_bulk,
    decided_how,
    is_looked_at,
)
from annotator.core.reviewing.projection import GROUP
from tests.helpers.strategies import reviewed_articles, stamped

TEXT = "Ada met Bo in Oslo and Ada left Oslo."
ARTICLE = Article(TEXT)
ITEMS = tuple(
    Entity(f"{word}{n}", Span(start, start + len(word)), "PERSON")
    for n, (word, start) in enumerate(
        [("Ada", 0), ("Bo", 8), ("Oslo", 14), ("Ada", 23), ("Oslo", 32)]
    )
)
ADA, BO, OSLO, ADA_AGAIN, OSLO_AGAIN = ITEMS
DECIDING = (Kind.ACCEPT, Kind.REJECT, Kind.CORRECT, Kind.ADD)
NEW = Entity("met", Span(4, 7), "ORG")


def opened(*presses: list[Change]) -> Review:
    """A review of the items after these key presses."""
    review = Review.of(ARTICLE.id, "ada", ITEMS)
    for changes in presses:
        review = review.decide(*stamped(changes, review))
    return review


def how(review: Review) -> dict[str, str]:
    """How each decided item was decided."""
    every = {one.id: decided_how(review, [one.id]) for one in (*ITEMS, NEW)}
    return {id: next(iter(found)).value for id, found in every.items() if found}


def all_of(*items: Item) -> list[Change]:
    return [accept(item) for item in items]


def test_one_key_for_one_item_is_one_by_one() -> None:
    review = opened([accept(ADA)], [reject(BO)], [correct(OSLO, replace(OSLO, label="GPE"))])
    assert set(how(opened([add(NEW)])).values()) == {"one by one"}
    assert decided_how(review, review.held) == {How.ONE_BY_ONE: 3}
    assert accepted_in_bulk(review) == 0


def test_accepting_all_is_in_bulk() -> None:
    review = opened([accept(ADA)], all_of(BO, OSLO))
    assert how(review) == {"Ada0": "one by one", "Bo1": "in bulk", "Oslo2": "in bulk"}
    assert accepted_in_bulk(review) == 2


def test_accepting_the_last_item_with_the_key_that_finishes_is_in_bulk() -> None:
    assert accepted_in_bulk(opened([accept(ADA), finish()])) == 1
    assert accepted_in_bulk(opened([accept(ADA)], [finish()])) == 0


def test_the_same_everywhere_is_in_bulk_if_it_keeps_several() -> None:
    same = [correct(one, replace(one, label="GPE")) for one in (OSLO, OSLO_AGAIN)]
    assert set(how(opened(same)).values()) == {"in bulk"}
    assert accepted_in_bulk(opened(same)) == 0  # corrected, not accepted as suggested
    assert accepted_in_bulk(opened(all_of(ADA, ADA_AGAIN))) == 2
    assert accepted_in_bulk(opened(all_of(ADA))) == 0


def test_items_rejected_beside_a_kept_one_are_in_bulk() -> None:
    review = opened([accept(ADA), reject(BO), reject(OSLO)])
    assert how(review) == {"Ada0": "one by one", "Bo1": "in bulk", "Oslo2": "in bulk"}
    assert how(opened([reject(BO), reject(OSLO)])) == {"Bo1": "in bulk", "Oslo2": "in bulk"}


@pytest.mark.parametrize(
    "later",
    [
        [correct(ADA, replace(ADA, label="GPE"))],
        [accept(ADA)],
        [reject(ADA)],
    ],
    ids=["corrected", "accepted again", "rejected"],
)
def test_an_item_decided_by_itself_later_was_looked_at(later: list[Change]) -> None:
    before = opened(all_of(ADA, BO))
    review = before.decide(*stamped(later, before))
    assert (is_looked_at(before, "Ada0"), is_looked_at(review, "Ada0")) == (False, True)
    assert accepted_in_bulk(review) == 1


@pytest.mark.parametrize("change", [note(ADA, "odd"), link(ADA, replace(ADA, identity="i"))])
def test_a_note_or_a_link_decides_nothing(change: Change) -> None:
    assert accepted_in_bulk(opened(all_of(ADA, BO), [change])) == 2


def test_withdrawn_decisions_do_not_count_and_restored_ones_do() -> None:
    review = opened([accept(ADA)], all_of(BO, OSLO))
    undo = review.undo()
    assert undo is not None
    undone = review.decide(*stamped([undo], review))
    assert (how(undone), accepted_in_bulk(undone)) == ({"Ada0": "one by one"}, 0)
    redo = undone.redo()
    assert redo is not None
    assert accepted_in_bulk(undone.decide(*stamped([redo], undone))) == 2


def test_withdrawing_a_look_at_an_item_leaves_it_accepted_in_bulk() -> None:
    review = opened(all_of(ADA, BO), [accept(ADA)])
    undo = review.undo()
    assert undo is not None
    assert accepted_in_bulk(review.decide(*stamped([undo], review))) == 2


def test_a_difference_settled_by_keeping_several_answers_is_one_by_one() -> None:
    review = Review.of(ARTICLE.id, "ada", ITEMS, settled={OSLO.id: Status.ACCEPTED})
    made = stamped([accept(ADA), accept(BO), finish()], review)
    review = review.decide(*(replace(one, adjudicates=True) for one in made))
    assert how(review) == {"Ada0": "one by one", "Bo1": "one by one"}
    assert accepted_in_bulk(review) == 0


def test_carried_decisions_are_neither_but_nobody_accepted_them_alone() -> None:
    review = opened()
    made = [replace(one, group=f"{GROUP}1") for one in stamped(all_of(ADA), review)]
    review = review.decide(*made)
    assert how(review) == {"Ada0": "carried over"}
    assert accepted_in_bulk(review) == 1


def test_accepting_again_looks_at_what_was_accepted_in_bulk_alone() -> None:
    review = opened([accept(OSLO)], all_of(ADA, BO))
    again = accept_one(review, review.held["Ada0"])
    assert [(one.kind, one.target) for one in again] == [(Kind.ACCEPT, "Ada0")]
    assert accept_one(review, review.held["Oslo2"]) == ()
    looked_at = review.decide(*stamped(again, review))
    assert accept_one(looked_at, looked_at.held["Ada0"]) == ()


def test_accepting_again_in_a_finished_review_changes_nothing() -> None:
    review = opened([*all_of(*ITEMS), finish()])
    assert accept_one(review, review.held["Ada0"]) == ()
    again = review.decide(*stamped([reopen()], review))
    assert len(accept_one(again, again.held["Ada0"])) == 1


def test_all_that_the_key_for_everything_accepts_is_in_bulk() -> None:
    review = opened()
    changes = open_items(review, review.held).accept(Extent.LISTED).changes
    assert accepted_in_bulk(review.decide(*stamped([*changes, finish()], review))) == len(ITEMS)


# In records


def test_a_record_says_how_many_items_were_accepted_in_bulk() -> None:
    review = opened([accept(ADA)], [*all_of(BO, OSLO), finish()])
    record = Record.of(ARTICLE, review, scheme=SchemeId("news", "1"), pipeline=None)
    written = record.to_dict()
    assert written["review"]["bulk"] == 2
    assert record_from_dict(written) == record


def test_a_skipped_article_has_nothing_accepted_in_bulk() -> None:
    review = opened(all_of(*ITEMS), [skip(Answer.SKIP), finish()])
    assert ReviewFacts.of(review).bulk == 0


def test_it_is_not_known_of_imports_and_of_earlier_records() -> None:
    review = opened([*all_of(*ITEMS), finish()])
    facts = ReviewFacts.of(review, kind="import")
    record = Record.of(ARTICLE, review, scheme=SchemeId("n", "1"), pipeline=None, facts=facts)
    written = record.to_dict()
    assert "bulk" not in written["review"]
    assert record_from_dict(written).review.bulk is None
    written["review"]["bulk"] = None
    assert record_from_dict(written) == record


# For all reviews


def last_words(review: Review) -> dict[str, list[Decision]]:
    """For each item that is not open, the deciding decisions of the press that decided it last,
    read from the log by hand: what was withdrawn is gone, what was restored is back."""
    stands: list[list[Decision]] = []
    gone: list[list[Decision]] = []
    for decision in review.decisions:
        if decision.kind is Kind.WITHDRAW:
            gone.append(stands.pop())
        elif decision.kind is Kind.RESTORE:
            stands.append(gone.pop())
        else:
            gone.clear()
            if not stands or stands[-1][0].group != decision.group:
                stands.append([])
            stands[-1].append(decision)
    found: dict[str, list[Decision]] = {}
    for group in stands:
        for decision in group:
            if decision.kind in DECIDING:
                found[decision.target or ""] = group
    return {id: found[id] for id, held in review.held.items() if held.status is not Status.OPEN}


@given(reviewed_articles())
def test_counts_are_those_read_from_the_log_by_hand(drawn: tuple[Article, Review]) -> None:
    _, review = drawn
    by_hand: Counter[How] = Counter()
    for id, group in last_words(review).items():
        last = {one.target: one.kind for one in group if one.kind in DECIDING}
        kept = [target for target, kind in last.items() if kind is not Kind.REJECT]
        finishes = any(one.kind is Kind.FINISH for one in group)
        alone = kept == [id] and not finishes if id in kept else list(last) == [id]
        by_hand[How.ONE_BY_ONE if alone else How.IN_BULK] += 1
    assert decided_how(review, review.held) == by_hand
    accepted = [
        id
        for id, held in review.held.items()
        if held.status is Status.ACCEPTED and held.item.verdict is Verdict.ACCEPTED
    ]
    told = decided_how(review, accepted)[How.IN_BULK] if review.answer is Answer.ACCEPT else 0
    assert accepted_in_bulk(review) == told


@given(reviewed_articles())
def test_accepting_each_item_again_by_itself_leaves_none_in_bulk(
    drawn: tuple[Article, Review],
) -> None:
    _, review = drawn
    if review.finished:
        review = review.decide(*stamped([reopen()], review))
    for held in review.held.values():
        if held.status is Status.ACCEPTED:
            review = review.decide(*stamped([accept(held.item)], review))
    assert accepted_in_bulk(review) == 0
