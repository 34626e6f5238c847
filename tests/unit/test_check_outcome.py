"""When a reviewer gets a check, and how near to its gold a review came."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from annotator.core.annotations import Entity, MadeBy, Verdict
from annotator.core.article import Article
from annotator.core.assignment import check_block, check_is_due, check_place
from annotator.core.check_outcome import CheckOutcome, check_outcome, outcome_in_words
from annotator.core.decisions import (
    Answer,
    Change,
    accept,
    add,
    finish,
    reject,
    relabel,
    reopen,
    skip,
)
from annotator.core.record import Record, SchemeId
from annotator.core.records.review_facts import ReviewFacts
from annotator.core.review import Review
from tests.helpers.items import entity, span
from tests.helpers.strategies import EPOCH, articles, stamped, suggestions

TEXT = "Ada Low met Bo Marsh in Port Ellis.\n\nShe said nothing.\n"
ADA, BO, PORT = (
    entity(TEXT, words, label)
    for words, label in (("Ada Low", "PERSON"), ("Bo Marsh", "PERSON"), ("Port Ellis", "GPE"))
)
shares = st.floats(0.01, 0.5)
names = st.text(min_size=1, max_size=9)


def worked(reviewer: str, share: float, blocks: int) -> list[bool]:
    """Which reviews of somebody are checks, who takes what is offered."""
    done: list[bool] = []
    size = check_block(share)
    while len(done) < size * blocks:
        within = len(done) % size
        given_one = within > 0 and any(done[-within:])
        done.append(check_is_due(share, reviewer, len(done), is_given=given_one))
    return done


@given(names, shares)
def test_each_block_has_one_check_at_a_place_that_never_changes(name: str, share: float) -> None:
    size, done = check_block(share), worked(name, share, 5)
    blocks = [done[start : start + size] for start in range(0, len(done), size)]
    assert [block.count(True) for block in blocks] == [1] * 5
    assert [block.index(True) for block in blocks] == [check_place(name, n, size) for n in range(5)]
    assert done == worked(name, share, 5)


def test_the_places_differ_from_block_to_block_and_from_reviewer_to_reviewer() -> None:
    places = {name: [check_place(name, n, 50) for n in range(20)] for name in ("ada", "ben")}
    assert places["ada"] != places["ben"]
    assert len(set(places["ada"])) > 10
    # A store keeps no places, and machines of several releases work together.
    assert places["ada"][:5] == [8, 21, 41, 37, 6]


@given(names, st.integers(0, 10_000))
def test_without_a_share_nothing_is_due(name: str, finished: int) -> None:
    assert not check_is_due(0.0, name, finished, is_given=False)


@given(names, shares, st.integers(0, 10_000))
def test_a_check_that_was_not_taken_stays_due_until_the_block_ends(
    name: str, share: float, finished: int
) -> None:
    size = check_block(share)
    if check_is_due(share, name, finished, is_given=False) and (finished + 1) % size:
        assert check_is_due(share, name, finished + 1, is_given=False)


def gold(*items: Entity, article: Article | None = None) -> Record:
    decided = tuple(replace(item, verdict=Verdict.ACCEPTED) for item in items)
    return Record(
        article or Article(TEXT),
        SchemeId("labels", "1"),
        review=ReviewFacts("gold", "review"),
        entities=decided,
    )


def reviewed(*presses: tuple[Change, ...]) -> Review:
    review = Review.of(Article(TEXT).id, "ada", (ADA, BO, PORT))
    for changes in presses:
        review = review.decide(*stamped(changes, review, at=EPOCH))
    return review


def outcome(review: Review, *items: Entity) -> CheckOutcome:
    found = check_outcome(Article(TEXT), review, gold(*items))
    assert found is not None
    return found


ALL = (accept(ADA), accept(BO), accept(PORT))


def test_a_review_like_the_gold_has_no_differences() -> None:
    found = outcome(reviewed((*ALL, finish())), ADA, BO, PORT)
    assert (found.together.f, found.differences) == (1.0, ())
    assert outcome_in_words(found) == "F1 100 %, 0 missed, 0 added"


def test_missed_added_and_differently_labelled_items_are_listed() -> None:
    own = Entity("own", span(TEXT, "She"), "PERSON", made_by=MadeBy.REVIEWER)
    wrong = relabel(PORT, "ORG")
    found = outcome(reviewed((accept(ADA), reject(BO), wrong, add(own), finish())), ADA, BO, PORT)
    told = [
        (one.answered and one.answered.span.of(TEXT), one.gold and one.gold.span.of(TEXT))
        for one in found.differences
    ]
    assert told == [(None, "Bo Marsh"), ("Port Ellis", "Port Ellis"), ("She", None)]
    assert (found.missed, found.added) == (2, 2)
    assert found.entities.f == 2 * 1 / 6
    assert outcome_in_words(found) == "F1 33 %, 2 missed, 2 added"


def test_open_items_count_on_neither_side() -> None:
    found = outcome(reviewed((accept(ADA), finish())), ADA, PORT)
    assert (found.entities.same, found.entities.marked, found.differences) == (1, 2, ())


def test_a_skipped_check_has_nothing_to_compare() -> None:
    found = outcome(reviewed((skip(Answer.UNUSABLE), finish())), ADA)
    assert (found.skipped, found.together.marked) == (Answer.UNUSABLE, 0)
    assert outcome_in_words(found) == "you answered: unusable"


def test_a_review_that_was_never_finished_has_no_outcome() -> None:
    assert check_outcome(Article(TEXT), reviewed(ALL), gold(ADA)) is None


def test_only_the_first_finish_counts() -> None:
    """Whoever takes the review up again, or undoes the finish, has been told the outcome."""
    first = reviewed((accept(ADA), reject(BO), accept(PORT), finish()))
    before = outcome(first, ADA, BO, PORT)
    for mended in (((reopen(),), (accept(BO),), (finish(),)), ((_undo(first),), (accept(BO),))):
        review = first
        for changes in mended:
            review = review.decide(*stamped(changes, review, at=EPOCH))
        assert BO.id in {item.id for item in review.items}
        assert outcome(review, ADA, BO, PORT) == before


def _undo(review: Review) -> Change:
    change = review.undo()
    assert change is not None
    return change


@given(st.data())
def test_missed_and_added_are_all_that_is_not_the_same(data: st.DataObject) -> None:
    article = data.draw(articles())
    items = data.draw(suggestions(article.text))
    own = [item for item in items if data.draw(st.booleans())]
    wanted = [item for item in items if data.draw(st.booleans())]
    review = Review.of(article.id, "ada", items)
    changes = [accept(item) if item in own else reject(item) for item in items]
    review = review.decide(*stamped((*changes, finish()), review, at=EPOCH))
    decided = [replace(item, verdict=Verdict.ACCEPTED) for item in wanted]
    record = Record(
        article,
        SchemeId("labels", "1"),
        review=ReviewFacts("gold", "review"),
        **{name: tuple(i for i in decided if type(i).__name__ == kind) for name, kind in KINDS},  # type: ignore[arg-type]  # by kind
    )
    found = check_outcome(article, review, record)
    assert found is not None
    every = found.together
    assert found.missed + found.added == every.marked - 2 * every.same
    assert list(found.differences) == sorted(
        found.differences, key=lambda one: (one.place.start, one.place.end)
    )


KINDS = (("entities", "Entity"), ("claims", "Claim"), ("junk", "Junk"))
