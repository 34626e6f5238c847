"""The orders of the queue, its filter by outlet, its search of titles, and its previews."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import insert, select, update

from annotator.core.across.story_changes import StoryPress, create_story, to_story_decisions
from annotator.core.across.story_log import Story
from annotator.core.annotations import Claim
from annotator.core.arrival import Arrival, FileState
from annotator.core.article import Article, Origin, Span
from annotator.core.assignment import ReviewPlan, Viewer
from annotator.core.decisions import (
    note,
    note_article,
    reject,
)
from annotator.core.folds import Fold
from annotator.core.reviewing.preview_counts import ItemNumbers
from annotator.core.states import QueueFilter, QueueOrder
from annotator.errors import ArticleDamaged
from annotator.store.sql import columns as t
from annotator.store.store import Store
from annotator.store.values import Preview, QueueView
from tests.helpers.building import (
    NOW,
    TEXT,
    open_,
    press,
    ready,
    row_of,
    suggest,
)
from tests.helpers.items import entity
from tests.helpers.queue_lists import ADAS, listed
from tests.helpers.store_caches import assert_caches_are_right


def scored(store: Store, title: str, *scores: float) -> str:
    """An article with one person named for each score; its id."""
    body = f"{title}.\n\n" + " ".join(f"Ada{n} spoke." for n in range(len(scores)))
    found = [
        replace(entity(body, f"Ada{n}"), score=score, id=f"{title}{n}")
        for n, score in enumerate(scores)
    ]
    return ready(store, body, found)


def test_the_least_confident_articles_come_first(store: Store) -> None:
    sure, none, unsure = scored(store, "Sure", 0.9), scored(store, "None"), scored(store, "Un", 0.2)
    half, other = scored(store, "Half", 0.3, 0.7), scored(store, "Other")
    order = [unsure, half, sure, none, other]
    assert listed(store, QueueView("ada", order=QueueOrder.LEAST_CONFIDENT)) == order
    for place, article_id in enumerate(order):
        assert (
            store.queue.position(QueueView("ada", order=QueueOrder.LEAST_CONFIDENT), article_id)
            == place
        )
    assert row_of(store, half).confidence == 0.5
    assert row_of(store, none).confidence is None
    following = [
        store.queue.next_ready(QueueView("ada", order=QueueOrder.LEAST_CONFIDENT), one)
        for one in order
    ]
    assert following == [*order[1:], unsure]


def test_articles_with_most_claims_come_first(store: Store) -> None:
    def with_claims(title: str, many: int) -> str:
        body = f"{title}.\n"
        return ready(store, body, [Claim(f"{title}{n}", (Span(n, n + 1),)) for n in range(many)])

    one, none, three, other = (
        with_claims("One two", 1),
        with_claims("None", 0),
        with_claims("Three four", 3),
        with_claims("Other one", 1),
    )
    order = [three, other, one, none]
    assert listed(store, QueueView("ada", order=QueueOrder.MOST_CLAIMS)) == order
    assert [
        store.queue.position(QueueView("ada", order=QueueOrder.MOST_CLAIMS), i) for i in order
    ] == [
        0,
        1,
        2,
        3,
    ]
    assert store.queue.next_ready(QueueView("ada", order=QueueOrder.MOST_CLAIMS), one) == none
    assert store.queue.next_ready(QueueView("ada", order=QueueOrder.MOST_CLAIMS), none) == three


def test_near_duplicates_are_adjacent_in_order_of_arrival(store: Store) -> None:
    one, two, three = (ready(store, f"Article {n}.\n", []) for n in range(3))
    with store.database.writing() as connection:
        beside = select(t.article.c.place).where(t.article.c.id == one).scalar_subquery()
        connection.execute(update(t.article).where(t.article.c.id == three).values(place=beside))
        connection.execute(
            insert(t.likeness).values(article_id=three, other_id=one, similarity=0.8)
        )
    assert listed(store) == [two, three, one]
    assert listed(store, QueueView("ada", order=QueueOrder.OLDEST)) == [one, three, two]
    assert [store.queue.position(QueueView("ada"), i) for i in (two, three, one)] == [0, 1, 2]
    assert [row.alike for row in store.queue.page(QueueView("ada"), offset=0, limit=9)] == [0, 1, 1]
    assert store.queue.next_ready(QueueView("ada"), two) == three
    assert_caches_are_right(store)


def of_outlet(store: Store, title: str, outlet: str | None) -> str:
    article = Article(f"{title}.\n", title=title, origin=Origin(f"{title}.txt", outlet=outlet))
    key = FileState(1, 1, 1, 1)
    store.files.take_in([Arrival(f"/inbox/{title}.txt", key, NOW, (article,))])
    suggest(store, {})
    return article.id


def test_a_filter_lists_one_outlet(store: Store) -> None:
    bay, sund, none = (
        of_outlet(store, "Boats", "The Bay Post"),
        of_outlet(store, "Boots", "Sund Courier"),
        of_outlet(store, "Bats", None),
    )
    bay_two = of_outlet(store, "Beets", "The Bay Post")
    assert store.queue.outlets() == (("The Bay Post", 2), ("Sund Courier", 1))
    assert listed(store, QueueView("ada", outlet="The Bay Post")) == [bay_two, bay]
    assert listed(store, QueueView("ada", outlet="Sund Courier", state=QueueFilter.READY)) == [sund]
    assert listed(store, QueueView("ada", outlet="Sund Courier", state=QueueFilter.FAILED)) == []
    assert store.queue.size(QueueView("ada", outlet="The Bay Post")) == 2
    assert store.queue.position(QueueView("ada", outlet="The Bay Post"), bay) == 1
    assert store.queue.position(QueueView("ada", outlet="The Bay Post"), none) is None
    assert store.queue.next_ready(QueueView("ada", outlet="The Bay Post"), bay_two) == bay
    assert store.queue.next_ready(QueueView("ada", outlet="Sund Courier"), sund) is None


def test_titles_are_found_case_insensitively(store: Store) -> None:
    one, two = ready(store, "Ferry vote 100% sure.\n", []), ready(store, "Ferry fares.\n", [])
    assert store.queue.next_titled(QueueView("ada"), "FERRY") == two
    assert store.queue.next_titled(QueueView("ada"), "ferry", two) == one
    assert store.queue.next_titled(QueueView("ada"), "vote ferry", two) == one
    assert store.queue.next_titled(QueueView("ada"), "100%") == one
    assert store.queue.next_titled(QueueView("ada"), "1_0") is None
    assert store.queue.next_titled(QueueView("ada"), "fares", two) is None
    assert store.queue.next_titled(QueueView("ada", state=QueueFilter.FAILED), "ferry") is None


def test_an_untitled_article_is_found_by_its_file_name(store: Store) -> None:
    article = Article("Nobody was hurt.\n", title=None, origin=Origin("harbour-12.txt"))
    store.files.take_in([Arrival("/inbox/harbour-12.txt", FileState(1, 1, 1, 1), NOW, (article,))])
    assert store.queue.next_titled(QueueView("ada"), "Harbour") == article.id


def test_longest_and_shortest_come_first(store: Store) -> None:
    one, two, three = (ready(store, f"{n} " * n, []) for n in (3, 9, 5))
    assert listed(store, QueueView("ada", order=QueueOrder.LONGEST)) == [two, three, one]
    assert listed(store, QueueView("ada", order=QueueOrder.SHORTEST)) == [one, three, two]
    assert [row.words for row in store.queue.page(ADAS, offset=0, limit=9)] == [5, 9, 3]


def test_stories_stand_together_the_newest_first(store: Store) -> None:
    ids = [ready(store, f"{TEXT}{n}\n", []) for n in range(6)]
    by_story = QueueView("ada", order=QueueOrder.BY_STORY)
    tell(store, "bay", ids[0], ids[3])
    tell(store, "sund", ids[1], ids[2])
    order = [ids[3], ids[0], ids[2], ids[1], ids[5], ids[4]]
    assert listed(store, by_story) == order
    assert [store.queue.position(by_story, one) for one in order] == [*range(6)]
    assert store.queue.following(by_story, order[1], limit=9) == (*order[2:], order[0])
    tell(store, "other", ids[3])  # an article is in one story: it leaves the first
    assert listed(store, by_story) == [ids[3], ids[2], ids[1], ids[0], ids[5], ids[4]]
    store.purge.article(ids[2], by="ada", now=NOW)
    assert listed(store, by_story) == [ids[3], ids[1], ids[0], ids[5], ids[4]]
    assert_caches_are_right(store)


def tell(store: Store, title: str, *articles: str) -> None:
    change = create_story(Story(title, title, articles))
    pressed = StoryPress(title, "ada", NOW)
    store.stories.append(to_story_decisions((change,), pressed, ids=(f"id {title}",)))


def test_previews_tell_items_and_notes_of_ones_own_review(store: Store) -> None:
    text = f"Ada Low speaks\n\n{TEXT}"
    claims = [Claim("c1", (Span(0, 7),), score=0.2), Claim("c2", (Span(8, 14),), score=0.9)]
    people = [replace(entity(text, "Bo Marsh"), score=0.5), entity(text, "Ada Low")]
    one = ready(store, text, [*people, *claims])

    def preview(reviewer: str = "ada") -> Preview:
        fold = Fold(0.3)
        found = store.previews.of(one, reviewer, confidence=0.6, fold=fold)
        assert found is not None
        return found

    numbers = preview().numbers
    assert preview().lead.startswith("Ada Low met Bo Marsh in Port Ellis.")
    assert numbers == ItemNumbers((("PERSON", 2),), claims=2, open=4, folded=1, unsure=1)
    opened = open_(store, one)
    unsure = next(item for item in opened.review.entities if item.score == 0.5)
    press(store, opened, reject(unsure), note(claims[1], "Who?"), note_article("ada", NOW, "See."))
    assert preview().numbers == ItemNumbers((("PERSON", 1),), claims=2, open=3, folded=1)
    assert (preview().notes, preview().item_notes) == (("See.",), ("Who?",))
    store.sight.viewer = Viewer("bo", ReviewPlan(2))
    assert preview("bo").numbers == numbers
    assert preview("bo").notes == ()
    store.sight.viewer = Viewer("bo", ReviewPlan(2, unassisted=1.0))
    assert preview("bo").numbers is None
    assert store.previews.of("0" * 64, "ada", confidence=0.6, fold=Fold()) is None


def test_the_preview_of_a_damaged_article_says_so(store: Store) -> None:
    one = ready(store, TEXT, [])
    with store.database.writing() as connection:
        damage = {"origin": {"nonsense": 1}}
        connection.execute(update(t.article).where(t.article.c.id == one).values(damage))
    with pytest.raises(ArticleDamaged):
        store.previews.of(one, "ada", confidence=0.6, fold=Fold())
