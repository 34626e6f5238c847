"""How long an article that is on the screen is held."""

from __future__ import annotations

from datetime import datetime, timedelta

from annotator.core.states import QueueView
from annotator.store.store import Store
from tests.tui.desk import reviewing


async def test_an_article_that_is_read_without_a_key_stays_held(store: Store) -> None:
    async with reviewing(store, lease_seconds=3.0) as desk:
        article = desk.review.article

        def held() -> bool:
            (row,) = store.queue.page(QueueView("bo"), offset=0, limit=1)
            return row.is_in_hand(desk.clock.now())

        assert held()
        desk.clock.time += timedelta(seconds=2.5)
        later = desk.clock.now() + timedelta(seconds=1)
        await desk.until(lambda: offered(store, later) is None)  # renewed without a key
        assert held()
        assert desk.stored(article).decisions == ()
        assert offered(store, later + timedelta(seconds=3)) == article  # and no longer


def offered(store: Store, now: datetime) -> str | None:
    """What somebody else is offered as the next article at a time."""
    return store.queue.next_ready(QueueView("bo"), now=now)
