"""What is remembered of a form: the fold of decisions."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from annotator.core.annotations import Claim, Item, Junk, JunkKind, MadeBy
from annotator.core.article import identity_of
from annotator.core.decisions import accept, add, finish, reject, relabel
from annotator.core.memory.entries import Entry, Outcome, Subject, Way, entries_of, form_of
from annotator.core.memory.known import (
    MOST,
    Known,
    known_from_dict,
    known_to_dict,
    remembered,
)
from annotator.core.memory.recall import recall
from annotator.core.memory.why import why
from annotator.core.review import Review
from annotator.core.reviewing.projection import GROUP
from annotator.core.text.words import Words
from tests.helpers.items import entity, span
from tests.helpers.strategies import reviewed_articles, stamped
from tests.helpers.taught import (
    NEXT,
    NOON,
    TEXT,
    Reviewed,
    entries,
    known,
    learnt,
    pells,
    rejections,
    reviewed,
    suggested,
)

# Entries


def test_accepted_added_and_corrected_items_stand() -> None:
    pell, sund = pells()[0], entity(TEXT, "Sund", "GPE", id="s")
    added = replace(entity(TEXT, "Vard", "ORG", id="v"), made_by=MadeBy.REVIEWER)
    review = reviewed([accept(sund)], [add(added)], [relabel(pell, "PERSON")], items=[pell, sund])
    found = {(e.form, e.label): e.outcome for e in entries(review)}
    assert found == {
        ("Sund", "GPE"): Outcome.ACCEPTED,
        ("Vard", "ORG"): Outcome.ADDED,
        ("Pell", "PERSON"): Outcome.CORRECTED,
        ("Pell", "ORG"): Outcome.REPLACED,
    }


def test_open_items_say_nothing() -> None:
    assert entries(reviewed(items=pells())) == ()


def test_undone_decisions_teach_nothing_until_they_are_redone() -> None:
    first = reviewed([reject(pells()[0])], items=pells())
    undo = first.undo()
    assert undo is not None
    undone = first.decide(*stamped((undo,), first, at=NOON))
    redo = undone.redo()
    assert redo is not None
    redone = undone.decide(*stamped((redo,), undone, at=NOON))
    assert entries(undone) == ()
    assert entries(redone) == entries(first) != ()


def test_undoing_leaves_earlier_decisions() -> None:
    pell = pells()[0]
    before = reviewed([accept(pell)], items=[pell])
    after = before.decide(*stamped((reject(pell),), before, at=NOON))
    undo = after.undo()
    assert undo is not None
    assert entries(after.decide(*stamped((undo,), after, at=NOON))) == entries(before)


def test_many_different_items_accepted_by_one_key_are_told_apart() -> None:
    pell, sund = pells()[0], entity(TEXT, "Sund", "GPE", id="s")
    at_once = reviewed([accept(pell), accept(sund)], items=[pell, sund])
    alone = reviewed([accept(pell)], [accept(sund)], items=[pell, sund])
    everywhere = reviewed([accept(one) for one in pells()], items=pells())
    assert {entry.way for entry in entries(at_once)} == {Way.TOGETHER}
    assert {entry.way for entry in entries(alone)} == {Way.SINGLE}
    assert {entry.way for entry in entries(everywhere)} == {Way.SINGLE}


def test_items_rejected_with_their_line_teach_nothing() -> None:
    pell = pells()[0]
    line = Junk("j", span(TEXT, "Pell met Vard in Sund."), JunkKind.AD_MARKER)
    review = reviewed([accept(line), reject(pell)], items=[pell, line])
    assert entries(review) == ()


def test_an_added_item_that_was_rejected_again_says_nothing() -> None:
    added = replace(entity(TEXT, "Vard", "ORG", id="v"), made_by=MadeBy.REVIEWER)
    assert entries(reviewed([add(added)], [reject(added)])) == ()


def test_carried_over_decisions_count_only_in_the_earlier_text() -> None:
    review = Review.of(identity_of(TEXT), "ada", pells())
    made = stamped((accept(pells()[0]),), review, at=NOON)
    carried = review.decide(*(replace(one, group=f"{GROUP}1") for one in made))
    assert entries(carried) == ()
    again = carried.decide(*stamped((reject(pells()[0]),), carried, at=NOON))
    assert [entry.outcome for entry in entries(again)] == [Outcome.REJECTED]


def test_a_claim_speaks_of_its_cue() -> None:
    claim = Claim("c", (span(TEXT, "the Vard plan was late"),), (span(TEXT, "said"),))
    (entry,) = entries(reviewed([reject(claim)], items=[claim]))
    assert (entry.subject, entry.form, entry.label) == (Subject.CUE, "said", "")
    assert entry.outcome is Outcome.REJECTED


def test_forms_are_written_in_one_way() -> None:
    assert form_of("O’Neill\n  Trust\u200b") == form_of("O'Neill Trust")
    assert form_of("us") != form_of("US")
    assert form_of("x" * 201) == ""


@given(reviewed_articles())
def test_entries_speak_of_decided_items_and_are_kept_as_they_are(pair: Reviewed) -> None:
    article, review = pair
    found = entries_of(review, review.held, article.text)
    for entry in found:
        assert review.held[entry.item].status.value != "open"
        assert 0 < len(entry.form) <= 200
    for one in remembered(found).values():
        assert known_from_dict(known_to_dict(one)) == one


@given(st.lists(reviewed_articles(at_most=6), max_size=3), st.randoms(use_true_random=False))
def test_the_fold_is_the_same_in_any_order_of_arrival(
    pairs: list[Reviewed], random: Random
) -> None:
    logs = [(a, r.suggestions, list(r.decisions)) for a, r in pairs]
    straight = [e for a, r in pairs for e in entries_of(r, r.held, a.text)]
    random.shuffle(logs)
    shuffled: list[Entry] = []
    for article, suggestions, decisions in logs:
        random.shuffle(decisions)
        review = Review.of(article.id, "ada", suggestions, decisions)
        found = list(entries_of(review, review.held, article.text))
        random.shuffle(found)
        shuffled += found
    assert remembered(shuffled) == remembered(straight)


# What is known


def test_a_form_is_wrong_once_it_was_rejected_so_often() -> None:
    assert not known(rejections(2), "Pell").is_wrong(3)
    assert known(rejections(3), "Pell").is_wrong(3)


def test_a_form_that_stood_since_is_not_wrong() -> None:
    first = pells()[0]
    fourth = replace(first, id="p4")
    presses = [[reject(one)] for one in pells()]
    review = reviewed(*presses, [accept(fourth)], items=[*pells(), fourth])
    assert not known(review, "Pell").is_wrong(3)


def test_a_form_that_stood_often_is_not_wrong_for_one_article() -> None:
    many = [replace(pells()[0], id=f"m{n}") for n in range(9)]
    review = reviewed(
        *([accept(one)] for one in many[:6]), *([reject(one)] for one in many[6:]), items=many
    )
    assert not known(review, "Pell").is_wrong(3)


def test_disagreement_leaves_no_label() -> None:
    ada = reviewed([relabel(pells()[0], "PERSON")], items=pells())
    bea = reviewed([accept(pells()[0])], items=pells(), who="bea")
    assert learnt(ada)[Subject.ENTITY, "Pell"].label() == "PERSON"
    assert learnt(ada, bea)[Subject.ENTITY, "Pell"].label() is None


def test_an_adjudication_outweighs() -> None:
    ada = reviewed([relabel(pells()[0], "PERSON")], items=pells())
    bea = reviewed([accept(pells()[0])], items=pells(), who="bea")
    judged = entries(reviewed([accept(pells()[0])], items=pells(), who="cy"), adjudicates=True)
    found = remembered((*entries(ada), *entries(bea), *judged))
    assert found[Subject.ENTITY, "Pell"].label() == "ORG"


def test_only_the_newest_count() -> None:
    named = (Subject.ENTITY, "Pell", "ORG")
    old = [
        Entry("p0", *named, Outcome.ACCEPTED, Way.SINGLE, "ada", NOON, press=str(n))
        for n in range(MOST)
    ]
    new = [
        replace(one, label="PERSON", at=NOON + timedelta(seconds=n)) for n, one in enumerate(old, 1)
    ]
    assert Known.of([*old, *new]).accepted == {"PERSON": MOST}


def test_known_facts_are_said_in_words() -> None:
    items = [replace(pells()[0], id=f"m{n}") for n in range(9)]
    review = reviewed(
        *([accept(one)] for one in items[:7]), *([reject(one)] for one in items[7:]), items=items
    )
    assert why(known(review, "Pell")) == "accepted 7 times as ORG, rejected twice, last by ada"
    assert why(Known()) == ""


# Several items by one key press


def all_accepted(*items: Item) -> Review:
    """A review in which everything was accepted and finished with one key."""
    return reviewed([*(accept(one) for one in items), finish()], items=items)


def test_a_press_counts_once_whatever_number_of_mentions_it_touched() -> None:
    one = known(reviewed([accept(pells()[0])], items=pells()[:1]), "Pell")
    every = known(reviewed([accept(pell) for pell in pells()], items=pells()), "Pell")
    assert every == one
    assert every.accepted == {"ORG": 1}


def test_one_press_that_rejects_every_mention_is_not_three() -> None:
    at_once = known(reviewed([reject(pell) for pell in pells()], items=pells()), "Pell")
    assert (at_once.since, at_once.rejections) == (1, 1)
    assert not at_once.is_wrong(3)


def test_one_press_that_rejects_two_labels_of_a_form_is_one() -> None:
    pell, other = pells()[0], replace(pells()[1], label="GPE")
    assert known(reviewed([reject(pell), reject(other)], items=[pell, other]), "Pell").since == 1


def test_accepting_all_of_one_form_is_no_decision_on_that_form() -> None:
    assert {one.way for one in entries(all_accepted(*pells()))} == {Way.TOGETHER}
    line = Junk("j", span(TEXT, TEXT.splitlines()[2]), JunkKind.AD_MARKER)
    with_junk = reviewed([accept(line), accept(pells()[0])], items=[pells()[0], line])
    assert {one.way for one in entries(with_junk)} == {Way.TOGETHER}


def test_accepting_all_in_an_adjudication_is_no_decision_on_a_form() -> None:
    assert {one.way for one in entries(all_accepted(*pells()), adjudicates=True)} == {Way.TOGETHER}


@given(st.integers(1, 12), st.integers(1, 3))
def test_accepting_all_alone_changes_and_adds_nothing(reviews: int, mentions: int) -> None:
    memory = [
        entry
        for n in range(reviews)
        for entry in entries(
            reviewed(
                [*(accept(one) for one in pells()[:mentions]), finish()],
                items=pells()[:mentions],
                who=f"reviewer {n}",
            )
        )
    ]
    other = entity(NEXT, "Pell", "GPE", id="e1")
    (kept,) = suggested(*recall([other], Words(NEXT), remembered(memory)))
    assert (kept.label, kept.made_by) == ("GPE", MadeBy.PIPELINE)
    one_by_one = entries(reviewed([accept(pells()[0])], items=pells()))
    found = remembered([*memory, *one_by_one])[Subject.ENTITY, "Pell"]
    assert found.label() == "ORG"


def test_suggestions_of_the_memory_teach_only_if_decided_alone() -> None:
    pell = replace(pells()[0], made_by=MadeBy.MEMORY)
    assert entries(all_accepted(pell)) == ()
    sund = entity(TEXT, "Sund", "GPE", id="s")
    both = reviewed([accept(pell), accept(sund)], items=[pell, sund])
    assert [one.form for one in entries(both)] == ["Sund"]
    assert [one.outcome for one in entries(reviewed([accept(pell)], items=[pell]))] == [
        Outcome.ACCEPTED
    ]


@given(st.lists(st.sampled_from(["p0", "p1", "p2"]), min_size=1, max_size=9))
def test_known_does_not_depend_on_the_items_of_a_press(items: list[str]) -> None:
    (first,) = entries(reviewed([accept(pells()[0])], items=pells()))
    assert Known.of(replace(first, item=item) for item in items) == Known.of([first])
