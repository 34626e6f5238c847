"""What a decision on one article does to the suggestions for others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from annotator.core.annotations import Entity, Item, MadeBy, Tier
from annotator.core.article import identity_of
from annotator.core.decisions import Change, accept, add, finish, reject, relabel
from annotator.core.memory.entries import Subject
from annotator.core.memory.known import MOST, Known
from annotator.core.memory.recall import Recalling
from annotator.core.memory.why import why
from annotator.core.review import Review
from annotator.store.reviewing.recalled import known_forms
from annotator.store.sql import columns as t
from annotator.store.store import Store
from annotator.store.values import ImportedReview, OpenedReview
from tests.helpers import building
from tests.helpers.building import NOW, PIPELINE, at, open_, press, ready, suggest
from tests.helpers.items import entity
from tests.helpers.many_articles import counted, filled
from tests.helpers.store_caches import assert_index_is_right, assert_memory_is_right
from tests.helpers.strategies import stamped

FIRST = "Ada Low met Bo Marsh in Port Ellis.\n"
SECOND = "Port Ellis waits, said Ada Low.\n"
THIRD = "Ada Low is back in Port Ellis.\n"
ADA = (Subject.ENTITY, "Ada Low")


def found(text: str, *pairs: tuple[str, str]) -> list[Item]:
    return [entity(text, words, label, id=f"e{n}") for n, (words, label) in enumerate(pairs)]


def article(store: Store, text: str) -> str:
    """An article in which the pipeline takes Ada Low for a group, and misses Port Ellis."""
    return ready(store, text, found(text, ("Ada Low", "ORG")))


def decided(
    store: Store, text: str, change: Callable[[Item], Change], reviewer: str = "ada"
) -> OpenedReview:
    """A review of a new article with one decision on the first item."""
    opened = open_(store, article(store, text), reviewer)
    made = change(opened.review.items[0])
    return press(store, opened, made)


def to_person(item: Item) -> Change:
    assert isinstance(item, Entity)
    return relabel(item, "PERSON")


def labels(opened: OpenedReview) -> dict[str, str]:
    text = opened.article.text
    return {one.span.of(text): one.label for one in opened.review.entities}


def known(store: Store, form: str = "Ada Low") -> Known:
    with store.database.reading() as connection:
        asked = (Subject.ENTITY, form)
        return known_forms(connection, [asked]).get(asked, Known())


def sets(store: Store) -> int:
    with store.database.reading() as connection:
        return len(connection.execute(select(t.suggestion_set.c.id)).fetchall())


def test_a_corrected_label_is_suggested_in_the_next_article(store: Store) -> None:
    pending = article(store, SECOND)
    decided(store, FIRST, to_person)
    opened = open_(store, pending)
    assert labels(opened) == {"Ada Low": "PERSON"}
    assert {item.made_by for item in opened.review.items} == {MadeBy.MEMORY}
    assert store.reviews.get(pending, "ada").review.items == opened.review.items


def test_a_name_that_was_added_is_suggested_where_it_was_missed(store: Store) -> None:
    pending = article(store, SECOND)
    decided(store, FIRST, lambda _: add(entity(FIRST, "Port Ellis", "GPE", id="mine")))
    assert labels(open_(store, pending)) == {"Ada Low": "ORG", "Port Ellis": "GPE"}


def test_what_is_open_stays_as_it_was_opened(store: Store) -> None:
    pending = article(store, SECOND)
    opened = open_(store, pending, "bea")
    decided(store, FIRST, to_person)
    press(store, opened, accept(opened.review.items[0]))
    assert labels(store.reviews.get(pending, "bea")) == {"Ada Low": "ORG"}
    assert labels(open_(store, pending, "bea")) == {"Ada Low": "ORG"}


def test_a_decision_taken_back_teaches_nothing(store: Store) -> None:
    opened = decided(store, FIRST, to_person)
    undo = opened.review.undo()
    assert undo is not None
    undone = press(store, opened, undo)
    assert known(store) == Known()
    assert labels(open_(store, article(store, SECOND))) == {"Ada Low": "ORG"}
    redo = undone.review.redo()
    assert redo is not None
    press(store, undone, redo)
    assert labels(open_(store, article(store, THIRD))) == {"Ada Low": "PERSON"}


def test_a_form_rejected_by_three_decisions_is_folded(store: Store) -> None:
    for n in range(3):
        decided(store, f"{FIRST}{n}\n", reject)
    pending = article(store, SECOND)
    (item,) = open_(store, pending).review.items
    assert isinstance(item, Entity)
    assert item.tier is Tier.B
    assert store.reviews.get(pending, "ada").review.open_items() == ()


def test_a_folded_form_that_is_accepted_is_suggested_again(store: Store) -> None:
    for n in range(3):
        decided(store, f"{FIRST}{n}\n", reject)
    opened = open_(store, article(store, SECOND))
    press(store, opened, accept(opened.review.items[0]), now=at(9))
    (item,) = open_(store, article(store, THIRD)).review.items
    assert isinstance(item, Entity)
    assert item.tier is Tier.A


def test_an_import_teaches_nothing(store: Store) -> None:
    text = f"{FIRST}Imported.\n"
    review = Review.of(identity_of(text), "bo", found(text, ("Ada Low", "ORG")))
    made = stamped((to_person(review.suggestions[0]), finish()), review, at=NOW)
    entry = ImportedReview(building.article(text), review.suggestions, PIPELINE, made, NOW)
    assert [one.name for one in store.imports.reviews([entry], now=NOW)] == ["imported"]
    assert known(store) == Known()
    assert_memory_is_right(store)


def test_how_often_is_a_setting_and_memory_can_be_off(store: Store) -> None:
    for n in range(3):
        decided(store, f"{FIRST}{n}\n", reject)
    pending = [article(store, text) for text in (SECOND, THIRD)]
    patient = Store(store.database, Recalling(wrong_after=4))
    (item,) = open_(patient, pending[0]).review.items
    assert isinstance(item, Entity)
    assert item.tier is Tier.A
    (plain,) = open_(Store(store.database, None), pending[1]).review.items
    assert plain == found(THIRD, ("Ada Low", "ORG"))[0]


def test_another_reviewer_of_the_same_article_is_not_told(store: Store) -> None:
    opened = decided(store, FIRST, to_person)
    other = open_(store, opened.article.id, "bea", reviews_per_article=2)
    assert labels(other) == {"Ada Low": "ORG"}


def test_what_others_decided_elsewhere_counts(store: Store) -> None:
    decided(store, FIRST, to_person, "bea")
    assert labels(open_(store, article(store, SECOND))) == {"Ada Low": "PERSON"}
    assert known(store).by == "bea"


def test_a_purged_article_teaches_nothing_any_more(store: Store) -> None:
    opened = decided(store, FIRST, to_person)
    decided(store, f"{FIRST}And Ada Low.\n", reject, "bea")
    store.purge.article(opened.article.id, by="ada", now=at(9))
    assert known(store).accepted == {}
    assert known(store).rejections == 1
    assert_memory_is_right(store)


def test_a_review_given_up_without_decisions_leaves_no_set(store: Store) -> None:
    decided(store, FIRST, to_person)
    pending = article(store, SECOND)
    before = sets(store)
    for _ in range(2):
        open_(store, pending)
    assert sets(store) == before + 1
    store.reviews.release(pending, "ada")
    assert sets(store) == before


def test_a_second_opening_starts_from_the_pipeline_again(store: Store) -> None:
    opened = decided(store, FIRST, to_person)
    pending = article(store, SECOND)
    open_(store, pending)
    undo = opened.review.undo()
    assert undo is not None
    press(store, opened, undo)
    assert labels(open_(store, pending)) == {"Ada Low": "ORG"}


@pytest.mark.parametrize("change", [to_person, reject])
def test_pending_records_are_as_the_pipeline_left_them(
    store: Store, change: Callable[[Item], Change]
) -> None:
    pending = article(store, SECOND)
    for n in range(3):
        decided(store, f"{FIRST}{n}\n", change)
    exported = {a.id: items for a, items, _ in store.articles.unreviewed()}
    assert exported[pending] == tuple(found(SECOND, ("Ada Low", "ORG")))


def mentions(store: Store, times: int, label: str, *, score: float = 0.9) -> str:
    """An article in which the pipeline suggests Ada Low so often."""
    text = f"{'Ada Low spoke. ' * times}{store.queue.newest()}\n"
    items = [entity(text, "Ada Low", label, nth=n, id=f"e{n}") for n in range(times)]
    return ready(store, text, [replace(one, score=score) for one in items])


def all_accepted(store: Store, article_id: str) -> OpenedReview:
    opened = open_(store, article_id)
    return press(store, opened, *(accept(one) for one in opened.review.items), finish())


def test_accepting_all_changes_no_suggestion_elsewhere(store: Store) -> None:
    first = all_accepted(store, mentions(store, 5, "PERSON")).article.id
    following = mentions(store, 4, "GPE", score=0.48)
    items = open_(store, following).review.entities
    assert {(one.label, one.made_by) for one in items} == {("GPE", MadeBy.PIPELINE)}
    assert all(one.score is not None and one.score < 0.6 for one in items)
    assert known(store).accepted == {"PERSON": 1}
    all_accepted(store, following)
    store.purge.article(first, by="ada", now=at(9))
    assert known(store).accepted == {"GPE": 1}
    assert_memory_is_right(store)


def test_what_memory_suggested_and_was_accepted_with_all_teaches_nothing(store: Store) -> None:
    opened = decided(store, FIRST, to_person)
    echoed = all_accepted(store, article(store, SECOND))
    assert labels(echoed) == {"Ada Low": "PERSON"}
    store.purge.article(opened.article.id, by="ada", now=at(9))
    assert known(store) == Known()
    assert_memory_is_right(store)


def test_rejecting_every_mention_by_one_press_folds_nothing(store: Store) -> None:
    opened = open_(store, mentions(store, 4, "ORG"))
    press(store, opened, *(reject(one) for one in opened.review.items))
    assert known(store).since == 1
    (item,) = open_(store, article(store, SECOND)).review.entities
    assert item.tier is Tier.A
    assert_memory_is_right(store)


def test_a_press_on_very_many_mentions_pushes_no_other_decision_out(store: Store) -> None:
    opened = open_(store, mentions(store, MOST + 1, "ORG"), "bea")
    decided(store, FIRST, to_person)
    press(store, opened, *(accept(one) for one in opened.review.items), now=at(9))
    assert dict(known(store).accepted) == {"ORG": 1, "PERSON": 1}
    assert_memory_is_right(store)


def test_a_backup_remembers(store: Store, tmp_path: Path) -> None:
    if not store.database.is_sqlite:
        return
    decided(store, FIRST, to_person)
    store.backup(tmp_path / "copy.db")
    copy = Store.open(f"sqlite:///{tmp_path}/copy.db")
    assert labels(open_(copy, article(copy, SECOND))) == {"Ada Low": "PERSON"}
    copy.close()


def test_pending_articles_with_another_suggestion_are_counted(store: Store) -> None:
    opened = open_(store, article(store, FIRST))
    pending = [article(store, text) for text in (SECOND, THIRD)]
    ready(store, "Bo Marsh left.\n", found("Bo Marsh left.\n", ("Bo Marsh", "PERSON")))
    ready(store, "Ada Low left.\n", found("Ada Low left.\n", ("Ada Low", "PERSON")))
    assert store.forms.corrected_by(opened.article.id, "ada").articles == 0
    after = press(store, opened, to_person(opened.review.items[0]))
    assert store.forms.corrected_by(opened.article.id, "ada").articles == 2
    open_(store, pending[0], "bea")
    assert store.forms.corrected_by(opened.article.id, "ada").articles == 1
    undo = after.review.undo()
    assert undo is not None
    press(store, after, undo)
    assert store.forms.corrected_by(opened.article.id, "ada").articles == 0


def test_only_the_newest_suggestions_are_counted(store: Store) -> None:
    opened = decided(store, FIRST, to_person)
    pending = article(store, SECOND)
    store.work.suggest_again([pending])
    suggest(store, {pending: found(SECOND, ("Ada Low", "PERSON"))})
    assert store.forms.corrected_by(opened.article.id, "ada").articles == 0


def test_the_index_of_forms_is_that_of_the_sets(store: Store) -> None:
    pending = [article(store, text) for text in (FIRST, SECOND, THIRD)]
    store.purge.article(pending[0], by="ada", now=at(9))
    assert_index_is_right(store)


def test_what_is_known_of_words_leaves_out_the_item_in_focus(store: Store) -> None:
    opened = decided(store, FIRST, to_person)
    decided(store, SECOND, reject, "bea")
    assert store.forms.known(ADA).accepted == {"PERSON": 1}
    elsewhere = store.forms.known(ADA, besides=(opened.article.id, "e0"))
    assert why(elsewhere) == "rejected once, last by bea"
    assert why(store.forms.known(ADA, besides=(opened.article.id, "e1"))) == (
        "accepted once as PERSON, rejected once, last by bea"
    )
    assert [form for form, _ in store.forms.all()] == ["Ada Low"]


def test_all_reviewers_count_the_most_frequent_label_first(store: Store) -> None:
    for n, label in enumerate(("ORG", "GPE", "GPE")):
        text = f"Port Ellis, number {n}.\n"
        opened = open_(store, ready(store, text, []), f"reviewer {n}")
        press(store, opened, add(entity(text, "Port Ellis", label, id="x")), now=at(n))
    known = store.forms.known((Subject.ENTITY, "Port Ellis"))
    assert list(known.accepted.items()) == [("GPE", 2), ("ORG", 1)]
    assert store.forms.known((Subject.ENTITY, "Nowhere")) == Known()


def test_a_listed_name_is_suggested_and_outweighed_like_a_decision(store: Store) -> None:
    names = [("Port Ellis", "GPE"), ("Ada Low", "PERSON")]
    assert store.forms.add_list(names, by="desk", now=at(0)) == 2
    assert store.forms.add_list(names, by="desk", now=at(1)) == 0
    listed = open_(store, article(store, SECOND))
    assert labels(listed) == {"Ada Low": "PERSON", "Port Ellis": "GPE"}
    opened = open_(store, article(store, FIRST), "bea")
    (ada,) = (one for one in opened.review.entities if one.label == "PERSON")
    press(store, opened, relabel(ada, "ORG"))
    assert labels(open_(store, article(store, THIRD)))["Ada Low"] == "ORG"
    assert_memory_is_right(store)
    assert store.forms.remove_list(names) == 2
    assert store.forms.known((Subject.ENTITY, "Port Ellis")) == Known()
    assert_memory_is_right(store)


PRESSES = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from(["accept", "person", "reject", "undo", "redo"])),
    max_size=12,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=10)
@given(PRESSES, st.booleans())
def test_the_memory_is_the_fold_of_what_stands(
    store: Store, presses: list[tuple[int, str]], finishes: bool
) -> None:
    texts = [f"{FIRST}{n} {store.queue.newest()}\n" for n in range(3)]
    opened = {n: open_(store, article(store, text)) for n, text in enumerate(texts)}
    for second, (n, verb) in enumerate(presses):
        review = opened[n].review
        change = _change(review, verb)
        if change is not None:
            opened[n] = press(store, opened[n], change, now=at(second))
    if finishes:
        press(store, opened[0], finish())
    assert_memory_is_right(store)


def _change(review: Review, verb: str) -> Change | None:
    item = next(iter(review.held.values())).item
    match verb:
        case "undo":
            return review.undo()
        case "redo":
            return review.redo()
        case "accept":
            return accept(item)
        case "reject":
            return reject(item)
    return to_person(replace(item))


def test_a_decision_costs_the_same_whatever_is_pending(tmp_path: Path) -> None:
    steps = []
    for size in (40, 800):
        store = filled(tmp_path, size)
        opened = open_(store, article(store, FIRST))
        pending = article(store, SECOND)
        with counted(store) as work:
            press(store, opened, to_person(opened.review.items[0]))
            open_(store, pending)
        steps.append(work.steps)
        store.close()
    assert steps[1] <= 1.3 * steps[0]
