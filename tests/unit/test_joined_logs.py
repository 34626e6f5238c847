"""One person decides on two or three machines at once: whatever order the logs meet in, nothing is
lost, and the same holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

from hypothesis import given

from annotator.core.annotations import Entity
from annotator.core.article import Span
from annotator.core.decisions import accept, add, correct, finish, is_joined, link, note, reject
from annotator.core.record import ReviewFacts
from annotator.core.review import Review, Status
from annotator.core.reviewing.joined_logs import join, standing_in_time
from tests.helpers.machines import (
    ADA,
    BO,
    CY,
    ITEMS,
    Step,
    copies_of,
    made,
    opened,
    pressed_on,
    steps,
)
from tests.helpers.strategies import EPOCH

LATER = EPOCH + timedelta(days=1)


def _joined(review: Review, *others: Review) -> Review:
    for other in others:
        review = join(review, other.decisions, at=LATER).review
    return review


def _of_people(review: Review) -> set[str]:
    return {one.id for one in review.decisions if not is_joined(one)}


def _holds(review: Review) -> tuple[object, ...]:
    return dict(review.held), review.whole, ReviewFacts.of(review, started=EPOCH)


@given(steps(9), steps(3))
def test_the_order_in_which_logs_meet_does_not_matter(
    after: list[Step], before: list[Step]
) -> None:
    joined = [_joined(*order) for order in permutations(copies_of(after, before, 3))]
    assert all(_holds(one) == _holds(joined[0]) for one in joined)


@given(steps(9), steps(3))
def test_every_decision_is_in_the_joined_log_once(after: list[Step], before: list[Step]) -> None:
    machines = copies_of(after, before, 3)
    joined = _joined(*machines)
    assert _of_people(joined) == set[str]().union(*map(_of_people, machines))
    assert [one.seq for one in joined.decisions] == list(range(1, len(joined.decisions) + 1))
    assert len({one.id for one in joined.decisions}) == len(joined.decisions)


@given(steps(9), steps(3))
def test_joining_again_changes_nothing(after: list[Step], before: list[Step]) -> None:
    machines = copies_of(after, before, 3)
    joined = _joined(*machines)
    for other in machines:
        again = join(joined, other.decisions, at=LATER)
        assert again.new == ()
        assert again.known == len(other.decisions)


@given(steps(9), steps(3))
def test_a_joined_log_folds_to_what_holds_by_time(after: list[Step], before: list[Step]) -> None:
    one, other = copies_of(after, before, 2)
    joined = _joined(one, other)
    assert _holds(Review.of(joined.article, "ada", ITEMS, joined.decisions)) == _holds(joined)
    in_time = standing_in_time(joined)
    assert (dict(in_time.held), in_time.whole) == (dict(joined.held), joined.whole)


@given(steps(6), steps(6))
def test_work_goes_on_after_joining_and_comes_together_again(
    after: list[Step], more: list[Step]
) -> None:
    one, other = copies_of(after, [], 2)
    one, other = _joined(one, other), _joined(other, one)
    for second, step in enumerate(more, start=100):
        if step[0]:
            one = pressed_on(one, step, second, "one")
        else:
            other = pressed_on(other, step, second, "other")
    assert _holds(_joined(one, other)) == _holds(_joined(other, one))
    assert _of_people(_joined(one, other)) == _of_people(one) | _of_people(other)


@given(steps(9))
def test_all_of_it_can_be_undone(after: list[Step]) -> None:
    joined = _joined(*copies_of(after, [], 3))
    for second in range(100, 100 + len(joined.standing)):
        joined = pressed_on(joined, (0, 0, 0), second, "undo")
    assert joined.held == opened().held
    assert joined.whole == opened().whole


def test_a_log_that_goes_on_is_appended_as_it_is() -> None:
    first = made(opened(), [accept(ADA)], 1, "first")
    second = made(first, [reject(BO)], 2, "second")
    assert join(first, second.decisions, at=LATER).review == second


def test_the_later_decision_on_an_item_holds_and_the_clash_is_named() -> None:
    start = opened()
    here = made(start, [reject(BO)], 1, "home")
    there = made(start, [accept(BO)], 2, "away")
    joined = join(here, there.decisions, at=LATER)
    assert joined.review.held[BO.id].status is Status.ACCEPTED
    assert [clash.item for clash in joined.clashes] == [BO.id]


def test_what_was_accepted_later_is_what_was_seen_then() -> None:
    start = opened()
    here = made(start, [correct(BO, replace(BO, label="ORG"))], 1, "home")
    there = made(start, [accept(BO)], 2, "away")
    item = _joined(here, there).held[BO.id].item
    assert isinstance(item, Entity)
    assert item.label == "PERSON"


def test_a_note_or_a_link_does_not_take_back_a_correction() -> None:
    start = opened()
    here = made(start, [correct(BO, replace(BO, label="ORG"))], 1, "home")
    there = made(start, [note(BO, "who?")], 2, "away")
    seen = there.held[BO.id].item
    there = made(there, [link(seen, replace(BO, identity="i1", note="who?"))], 3, "away")
    item = _joined(here, there).held[BO.id].item
    assert isinstance(item, Entity)
    assert (item.label, item.note, item.identity) == ("ORG", "who?", "i1")


def test_the_same_thing_added_twice_is_there_once() -> None:
    start = opened()
    here = made(start, [add(Entity("n1", Span(21, 25), "GPE"))], 1, "home")
    there = made(start, [add(Entity("n2", Span(21, 25), "GPE"))], 2, "away")
    there = made(there, [note(there.held["n2"].item, "a town")], 3, "away")
    joined = _joined(here, there)
    assert joined.held["n1"].item.note == "a town"
    assert "n2" not in joined.held


def test_decisions_made_after_a_finish_elsewhere_reopen_the_review() -> None:
    start = opened()
    here = made(start, [finish()], 1, "home")
    there = made(start, [accept(ADA)], 2, "away")
    joined = join(here, there.decisions, at=LATER)
    assert joined.review.finished is None
    assert [clash.item for clash in joined.clashes] == [None]
    done = made(there, [finish()], 3, "away")
    assert _joined(here, done).finished == EPOCH + timedelta(seconds=3)


def test_no_key_and_no_second_is_counted_twice() -> None:
    start = made(opened(), [accept(ADA)], 1, "first")
    here = made(start, [reject(BO)], 2, "home")
    there = made(start, [accept(CY)], 3, "away")
    joined = _joined(here, there)
    facts = ReviewFacts.of(joined)
    assert (facts.keys, facts.seconds, facts.decisions) == (3, 0.75, 3)
