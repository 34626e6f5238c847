"""A PostgreSQL server that stops in the middle of a review, like a hanging machine."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.core.decisions import accept, reject
from annotator.errors import StoreError
from annotator.store.sql import patience
from annotator.store.sql.patience import AT_THE_SCREEN, Patience
from annotator.store.store import Store
from tests.e2e.screens import HASTY, IN_QUEUE, TEXT, at_the_queue, in_the_article
from tests.helpers.building import open_, press, ready
from tests.helpers.items import entity
from tests.helpers.own_server import Server, own_server, programs

psycopg = pytest.importorskip("psycopg")
FOLDER = programs()
pytestmark = [
    pytest.mark.skipif(FOLDER is None, reason="no PostgreSQL on this machine"),
    pytest.mark.usefixtures("forked"),
]
SHORT = Patience(statement=1.5, lock=0.5)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    assert FOLDER is not None  # or all of this is skipped
    with own_server(FOLDER) as one:
        yield one


def test_nobody_at_a_screen_waits_ten_seconds() -> None:
    to_connect = patience._LINE["connect_timeout"]
    longest = max(AT_THE_SCREEN.statement, AT_THE_SCREEN.lock, to_connect)
    assert longest + patience._GRACE < 10


def test_a_hanging_server_times_out(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(patience._LINE, "connect_timeout", 2)
    monkeypatch.setattr(patience, "_GRACE", 0.5)
    store = Store.open(server.url, patience=SHORT)
    opened = open_(store, ready(store))
    opened = press(store, opened, accept(opened.review.suggestions[0]))
    server.stop()
    try:
        for _ in range(2):  # on a connection that is there, and on a new one
            began = time.monotonic()
            with pytest.raises(StoreError, match="does not answer"):
                press(store, opened, reject(opened.review.suggestions[1]))
            assert time.monotonic() - began < 4
    finally:
        server.go_on()
    press(store, opened, reject(opened.review.suggestions[1]))
    assert len(store.reviews.get(opened.article.id, "ada").review.decisions) == 2
    store.close()


def test_a_lock_of_somebody_else_times_out(server: Server) -> None:
    store = Store.open(server.url, patience=SHORT)
    opened = open_(store, ready(store, "Ada Low met Bo Marsh in Port Ellis again.\n"))
    with psycopg.connect(server.url.replace("+psycopg", "")) as other:
        other.execute("SELECT * FROM article FOR UPDATE")  # and is suspended here
        began = time.monotonic()
        with pytest.raises(StoreError, match="locked by somebody else"):
            press(store, opened, accept(opened.review.suggestions[0]))
        assert time.monotonic() - began < 4
    press(store, opened, accept(opened.review.suggestions[0]))
    store.close()


def test_a_suspended_transaction_loses_its_locks(server: Server) -> None:
    store = Store.open(server.url)
    with store.database.reading() as connection:
        idle = connection.exec_driver_sql("SHOW idle_in_transaction_session_timeout").scalar()
        statement = connection.exec_driver_sql("SHOW statement_timeout").scalar()
    assert (idle, statement) == ("1min", "10min")
    store.close()


def test_a_stopped_server_is_reported_and_no_key_is_lost(server: Server, workspace: Path) -> None:
    store = Store.open(server.url)
    article = ready(store, TEXT, [entity(TEXT, "Ilva Marrow"), entity(TEXT, "Norway", "GPE")])
    environment = {"ANNOTATOR_DATABASE": server.url}
    with in_the_article(workspace, program=HASTY, environment=environment) as terminal:
        server.stop()
        try:
            began = time.monotonic()
            terminal.output = b""
            terminal.type("ax")
            terminal.wait_for(b"not saved")
            assert time.monotonic() - began < 10
            terminal.say("q", IN_QUEUE)
            terminal.say("q", b"Quit again")
            terminal.say("q", b"The next start of the screens saves them.")
            terminal.wait_until_over(15)
        finally:
            server.go_on()
    with at_the_queue(workspace, words=b"are saved now", environment=environment) as terminal:
        terminal.type("q")
        terminal.wait_until_over()
    kinds = [one.kind for one in store.reviews.get(article, "tester").review.decisions]
    assert kinds == ["accept", "reject"]
    assert not list(workspace.glob("unsaved-*"))
    store.close()
