"""Decisions on several items at once: no items in junk, no decisions on hidden items."""

from __future__ import annotations

from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from annotator.core.annotations import Claim, Entity, Item, Junk, JunkKind
from annotator.core.article import Article, Span
from annotator.core.decisions import Change, Kind, accept, add, correct, reject
from annotator.core.review import Review, Status
from annotator.core.reviewing.bulk import (
    accepted,
    accepted_together,
    equal_strings,
    everywhere,
    lies_in,
    line_that_forbids,
    rejections_in,
)
from annotator.core.text.words import Words
from tests.helpers.strategies import reviews, stamped

TEXT = "Ada spoke in Oslo.\nOslo: read more of Oslo\nThe council of Oslo met.\n"


def oslo(nth: int) -> Span:
    at = -1
    for _ in range(nth + 1):
        at = TEXT.index("Oslo", at + 1)
    return Span(at, at + 4)


LINE = Junk("line", Span(19, 42), JunkKind.RELATED_LINK)
FIRST = Entity("first", oslo(0), "GPE")
IN_LINE = Entity("in", oslo(1), "GPE")
LAST = Entity("last", oslo(3), "GPE")


def review_of(*items: Item) -> Review:
    return Review.of("a" * 64, "cy", items)


def after(review: Review, *changes: Change) -> Review:
    return review.decide(*stamped(changes, review))


def marked_in_junk(review: Review) -> list[Item]:
    """What stands by decision in a line that is junk by decision."""
    kept = [held.item for held in review.held.values() if held.status is Status.ACCEPTED]
    lines = [item for item in kept if isinstance(item, Junk)]
    return [item for item in kept if any(lies_in(item, line) for line in lines)]


def same(
    review: Review, item: Item, *, label: str | None = None, rejecting: bool = False
) -> Review:
    ids = (f"n{n}" for n in count())
    among = [held.item for held in review.held.values()]
    changes = everywhere(
        review,
        equal_strings(review, item, among=among, words=Words(TEXT)),
        label=label,
        rejecting=rejecting,
        new_id=lambda: next(ids),
    )
    return after(review, *changes)


def test_equal_strings_are_marked_only_outside_junk_lines() -> None:
    done = same(after(review_of(FIRST, LINE), accept(LINE)), FIRST)
    assert [entity.span for entity in done.entities] == [oslo(0), oslo(3)]


def test_equal_strings_are_not_marked_in_a_suggested_junk_line() -> None:
    done = same(review_of(FIRST, LINE), FIRST)
    assert [entity.span for entity in done.entities] == [oslo(0), oslo(3)]


def test_items_rejected_by_a_junk_line_stay_rejected() -> None:
    junked = review_of(FIRST, IN_LINE, LINE)
    junked = after(junked, *accepted(junked, LINE))
    assert same(junked, FIRST, label="LOC").held["in"].status is Status.REJECTED


def test_equal_strings_are_rejected_everywhere() -> None:
    done = same(review_of(FIRST, IN_LINE, LAST, LINE), FIRST, rejecting=True)
    assert done.entities == ()


def test_a_junk_line_rejects_accepted_items_in_it_too() -> None:
    review = after(review_of(IN_LINE, LAST, LINE), accept(IN_LINE))
    done = after(review, *accepted(review, LINE))
    assert (done.held["in"].status, done.held["last"].status) == (Status.REJECTED, Status.OPEN)


def test_one_piece_in_a_junk_line_puts_the_claim_in_it() -> None:
    claim = Claim("claim", (oslo(3),), source=(oslo(1),))
    assert rejections_in(review_of(claim, LINE), LINE)[0].target == "claim"


def test_nothing_may_be_added_accepted_or_corrected_into_a_junk_line() -> None:
    review = after(review_of(LINE, LAST, IN_LINE), accept(LINE))
    moved = Entity("last", oslo(2), "GPE")
    for change in (add(Entity("new", oslo(2), "ORG")), accept(IN_LINE), correct(LAST, moved)):
        assert line_that_forbids(review, [change]) == review.held["line"].item


def test_items_in_a_junk_line_can_be_rejected_and_others_decided() -> None:
    review = after(review_of(LINE, LAST, IN_LINE), accept(LINE))
    assert line_that_forbids(review, [reject(IN_LINE), accept(LAST), accept(LINE)]) is None


def test_an_undecided_junk_line_forbids_nothing() -> None:
    assert line_that_forbids(review_of(LINE, IN_LINE), [accept(IN_LINE)]) is None


def test_accepting_all_rejects_open_items_in_accepted_junk_lines() -> None:
    review = review_of(FIRST, IN_LINE, LINE)
    done = after(review, *accepted_together(review, review.open_items()).changes)
    assert [held.status.value for held in done.held.values()] == [
        "accepted",
        "rejected",
        "accepted",
    ]


def test_accepting_all_leaves_a_junk_line_with_marked_items_open() -> None:
    review = after(review_of(IN_LINE, LINE, LAST), accept(IN_LINE))
    together = accepted_together(review, review.open_items())
    assert together.left_open == (LINE,)
    assert [change.target for change in together.changes] == ["last"]


@given(reviews(Article(TEXT)), st.data())
def test_no_open_item_is_accepted_in_junk(review: Review, data: st.DataObject) -> None:
    if review.finished:
        return
    before = {item.id for item in marked_in_junk(review)}
    open_items = review.open_items()
    chosen = [item for item in open_items if data.draw(st.booleans())]
    together = accepted_together(review, chosen)
    done = after(review, *together.changes)
    assert {item.id for item in marked_in_junk(done)} <= before
    targets = {change.target for change in together.changes}
    assert {item.id for item in chosen} <= targets | {line.id for line in together.left_open}
    untouched = [item for item in open_items if item.id not in targets]
    assert all(done.held[item.id].status is Status.OPEN for item in untouched)


@given(reviews(Article(TEXT)), st.data(), st.sampled_from([None, "GPE", "ORG"]), st.booleans())
def test_equal_strings_are_never_marked_in_junk(
    review: Review, data: st.DataObject, label: str | None, rejecting: bool
) -> None:
    items = [held.item for held in review.held.values() if not isinstance(held.item, Claim)]
    if not items or review.finished:
        return
    item = data.draw(st.sampled_from(items))
    before = {one.id for one in marked_in_junk(review)}
    done = same(review, item, label=label, rejecting=rejecting)
    assert {one.id for one in marked_in_junk(done)} <= before


@given(reviews(Article(TEXT)), st.data())
def test_no_allowed_change_marks_an_item_in_junk(review: Review, data: st.DataObject) -> None:
    items = [held.item for held in review.held.values() if not isinstance(held.item, Junk)]
    if not items or review.finished:
        return
    change = accept(data.draw(st.sampled_from(items)))
    if line_that_forbids(review, [change]) is None:
        done = after(review, change)
        assert change.target not in {one.id for one in marked_in_junk(done)}
        assert change.kind is Kind.ACCEPT
