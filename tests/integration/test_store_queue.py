"""The queue as reviewers see it."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from sqlalchemy import insert, select, update

from annotator.core.across.story_changes import StoryPress, create_story, to_story_decisions
from annotator.core.across.story_log import Story
from annotator.core.annotations import Claim, Tier
from annotator.core.arrival import Arrival, FileState
from annotator.core.article import Article, Origin, Span
from annotator.core.assignment import ReviewPlan, Viewer
from annotator.core.decisions import (
    Answer,
    accept,
    finish,
    note,
    note_article,
    reject,
    reopen,
    skip,
)
from annotator.core.folds import Fold
from annotator.core.reviewing.preview_counts import ItemNumbers
from annotator.core.states import ArticleState, QueueFilter, QueueOrder
from annotator.errors import ArticleDamaged
from annotator.store.sql import columns as t
from annotator.store.store import Store
from annotator.store.values import Counts, OpenedReview, Preview, QueueView
from tests.helpers.building import (
    HOLD,
    NOW,
    TEXT,
    arrival,
    at,
    ids,
    open_,
    press,
    ready,
    row_of,
    suggest,
    waiting,
)
from tests.helpers.items import entity
from tests.helpers.store_caches import assert_caches_are_right

ADAS = QueueView("ada")


def listed(store: Store, view: QueueView = ADAS) -> list[str]:
    return ids(store.queue.page(view, offset=0, limit=100))


@pytest.fixture
def mixed(store: Store) -> dict[str, str]:
    """One article in each state, from the point of view of ada; the oldest first."""
    names = (
        *("ready", "in review", "finished", "skipped", "unusable"),
        *("failed", "waiting", "superseded"),
    )
    made = {"ready": ready(store, "Ready.\n", [])}
    ends = {"finished": [], "skipped": [skip(Answer.SKIP)], "unusable": [skip(Answer.UNUSABLE)]}
    for state in ("in review", *ends):
        made[state] = ready(store, f"{state}.\n", [])
        opened = open_(store, made[state])
        if state in ends:
            press(store, opened, *ends[state], finish())
    (made["failed"],) = waiting(store, "Failed.\n")
    store.work.lease("w", limit=1, seconds=60, now=NOW)
    store.work.fail("w", made["failed"], "Too long.", now=NOW)
    store.files.take_in([arrival("/inbox/s.txt", "Old.\n")])
    (row,) = store.queue.page(QueueView("ada"), offset=0, limit=1)
    made["superseded"] = row.id
    store.files.take_in([arrival("/inbox/s.txt", "New.\n")])
    (row,) = store.queue.page(QueueView("ada"), offset=0, limit=1)
    made["waiting"] = row.id
    return {name: made[name] for name in names}


def test_states_and_filters_agree(store: Store, mixed: dict[str, str]) -> None:
    for state, article_id in mixed.items():
        assert row_of(store, article_id).state == state
        view = QueueView("ada", state=QueueFilter(state))
        assert listed(store, view) == [article_id]
        assert store.queue.size(view) == 1
        assert store.queue.position(view, article_id) == 0


@pytest.mark.parametrize("reviews", [1, 2])
def test_articles_that_stay_are_listed_in_their_place(
    store: Store, mixed: dict[str, str], reviews: int
) -> None:
    whole = [one for one in listed(store) if one != mixed["superseded"]]
    stays = (mixed["finished"], mixed["ready"])
    for state in (*QueueFilter, None):
        view = replace(ADAS, state=state, reviews_per_article=reviews)
        fit = set(listed(store, view))
        view = replace(view, staying=stays)
        wanted = fit if state is None else fit | set(stays)
        found = listed(store, view)
        assert set(found) == wanted
        assert [one for one in found if one in whole] == [one for one in whole if one in wanted]
        assert store.queue.size(view) == len(found)
        assert [store.queue.position(view, one) for one in found] == list(range(len(found)))


def test_superseded_articles_are_not_listed(store: Store, mixed: dict[str, str]) -> None:
    assert set(listed(store)) == set(mixed.values()) - {mixed["superseded"]}
    assert store.queue.size(QueueView("ada")) == 7
    assert store.queue.position(QueueView("ada"), mixed["superseded"]) is None


def test_counts_add_up(store: Store, mixed: dict[str, str]) -> None:
    everything = Counts(
        **dict.fromkeys(("waiting", "ready", "in_review", "finished", "skipped"), 1),
        **dict.fromkeys(("unusable", "failed", "superseded"), 1),
        articles=8,
    )
    assert len(mixed) == 8
    assert_caches_are_right(store)
    assert store.queue.counts("ada") == store.queue.counts() == everything
    assert store.queue.counts("bo") == everything
    nothing_of_bo = Counts(articles=8, waiting=1, ready=5, failed=1, superseded=1)
    assert store.queue.counts("bo", plan=ReviewPlan(2)) == nothing_of_bo


def test_counts_of_reviews_on_articles_that_are_not_ready(store: Store) -> None:
    (article_id,) = waiting(store, TEXT)
    store.work.lease("w", limit=1, seconds=60, now=NOW)
    store.work.fail("w", article_id, "Too long.", now=NOW)
    open_(store, article_id)
    assert store.queue.counts("ada") == store.queue.counts() == Counts(articles=1, in_review=1)
    assert store.queue.counts("bo") == Counts(articles=1, in_review=1)
    assert store.queue.counts("bo", plan=ReviewPlan(2)) == Counts(articles=1, failed=1)


def test_pages_and_positions_agree(store: Store) -> None:
    waiting(store, *(f"Article {n}.\n" for n in range(25)))
    whole = listed(store)
    pages = [
        store.queue.page(QueueView("ada"), offset=start, limit=10) for start in range(0, 30, 10)
    ]
    assert [row.id for page in pages for row in page] == whole
    assert [store.queue.position(QueueView("ada"), one) for one in whole] == list(range(25))
    assert listed(store, QueueView("ada", order=QueueOrder.OLDEST)) == whole[::-1]
    assert store.queue.position(QueueView("ada", order=QueueOrder.OLDEST), whole[0]) == 24


def test_a_row_describes_its_article(store: Store) -> None:
    file = arrival("/inbox/one.txt", TEXT)
    named = [
        type(article)(article.text, title=None, origin=Origin("one.txt", outlet="The Bay Post"))
        for article in file.articles
    ]
    store.files.take_in([type(file)(file.path, file.state, file.at, tuple(named))])
    (row,) = store.queue.page(QueueView("ada"), offset=0, limit=9)
    assert (row.title, row.outlet, row.received) == (
        "Ada Low met Bo Marsh in Port Ellis.",
        "The Bay Post",
        NOW,
    )
    assert row.words == len(TEXT.split())


def test_a_row_counts_items_and_open_ones(store: Store) -> None:
    unsure = Claim("c1", (Span(0, 7),), tier=Tier.B)
    article_id = ready(store, TEXT, [entity(TEXT, "Ada Low"), entity(TEXT, "Bo Marsh"), unsure])
    row = row_of(store, article_id)
    assert (row.entities, row.claims, row.total, row.open) == (2, 1, 3, 3)
    opened = open_(store, article_id)
    first, second = opened.review.entities
    opened = press(store, opened, accept(first))
    row = row_of(store, article_id)
    assert (row.entities, row.total, row.open, row.reviewer) == (2, 3, 2, "ada")
    press(store, opened, reject(second))
    row = row_of(store, article_id)
    assert (row.entities, row.total, row.open) == (1, 3, 1)


def test_others_see_who_holds_an_article(store: Store) -> None:
    opened = open_(store, ready(store), "ada")
    seen = row_of(store, opened.article.id, "bo")
    assert (seen.state, seen.reviewer) == ("in review", "ada")
    assert listed(store, QueueView("bo", state=QueueFilter.READY)) == []
    press(store, opened, finish())
    assert listed(store, QueueView("bo", state=QueueFilter.FINISHED)) == [opened.article.id]


def test_with_two_reviews_others_see_it_as_ready(store: Store) -> None:
    opened = open_(store, ready(store), "ada")
    press(store, opened, finish())
    assert listed(store, QueueView("bo", state=QueueFilter.READY, reviews_per_article=2)) == [
        opened.article.id
    ]
    assert listed(store, QueueView("ada", state=QueueFilter.FINISHED, reviews_per_article=2)) == [
        opened.article.id
    ]
    theirs = open_(store, opened.article.id, "bo", reviews_per_article=2)
    assert listed(store, QueueView("cy", state=QueueFilter.READY, reviews_per_article=2)) == []
    assert listed(store, QueueView("cy", state=QueueFilter.IN_REVIEW, reviews_per_article=2)) == [
        opened.article.id
    ]
    assert listed(store, QueueView("bo", state=QueueFilter.IN_REVIEW, reviews_per_article=2)) == [
        opened.article.id
    ]
    press(store, theirs, finish())
    assert listed(store, QueueView("bo", state=QueueFilter.FINISHED, reviews_per_article=2)) == [
        opened.article.id
    ]


def test_one_finished_and_one_open_review_of_an_article(store: Store) -> None:
    opened = open_(store, ready(store), "ada", reviews_per_article=2)
    theirs = open_(store, opened.article.id, "bo", reviews_per_article=2)
    press(store, opened, finish())
    assert listed(store, QueueView("ada", state=QueueFilter.FINISHED)) == [opened.article.id]
    assert listed(store, QueueView("bo", state=QueueFilter.FINISHED)) == []
    assert listed(store, QueueView("bo", state=QueueFilter.IN_REVIEW)) == [opened.article.id]
    press(store, theirs, finish())
    assert listed(store, QueueView("bo", state=QueueFilter.IN_REVIEW)) == []


def test_a_reopened_review_is_no_longer_finished(store: Store) -> None:
    opened = press(store, open_(store, ready(store)), finish())
    press(store, opened, reopen())
    assert listed(store, QueueView("ada", state=QueueFilter.IN_REVIEW)) == [opened.article.id]
    assert listed(store, QueueView("ada", state=QueueFilter.FINISHED)) == []
    assert (store.queue.counts().in_review, store.queue.counts().finished) == (1, 0)


def test_the_next_article_follows_the_list_and_wraps_around(store: Store) -> None:
    one, two, three = (ready(store, f"Article {n}.\n", []) for n in range(3))
    assert store.queue.next_ready(QueueView("ada"), None) == three
    assert store.queue.next_ready(QueueView("ada"), three) == two
    assert store.queue.next_ready(QueueView("ada"), one) == three
    assert store.queue.next_ready(QueueView("ada", order=QueueOrder.OLDEST), one) == two


def test_the_next_article_can_be_opened(store: Store) -> None:
    one, two, three, four = (ready(store, f"Article {n}.\n", []) for n in range(4))
    press(store, open_(store, three), finish())
    open_(store, two, "bo")
    assert store.queue.next_ready(QueueView("ada"), four) == one
    assert store.queue.next_ready(QueueView("ada"), four, now=at(HOLD - 1)) == one
    assert store.queue.next_ready(QueueView("ada"), four, now=at(HOLD + 1)) == two
    assert store.queue.next_ready(QueueView("bo"), four) == two
    assert store.queue.next_ready(QueueView("cy", reviews_per_article=2), four) == three


def test_half_done_articles_of_others_come_last(
    store: Store,
) -> None:
    one, two = (ready(store, TEXT + f"{n}.\n", [entity(TEXT, "Ada Low")]) for n in range(2))
    opened = open_(store, two, "bo")
    press(store, opened, accept(opened.review.items[0]))
    store.reviews.release(two, "bo")
    assert store.queue.next_ready(QueueView("ada"), None, now=NOW) == one
    assert store.queue.next_ready(QueueView("bo"), None, now=NOW) == two
    press(store, open_(store, one, "ada"), finish())
    assert store.queue.next_ready(QueueView("ada"), one, now=NOW) == two
    assert open_(store, two, "ada").half_done == ("bo",)
    assert open_(store, two, "cy", reviews_per_article=3).half_done == ()


def test_the_only_article_has_no_next_one(store: Store) -> None:
    assert store.queue.next_ready(QueueView("ada"), None) is None
    only = ready(store)
    assert store.queue.next_ready(QueueView("ada"), only) is None
    assert store.queue.next_ready(QueueView("ada"), None) == only


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


def test_own_articles_are_those_with_an_own_review(store: Store, mixed: dict[str, str]) -> None:
    open_(store, mixed["ready"], "bo")
    assert set(listed(store, QueueView("ada", state=QueueFilter.MINE))) == {
        mixed[state] for state in ("in review", "finished", "skipped", "unusable")
    }
    assert store.queue.size(QueueView("ada", state=QueueFilter.MINE)) == 4
    assert listed(store, QueueView("bo", state=QueueFilter.MINE)) == [mixed["ready"]]
    assert listed(store, QueueView("cy", state=QueueFilter.MINE)) == []


def test_open_articles_are_ready_or_in_review(store: Store, mixed: dict[str, str]) -> None:
    assert set(listed(store, QueueView("ada", state=QueueFilter.OPEN))) == {
        mixed["ready"],
        mixed["in review"],
    }
    assert store.queue.size(QueueView("ada", state=QueueFilter.OPEN)) == 2
    assert set(listed(store, QueueView("bo", state=QueueFilter.OPEN, reviews_per_article=2))) == {
        mixed[state] for state in ("ready", "in review", "finished", "skipped", "unusable")
    }
    assert store.queue.size(QueueView("bo", state=QueueFilter.OPEN, reviews_per_article=2)) == 5


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


STATES = (QueueFilter.IN_REVIEW, QueueFilter.FINISHED, QueueFilter.SKIPPED, QueueFilter.UNUSABLE)


def test_counts_filters_and_rows_tell_the_same_states(store: Store) -> None:
    made = [ready(store, f"{TEXT}{n}\n", []) for n in range(3)]
    reviews: dict[tuple[int, str], OpenedReview] = {}
    chance, said = random.Random(4), set[ArticleState]()
    for _ in range(6):
        for _ in range(5):
            _act(store, reviews, (chance.randrange(3), chance.choice(("ada", "bo"))), made, chance)
        for view in (ADAS, QueueView("bo"), QueueView("ada", reviews_per_article=2)):
            said |= _assert_states_agree(store, view)
    assert said >= {ArticleState(state) for state in STATES}
    assert_caches_are_right(store)


def _act(
    store: Store,
    reviews: dict[tuple[int, str], OpenedReview],
    whose: tuple[int, str],
    made: list[str],
    chance: random.Random,
) -> None:
    """Finish, skip, reopen or undo one review, by chance."""
    opened = reviews.get(whose)
    if opened is None:
        opened = open_(store, made[whose[0]], whose[1], reviews_per_article=2)
    change = opened.review.undo() if chance.random() < 0.2 else None
    if change is not None:
        opened = press(store, opened, change)
    elif opened.review.finished:
        opened = press(store, opened, reopen())
    else:
        answer = chance.choice(list(Answer))
        answers = () if answer is Answer.ACCEPT else (skip(answer),)
        opened = press(store, opened, *answers, finish())
    reviews[whose] = opened


def _assert_states_agree(store: Store, view: QueueView) -> set[ArticleState]:
    """Checks one view; returns the states that it lists."""
    rows = store.queue.page(view, offset=0, limit=9)
    counts = store.queue.counts(view.reviewer, plan=ReviewPlan(view.reviews_per_article))
    for state in STATES:
        own = [row.id for row in rows if row.state.value == state.value]
        chosen = replace(view, state=state)
        assert listed(store, chosen) == own
        assert store.queue.size(chosen) == len(own) == counts.of(ArticleState(state))
    return {row.state for row in rows}


def test_longest_and_shortest_come_first(store: Store) -> None:
    one, two, three = (ready(store, f"{n} " * n, []) for n in (3, 9, 5))
    assert listed(store, QueueView("ada", order=QueueOrder.LONGEST)) == [two, three, one]
    assert listed(store, QueueView("ada", order=QueueOrder.SHORTEST)) == [one, three, two]
    assert [row.words for row in store.queue.page(ADAS, offset=0, limit=9)] == [5, 9, 3]


def test_articles_with_notes_are_listed(store: Store) -> None:
    one, two, three = (ready(store, f"{TEXT}{n}\n", [entity(TEXT, "Ada Low")]) for n in range(3))
    noted = QueueView("ada", state=QueueFilter.NOTED)
    first = open_(store, one)
    first = press(store, first, note(first.review.entities[0], "Who?"))
    press(store, open_(store, three, "bo"), note_article("bo", NOW, "Check."))
    assert listed(store, noted) == [three, one]
    assert store.queue.size(noted) == 2
    assert row_of(store, one).notes == 1
    assert listed(store, QueueView("ada", state=QueueFilter.NOTED, reviews_per_article=2)) == [one]
    change = first.review.undo()
    assert change is not None
    press(store, first, change)
    assert listed(store, noted) == [three]
    assert row_of(store, two).notes == 0
    assert_caches_are_right(store)


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


def test_folded_claims_are_not_counted_as_open(store: Store) -> None:
    claims = [
        Claim(f"c{n}", (Span(n, n + 4),), score=score) for n, score in enumerate((0.2, 0.4, 0.9))
    ]
    one = ready(store, TEXT, [entity(TEXT, "Ada Low"), *claims])

    def counted(below: float) -> tuple[int, int]:
        (row,) = store.queue.page(QueueView("ada", fold_below=below), offset=0, limit=1)
        return row.total, row.open

    assert [counted(below) for below in (0.0, 0.3, 0.5)] == [(4, 4), (3, 3), (2, 2)]
    opened = open_(store, one)
    folded, other, _ = opened.review.claims
    opened = press(store, opened, accept(folded), accept(opened.review.entities[0]))
    assert [counted(below) for below in (0.0, 0.3, 0.5)] == [(4, 2), (4, 2), (3, 1)]
    press(store, opened, reject(other))
    assert counted(0.5) == (4, 1)


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
