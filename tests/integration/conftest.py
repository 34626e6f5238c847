"""A store on SQLite, and on PostgreSQL where one is named; fixtures for taking files in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from annotator.ingest.plan import WorkerPlan
from annotator.store.store import Store
from tests.helpers.ingesting import save_quick_pipeline
from tests.helpers.own_server import own_server, programs
from tests.helpers.stores import SERVER, empty_database, fresh_database

if TYPE_CHECKING:  # needs psycopg
    from tests.helpers.role_desk import RoleDesk


@pytest.fixture(params=["sqlite", *(["postgresql"] if SERVER else [])])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database that nobody else uses."""
    if request.param == "sqlite":
        yield empty_database(tmp_path / "annotator.db")
        return
    assert SERVER is not None  # or there is no such parameter
    with fresh_database(SERVER) as url:
        yield url


@pytest.fixture
def new_url(database_url: str, tmp_path: Path) -> str:
    """The address of a database that nobody has opened yet."""
    (tmp_path / "annotator.db").unlink(missing_ok=True)
    return database_url


@pytest.fixture(scope="session")
def own_postgresql() -> Iterator[str]:
    """The address of a server of our own, shared by all tests that need one."""
    folder = programs()
    if folder is None:
        pytest.skip("no PostgreSQL on this machine")
    with own_server(folder) as server:
        yield server.url


@pytest.fixture(scope="module")
def role_desk(own_postgresql: str) -> Iterator[RoleDesk]:
    """An article that is to have two reviews: ada's is open, bo's is finished."""
    from tests.helpers.role_desk import desk_with_two_reviews

    with desk_with_two_reviews(own_postgresql) as desk:
        yield desk


@pytest.fixture(scope="session")
def quick_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("model")
    save_quick_pipeline(folder)
    return folder


@pytest.fixture
def plan(store: Store, quick_model: Path, forked: None) -> WorkerPlan:  # noqa: ARG001
    url = store.database.url.render_as_string(hide_password=False)
    return WorkerPlan(url, str(quick_model), lease_seconds=2.0)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """An inbox, empty."""
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder
