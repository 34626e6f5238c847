"""A store for each test, or for the tests of a module that share an app."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from annotator.store.store import Store
from tests.helpers.stores import empty_store, without_syncing
from tests.tui.four_articles import take_in_four
from tests.tui.one_app import OneApp
from tests.tui.quiet import end_waits_when_quiet
from tests.tui.shared_rules import share_rules

share_rules()
end_waits_when_quiet()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def one_app(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[OneApp]:
    """The app that the tests of a module share, and its store."""
    app = OneApp(tmp_path_factory.mktemp("one-app"))
    yield app
    await app.end()


@pytest.fixture
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An open store, empty."""
    if "one_app" in request.fixturenames:
        app: OneApp = request.getfixturevalue("one_app")
        yield app.emptied()
    else:
        store = without_syncing(empty_store(tmp_path / "annotator.db"))
        yield store
        store.close()


@pytest.fixture
def four(store: Store) -> dict[str, str]:
    """Four articles that are ready, the first of them the oldest; ids by title. Their scores fall,
    the third has no suggestions at all."""
    return take_in_four(store)
