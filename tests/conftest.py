"""What tests share: a real store on SQLite, and on PostgreSQL where one is named."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import create_engine, make_url

from annotator.store.store import Store

# Fixtures here make files in folders that hypothesis may share between examples; other people work
# on the machine while tests run, so that no example has a deadline. The same examples come each
# time, so that what is green is so for everybody; `--hypothesis-seed N` and the profile `thorough`
# look for others.
settings.register_profile(
    "annotator",
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.register_profile("seeded", settings.get_profile("annotator"), derandomize=False)
settings.register_profile("thorough", settings.get_profile("seeded"), max_examples=1500)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "annotator"))


def pytest_configure(config: pytest.Config) -> None:
    """A seed that is given is used: the examples are then those of the seed."""
    if config.getoption("--hypothesis-seed", None) and "HYPOTHESIS_PROFILE" not in os.environ:
        settings.load_profile("seeded")


SERVER = os.environ.get("ANNOTATOR_TEST_DATABASE")
_on_server = pytest.param(
    "postgresql",
    marks=pytest.mark.skipif(not SERVER, reason="ANNOTATOR_TEST_DATABASE names no PostgreSQL"),
)


@pytest.fixture(params=["sqlite", _on_server])
def database_url(request: Any, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database that nobody else uses."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'annotator.db'}"
        return
    assert SERVER is not None  # or this parameter is skipped
    with fresh_database(SERVER) as url:
        yield url


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """An open store, empty."""
    store = Store.open(database_url)
    yield store
    store.close()


@contextmanager
def fresh_database(server: str) -> Iterator[str]:
    """The address of a database of its own on a PostgreSQL server, removed afterwards."""
    url = make_url(server).set(drivername="postgresql+psycopg")
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    name = f"annotator_test_{uuid.uuid4().hex}"
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    try:
        yield url.set(database=name).render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
        engine.dispose()
