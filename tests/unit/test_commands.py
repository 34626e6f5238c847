"""Commands: the changes of one key, and refusals."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.annotations import Claim, Entity, Item, Junk, JunkKind, SourceKind, Stance
from annotator.core.article import Article, Span
from annotator.core.decisions import Change, Kind, accept, reject
from annotator.core.labels import Label
from annotator.core.review import Review, Status
from annotator.core.reviewing.accepting_all import Extent, open_items
from annotator.core.reviewing.bulk import lies_in
from annotator.core.reviewing.commands import (
    Everywhere,
    NotDone,
    accept_one,
    corrected,
    forbidden,
    label_one,
    mark_entity,
    mark_junk,
    reject_one,
    rejected_count,
    same_everywhere,
    set_junk_kind,
)
from annotator.core.reviewing.item_filter import item_rank, item_test, state_of
from annotator.core.states import ItemFilter, ItemOrdering, ItemState
from annotator.core.text.words import Words
from tests.helpers.strategies import reviewed_articles, spans, stamped

TEXT = "Oslo met Bo.\nRead more: Oslo\nOslo slept.\n"


def span(words: str, nth: int = 0) -> Span:
    at = -1
    for _ in range(nth + 1):
        at = TEXT.index(words, at + 1)
    return Span(at, at + len(words))


FIRST = Entity("first", span("Oslo"), "GPE", score=0.9)
LAST = Entity("last", span("Oslo", 2), "ORG", score=0.4)
LINE = Junk("line", span("Read more: Oslo"), JunkKind.RELATED_LINK)


def review_of(*items: Item) -> Review:
    return Review.of("a" * 64, "cy", items)


def after(review: Review, *changes: Change) -> Review:
    return review.decide(*stamped(list(changes), review))


def ids() -> Callable[[], str]:
    numbers = count()
    return lambda: f"n{next(numbers)}"


def kinds(changes: Iterable[Change]) -> list[Kind]:
    return [change.kind for change in changes]


def test_an_equal_decision_is_not_repeated() -> None:
    review = after(review_of(FIRST, LAST), accept(FIRST), reject(LAST))
    assert accept_one(review, review.held["first"]) == ()
    assert reject_one(review.held["last"]) == ()
    assert label_one(review.held["first"], "GPE") == ()
    assert kinds(accept_one(review, review.held["last"])) == [Kind.ACCEPT]
    assert kinds(label_one(review.held["first"], "ORG")) == [Kind.CORRECT]


def test_only_entities_have_labels() -> None:
    assert label_one(review_of(LINE).held["line"], "GPE") == ()


def test_an_empty_correction_is_refused_and_an_equal_one_changes_nothing() -> None:
    assert isinstance(corrected(FIRST, None), NotDone)
    assert corrected(FIRST, FIRST) == ()


def test_marking_relabels_an_entity_on_the_same_words() -> None:
    marked = mark_entity(review_of(FIRST), FIRST.span, "ORG", new_id=ids())
    assert (marked.target, kinds(marked.changes)) == ("first", [Kind.CORRECT])


def test_marking_the_words_of_a_rejected_addition_adds_a_new_item() -> None:
    review = review_of()
    made = mark_entity(review, span("Bo"), "PERSON", new_id=lambda: "mine")
    review = after(review, *made.changes)
    review = after(review, reject(review.held["mine"].item))
    again = mark_entity(review, span("Bo"), "PERSON", new_id=lambda: "anew")
    assert (again.target, kinds(again.changes)) == ("anew", [Kind.ADD])


def test_marking_a_line_as_junk_rejects_the_items_in_it() -> None:
    inside = replace(FIRST, id="in", span=span("Oslo", 1))
    marked = mark_junk(review_of(inside), [LINE.span], TEXT, new_id=ids())
    assert kinds(marked.changes) == [Kind.ADD, Kind.REJECT]
    assert rejected_count(marked.changes) == 1


def test_marking_a_junk_line_as_junk_again_changes_nothing() -> None:
    review = after(review_of(LINE), accept(LINE))
    marked = mark_junk(review, [LINE.span], TEXT, new_id=ids())
    assert (marked.target, marked.changes) == ("line", ())


def test_choosing_the_same_kind_accepts_the_junk_line() -> None:
    review = review_of(LINE)
    assert kinds(set_junk_kind(review, LINE, JunkKind.RELATED_LINK)) == [Kind.ACCEPT]
    assert kinds(set_junk_kind(review, LINE, JunkKind.SHARE_BAR)) == [Kind.CORRECT]


def test_nothing_may_be_marked_in_a_junk_line() -> None:
    review = after(review_of(LINE), accept(LINE))
    marked = mark_entity(review, span("Oslo", 1), "GPE", new_id=ids())
    refusal = forbidden(review, marked.changes)
    assert refusal is not None
    assert "junk" in refusal.said
    assert forbidden(review, [reject(LINE)]) is None


@pytest.mark.parametrize(
    ("decision", "labels"),
    [
        (Everywhere.ACCEPT, ["GPE", "ORG"]),
        (Everywhere.AS_IT_STANDS, ["GPE", "GPE"]),
        ("LOC", ["LOC", "LOC"]),
        (Everywhere.REJECT, []),
    ],
)
def test_every_equal_string_gets_one_decision(
    decision: Everywhere | str, labels: list[str]
) -> None:
    review = review_of(FIRST, LAST, LINE)
    changes = same_everywhere(
        review,
        review.held["first"],
        decision,
        among=review.items,
        words=Words(TEXT),
        new_id=ids(),
    )
    done = after(review, *changes)
    assert done.held["first"].status is not Status.OPEN
    if decision is not Everywhere.ACCEPT:
        assert [entity.label for entity in done.entities] == labels


def test_the_same_everywhere_rejects_if_the_item_was_rejected() -> None:
    review = after(review_of(FIRST, LAST), reject(FIRST))
    changes = same_everywhere(
        review,
        review.held["first"],
        Everywhere.AS_IT_STANDS,
        among=(FIRST, LAST),
        words=Words(TEXT),
        new_id=ids(),
    )
    assert after(review, *changes).entities == ()


def test_accepting_all_counts_low_confidence_and_hidden_items() -> None:
    review = review_of(FIRST, LAST, LINE)
    items = open_items(review, {"last", "line"}, confidence=0.6)
    assert [item.id for item in items.listed] == ["line", "last"]
    assert [item.id for item in items.hidden] == ["first"]
    assert [item.id for item in items.unsure] == ["last"]
    together = items.accept(Extent.LISTED)
    assert (together.open_after, together.finishes) == (1, False)
    assert {change.target for change in together.changes} == {"last", "line"}


@given(reviewed_articles(at_most=5), st.data())
def test_accepting_all_names_every_item_that_it_leaves_open(
    reviewed: tuple[Article, Review], data: st.DataObject
) -> None:
    _, review = reviewed
    if review.finished:
        return
    listed = data.draw(st.sets(st.sampled_from(sorted(review.held) or [""])))
    together = open_items(review, listed).accept(Extent.LISTED)
    done = after(review, *together.changes)
    open_now = done.open_items()
    left = {item.id for item in together.left_open}
    assert left <= {item.id for item in open_now}
    assert not [item for item in open_now if item.id in listed and item.id not in left]
    assert together.finishes == (not open_now)
    assert together.open_after == len(open_now)


@given(reviewed_articles(at_most=6), st.data())
def test_accepting_the_seen_or_the_sure_decides_on_no_other_item(
    reviewed: tuple[Article, Review], data: st.DataObject
) -> None:
    _, review = reviewed
    if review.finished:
        return
    ids = sorted(review.held) or [""]
    listed, seen = (data.draw(st.sets(st.sampled_from(ids))) for _ in range(2))
    items = open_items(review, listed, seen=seen, confidence=data.draw(st.floats(0, 1)))
    for extent, spared in ((Extent.SEEN, items.unseen), (Extent.SURE, items.unsure)):
        accepted = items.accept(extent)
        done = after(review, *accepted.changes)
        assert {item.id for item in spared} <= {item.id for item in done.open_items()}
        assert accepted.open_after == len(done.open_items())


@given(reviewed_articles(at_most=5), st.data())
def test_marking_gives_the_label_to_exactly_those_words(
    reviewed: tuple[Article, Review], data: st.DataObject
) -> None:
    article, review = reviewed
    if review.finished or not article.text:
        return
    wanted = data.draw(spans(article.text))
    marked = mark_entity(review, wanted, "PERSON", new_id=lambda: "made-anew")
    done = after(review, *marked.changes)
    assert marked.target is not None
    made = done.held[marked.target]
    assert isinstance(made.item, Entity)
    assert (made.item.span, made.item.label) == (wanted, "PERSON")
    assert made.status is Status.ACCEPTED
    assert mark_entity(done, wanted, "PERSON", new_id=lambda: "other").changes == ()


@given(reviewed_articles(at_most=5), st.data())
def test_no_item_stays_in_a_line_marked_as_junk(
    reviewed: tuple[Article, Review], data: st.DataObject
) -> None:
    article, review = reviewed
    lines = Words(article.text).lines
    if review.finished or not lines:
        return
    line = data.draw(st.sampled_from(lines))
    marked = mark_junk(review, [line], article.text, new_id=lambda: "made-anew")
    done = after(review, *marked.changes)
    if marked.target == "made-anew":
        made = done.held["made-anew"].item
        assert isinstance(made, Junk)
        assert not [i for i in done.items if isinstance(i, Entity | Claim) and lies_in(i, made)]


# Filters


@given(reviewed_articles(at_most=5))
def test_every_item_is_in_exactly_one_state(reviewed: tuple[Article, Review]) -> None:
    _, review = reviewed
    for held in review.held.values():
        fits = [state for state in ItemState if item_test(ItemFilter(state), 0.6, "")(held)]
        assert fits == [state_of(held)]
        assert item_test(ItemFilter.ALL, 0.6, "")(held)


def test_filters_by_kind_label_and_confidence() -> None:
    review = review_of(FIRST, LAST, LINE)

    def let_through(wanted: ItemFilter | Label) -> list[str]:
        return [id for id, held in review.held.items() if item_test(wanted, 0.6, TEXT)(held)]

    assert let_through(ItemFilter.ENTITIES) == ["first", "last"]
    assert let_through(ItemFilter.JUNK) == ["line"]
    assert let_through(ItemFilter.CLAIMS) == []
    assert let_through(Label("ORG", "o", "#ffffff", "a group")) == ["last"]
    assert let_through(ItemFilter.UNSURE) == ["last"]


def test_filters_and_orders_by_what_a_desk_asks() -> None:
    text = "Some 2,000 troops left."
    plain = Claim("plain", (Span(11, 17),), score=0.9)
    claims = [
        plain,
        replace(plain, id="unsure", score=0.3),
        replace(plain, id="anonymous", source_kind=SourceKind.ANONYMOUS),
        replace(plain, id="number", content=(Span(0, 17),)),
        replace(plain, id="prediction", stance=Stance.PREDICTS),
        replace(plain, id="demand", stance=Stance.DEMANDS),
        replace(plain, id="denial", stance=Stance.DENIES),
    ]
    review = Review.of("a", "ada", claims)
    asked = {
        ItemFilter.DENIALS: "denial",
        ItemFilter.DEMANDS: "demand",
        ItemFilter.PREDICTIONS: "prediction",
        ItemFilter.NUMBERS: "number",
        ItemFilter.ANONYMOUS: "anonymous",
    }
    for wanted, name in asked.items():
        passes = item_test(wanted, 0.6, text)
        assert [id for id, held in review.held.items() if passes(held)] == [name]
        first = item_rank(ItemOrdering(wanted.value), 0.6, text)
        assert first is not None
        assert min(claims, key=first).id == name
    desk = item_rank(ItemOrdering.DESK, 0.6, text)
    assert desk is not None
    assert [claim.id for claim in sorted(claims, key=desk)] == [*asked.values(), "unsure", "plain"]
    assert item_rank(ItemOrdering.TEXT, 0.6, text) is None
