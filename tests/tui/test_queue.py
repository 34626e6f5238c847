"""The queue: its content, and a cursor that nothing moves."""

from __future__ import annotations

from datetime import timedelta

import pytest

from annotator.core.decisions import accept, finish, note_article
from annotator.core.watcher_status import Heartbeat, WatcherStatus
from annotator.store.store import Store
from annotator.store.values import QueueView
from annotator.tui.review.review_screen import ReviewScreen
from annotator.tui.screens.help_screen import HelpScreen
from tests.helpers.items import entity
from tests.helpers.strategies import stamped
from tests.tui.desk import OTHER, REVIEWER, TEXT, at_desk, drawn, fresh, suggestions, take_in
from tests.tui.held_clock import NOON


async def test_articles_are_listed_newest_first(store: Store) -> None:
    take_in(store, OTHER, (entity(OTHER, "Sund", "GPE"),), minutes=90)
    take_in(store, TEXT, suggestions(), minutes=3)
    async with at_desk(store) as desk:
        first, second, *_ = drawn(desk.queue.rows.listed)
        assert "ready" in first
        assert "Ferry vote slips to spring" in first
        assert "Ansel Post" in first
        assert "3 min ago" in first
        assert "Glass works fire put out" in second
        assert "2 articles" in desk.bar("counts")


async def test_arrivals_are_hidden_until_requested(store: Store) -> None:
    take_in(store, TEXT, suggestions())
    async with at_desk(store) as desk:
        before = drawn(desk.queue.rows.listed)[0]
        take_in(store, OTHER, ())
        await desk.until(lambda: "1 new arrival" in desk.bar("status"))
        assert drawn(desk.queue.rows.listed)[0] == before
        assert "2 articles" in desk.bar("counts")
        await desk.press(".")
        await desk.until(lambda: "Glass works" in drawn(desk.queue.rows.listed)[0])


@pytest.mark.parametrize("keys", [(), ("j",), ("j", "j"), ("o", "o", "j")])
async def test_a_revision_moves_no_row(store: Store, keys: tuple[str, ...]) -> None:
    for name in ("a", "b", "c"):
        take_in(store, f"{name.upper()} first\n\nIt rained.\n", (), name=f"{name}.txt")
    for title in ("A first", "C first"):
        begin(store, title)
    async with at_desk(store) as desk:
        await desk.press(*keys)
        await desk.until(lambda: fresh(desk) and desk.queue.rows.listed.key is not None)
        before = [begins(line) for line in drawn(desk.queue.rows.listed)[:3]]
        key = desk.queue.rows.listed.key
        for number, name in enumerate("ac", start=1):
            take_in(store, f"{name.upper()} first\n\nIt poured.\n", (), name=f"{name}.txt")
            await desk.until(lambda n=number: f"{n} new arrival" in desk.bar("status"))
            await desk.until(lambda: fresh(desk))
            await desk.pilot.pause()
            assert [begins(line) for line in drawn(desk.queue.rows.listed)[:3]] == before
            assert desk.queue.rows.listed.key == key
        take_in(store, OTHER, ())
        await desk.until(lambda: "3 new arrivals" in desk.bar("status"))
        await desk.press(".")
        await desk.until(lambda: fresh(desk) and desk.queue.rows.listed.count == 6)
        assert "new arrival" not in desk.bar("status")


def begins(line: str) -> str:
    """A row up to its title: whether another text came is marked after it."""
    return line.replace("⟳ ", "").split("first")[0]


async def test_a_revision_of_an_untouched_article_takes_its_row(store: Store) -> None:
    for name in ("a", "b", "c"):
        take_in(store, f"{name.upper()} first\n\nIt rained.\n", (), name=f"{name}.txt")
    async with at_desk(store) as desk:
        await desk.press("j", "j")
        take_in(store, "B second\n\nIt poured.\n", (), name="b.txt")
        await desk.until(lambda: "B second" in drawn(desk.queue.rows.listed)[1])
        rows = drawn(desk.queue.rows.listed)[:3]
        assert ["C first" in rows[0], "A first" in rows[2]] == [True, True]
        assert "new arrival" not in desk.bar("status")


def begin(store: Store, title: str) -> None:
    """Makes the first decision on an article."""
    (row,) = (
        row
        for row in store.queue.page(QueueView(REVIEWER), offset=0, limit=9)
        if row.title == title
    )
    opened = store.reviews.open(row.id, REVIEWER, now=NOON, lease_seconds=60)
    (noted,) = stamped((note_article(REVIEWER, NOON, "begun"),), opened.review)
    store.reviews.append((noted,), text=opened.article.text)
    store.reviews.release(row.id, REVIEWER)


