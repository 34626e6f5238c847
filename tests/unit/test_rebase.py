"""Late decisions: valid ones are added, and none overrides a newer one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from itertools import groupby

from hypothesis import given
from hypothesis import strategies as st

from annotator.core.annotations import Entity
from annotator.core.article import Article, Span
from annotator.core.decisions import Change, Decision, Kind, accept, add, correct, finish, reject
from annotator.core.review import Review, Status
from annotator.core.reviewing.basis import KnownDecisions, is_made_upon, log_of
from annotator.core.reviewing.rebase import rebase_decisions
from tests.helpers.examples import pooled
from tests.helpers.strategies import articles, changes, reviews, stamped

TEXT = "Ada met Bo and Cy in Sund."
ADA, BO, CY = (Entity(f"e{at}", Span(at, at + 2), "PERSON") for at in (0, 8, 15))
FRESH = Review.of(Article(TEXT).id, "ada", (ADA, BO, CY))


def pressed(review: Review, *presses: Change, name: str = "late") -> Review:
    """The review after each of these as a key press; ids that no other branch has."""
    for change in presses:
        made = stamped([change], review)
        review = review.decide(*_renamed(made, name))
    return review


def _renamed(made: Iterable[Decision], name: str) -> list[Decision]:
    return [replace(d, id=f"{name}-{d.id}", group=f"{name}-{d.group}") for d in made]


def based(late: Review, base: Review) -> tuple[Decision, ...]:
    """What a branch has more than its base, each with what it was made upon."""
    known, made = KnownDecisions(base.decisions), list[Decision]()
    for _, some in groupby(since(late, base), key=lambda decision: decision.group):
        press = known.made(some)
        known.add(*press)
        made += press
    return tuple(made)


def since(branch: Review, base: Review) -> tuple[Decision, ...]:
    return branch.decisions[len(base.decisions) :]


@pooled
@st.composite
def branches(draw: st.DrawFn) -> tuple[Review, Review, Review]:
    """A review, and two ways in which it was gone on with."""
    article = draw(articles())
    base = draw(reviews(article, at_most=4))
    ends = []
    for name in ("here", "there"):
        review = base
        for _ in range(draw(st.integers(1, 5))):
            made = stamped(draw(changes(review, article.text)), review)
            review = review.decide(*_renamed(made, name))
        ends.append(review)
    return base, ends[0], ends[1]


@given(branches())
def test_without_other_decisions_all_late_ones_apply(
    case: tuple[Review, Review, Review],
) -> None:
    base, late, _ = case
    fitted = rebase_decisions(base, since(late, base))
    assert (fitted.new, fitted.left) == (since(late, base), ())
    assert base.decide(*fitted.new) == late


@given(branches())
def test_every_late_decision_is_stored_or_left_once(
    case: tuple[Review, Review, Review],
) -> None:
    base, late, stored = case
    fitted = rebase_decisions(stored, since(late, base))
    named = [d.id for d in (*fitted.new, *fitted.known, *(d for d, _ in fitted.left))]
    assert sorted(named) == sorted(d.id for d in since(late, base))
    after = stored.decide(*fitted.new)
    assert [d.seq for d in after.decisions] == list(range(1, len(after.decisions) + 1))
    assert all(why for _, why in fitted.left)


@given(branches())
def test_decisions_made_meanwhile_are_kept(case: tuple[Review, Review, Review]) -> None:
    base, late, stored = case
    after = stored.decide(*rebase_decisions(stored, since(late, base)).new)
    made = since(stored, base)
    # A tie changes nothing of its claim, on which others may still decide.
    touched = stored.held.keys() & {d.target for d in made if d.kind is not Kind.RELATE}
    assert {name: after.held[name] for name in touched} == {
        name: stored.held[name] for name in touched
    }
    tied = {d.after for d in made if d.kind is Kind.RELATE}
    assert tied & set(stored.ties) <= set(after.ties)
    assert after.finished == stored.finished


@given(branches())
def test_a_rebased_decision_is_not_rebased_again(case: tuple[Review, Review, Review]) -> None:
    base, late, stored = case
    once = rebase_decisions(stored, since(late, base))
    again = rebase_decisions(stored.decide(*once.new), [*once.new, *once.known])
    assert again.new == ()


@given(branches(), st.booleans())
def test_a_contradicted_decision_is_left_for_good(
    case: tuple[Review, Review, Review], says_upon: bool
) -> None:
    base, late, stored = case
    once = rebase_decisions(stored, based(late, base) if says_upon else since(late, base))
    after = stored.decide(*once.new)
    left = [decision for decision, _ in once.left]
    contested = {decision.id for decision, why in once.left if why.startswith("The same was")}
    last = [decision for decision in left if decision.group == left[-1].group]
    # Whether the others are in the file still or not, and whatever they were numbered.
    for again in ([*once.new, *once.known, *left], [*left], [*once.known, *left], last):
        assert not contested & {decision.id for decision in rebase_decisions(after, again).new}


@given(branches(), st.data())
def test_the_basis_counts_and_not_the_times_or_the_order(
    case: tuple[Review, Review, Review], data: st.DataObject
) -> None:
    base, late, stored = case
    made = based(late, base)
    assert made[0].upon is not None
    assert made[0].upon.log == log_of(base)
    # Times and order do not matter to what says what it was made upon.
    shuffled = [
        replace(d, at=d.at + timedelta(seconds=data.draw(st.integers(-99, 99))))
        for d in data.draw(st.permutations(made))
    ]
    ids = [decision.id for decision in rebase_decisions(stored, made).new]
    assert [decision.id for decision in rebase_decisions(stored, shuffled).new] == ids


@given(branches())
def test_a_key_press_is_based_on_one_log_only(case: tuple[Review, Review, Review]) -> None:
    base, late, stored = case
    made = based(late, base)
    press = [decision for decision in made if decision.group == made[0].group]
    assert is_made_upon(base, press)
    assert not is_made_upon(stored, press)
    # Though it counts as many decisions.
    assert not is_made_upon(stored, [replace(d, seq=stored.next_seq) for d in press])


def test_the_later_of_two_contradicting_sessions_wins_in_any_order() -> None:
    first = based(pressed(FRESH, accept(ADA), reject(BO), name="a"), FRESH)
    last = based(pressed(FRESH, reject(ADA), name="b"), FRESH)
    last = tuple(replace(decision, at=decision.at + timedelta(hours=1)) for decision in last)
    for late in ((*first, *last), (*last, *first)):
        fitted = rebase_decisions(FRESH, late)
        assert sorted((d.kind, d.target) for d in fitted.new) == [
            ("reject", "e0"),
            ("reject", "e8"),
        ]
        assert [(d.kind, d.target) for d, _ in fitted.left] == [("accept", "e0")]


def test_a_key_press_is_not_split_by_conflicting_numbers() -> None:
    one = stamped([accept(ADA), accept(BO)], FRESH)
    other = [replace(d, id=f"o-{d.id}", group="o") for d in stamped([reject(CY)], FRESH)]
    made = [*KnownDecisions().made(one), *KnownDecisions().made(other)]
    fitted = rebase_decisions(FRESH, sorted(made, key=lambda decision: (decision.seq, decision.id)))
    assert len(fitted.new) == 3
    assert len(FRESH.decide(*fitted.new).standing) == 2


def test_redo_does_not_restore_a_finish_undone_elsewhere() -> None:
    done = pressed(FRESH, finish(), name="base")
    undo = done.undo()
    assert undo is not None
    late = pressed(done, undo)
    redo = late.redo()
    assert redo is not None
    late = pressed(late, redo)
    stored = pressed(done, undo, name="stored")
    fitted = rebase_decisions(stored, based(late, done))
    assert fitted.new == ()
    assert not stored.decide(*fitted.new).finished


def test_decisions_on_other_items_get_the_next_numbers() -> None:
    late = pressed(FRESH, accept(ADA), reject(BO))
    stored = pressed(FRESH, accept(CY), name="stored")
    fitted = rebase_decisions(stored, late.decisions)
    assert [(d.seq, d.target) for d in fitted.new] == [(2, "e0"), (3, "e8")]
    assert not fitted.left


def test_the_newer_decision_on_an_item_wins() -> None:
    late = pressed(FRESH, accept(ADA))
    stored = pressed(FRESH, reject(ADA), name="stored")
    ((decision, why),) = rebase_decisions(stored, late.decisions).left
    assert decision.target == "e0"
    assert why == "The same was decided on elsewhere in the meantime."


def test_an_equal_decision_counts_as_known() -> None:
    late = pressed(FRESH, accept(ADA))
    stored = pressed(FRESH, accept(ADA), name="stored")
    fitted = rebase_decisions(stored, late.decisions)
    assert (fitted.new, fitted.left) == ((), ())
    assert [d.target for d in fitted.known] == ["e0"]


def test_decisions_that_depend_on_a_left_one_are_left_too() -> None:
    found = Entity("added", Span(21, 25), "GPE")
    late = pressed(FRESH, add(found), correct(found, replace(found, label="LOC")), finish())
    stored = pressed(FRESH, add(replace(found, label="FAC")), name="stored")
    fitted = rebase_decisions(stored, late.decisions)
    assert fitted.new == ()
    assert [d.kind for d, _ in fitted.left] == ["add", "correct", "finish"]


def test_a_late_finish_is_left_if_newer_decisions_exist() -> None:
    late = pressed(FRESH, accept(ADA), finish())
    stored = pressed(FRESH, reject(CY), name="stored")
    fitted = rebase_decisions(stored, late.decisions)
    assert [d.kind for d in fitted.new] == ["accept"]
    assert [d.kind for d, _ in fitted.left] == ["finish"]


def test_a_late_undo_withdraws_its_late_decision() -> None:
    late = pressed(FRESH, reject(ADA))
    undo = late.undo()
    assert undo is not None
    late = pressed(late, undo)
    stored = pressed(FRESH, reject(CY), name="stored")
    fitted = rebase_decisions(stored, late.decisions)
    assert [d.kind for d in fitted.new] == ["reject", "withdraw"]
    assert stored.decide(*fitted.new).held["e0"].status is Status.OPEN


def test_an_undo_does_not_withdraw_decisions_made_elsewhere() -> None:
    before = pressed(FRESH, reject(ADA), name="before")
    undo = before.undo()
    assert undo is not None
    late = pressed(before, undo)
    stored = pressed(before, reject(CY), name="stored")
    fitted = rebase_decisions(stored, since(late, before))
    assert fitted.new == ()
    assert len(fitted.left) == 1


def test_a_reused_id_is_not_decided_on() -> None:
    late = pressed(FRESH, accept(ADA))
    others = Review.of(FRESH.article, "ada", (replace(ADA, label="ORG"), BO))
    ((_, why),) = rebase_decisions(others, late.decisions).left
    assert why == "The item is no longer suggested in the same form."
