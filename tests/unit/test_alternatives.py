"""Pipelines that differ on the same words: one key decides, and the screen says who."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from annotator.core.annotations import Entity, Item, MadeBy
from annotator.core.article import Span
from annotator.core.decisions import Change, Kind, accept, add, correct, reject, relabel
from annotator.core.opinions import PIPELINE, Opinion, merged
from annotator.core.review import Review, Status
from annotator.core.reviewing.accepting_all import Extent, open_items
from annotator.core.reviewing.alternatives import (
    Alternatives,
    settled,
    undecided_between,
    who_says,
)
from annotator.core.reviewing.item_filter import is_unsure
from annotator.core.reviewing.outcomes import Outcomes, outcomes_of
from tests.helpers.items import entity
from tests.helpers.strategies import stamped

TEXT = "Port Ellis Harbour waits for Ada Low, says Bo Marsh."
PORT = entity(TEXT, "Port Ellis", "GPE", id="e1", score=0.8)
ADA = entity(TEXT, "Ada Low", "PERSON", id="e2", score=0.9)
BO = entity(TEXT, "Bo Marsh", "PERSON", id="e3", score=0.9)
HARBOUR = entity(TEXT, "Port Ellis Harbour", "FAC")
LOW = entity(TEXT, "Ada Low", "ORG")
LABELS = frozenset(("GPE", "PERSON", "FAC", "ORG"))
ITEMS = merged(
    [PORT, ADA, BO],
    [Opinion("desk", (HARBOUR, LOW, BO), LABELS), Opinion("stock", (ADA, BO), LABELS)],
)


def review() -> Review:
    return Review.of("a" * 64, "ada", ITEMS)


def at(words: str, label: str) -> Entity:
    found = (item for item in ITEMS if isinstance(item, Entity) and item.label == label)
    return next(item for item in found if item.span.of(TEXT) == words)


def pressed(before: Review, *changes: Change) -> Review:
    return before.decide(*stamped(settled(before, changes), before))


def status(after: Review, words: str, label: str) -> Status:
    return after.held[at(words, label).id].status


def test_keeping_one_of_two_rejects_the_other() -> None:
    after = pressed(review(), accept(at("Ada Low", "PERSON")))
    assert status(after, "Ada Low", "ORG") is Status.REJECTED
    assert status(after, "Port Ellis", "GPE") is Status.OPEN
    undo = after.undo()
    assert undo is not None
    assert pressed(after, undo).held == review().held


def test_other_edges_exclude_each_other_too() -> None:
    after = pressed(review(), accept(at("Port Ellis Harbour", "FAC")))
    assert status(after, "Port Ellis", "GPE") is Status.REJECTED


def test_a_label_that_another_pipeline_suggests_leaves_no_second_entity() -> None:
    after = pressed(review(), relabel(at("Ada Low", "PERSON"), "ORG"))
    assert [item.label for item in after.entities if item.span == ADA.span] == ["ORG"]


def test_new_edges_exclude_what_they_reach() -> None:
    low = at("Ada Low", "ORG")
    wide = Entity(low.id, Span(low.span.start - 10, low.span.end), "ORG")
    after = pressed(review(), correct(low, wide))
    assert status(after, "Ada Low", "PERSON") is Status.REJECTED


def test_rejecting_and_adding_decide_on_nothing_else() -> None:
    new = Entity("new", Span(0, 4), "ORG")
    assert settled(review(), [reject(LOW), add(new)]) == (reject(LOW), add(new))


def test_one_pipeline_alone_has_no_alternatives() -> None:
    nested = Review.of("a" * 64, "ada", (PORT, HARBOUR))
    changes = (accept(PORT),)
    assert settled(nested, changes) == changes


def test_accepting_all_stops_at_what_differs_and_leaves_alternatives_open() -> None:
    items = open_items(review(), set(review().held))
    together = items.accept(Extent.LISTED)
    assert {item.id for item in items.unsure} == {"e1", "e2", "s1", "s2"}
    assert [change.target for change in together.changes] == ["e3"]
    assert {item.id for item in together.differing} == {"e1", "e2", "s1", "s2"}
    assert not together.finishes


def test_suggestions_of_one_pipeline_are_unsure_but_can_be_accepted_with_all() -> None:
    (one,) = merged([PORT], [Opinion("desk", (), LABELS)])
    alone = Review.of("a" * 64, "ada", (one,))
    items = open_items(alone, {"e1"})
    together = items.accept(Extent.LISTED)
    assert items.unsure == (one,)
    assert [change.kind for change in together.changes] == [Kind.ACCEPT]
    assert together.finishes


def test_agreed_items_are_as_sure_as_their_score() -> None:
    assert not is_unsure(at("Bo Marsh", "PERSON"), 0.6)
    assert is_unsure(at("Bo Marsh", "PERSON"), 0.95)
    assert is_unsure(at("Ada Low", "PERSON"), 0.0)


def test_the_line_says_who_says_what() -> None:
    said = {
        (item.span.of(TEXT), item.label): who_says(item, Alternatives(ITEMS), TEXT)
        for item in ITEMS
        if isinstance(item, Entity)
    }
    assert said == {
        ("Bo Marsh", "PERSON"): "pipeline, desk and stock say so",
        ("Ada Low", "PERSON"): "pipeline and stock say so; desk: ORG",
        ("Ada Low", "ORG"): "desk says so; pipeline: PERSON; stock: PERSON",
        ("Port Ellis", "GPE"): ("pipeline says so; desk: FAC “Port Ellis Harbour”; not stock"),
        ("Port Ellis Harbour", "FAC"): "desk says so; pipeline: GPE “Port Ellis”; not stock",
    }
    assert who_says(PORT, Alternatives([PORT]), TEXT) == ""


@given(st.permutations(ITEMS), st.data())
def test_keeping_suggestions_in_any_order_leaves_no_open_alternative(
    order: list[Item], data: st.DataObject
) -> None:
    now = review()
    for item in order:
        if now.held[item.id].status is not Status.OPEN:
            continue
        change = data.draw(st.sampled_from((accept(item), reject(item))))
        now = pressed(now, change)
        assert not undecided_between(now, [now.held[item.id].item]) or change.kind is Kind.REJECT
    kept = [one for one in now.entities if one.made_by is MadeBy.PIPELINE]
    assert not any(a.span.overlaps(b.span) for a in kept for b in kept if a.id < b.id)


def test_outcomes_are_those_of_the_words_whoever_was_followed() -> None:
    after = pressed(review(), relabel(at("Ada Low", "PERSON"), "ORG"))
    after = pressed(after, accept(at("Port Ellis Harbour", "FAC")))
    after = pressed(after, reject(at("Bo Marsh", "PERSON")))
    ours = outcomes_of(after, [PORT, ADA, BO])
    assert ours == {"GPE": Outcomes(corrected=1), "PERSON": Outcomes(corrected=1, rejected=1)}
    desk = sum(outcomes_of(after, [HARBOUR, LOW, BO]).values(), Outcomes())
    assert desk == Outcomes(accepted=2, rejected=1)
    assert desk.precision == 2 / 3


def test_undecided_entities_count_neither_way() -> None:
    found = sum(outcomes_of(review(), [PORT, HARBOUR, ADA]).values(), Outcomes())
    assert found == Outcomes(open=3)
    assert found.precision is None
    assert PIPELINE == "pipeline"
