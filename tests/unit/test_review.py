"""The effects of single decisions on a review, by example."""

from __future__ import annotations

from dataclasses import replace

import pytest

from annotator.core.annotations import Claim, Entity, Junk, JunkKind, MadeBy, Stance, Tier, Verdict
from annotator.core.article import Article, Span
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
    relabel,
    reopen,
    restore,
    skip,
    to_decisions,
    withdraw,
)
from annotator.core.review import Review
from annotator.errors import ReviewError
from tests.helpers.strategies import EPOCH, stamped

TEXT = "Ada Low said Bo Marsh had left.\nRead more\n"
ARTICLE = Article(TEXT)
ADA = Entity("ada", Span(0, 7), "PERSON", made_by=MadeBy.PIPELINE, score=0.9)
BO = Entity("bo", Span(13, 21), "ORG", made_by=MadeBy.PIPELINE, score=0.4)
SAID = Claim("said", (Span(13, 30),), (Span(8, 12),), (Span(0, 7),), made_by=MadeBy.PIPELINE)
LEFT = Claim("left", (Span(0, 30),), tier=Tier.B, made_by=MadeBy.PIPELINE)
MORE = Junk("more", Span(32, 41), JunkKind.RELATED_LINK, made_by=MadeBy.PIPELINE)
OPENED = Review.of(ARTICLE.id, "cy", (ADA, BO, SAID, LEFT, MORE))


def after(*presses: Change, review: Review = OPENED) -> Review:
    """The review after these changes, each a key press of its own."""
    for change in presses:
        review = review.decide(*stamped([change], review))
    return review


def now(review: Review, item_id: str) -> Entity | Claim | Junk:
    return review.held[item_id].item


def test_a_new_review_lists_all_items() -> None:
    assert [item.id for item in OPENED.open_items()] == ["ada", "left", "bo", "said", "more"]
    assert all(item.verdict is Verdict.PENDING for item in OPENED.items)


def test_items_are_in_text_order() -> None:
    assert [item.id for item in OPENED.items] == ["ada", "left", "bo", "said", "more"]


def test_accepting_keeps_the_suggestion() -> None:
    assert now(after(accept(ADA)), "ada") == replace(ADA, verdict=Verdict.ACCEPTED)


def test_rejecting_moves_an_item_to_the_rejected_ones() -> None:
    review = after(reject(BO))
    assert BO not in review.items
    assert review.rejected == (BO,)


def test_correcting_keeps_the_id_the_maker_and_the_score() -> None:
    review = after(correct(BO, Entity("other", Span(13, 15), "PERSON")))
    expected = replace(BO, span=Span(13, 15), label="PERSON", verdict=Verdict.CORRECTED)
    assert now(review, "bo") == expected


def test_correcting_back_to_the_suggestion_accepts_it() -> None:
    review = after(relabel(BO, "PERSON"), relabel(replace(BO, label="PERSON"), "ORG"))
    assert now(review, "bo").verdict is Verdict.ACCEPTED


def test_choosing_its_own_label_accepts_an_entity() -> None:
    assert now(after(relabel(ADA, "PERSON")), "ada").verdict is Verdict.ACCEPTED


def test_correcting_a_rejected_item_restores_it() -> None:
    review = after(reject(BO), relabel(BO, "PERSON"))
    assert now(review, "bo") in review.entities
    assert review.rejected == ()


def test_rejecting_an_added_item_removes_it() -> None:
    mine = Entity("mine", Span(0, 3), "PERSON")
    review = after(add(mine))
    assert now(review, "mine").verdict is Verdict.ADDED
    review = after(reject(mine), review=review)
    assert (review.rejected, mine.id in {item.id for item in review.items}) == ((), False)


def test_an_added_item_corrected_is_still_added() -> None:
    mine = Entity("mine", Span(0, 3), "PERSON")
    review = after(add(mine), relabel(mine, "ORG"))
    assert now(review, "mine").verdict is Verdict.ADDED


def test_claims_and_junk_lines_are_decided_like_entities() -> None:
    denied = replace(SAID, stance=Stance.DENIES)
    review = after(correct(SAID, denied), reject(MORE))
    assert now(review, "said") == replace(denied, verdict=Verdict.CORRECTED)
    assert review.rejected == (MORE,)


def test_a_note_decides_nothing() -> None:
    review = after(note(BO, "a company?"))
    assert now(review, "bo") == replace(BO, note="a company?")
    assert BO.id in {item.id for item in review.open_items()}
    assert now(after(note(now(review, "bo"), ""), review=review), "bo").note is None


def test_a_link_decides_nothing() -> None:
    review = after(link(SAID, replace(SAID, source_entity="ada")))
    assert now(review, "said") == replace(SAID, source_entity="ada")


