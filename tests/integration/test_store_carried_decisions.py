"""Revisions in the store: which article supersedes which, and carried-over decisions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import pytest

from annotator.core.annotations import Item, MadeBy, Verdict
from annotator.core.arrival import Arrival
from annotator.core.article import identity_of, normalise
from annotator.core.decisions import Change, Decision, accept, add, correct, finish, reject
from annotator.core.reviewing.projection import GROUP, was_carried
from annotator.core.states import QueueOrder
from annotator.core.text.sentence_alignment import Why
from annotator.store.store import Store
from annotator.store.values import OpenedReview, QueueView, Stage
from tests.helpers.building import NOW, TEXT, arrival, at, open_, press, ready, stage_of, suggest
from tests.helpers.items import entity
from tests.helpers.store_caches import assert_caches_are_right

PATH = "/inbox/one.txt"
URL = "https://ansel.example/news/ferry"
SECOND = "A new first line.\n\n" + TEXT
THIRD = SECOND.replace("She said nothing.", "She said little.")


def people(text: str) -> list[Item]:
    found = (("Ada Low", "PERSON"), ("Bo Marsh", "PERSON"), ("Port Ellis", "GPE"))
    return [entity(text, words, label) for words, label in found if words in text]


@pytest.fixture(autouse=True)
def caches(store: Store) -> Iterator[None]:
    """Whatever a test does, what the tables count is right afterwards."""
    yield
    assert_caches_are_right(store)


def arrive(
    store: Store, text: str, items: Sequence[Item] | None = None, *, path: str = PATH
) -> str:
    """A text under a name, ready with these items; its id."""
    store.files.take_in([arrival(path, text)])
    suggest(store, {identity_of(text): people(text) if items is None else items})
    return identity_of(text)


def from_page(text: str, path: str, url: str = URL) -> Arrival:
    file = arrival(path, text)
    (one,) = file.articles
    return replace(file, articles=(replace(one, origin=replace(one.origin, url=url)),))


def decided(
    store: Store, article_id: str, *, by: str = "ada", verb: Callable[[Item], Change] = accept
) -> OpenedReview:
    """Every item accepted (or what `verb` says), one by one, and the article given back."""
    opened = open_(store, article_id, by)
    for item in opened.review.items:
        opened = press(store, opened, verb(item))
    store.reviews.release(article_id, by)
    return opened


def stage(store: Store, article_id: str) -> Stage:
    return stage_of(store, article_id)


def kept(opened: OpenedReview) -> list[tuple[str, str]]:
    text = opened.article.text
    return [(one.span.of(text), one.verdict.value) for one in opened.review.items]


# Which article replaces which


def test_a_new_text_of_a_known_page_supersedes_the_old_one(store: Store) -> None:
    store.files.take_in([from_page(TEXT, "/inbox/a.html")])
    store.files.take_in(
        [from_page(SECOND, "/inbox/b.html", f"http://www.{URL[8:]}/?utm_source=x#top")]
    )
    assert store.articles.supersedes(identity_of(SECOND)) == identity_of(TEXT)
    assert stage(store, identity_of(TEXT)) is Stage.SUPERSEDED


def test_a_front_page_is_not_the_page_of_an_article(store: Store) -> None:
    front = "https://ansel.example/"
    store.files.take_in([from_page(TEXT, "/inbox/a.html", front)])
    store.files.take_in([from_page(SECOND, "/inbox/b.html", front)])
    assert store.articles.supersedes(identity_of(SECOND)) is None
    assert stage(store, identity_of(TEXT)) is Stage.WAITING


def test_articles_of_one_file_are_not_revisions_of_each_other(store: Store) -> None:
    file = arrival("/inbox/all.jsonl", "One.\n", "Two.\n")
    articles = tuple(replace(one, origin=replace(one.origin, url=URL)) for one in file.articles)
    store.files.take_in([replace(file, articles=articles)])
    store.files.take_in([from_page("Three.\n", "/inbox/three.html")])
    assert store.queue.counts().superseded == 0
    assert store.articles.supersedes(identity_of("Two.\n")) is None
    assert store.articles.supersedes(identity_of("Three.\n")) is None


def test_revisions_of_one_page_within_one_batch(store: Store) -> None:
    texts = (TEXT, SECOND, THIRD)
    store.files.take_in([from_page(text, f"/inbox/{n}.html") for n, text in enumerate(texts)])
    assert store.articles.supersedes(identity_of(THIRD)) == identity_of(SECOND)
    assert store.articles.supersedes(identity_of(SECOND)) == identity_of(TEXT)
    (row,) = store.queue.page(QueueView("ada"), offset=0, limit=9)
    assert row.id == identity_of(THIRD)


def test_a_decided_text_stays_beside_its_revision(store: Store) -> None:
    store.files.take_in([from_page(TEXT, "/inbox/a.html")])
    suggest(store, {identity_of(TEXT): people(TEXT)})
    decided(store, identity_of(TEXT))
    store.files.take_in([from_page(SECOND, "/inbox/b.html")])
    assert stage(store, identity_of(TEXT)) is Stage.READY
    assert store.articles.supersedes(identity_of(SECOND)) == identity_of(TEXT)


def test_a_touched_old_page_stays_superseded(store: Store) -> None:
    first = from_page(TEXT, "/inbox/a.html")
    store.files.take_in([first])
    store.files.take_in([from_page(SECOND, "/inbox/b.html")])
    store.files.take_in(
        [replace(first, state=first.state._replace(inode=9)), from_page(TEXT, "/inbox/c")]
    )
    assert stage(store, identity_of(TEXT)) is Stage.SUPERSEDED


def test_a_page_returning_to_its_first_text_revives_it(store: Store) -> None:
    store.files.take_in([from_page(TEXT, PATH)])
    store.files.take_in([from_page(SECOND, PATH)])
    store.files.take_in([from_page(TEXT, PATH)])
    assert stage(store, identity_of(TEXT)) is Stage.WAITING
    assert stage(store, identity_of(SECOND)) is Stage.SUPERSEDED


def test_a_text_gains_the_page_found_later(store: Store) -> None:
    store.files.take_in([arrival(PATH, TEXT)])
    store.files.take_in([from_page(TEXT, "/inbox/a.html")])
    store.files.take_in([from_page(SECOND, "/inbox/b.html")])
    assert store.articles.supersedes(identity_of(SECOND)) == identity_of(TEXT)


def test_a_revision_takes_the_place_of_the_earlier_text(store: Store) -> None:
    first = decided(store, arrive(store, TEXT)).article.id
    other = ready(store, "Something else altogether.\n", [])
    second = arrive(store, SECOND)
    listed = [
        row.id
        for row in store.queue.page(QueueView("ada", order=QueueOrder.OLDEST), offset=0, limit=9)
    ]
    assert listed == [first, second, other]


# What comes over


def test_decisions_are_carried_over_on_opening_a_revision(store: Store) -> None:
    decided(store, arrive(store, TEXT))
    opened = open_(store, arrive(store, SECOND))
    assert kept(opened) == [
        ("Ada Low", "accepted"),
        ("Bo Marsh", "accepted"),
        ("Port Ellis", "accepted"),
    ]
    assert [one.words for one in opened.carried] == ["Ada Low", "Bo Marsh", "Port Ellis"]
    assert all(was_carried(opened.review, item.id) for item in opened.review.items)
    assert store.reviews.get(opened.article.id, "ada").review == opened.review


def test_only_changed_sentences_are_open(store: Store) -> None:
    decided(store, arrive(store, TEXT))
    text = TEXT.replace("She said nothing.", "Cy Vane said nothing.")
    opened = open_(store, arrive(store, text, [*people(text), entity(text, "Cy Vane")]))
    assert [item.span.of(text) for item in opened.review.open_items()] == ["Cy Vane"]


def test_the_old_review_is_unchanged(store: Store) -> None:
    first = decided(store, arrive(store, TEXT))
    before = store.reviews.get(first.article.id, "ada")
    open_(store, arrive(store, SECOND))
    assert store.reviews.get(first.article.id, "ada") == before


def test_one_undo_withdraws_all_carried_decisions_for_good(store: Store) -> None:
    decided(store, arrive(store, TEXT))
    second = arrive(store, SECOND)
    opened = open_(store, second)
    undo = opened.review.undo()
    assert undo is not None
    press(store, opened, undo)
    store.reviews.release(second, "ada")
    again = open_(store, second)
    assert [verdict for _, verdict in kept(again)] == ["pending"] * 3
    assert again.carried == ()


def test_carried_decisions_count_no_keys_and_no_time(store: Store) -> None:
    decided(store, arrive(store, TEXT))
    review = open_(store, arrive(store, SECOND)).review
    assert (review.keys, review.seconds) == (0, 0.0)
    assert {decision.group[: len(GROUP)] for decision in review.decisions} == {GROUP}


def test_carried_and_missed_decisions_are_listed(store: Store) -> None:
    text = TEXT.replace("She", "Ida Roe")
    first = arrive(store, text, [*people(text), entity(text, "Ida Roe")])
    decided(store, first)
    second = arrive(store, text.replace("nothing", "little"))
    open_(store, second)
    listed = store.reviews.carried(second, "ada")
    assert [(one.words, one.to is None, one.reason) for one in listed] == [
        ("Ada Low", False, None),
        ("Bo Marsh", False, None),
        ("Port Ellis", False, None),
        ("Ida Roe", True, Why.CHANGED),
    ]
    counts = store.statistics.carried_counts()
    assert (counts.reviews, counts.carried) == (1, 3)
    assert counts.not_carried == {Why.CHANGED.value: 1}


def test_a_review_without_carried_decisions_leaves_no_trace(store: Store) -> None:
    decided(store, arrive(store, TEXT))
    second = arrive(store, "Something else altogether.\n", [])
    for _ in range(2):
        opened = open_(store, second)
        assert [one.reason for one in opened.carried] == [Why.GONE] * 3
    assert len(store.reviews.carried(second, "ada")) == 3
    store.reviews.release(second, "ada")
    assert store.reviews.carried(second, "ada") == ()
    assert store.statistics.carried_counts().reviews == 0


def test_the_own_review_is_preferred(store: Store) -> None:
    first = arrive(store, TEXT)
    decided(store, first, by="bo", verb=reject)
    opened = open_(store, first, "ada", reviews_per_article=2)
    press(store, opened, accept(opened.review.items[0]))
    second = arrive(store, SECOND)
    mine = open_(store, second, "ada", reviews_per_article=2)
    assert [item.verdict for item in mine.review.items] == [
        Verdict.ACCEPTED,
        Verdict.PENDING,
        Verdict.PENDING,
    ]


def test_another_reviewers_finished_review_is_carried_over_if_one_is_enough(store: Store) -> None:
    first = arrive(store, TEXT)
    opened = open_(store, first, "bo")
    press(store, opened, *(accept(item) for item in opened.review.items), finish())
    second = arrive(store, SECOND)
    theirs = open_(store, second, "ada")
    assert len(kept(theirs)) == 3
    assert {decision.reviewer for decision in theirs.review.decisions} == {"ada"}
    assert theirs.review.finished is None


def test_several_reviews_of_an_article_stay_independent(store: Store) -> None:
    decided(store, arrive(store, TEXT), by="bo")
    opened = open_(store, arrive(store, SECOND), "ada", reviews_per_article=2)
    assert opened.carried == ()
    assert opened.review.decisions == ()


def test_decisions_come_through_a_chain_of_revisions(store: Store) -> None:
    first = arrive(store, TEXT)
    opened = open_(store, first)
    ada = opened.review.entities[0]
    press(store, opened, correct(ada, replace(ada, label="ORG")))
    store.reviews.release(first, "ada")
    second = arrive(store, SECOND)
    opened = open_(store, second)
    press(store, opened, add(replace(entity(SECOND, "new", "DATE"), made_by=MadeBy.REVIEWER)))
    store.reviews.release(second, "ada")
    third = open_(store, arrive(store, THIRD))
    text = third.article.text
    labels = {one.span.of(text): one.label for one in third.review.entities}
    assert labels == {"new": "DATE", "Ada Low": "ORG", "Bo Marsh": "PERSON", "Port Ellis": "GPE"}
    assert [one.span.of(text) for one in third.review.open_items()] == ["Bo Marsh", "Port Ellis"]


def test_an_undecided_revision_in_between_is_skipped(store: Store) -> None:
    decided(store, arrive(store, TEXT))
    second = arrive(store, SECOND)
    third = arrive(store, THIRD)
    assert stage(store, second) is Stage.SUPERSEDED
    assert len(open_(store, third).carried) == 3


def test_a_revision_only_looked_at_is_superseded(store: Store) -> None:
    decided(store, arrive(store, TEXT))
    second = arrive(store, SECOND)
    open_(store, second)
    store.reviews.release(second, "ada")
    third = arrive(store, THIRD)
    assert stage(store, second) is Stage.SUPERSEDED
    assert [verdict for _, verdict in kept(open_(store, third))] == ["accepted"] * 3


def test_a_revived_text_takes_over_later_decisions(store: Store) -> None:
    first = arrive(store, TEXT)
    second = arrive(store, SECOND)
    decided(store, second)
    store.files.take_in([arrival(PATH, TEXT)])
    assert store.articles.supersedes(first) == second
    assert store.articles.supersedes(second) is None
    assert [verdict for _, verdict in kept(open_(store, first))] == ["accepted"] * 3


def test_each_part_of_a_file_has_its_own_history(store: Store) -> None:
    path = "/inbox/all.jsonl"
    other = "Ida Roe left Sund.\n"
    store.files.take_in([arrival(path, TEXT, other)])
    suggest(store, {identity_of(TEXT): people(TEXT), identity_of(other): [entity(other, "Sund")]})
    decided(store, identity_of(TEXT))
    decided(store, identity_of(other), verb=reject)
    second, revised = SECOND, "Late.\n\n" + other
    store.files.take_in([arrival(path, second, revised)])
    suggest(
        store,
        {identity_of(second): people(second), identity_of(revised): [entity(revised, "Sund")]},
    )
    assert len(kept(open_(store, identity_of(second)))) == 3
    rejected = open_(store, identity_of(revised)).review.rejected
    assert [item.span.of(revised) for item in rejected] == ["Sund"]


def test_changed_line_ends_are_not_a_revision(store: Store) -> None:
    first = arrive(store, TEXT)
    again = normalise(TEXT.replace("\n", "\r\n"))
    assert store.files.take_in([arrival(PATH, again, inode=2)]).known == 1
    assert store.articles.supersedes(first) is None


def test_a_failed_article_still_gets_carried_decisions(store: Store) -> None:
    decided(store, arrive(store, TEXT))
    second = arrive(store, SECOND, [])
    opened = open_(store, second)
    assert [item.made_by for item in opened.review.items] == [MadeBy.CARRIED] * 3


def test_deciding_continues_after_a_carry_over(store: Store) -> None:
    decided(store, arrive(store, TEXT))
    opened = open_(store, arrive(store, SECOND))
    press(store, opened, reject(opened.review.items[0]), now=at(5))
    after = store.reviews.get(opened.article.id, "ada").review
    assert len(after.rejected) == 1
    assert not was_carried(after, opened.review.items[0].id)


def test_a_purged_text_does_not_break_the_chain(store: Store) -> None:
    first = decided(store, arrive(store, TEXT)).article.id
    second = arrive(store, SECOND)
    third = arrive(store, THIRD)
    store.purge.article(second, by="ada", now=NOW)
    assert store.articles.supersedes(third) == first
    assert len(open_(store, third).carried) == 3


@pytest.mark.parametrize("change", [accept, reject])
def test_the_log_names_the_words_of_carried_decisions(
    store: Store, change: Callable[[Item], Change]
) -> None:
    decided(store, arrive(store, TEXT), verb=change)
    review = open_(store, arrive(store, SECOND)).review

    def words(decision: Decision) -> str:
        assert decision.before is not None
        return decision.before.span.of(SECOND)

    assert [words(one) for one in review.decisions] == ["Ada Low", "Bo Marsh", "Port Ellis"]
    made = [change(one) for one in review.suggestions]
    assert [one.kind for one in review.decisions] == [one.kind for one in made]
