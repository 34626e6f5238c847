"""Finished reviews of one article compared: every difference once, each choice what it says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from annotator.core.adjudicating.choices import answer_with, both, choose, close, neither
from annotator.core.adjudicating.compared_reviews import ComparedReviews, compare
from annotator.core.adjudicating.compared_rows import comparison_from_dict, comparison_to_dict
from annotator.core.adjudicating.differences import (
    DifferenceType,
    OtherOutcome,
    ReviewDifference,
    differences,
    open_differences,
    outcome,
)
from annotator.core.annotations import (
    Certainty,
    Claim,
    Entity,
    Item,
    Junk,
    JunkKind,
    MadeBy,
    Stance,
    Verdict,
)
from annotator.core.article import Article, Span
from annotator.core.claim_ties import Relation, Tie
from annotator.core.decisions import (
    Answer,
    Change,
    accept,
    add,
    correct,
    finish,
    link,
    note,
    note_article,
    reject,
    relabel,
    relate,
    reopen,
    skip,
)
from annotator.core.record import PipelineId, Record, ReviewFacts, SchemeId, record_from_dict
from annotator.core.review import Review, Status
from tests.helpers.adjudicating import contents, decided
from tests.helpers.building import NOW, TEXT
from tests.helpers.items import entity, span
from tests.helpers.strategies import stamped

ARTICLE = Article(TEXT)
ADA, BO, PLACE = (
    entity(TEXT, words, label)
    for words, label in (("Ada Low", "PERSON"), ("Bo Marsh", "PERSON"), ("Port Ellis", "GPE"))
)
SAID = Claim(
    "c1",
    (span(TEXT, "nothing"),),
    (span(TEXT, "said"),),
    (span(TEXT, "She"),),
    made_by=MadeBy.PIPELINE,
)
ALL = (ADA, BO, PLACE, SAID)


def reviewed(
    who: str, *presses: Change, suggested: Sequence[Item] = ALL, leave: Sequence[str] = ()
) -> Review:
    """A finished review: these changes, then everything else accepted but what is left open."""
    review = Review.of(ARTICLE.id, who, suggested)
    for change in presses:
        review = review.decide(*stamped((change,), review))
    rest = [accept(item) for item in review.open_items() if item.id not in leave]
    end = finish(folded=(), showed_speakers=True)
    return review.decide(*stamped((*rest, end), review))


def opened(comparison: ComparedReviews, who: str = "zoe") -> Review:
    return Review.of(ARTICLE.id, who, comparison.items, settled=comparison.settled)


def found_in(*reviews: Review) -> tuple[ComparedReviews, tuple[ReviewDifference, ...], Review]:
    comparison = compare(reviews)
    return comparison, differences(comparison), opened(comparison)


# Types of differences
def test_reviews_that_agree_leave_nothing_to_decide() -> None:
    comparison, found, review = found_in(reviewed("ann"), reviewed("ben"))
    assert found == ()
    assert not review.open_items()
    assert {item.verdict for item in review.items} == {Verdict.ACCEPTED}
    assert contents(review) == contents(reviewed("ann"))
    assert comparison.reviewers == ("ann", "ben")


@pytest.mark.parametrize(
    ("change", "type"),
    [
        (relabel(PLACE, "ORG"), DifferenceType.LABEL),
        (correct(ADA, replace(ADA, span=span(TEXT, "Low"))), DifferenceType.EDGES),
        (reject(BO), DifferenceType.MISSING),
        (add(Entity("new", span(TEXT, "nothing"), "ORG")), DifferenceType.MISSING),
        (correct(SAID, replace(SAID, cue=())), DifferenceType.PART),
        (correct(SAID, replace(SAID, source=(span(TEXT, "Bo Marsh"),))), DifferenceType.PART),
        (correct(SAID, replace(SAID, stance=Stance.DENIES)), DifferenceType.ATTRIBUTE),
        (correct(SAID, replace(SAID, certainty=Certainty.POSSIBLE)), DifferenceType.ATTRIBUTE),
        (add(Junk("j", span(TEXT, "She said"), JunkKind.FOOTNOTE)), DifferenceType.MISSING),
    ],
)
def test_each_difference_has_a_type(change: Change, type: DifferenceType) -> None:
    _, found, review = found_in(reviewed("ann"), reviewed("ben", change))
    assert [one.type for one in found] == [type]
    assert sorted(one.by for one in found[0].options) == [("ann",), ("ben",)]
    assert outcome(review, found[0]) is None


def test_an_item_that_differs_in_two_aspects_has_two_differences_chosen_one_by_one() -> None:
    other = replace(ADA, span=span(TEXT, "Ada"), label="ORG")
    _, found, review = found_in(reviewed("ann"), reviewed("ben", correct(ADA, other)))
    label, edges = found
    assert (label.type, edges.type) == (DifferenceType.LABEL, DifferenceType.EDGES)
    review = decided(review, choose(review, label, 1))
    assert (outcome(review, label), outcome(review, edges)) == (1, None)
    review = decided(review, choose(review, edges, 0))
    assert (outcome(review, label), outcome(review, edges)) == (1, 0)
    assert (ADA.span, "ORG") in {(one.span, one.label) for one in review.entities}
    assert len(review.entities) == 3


def test_an_entity_is_matched_with_its_nearest_neighbour() -> None:
    near = Entity("near", Span(ADA.span.start, ADA.span.end + 1), "PERSON")
    far = Entity("far", Span(ADA.span.end - 1, ADA.span.end + 4), "PERSON")
    ben = reviewed("ben", reject(ADA), add(near), add(far))
    _, found, _ = found_in(reviewed("ann"), ben)
    assert sorted(one.type for one in found) == [DifferenceType.EDGES, DifferenceType.MISSING]
    (edges,) = (one for one in found if one.type is DifferenceType.EDGES)
    assert ("ann",) in [one.by for one in edges.options]
    assert {len(one.variants) for one in edges.options} == {1}


def test_open_items_of_a_reviewer_are_not_answers() -> None:
    ben = reviewed("ben", relabel(BO, "ORG"), leave=[ADA.id, PLACE.id])
    ann = reviewed("ann", leave=[PLACE.id])
    _, found, review = found_in(ann, ben)
    assert [one.type for one in found] == [DifferenceType.LABEL]
    assert review.held[ADA.id].status is Status.ACCEPTED
    assert review.held[PLACE.id].status is Status.OPEN


def test_nothing_is_missing_where_a_review_says_nothing() -> None:
    ann = reviewed("ann")
    ben = Review.of(ARTICLE.id, "ben", ())
    ben = ben.decide(*stamped((finish(unknown=(Span(0, len(TEXT)),)),), ben))
    _, found, review = found_in(ann, ben)
    assert found == ()
    assert contents(review) == contents(ann)


def test_the_answer_of_most_is_proposed_first_and_not_applied() -> None:
    cat, ann, ben = (
        reviewed("cat", relabel(PLACE, "ORG")),
        reviewed("ann"),
        reviewed("ben", relabel(PLACE, "ORG")),
    )
    _, (label,), review = found_in(cat, ann, ben)
    assert [one.by for one in label.options] == [("ben", "cat"), ("ann",)]
    assert label.has_majority
    assert outcome(review, label) is None


def test_three_answers_one_of_them_none() -> None:
    reviews = (
        reviewed("ann"),
        reviewed("ben", relabel(PLACE, "ORG")),
        reviewed("cat", reject(PLACE)),
    )
    _, (label,), review = found_in(*reviews)
    assert label.type is DifferenceType.LABEL
    assert not label.has_majority
    assert [one.by for one in label.options] == [("ann",), ("ben",), ("cat",)]
    after = decided(review, choose(review, label, 2))
    assert outcome(after, label) == 2
    assert PLACE.span not in {one.span for one in after.entities}


def test_answers_on_the_whole_article_are_a_difference() -> None:
    _, found, review = found_in(reviewed("ann"), reviewed("ben", skip(Answer.UNUSABLE)))
    (whole,) = found
    assert whole.contested is None
    assert open_differences(review, found) == found
    after = decided(review, choose(review, whole, 1))
    assert after.answer is Answer.UNUSABLE
    assert outcome(after, whole) == 1
    again = decided(after, choose(after, whole, 0))
    assert again.answer is Answer.ACCEPT
    assert outcome(again, whole) == 0
    assert contents(again) == contents(reviewed("ann"))


def test_an_article_that_all_call_unusable_ends_so() -> None:
    ann, ben = (reviewed(who, skip(Answer.UNUSABLE)) for who in ("ann", "ben"))
    comparison, found, review = found_in(ann, ben)
    assert found == ()
    assert decided(review, close(review, comparison)).answer is Answer.UNUSABLE


# Choices
def test_both_neither_and_another_answer() -> None:
    _, (edges,), review = found_in(
        reviewed("ann"), reviewed("ben", correct(ADA, replace(ADA, span=span(TEXT, "Ada"))))
    )
    assert outcome(decided(review, both(review, edges)), edges) is OtherOutcome.BOTH
    none = decided(review, neither(review, edges))
    assert outcome(none, edges) is OtherOutcome.NEITHER
    own = replace(ADA, span=span(TEXT, "Ada Low met"))
    other = decided(none, choose(none, edges, 0))
    other = decided(other, answer_with(other, edges, own))
    assert outcome(other, edges) is OtherOutcome.OTHER
    assert any(item.span == own.span for item in other.entities)
    back = decided(other, choose(other, edges, 1))
    assert outcome(back, edges) == 1
    assert len(back.entities) == 3


def test_another_label_while_the_edges_are_open_waits_for_them() -> None:
    two = replace(ADA, span=span(TEXT, "Ada"), label="ORG")
    _, (label, edges), review = found_in(reviewed("ann"), reviewed("ben", correct(ADA, two)))
    event = replace(ADA, label="EVENT")
    assert answer_with(review, label, event) == ()
    review = decided(review, choose(review, edges, 1))
    review = decided(review, answer_with(review, label, event))
    assert (outcome(review, label), outcome(review, edges)) == (OtherOutcome.OTHER, 1)


def test_a_record_says_what_was_accepted_and_what_turned_down() -> None:
    ann, ben = reviewed("ann", reject(BO)), reviewed("ben", relabel(PLACE, "ORG"), reject(BO))
    comparison, (label,), review = found_in(ann, ben)
    review = decided(review, choose(review, label, 1))
    review = decided(review, close(review, comparison))
    record = Record.of(
        ARTICLE,
        review,
        scheme=SchemeId("news", "1"),
        pipeline=PipelineId("en", "1", "00"),
        facts=ReviewFacts.of(review, kind="adjudication"),
    )
    assert {one.verdict for one in record.items} == {Verdict.ACCEPTED}
    assert {(one.label, one.made_by) for one in record.entities if isinstance(one, Entity)} == {
        ("PERSON", MadeBy.PIPELINE),
        ("ORG", MadeBy.PIPELINE),
    }
    turned_down = {(one.span, one.label) for one in record.rejected if isinstance(one, Entity)}
    assert turned_down == {(BO.span, "PERSON"), (PLACE.span, "GPE")}
    assert record_from_dict(record.to_dict()).items == record.items


def test_notes_and_ties_of_the_reviews_are_kept() -> None:
    tie = Tie(SAID.id, Relation.SAME, "b" * 64, "c9")
    ann = reviewed("ann", note(ADA, "the mayor"), note_article("ann", NOW, "short"), relate(tie))
    ben = reviewed("ben", note(ADA, "of Ellis"), relabel(PLACE, "ORG"))
    comparison, (label,), review = found_in(ann, ben)
    assert review.held[ADA.id].item.note == "the mayor; of Ellis"
    review = decided(review, choose(review, label, 0))
    review = decided(review, close(review, comparison))
    assert [(one.reviewer, one.text) for one in review.notes] == [("ann", "short")]
    assert review.ties == (tie,)
    review = decided(review, [reopen()])
    review = decided(review, close(review, comparison))
    assert len(review.notes) == len(review.ties) == 1


def test_who_speaks_is_taken_from_whoever_said_so() -> None:
    named = replace(SAID, source_entity=ADA.id)
    _, found, review = found_in(reviewed("ann"), reviewed("ben", link(SAID, named)))
    (claim,) = review.claims
    assert found == ()
    assert claim.source_entity == ADA.id


def test_different_speakers_are_a_difference() -> None:
    ann = reviewed("ann", link(SAID, replace(SAID, source_entity=ADA.id)))
    ben = reviewed("ben", link(SAID, replace(SAID, source_entity=BO.id)))
    _, found, _ = found_in(ann, ben)
    assert [one.type for one in found] == [DifferenceType.ATTRIBUTE]


def test_the_variant_that_stands_speaks_in_its_claims() -> None:
    said = replace(SAID, source_entity=ADA.id)
    ann = reviewed("ann", link(SAID, said))
    ben = reviewed(
        "ben", link(SAID, said), correct(ADA, replace(ADA, span=span(TEXT, "Ada Low met")))
    )
    comparison, (edges,), review = found_in(ann, ben)
    review = decided(review, choose(review, edges, 1))
    review = decided(review, close(review, comparison))
    (claim,) = review.claims
    (kept,) = (one for one in review.entities if one.span == span(TEXT, "Ada Low met"))
    assert claim.source_entity == kept.id


def test_different_identities_name_none() -> None:
    ann = reviewed(
        "ann", link(ADA, replace(ADA, identity="i1")), link(BO, replace(BO, identity="i2"))
    )
    ben = reviewed("ben", link(ADA, replace(ADA, identity="i3")))
    _, found, review = found_in(ann, ben)
    assert found == ()
    assert {one.id: one.identity for one in review.entities} == {
        ADA.id: None,
        BO.id: "i2",
        PLACE.id: None,
    }


@pytest.mark.parametrize(
    ("imported", "unassisted", "expected"),
    [
        ([], [], True),
        ([], ["ann"], True),
        ([], ["ann", "ben"], False),
        (["ann"], [], True),
        (["ann"], ["ben"], None),
        (["ann", "ben"], [], None),
        (["ann", "ben"], ["ann", "ben"], False),
    ],
)
def test_help_that_only_imported_reviews_may_have_had_is_not_known(
    imported: list[str], unassisted: list[str], expected: bool | None
) -> None:
    both_of_them = reviewed("ann"), reviewed("ben")
    compared = compare(both_of_them, imported=imported, unassisted=unassisted)
    assert compared.beside.assisted is expected
    stored = comparison_to_dict(compared)
    assert comparison_from_dict(stored, compared.items) == compared