def test_notes_on_the_article_accumulate() -> None:
    review = after(note_article("cy", EPOCH, "one"), note_article("cy", EPOCH, "two"))
    assert [remark.text for remark in review.notes] == ["one", "two"]


def test_skipping_and_finishing_concern_the_whole_article() -> None:
    review = after(skip(Answer.UNUSABLE), finish(folded=["left"]))
    assert review.answer is Answer.UNUSABLE
    assert review.never_shown == {"left"}
    assert review.finished == review.decisions[-1].at


def test_a_finished_review_takes_no_decision_until_reopened() -> None:
    review = after(finish())
    with pytest.raises(ReviewError, match="finished"):
        after(accept(ADA), review=review)
    review = after(reopen(), accept(ADA), review=review)
    assert review.finished is None


def test_reopening_a_skipped_article_clears_its_answer() -> None:
    assert after(skip(Answer.SKIP), finish(), reopen()).answer is Answer.ACCEPT


def test_only_a_finished_review_can_be_reopened() -> None:
    with pytest.raises(ReviewError, match="not finished"):
        after(reopen())


def test_undo_withdraws_a_whole_key_press() -> None:
    review = OPENED.decide(*stamped([accept(ADA), accept(BO), reject(MORE)], OPENED))
    undo = review.undo()
    assert undo is not None
    back = after(undo, review=review)
    assert (back.items, back.rejected) == (OPENED.items, ())


def test_redo_restores_a_whole_key_press() -> None:
    done = OPENED.decide(*stamped([accept(ADA), accept(BO), reject(MORE)], OPENED))
    undo = done.undo()
    assert undo is not None
    undone = after(undo, review=done)
    redo = undone.redo()
    assert redo is not None
    again = after(redo, review=undone)
    assert (again.items, again.rejected) == (done.items, done.rejected)


def test_undo_of_two_decisions_on_one_item_restores_its_first_state() -> None:
    review = OPENED.decide(*stamped([reject(BO), relabel(BO, "PERSON")], OPENED))
    undo = review.undo()
    assert undo is not None
    assert after(undo, review=review).items == OPENED.items


def test_undo_withdraws_finishing() -> None:
    assert after(finish(), withdraw(after(finish()).standing[-1].id)).finished is None


def test_any_other_decision_empties_redo() -> None:
    done = after(accept(ADA))
    group = done.standing[-1].id
    undone = after(withdraw(group), review=done)
    assert now(after(restore(group), review=undone), "ada") == now(done, "ada")
    assert after(accept(BO), review=undone).redo() is None


def test_only_the_last_group_can_be_undone() -> None:
    review = after(accept(ADA), accept(BO))
    first, second = (group.id for group in review.standing)
    with pytest.raises(ReviewError, match="Only the last"):
        after(withdraw(first), review=review)
    review = after(withdraw(second), withdraw(first), review=review)
    assert (review.undo(), review.items) == (None, OPENED.items)
    with pytest.raises(ReviewError, match="undone last"):
        after(restore(second), review=review)


def test_a_repeated_decision_counts_once() -> None:
    made = stamped([accept(ADA)], OPENED)
    assert OPENED.decide(*made, *made) == OPENED.decide(*made)


@pytest.mark.parametrize(
    "change",
    [
        accept(Entity("unknown", Span(0, 3), "ORG")),
        add(ADA),
        correct(ADA, replace(SAID, id="ada")),
        Change(correct(ADA, ADA).kind, "ada", ADA, None),
        Change(add(ADA).kind, "x", None, replace(ADA, id="y")),
        Change(accept(ADA).kind, None, ADA),
        Change(add(ADA).kind, None, None, replace(ADA, id="new")),
    ],
)
def test_invalid_changes_are_refused(change: Change) -> None:
    with pytest.raises(ReviewError):
        after(change)


def test_decisions_of_other_reviews_and_old_numbers_are_refused() -> None:
    (made,) = stamped([accept(ADA)], OPENED)
    for stranger in (replace(made, article="0" * 64), replace(made, reviewer="bo")):
        with pytest.raises(ReviewError, match="another review"):
            OPENED.decide(stranger)
    with pytest.raises(ReviewError, match="comes after"):
        OPENED.decide(made).decide(replace(made, id="later"))


def test_keys_and_seconds_count_once_per_key_press() -> None:
    made = to_decisions(
        [accept(ADA), accept(BO)],
        DecisionGroup(
            id="g",
            article=ARTICLE.id,
            reviewer="cy",
            at=EPOCH,
            first_seq=1,
            keys=3,
            seconds=1.5,
        ),
        ids=("1", "2"),
    )
    review = OPENED.decide(*made)
    assert (review.keys, review.seconds) == (3, 1.5)
