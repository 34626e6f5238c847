"""The card below the queue: at the first start, while articles are read, after the last one."""

from __future__ import annotations

from annotator.core.decisions import Kind
from annotator.core.watcher_status import Heartbeat, WatcherStatus
from annotator.store.store import Store
from tests.tui.desk import OTHER, TEXT, Desk, at_desk, suggestions, take_in
from tests.tui.held_clock import NOON


def card(desk: Desk) -> str:
    """What the card says; empty if it is not there."""
    bar = desk.queue.frame.card.bar
    return bar.plain if bar.display else ""


async def test_the_card_leads_from_an_empty_workspace_to_the_first_article(store: Store) -> None:
    async with at_desk(store, inbox="/desk/inbox", exports="/desk/exports") as desk:
        assert "Put files into  /desk/inbox" in card(desk)
        status = WatcherStatus(waiting=1, unread=2, is_ready=False)
        store.watcher.beat(Heartbeat(NOON, 1, NOON, status))
        take_in(store, TEXT, None)
        await desk.until(lambda: "0 of 3 read, loading the model" in card(desk))
        store.watcher.beat(Heartbeat(NOON, 1, NOON, WatcherStatus(waiting=1)))
        take_in(store, OTHER, ())
        take_in(store, "Third one\n\nIt rained.\n", None)
        await desk.until(lambda: "2 of 3 read" in card(desk))
        assert "/desk/exports/records" in card(desk)
        await desk.press("G", "n")
        await desk.until(lambda: desk.app.review is not None)
        await desk.press("q")
        await desk.until(lambda: desk.app.screen is desk.queue and card(desk) == "")


async def test_a_workspace_with_articles_has_no_card(store: Store) -> None:
    take_in(store, TEXT, suggestions())
    async with at_desk(store) as desk:
        assert card(desk) == ""


async def test_after_the_last_article_the_card_sums_up_until_the_next_key(store: Store) -> None:
    article = take_in(store, TEXT, suggestions())
    async with at_desk(store, exports="/desk/exports") as desk:
        await desk.press("n")
        await desk.until(lambda: desk.app.review is not None)
        await desk.press("x", "enter")
        await desk.press("enter")
        await desk.until(lambda: "All articles are done." in card(desk))
        assert "1 article finished, 1 item decided" in card(desk)
        await desk.until(lambda: "/desk/exports/records  1 in all" in card(desk))
        assert "Finished: 1 rejected" in desk.bar("status")
        assert desk.stored(article).finished is not None
        await desk.press("u")
        await desk.until(lambda: desk.app.review is not None)
        assert desk.stored(article).finished is None
        await desk.press("q")
        await desk.until(lambda: desk.app.screen is desk.queue and card(desk) == "")
        await desk.press("u")
        assert "Nothing was finished just now" in desk.bar("status")
        kinds = [one.kind for one in desk.stored(article).decisions]
        assert kinds == [Kind.REJECT, Kind.FINISH, Kind.WITHDRAW]