async def test_an_empty_queue_shows_arrivals_at_once(store: Store) -> None:
    async with at_desk(store) as desk:
        take_in(store, TEXT, suggestions())
        await desk.until(lambda: "Ferry vote" in drawn(desk.queue.rows.listed)[0])
        take_in(store, OTHER, ())
        await desk.until(lambda: "Ferry vote" in drawn(desk.queue.rows.listed)[1])


async def test_after_the_initial_load_the_cursor_keeps_its_row(store: Store) -> None:
    async with at_desk(store) as desk:
        take_in(store, TEXT, suggestions())
        await desk.until(lambda: "Ferry vote" in drawn(desk.queue.rows.listed)[0])
        desk.clock.elapsed += 5
        take_in(store, OTHER, ())
        await desk.until(lambda: "1 new arrival" in desk.bar("status"))
        assert "Ferry vote" in drawn(desk.queue.rows.listed)[0]


async def test_an_article_in_another_language_is_marked(store: Store) -> None:
    take_in(store, OTHER, (), language="fr")
    async with at_desk(store) as desk:
        assert "[fr] Glass works" in drawn(desk.queue.rows.listed)[0]
        await desk.press("enter")
        await desk.until(lambda: isinstance(desk.app.screen, ReviewScreen))
        await desk.settle()
        assert "Not in English, it seems (fr)" in desk.bar("detail")


async def test_changes_of_a_row_are_shown_in_place(store: Store) -> None:
    take_in(store, TEXT, None)
    async with at_desk(store) as desk:
        await desk.press("enter")
        assert "no suggestions yet" in desk.bar("status")
        take_in(store, OTHER, ())
        await desk.until(lambda: "ready" in drawn(desk.queue.rows.listed)[0])


async def test_a_filter_lists_articles_of_one_state(store: Store) -> None:
    take_in(store, TEXT, suggestions())
    take_in(store, OTHER, None)
    async with at_desk(store) as desk:
        await desk.press("F", "w")
        await desk.until(lambda: desk.queue.rows.listed.count == 1)
        await desk.until(lambda: "Glass works" in drawn(desk.queue.rows.listed)[0])
        await desk.press("escape")
        await desk.until(lambda: desk.queue.rows.listed.count == 2)


async def test_n_opens_the_next_ready_article(store: Store) -> None:
    take_in(store, OTHER, (entity(OTHER, "Sund", "GPE"),))
    take_in(store, TEXT, None)
    async with at_desk(store) as desk:
        await desk.press("n")
        await desk.until(lambda: isinstance(desk.app.screen, ReviewScreen))
        await desk.settle()
        assert desk.text == OTHER


async def test_keys_typed_after_enter_belong_to_the_article(store: Store) -> None:
    take_in(store, TEXT, suggestions())
    async with at_desk(store) as desk:
        await desk.press("enter", "x", "a")
        await desk.until(lambda: isinstance(desk.app.screen, ReviewScreen))
        await desk.settle()
        assert [d.kind for d in desk.decisions()] == ["reject", "accept"]


async def test_q_goes_back_to_the_row_of_the_article(store: Store) -> None:
    take_in(store, OTHER, (entity(OTHER, "Sund", "GPE"),), minutes=5)
    take_in(store, TEXT, suggestions())
    async with at_desk(store) as desk:
        await desk.press("j", "enter", "a", "q")
        await desk.until(lambda: desk.app.screen is desk.queue)
        await desk.until(lambda: "in review" in drawn(desk.queue.rows.listed)[1])
        assert desk.queue.rows.listed.cursor == 1


async def test_keys_typed_after_q_belong_to_the_queue(store: Store) -> None:
    take_in(store, OTHER, (entity(OTHER, "Sund", "GPE"),), minutes=5)
    article = take_in(store, TEXT, suggestions())
    async with at_desk(store) as desk:
        await desk.press("enter")
        await desk.until(lambda: isinstance(desk.app.screen, ReviewScreen))
        await desk.settle()
        await desk.press("a", "q", "a", "x", "j")
        await desk.until(lambda: desk.app.screen is desk.queue)
        await desk.until(lambda: desk.queue.rows.listed.cursor == 1)
        assert [d.kind for d in desk.stored(article).decisions] == ["accept"]
        assert not desk.app._notifications


async def test_q_twice_leaves_the_article_and_quits(store: Store) -> None:
    take_in(store, TEXT, suggestions())
    async with at_desk(store) as desk:
        await desk.press("enter")
        await desk.until(lambda: isinstance(desk.app.screen, ReviewScreen))
        await desk.settle()
        await desk.press("q", "q")
        await desk.until(lambda: not desk.app.is_running)


