"""Hints from PostgreSQL that something was stored, beside polling."""

from __future__ import annotations

import select
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from annotator.errors import AnnotatorError
from annotator.settings import Settings, workspace_config
from annotator.store.sql import notices
from annotator.store.sql.notices import Notices, listen
from annotator.store.store import Store
from annotator.tui.app_setup import AppSetup
from annotator.tui.queue import poller
from annotator.tui.queue.listing import Listing
from annotator.tui.queue.poller import Poller, PollRequest, PollResult
from tests.helpers.building import open_, ready, waiting
from tests.helpers.stores import empty_store, fresh_database

pytest.importorskip("psycopg")
SOON = 20.0


@pytest.fixture
def stores(own_postgresql: str) -> Iterator[tuple[Store, Store]]:
    """One store as two programs have it."""
    with (
        fresh_database(own_postgresql) as url,
        closing(Store.open(url)) as one,
        closing(Store.open(url)) as other,
    ):
        yield one, other


@pytest.fixture
def heard(stores: tuple[Store, Store]) -> Iterator[Notices]:
    """The hints that the second program gets."""
    found = listen(stores[1].database)
    assert found is not None
    yield found
    found.close()


def _is_hinted(heard: Notices, within: float = SOON) -> bool:
    return bool(select.select((heard,), (), (), within)[0]) and heard.taken()


def _kill_listeners(store: Store) -> None:
    with store.database.writing() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND query LIKE 'LISTEN%'"
            )
        )


def test_a_hint_comes_with_whatever_a_queue_shows(
    stores: tuple[Store, Store], heard: Notices
) -> None:
    article = ready(stores[0])  # taken in, and suggested for
    assert _is_hinted(heard)
    open_(stores[0], article)
    assert _is_hinted(heard)
    stores[0].reviews.release(article, "ada")
    assert _is_hinted(heard)
    assert not _is_hinted(heard, within=0)


def test_there_is_no_hint_of_what_is_not_committed(
    stores: tuple[Store, Store], heard: Notices
) -> None:
    with stores[0].database.engine.connect() as connection:
        notices.notify(connection)
        connection.rollback()
    assert not _is_hinted(heard, within=0)
    waiting(stores[0], "Nobody came to the pier on Sunday.\n")
    assert _is_hinted(heard)


def test_a_lost_connection_is_no_error(stores: tuple[Store, Store], heard: Notices) -> None:
    _kill_listeners(stores[0])
    assert not _is_hinted(heard)  # the server says why
    assert not _is_hinted(heard)  # and goes
    assert heard.fileno() == -1


def test_a_queue_shows_what_a_colleague_stores_before_the_next_poll(
    stores: tuple[Store, Store], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(poller, "POLL_SECONDS", 600.0)
    monkeypatch.setattr(notices, "AFTER_LOSS", 0.1)
    config = workspace_config(Settings(reviewer="ada"), tmp_path)
    looked, seen = threading.Event(), threading.Event()
    wanted = 1

    def tell(found: PollResult | AnnotatorError) -> None:
        looked.set()
        if isinstance(found, PollResult) and found.size == wanted:
            seen.set()

    queue = Poller(AppSetup(stores[1], config), lambda: PollRequest(Listing(), None), tell)
    try:
        assert looked.wait(SOON)
        ready(stores[0], "Ada Low met Bo Marsh in Port Ellis.\n")
        assert seen.wait(SOON)
        wanted = 2
        seen.clear()
        _kill_listeners(stores[0])  # and listens again
        ready(stores[0], "Nobody came to the pier on Sunday.\n")
        for _ in range(200):
            if seen.wait(0.1):
                break
            with stores[0].database.writing() as connection:
                notices.notify(connection)
        assert seen.is_set()
    finally:
        queue.stop()


def test_a_file_gives_no_hints(tmp_path: Path) -> None:
    with closing(empty_store(tmp_path / "annotator.db")) as store:
        assert listen(store.database) is None
        assert store.hints(lambda: None) is None
