"""Decisions carried over from one text to its revision."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.annotations import Claim, Item, Junk, JunkKind, MadeBy, Stance, Verdict
from annotator.core.article import Article, Span, identity_of
from annotator.core.decisions import (
    Change,
    DecisionGroup,
    Kind,
    accept,
    add,
    correct,
    link,
    note,
    reject,
    to_decisions,
)
from annotator.core.review import Review
from annotator.core.reviewing.projection import GROUP, CarryOver, WhyNot, carry_over, was_carried
from annotator.core.text.sentence_alignment import SentenceAlignment, Why, aligned
from tests.helpers.examples import examples
from tests.helpers.items import entity
from tests.helpers.revisions import (
    Revision,
    placed_in,
    reviewed_seed,
    revised,
    seeds,
    suggestions_for,
)
from tests.helpers.strategies import EPOCH, articles, reviews, stamped, suggestions

OLD = "Ada Low met Bo Marsh in Port Ellis. She said nothing.\n\nThe mill burned. Bo Marsh left.\n"


def pressed(review: Review, *changes: Change) -> Review:
    return review.decide(*stamped(changes, review))


def carried(
    old: str, review: Review, new: str, items: Sequence[Item]
) -> tuple[CarryOver, Review, Review]:
    """What is carried over; the new review before and after."""
    names = (f"made-{n}" for n in itertools.count())
    done = carry_over(old, review, new, items, lambda: next(names))
    before = Review.of(identity_of(new), review.reviewer, items)
    made = to_decisions(
        done.changes,
        DecisionGroup(
            id=f"{GROUP}1",
            article=before.article,
            reviewer=before.reviewer,
            at=EPOCH,
            first_seq=1,
        ),
        ids=(f"decision-{n}" for n in itertools.count()),
    )
    return done, before, before.decide(*made)


def words(review: Review, text: str) -> list[tuple[str, str]]:
    return [(item.span.of(text), item.verdict.value) for item in review.items]


# Each way in which a decision comes over


def of(items: Sequence[Item], text: str = OLD) -> Review:
    return Review.of(identity_of(text), "ada", items)


def test_a_sentence_repeated_inside_a_changed_one_is_not_aligned() -> None:
    sentence = "Ada Low met Bo Marsh in Port Ellis on Monday."
    old = f"{sentence} The mill burned."
    ada = Span(0, 7)
    assert SentenceAlignment(old, f"{old} Nobody was hurt.").place_of(ada) == ada
    quoted = f"{sentence} The council heard that {sentence} The mill burned."
    assert SentenceAlignment(old, quoted).place_of(ada) is Why.MOVED


def test_an_item_suggested_again_is_accepted() -> None:
    ada = entity(OLD, "Ada Low")
    new = "A new first line.\n\n" + OLD
    again = entity(new, "Ada Low", id="again")
    done, _, after = carried(OLD, pressed(of([ada]), accept(ada)), new, [again])
    assert after.held["again"].item.verdict is Verdict.ACCEPTED
    assert [(one.to, one.reason) for one in done.items] == [("again", None)]


def test_an_item_suggested_differently_is_corrected() -> None:
    ada = entity(OLD, "Ada Low")
    other = entity(OLD, "Ada", "ORG", id="other")
    _, _, after = carried(OLD, pressed(of([ada]), accept(ada)), OLD + "More.\n", [other])
    (now,) = after.entities
    assert (now.id, now.span.of(OLD), now.label) == ("other", "Ada Low", "PERSON")
    assert now.verdict is Verdict.CORRECTED


def test_a_correction_is_carried_over() -> None:
    ada = entity(OLD, "Ada Low", "ORG")
    review = pressed(of([ada]), correct(ada, replace(ada, label="PERSON")))
    done, _, after = carried(OLD, review, OLD + "More.\n", [replace(ada, id="again")])
    assert [change.kind for change in done.changes] == [Kind.CORRECT]
    assert [one.label for one in after.entities] == ["PERSON"]


def test_an_item_not_suggested_again_is_added() -> None:
    ada = entity(OLD, "Ada Low")
    _, _, after = carried(OLD, pressed(of([]), add(ada)), OLD + "More.\n", [])
    (now,) = after.entities
    assert (now.id, now.made_by, now.verdict) == ("made-0", MadeBy.CARRIED, Verdict.ADDED)


def test_a_rejection_is_carried_over() -> None:
    ada = entity(OLD, "Ada Low")
    review = pressed(of([ada]), reject(ada))
    done, _, after = carried(OLD, review, OLD + "More.\n", [replace(ada, id="again")])
    assert after.rejected == (replace(ada, id="again", verdict=Verdict.PENDING),)
    assert done.items[0].to == "again"


def test_another_label_on_rejected_words_stays_open() -> None:
    ada = entity(OLD, "Ada Low")
    other = entity(OLD, "Ada Low", "ORG", id="other")
    done, _, after = carried(OLD, pressed(of([ada]), reject(ada)), OLD + "More.\n", [other])
    assert [item.id for item in after.open_items()] == ["other"]
    assert done.items[0].reason is WhyNot.NOT_SUGGESTED
    assert not done.items[0].is_missed


def test_an_open_item_stays_open() -> None:
    ada, bo = entity(OLD, "Ada Low"), entity(OLD, "Bo Marsh")
    review = pressed(of([ada, bo]), accept(bo))
    _, _, after = carried(OLD, review, OLD + "More.\n", [ada, bo])
    assert [item.id for item in after.open_items()] == [ada.id]


def test_an_open_item_is_not_confused_with_an_added_one() -> None:
    port = entity(OLD, "Port Ellis", "GPE")
    whole = entity(OLD, "in Port Ellis", "LOC", id="whole")
    review = pressed(of([port]), add(whole))
    _, _, after = carried(OLD, review, OLD + "More.\n", [port])
    assert [item.id for item in after.open_items()] == [port.id]
    assert [item.span.of(OLD) for item in after.entities] == ["in Port Ellis", "Port Ellis"]


def test_no_decision_is_carried_into_a_changed_sentence() -> None:
    ada = entity(OLD, "Ada Low")
    new = OLD.replace("Ada Low met", "Ada Low never met")
    done, before, after = carried(OLD, pressed(of([ada]), accept(ada)), new, [ada])
    assert after == before
    assert [(one.reason, one.is_missed) for one in done.items] == [(Why.CHANGED, True)]


@pytest.mark.parametrize(
    ("new", "why"),
    [
        (OLD.replace("Ada Low met", "They met"), Why.GONE),
        (OLD.replace("The mill", "Ada Low met Bo Marsh in Port Ellis. The mill"), None),
        (OLD.replace("Ada Low met Bo Marsh in Port Ellis. ", "") + "Ada Low met.", Why.CHANGED),
        ("Ada Low met Bo Marsh in Port Ellis.\n\n" * 2, Why.SEVERAL),
    ],
)
def test_a_quote_must_be_unique_with_its_context(new: str, why: Why | None) -> None:
    ada = entity(OLD, "Ada Low")
    done, _, _ = carried(OLD, pressed(of([ada]), accept(ada)), new, [])
    assert done.items[0].reason is why


def test_a_sentence_inside_another_is_not_taken_for_its_copy() -> None:
    old = "The gift is late. The talks have stalled. Bo Marsh left it.\n"
    new = "The gift; The talks have stalled. Bo Marsh left it. The talks have stalled.\n"
    talks = entity(old, "The talks", "EVENT")
    done, _, _ = carried(old, pressed(of([talks], old), accept(talks)), new, [])
    assert [one.to for one in done.items] == [None]


def test_two_equal_sentences_keep_their_own_decisions() -> None:
    old = "First.\n\nAdvertisement\n\nSecond.\n\nAdvertisement\n\nThird.\n"
    first, second = (
        Junk(f"j{n}", Span(start, start + 13), JunkKind.AD_MARKER)
        for n, start in enumerate((8, 32))
    )
    assert second.span.of(old) == "Advertisement"
    review = pressed(of([first, second], old), accept(first), reject(second))
    new = "New.\n\n" + old
    done, _, _ = carried(old, review, new, [])
    assert [(one.to, one.item.id) for one in done.items] == [("made-0", "j0"), (None, "j1")]
    assert done.changes[0].after == replace(
        first, id="made-0", span=first.span.shift(6), made_by=MadeBy.CARRIED
    )


def test_a_claim_is_carried_over_whole_or_not_at_all() -> None:
    old = "“It burned,” Bo said. “It burned for days.”\n"
    claim = Claim("c", (Span(0, 12), Span(22, 43)), (Span(16, 20),), (Span(13, 15),))
    review = pressed(of([claim], old), accept(claim))
    done, _, after = carried(old, review, old.replace("days", "hours"), [])
    assert after.items == ()
    assert done.items[0].reason is WhyNot.PART


def test_parts_of_a_claim_keep_their_order() -> None:
    old = "One is short. Bo said it. Ada heard. Two is long. Ida heard it. End it now.\n"
    claim = Claim("c", (Span(50, 63),), (Span(17, 21),), (Span(14, 16),))
    new = "One is short. Two is long. Ida heard it. End it now. Bo said it. Ada heard.\n"
    done, _, _ = carried(old, pressed(of([claim], old), accept(claim)), new, [])
    assert done.items[0].reason is WhyNot.ORDER


def test_sentences_moved_together_keep_their_decisions() -> None:
    old = "One is short. Two is long. Three ends. Bo left it. Ada heard.\n"
    new = "Bo left it. Ada heard. One is short. Two is long. Three ends.\n"
    bo = entity(old, "Bo")
    done, _, _ = carried(old, pressed(of([bo], old), accept(bo)), new, [])
    assert [one.to for one in done.items] == ["made-0"]
    alone = "Bo left it. One is short. Two is long. Three ends. Ada heard.\n"
    done, _, _ = carried(old, pressed(of([bo], old), accept(bo)), alone, [])
    assert [one.reason for one in done.items] == [Why.MOVED]


def test_a_moved_paragraph_keeps_its_decisions_if_it_is_long_enough() -> None:
    moved = "Bo Marsh left the mill on Gannet Row that night."
    old = f"One is short.\n\nTwo is long.\n\nThree ends.\n\n{moved}\n\nIt rained.\n"
    new = f"{moved}\n\nIt rained.\n\nOne is short.\n\nTwo is long.\n\nThree ends.\n"
    bo = entity(old, "Bo Marsh")
    review = pressed(of([bo], old), accept(bo))
    for text in (new, new.replace("\n\nIt rained.", "")):
        done, _, after = carried(old, review, text, [])
        assert [item.span for item in after.entities] == [Span(0, 8)]
    done, _, _ = carried(old, review, f"{moved}\n\n{new}", [])
    assert [one.reason for one in done.items] == [Why.SEVERAL]


def test_notes_and_links_are_carried_over() -> None:
    ada = entity(OLD, "Ada Low")
    claim = Claim("c", (Span(40, 52),), (), (Span(36, 39),))
    review = pressed(of([ada, claim]), accept(ada), link(ada, replace(ada, identity="Q1")))
    review = pressed(review, accept(claim), link(claim, replace(claim, source_entity=ada.id)))
    review = pressed(review, note(review.held["c"].item, "check"))
    items: list[Item] = [replace(ada, id="a2"), replace(claim, id="c2")]
    _, _, after = carried(OLD, review, OLD + "More.\n", items)
    assert after.entities[0].identity == "Q1"
    assert after.entities[0].verdict is Verdict.ACCEPTED
    assert (after.claims[0].source_entity, after.claims[0].note) == ("a2", "check")
    assert after.claims[0].verdict is Verdict.ACCEPTED


def test_a_note_on_an_open_item_is_carried_over() -> None:
    ada = entity(OLD, "Ada Low")
    review = pressed(of([ada]), note(ada, "who?"))
    _, _, after = carried(OLD, review, OLD + "More.\n", [ada])
    assert [(item.id, item.note) for item in after.open_items()] == [(ada.id, "who?")]


def test_a_claim_with_other_attributes_is_corrected() -> None:
    claim = Claim("c", (Span(40, 52),), (), (Span(36, 39),), stance=Stance.DENIES)
    other = replace(claim, id="d", stance=Stance.ASSERTS, cue=(Span(40, 44),))
    _, _, after = carried(OLD, pressed(of([claim]), accept(claim)), OLD + "More.\n", [other])
    assert [(one.id, one.stance, one.cue) for one in after.claims] == [("d", Stance.DENIES, ())]


def test_one_undo_withdraws_all_carried_decisions() -> None:
    items = [entity(OLD, "Ada Low"), entity(OLD, "Bo Marsh"), entity(OLD, "Port Ellis", "GPE")]
    review = pressed(of(items), *map(accept, items))
    _, before, after = carried(OLD, review, OLD + "More.\n", items)
    assert all(was_carried(after, item.id) for item in items)
    undo = after.undo()
    assert undo is not None
    undone = pressed(after, undo)
    assert undone.items == before.items
    assert not was_carried(undone, items[0].id)


def test_an_item_decided_again_no_longer_counts_as_carried() -> None:
    ada = entity(OLD, "Ada Low")
    _, _, after = carried(OLD, pressed(of([ada]), accept(ada)), OLD + "More.\n", [ada])
    assert not was_carried(pressed(after, reject(ada)), ada.id)
    assert was_carried(pressed(after, note(ada, "sure?")), ada.id)


# What holds for all texts


@given(st.lists(st.sampled_from("abcde")), st.lists(st.sampled_from("abcde")))
def test_aligned_sentences_are_equal_and_used_once(old: list[str], new: list[str]) -> None:
    pairs = aligned(old, new)
    assert all(old[here] == new[there] for here, there in pairs.items())
    assert len(set(pairs.values())) == len(pairs)


@given(st.lists(st.text("ab", max_size=3)))
def test_a_text_aligns_with_itself(sentences: list[str]) -> None:
    assert aligned(sentences, sentences) == {n: n for n in range(len(sentences))}


@given(articles(), articles(), st.data())
def test_every_carried_decision_applies(one: Article, other: Article, data: st.DataObject) -> None:
    old, new = one.text, other.text
    if data.draw(st.booleans()):
        new = f"{new}\n{old}"
    review = data.draw(reviews(one))
    items = data.draw(suggestions(new))
    _, _, after = carried(old, review, new, items)
    kept = [item for item in after.items if item.verdict is not Verdict.PENDING]
    before = {_quotes(held.item, old) for held in review.held.values()}
    assert {_quotes(item, new) for item in kept} <= before


def _quotes(item: Item, text: str) -> tuple[str, ...]:
    return tuple(span.of(text) for span in item.spans)


def check_places(revision: Revision, review: Review, items: Sequence[Item]) -> tuple[int, int]:
    """Every decision stands on the words it was made on, at the place where these are now; what
    was decided in unchanged sentences, and how much of it came over."""
    done, _, after = carried(revision.old, review, revision.new, items)
    due = came = 0
    for one in done.items:
        placed = placed_in(one.item, revision.place_of)
        if one.to is not None:
            now = after.held[one.to]
            there = now.suggested if one.to in {item.id for item in after.rejected} else now.item
            assert there is not None
            assert _quotes(there, revision.new) == _quotes(one.item, revision.old)
            assert placed is None or there.spans == placed.spans
        # What was rejected and is not suggested again is nothing to decide on.
        if placed is not None and one.reason is not WhyNot.NOT_SUGGESTED:
            due, came = due + 1, came + (one.to is not None)
    decided = {one.to for one in done.items}
    for item in after.open_items():
        assert item.id not in decided or item.note
    return due, came


@examples(40)
@given(st.integers(0, 2**32), st.integers(0, 12), st.sampled_from([0.0, 0.3]))
def test_no_decision_is_carried_to_other_words(seed: int, edits: int, noise: float) -> None:
    rng = random.Random(seed)
    record = rng.choice(seeds())
    review = reviewed_seed(record, rng)
    revision = revised(record.article.text, rng, edits)
    check_places(revision, review, suggestions_for(revision, review, rng, noise=noise))


def test_nearly_all_decisions_in_unchanged_sentences_are_carried_over() -> None:
    rng = random.Random(20181219)
    due = came = 0
    for record in seeds() * 6:
        review = reviewed_seed(record, rng)
        revision = revised(record.article.text, rng, rng.randint(1, 8))
        some = check_places(revision, review, suggestions_for(revision, review, rng, noise=0.2))
        due, came = due + some[0], came + some[1]
    assert due > 3000
    assert came / due >= 0.97, f"{came} of {due}"


def test_offsets_of_an_unchanged_text_are_equal() -> None:
    text = "".join(record.article.text for record in seeds())
    same = SentenceAlignment(text, text)
    spans = [Span(n, n + 7) for n in range(0, len(text) - 7, 7) if text[n : n + 7].strip()]
    assert [same.place_of(span) for span in spans] == spans