async def test_half_done_articles_name_their_reviewer(store: Store) -> None:
    article = take_in(store, TEXT, suggestions())
    theirs = store.reviews.open(article, "bo", now=NOON, lease_seconds=60).review
    store.reviews.append(stamped([accept(theirs.open_items()[0])], theirs, at=NOON), text=TEXT)
    async with at_desk(store) as desk:
        assert "in review" in drawn(desk.queue.rows.listed)[0]
        assert "bo" in drawn(desk.queue.rows.listed)[0]
        await desk.press("n")
        assert "Nothing is ready." in desk.bar("status")
        desk.clock.time = NOON + timedelta(hours=1)
        store.reviews.release(article, "bo")
        await desk.press("j")
        await desk.until(lambda: "in review by bo, who let go of it" in desk.bar("status"))
        assert "in review" in drawn(desk.queue.rows.listed)[0]
        await desk.press("n")
        await desk.until(lambda: isinstance(desk.app.screen, ReviewScreen))
        await desk.settle()
        assert "bo started this" in desk.bar("detail")
        assert desk.decisions() == ()


async def test_the_header_counts_the_rows(store: Store) -> None:
    article = take_in(store, OTHER, ())
    take_in(store, TEXT, suggestions())
    theirs = store.reviews.open(article, "bo", now=NOON, lease_seconds=60).review
    store.reviews.append(stamped([finish()], theirs, at=NOON), text=OTHER)
    async with at_desk(store) as desk:
        assert "1 ready   1 finished" in desk.bar("counts")
    async with at_desk(store, reviews_per_article=2) as desk:
        assert "2 ready   0 finished" in desk.bar("counts")


async def test_the_status_of_the_watcher_is_shown(store: Store) -> None:
    async with at_desk(store, inbox="/somewhere/seeds") as desk:
        assert "no watcher: what arrives is read once" in desk.bar("status")
        store.watcher.beat(
            Heartbeat(NOON, 1, NOON, WatcherStatus(waiting=0, scanned_seconds_ago=2.0))
        )
        await desk.until(lambda: "watching seeds/, last scan 2 s ago" in desk.bar("status"))
        desk.clock.time = NOON + timedelta(seconds=3)
        await desk.until(lambda: "last scan 5 s ago" in desk.bar("status"))
        take_in(store, TEXT, None)
        store.watcher.beat(
            Heartbeat(NOON, 1, NOON, WatcherStatus(unsettled=2, is_ready=False, waiting=1))
        )
        told = "watching seeds/, 1 waiting, pipeline loading, 2 files still being written"
        await desk.until(lambda: told in desk.bar("status"))
        store.watcher.beat(Heartbeat(NOON, 1, NOON, WatcherStatus(problem="the inbox is gone")))
        await desk.until(lambda: "(the inbox is gone)" in desk.bar("status"))
        desk.clock.time = NOON + timedelta(minutes=2)
        told = "no watcher: its last heartbeat was 2 min ago"
        await desk.until(lambda: told in desk.bar("status"))
        store.watcher.beat(Heartbeat(desk.clock.time, 1, NOON, WatcherStatus(has_ended=True)))
        await desk.until(lambda: "no watcher: it ended 0 s ago" in desk.bar("status"))


async def test_the_number_of_waiting_articles_is_shown(store: Store) -> None:
    take_in(store, TEXT, None)
    async with at_desk(store) as desk:
        await desk.until(lambda: "runs, 1 waiting" in desk.bar("status"))


async def test_the_reason_why_the_watcher_ended_is_shown(store: Store) -> None:
    problem = "The pipeline 'none' is not installed."
    async with at_desk(store, inbox="/somewhere/seeds", watcher_problem=lambda: problem) as desk:
        store.watcher.beat(Heartbeat(NOON, 1, NOON, WatcherStatus(waiting=0)))
        await desk.until(lambda: f"no watcher of seeds/: {problem}" in desk.bar("status"))
        await desk.until(lambda: desk.queue.frame.told_problem)
        (notification,) = desk.app._notifications
        assert notification.message == problem


async def test_an_article_held_by_somebody_else_names_them(store: Store) -> None:
    article = take_in(store, TEXT, suggestions())
    async with at_desk(store) as desk:
        store.reviews.open(article, "bo", now=NOON, lease_seconds=600)
        await desk.press("enter")
        told = "bo is reviewing this article"
        await desk.until(lambda: any(told in note.message for note in desk.app._notifications))
        await desk.until(lambda: desk.app.screen is desk.queue)


async def test_help_opens_and_closes(store: Store) -> None:
    async with at_desk(store) as desk:
        await desk.press("?")
        await desk.until(lambda: isinstance(desk.app.screen, HelpScreen))
        await desk.press("escape")
        await desk.until(lambda: desk.app.screen is desk.queue)


async def test_an_empty_queue_names_the_inbox(store: Store) -> None:
    async with at_desk(store, inbox="/desk/inbox") as desk:
        assert "Put files into  /desk/inbox" in desk.bar("card")
