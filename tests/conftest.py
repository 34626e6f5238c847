"""What tests share: a real store on SQLite, how many examples a property is shown."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from annotator.store.store import Store
from tests.helpers.compiling import import_in_turn
from tests.helpers.examples import USUAL, same_examples_each_time, share_pools
from tests.helpers.forked import fork_processes, share_a_server
from tests.helpers.shared_statements import share_statements
from tests.helpers.stores import empty_database, without_syncing

# Fixtures here make files in folders that hypothesis may share between examples; other people work
# on the machine while tests run, so that no example has a deadline. The same examples come each
# time, so that what is green is so for everybody; `--hypothesis-seed N` and the profile `thorough`
# look for others, `dev` is for a quick look.
settings.register_profile(
    "annotator",
    deadline=None,
    derandomize=True,
    max_examples=USUAL,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.register_profile("dev", settings.get_profile("annotator"), max_examples=10)
settings.register_profile("seeded", settings.get_profile("annotator"), derandomize=False)
settings.register_profile("thorough", settings.get_profile("seeded"), max_examples=1500)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "annotator"))
same_examples_each_time()
share_statements()

LONGEST_NAME = 100
"""The number of characters of a value that stand in the name of a test."""


def pytest_configure(config: pytest.Config) -> None:
    """A seed that is given is used: the examples are then those of the seed."""
    gc.disable()  # until everything is loaded: nothing of it is garbage
    if config.getoption("--hypothesis-seed", None) and "HYPOTHESIS_PROFILE" not in os.environ:
        settings.load_profile("seeded")
    # Coverage begins later than this; where it is measured, each worker has a server of its own.
    shares = config.getoption("numprocesses", None) and not config.getoption("cov_source", None)
    if shares and not hasattr(config, "workerinput"):
        share_a_server()
        share_pools()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:  # noqa: ARG001
    """Half as many again as there are cores: tests of processes and terminals wait a lot."""
    if "PYTEST_XDIST_AUTO_NUM_WORKERS" in os.environ or not hasattr(os, "sched_getaffinity"):
        return None
    cores = len(os.sched_getaffinity(0))
    return cores + cores // 2


def pytest_make_parametrize_id(val: object) -> str | None:
    """A long value is named by its beginning: workers send the name of a test with each report."""
    if not isinstance(val, str | bytes) or len(val) <= LONGEST_NAME:
        return None
    start = val[:LONGEST_NAME] if isinstance(val, str) else val[:LONGEST_NAME].decode("latin-1")
    return f"{start} and {len(val) - LONGEST_NAME} more"


def pytest_collection(session: pytest.Session) -> None:
    """Workers share the compiling of test modules."""
    worker = getattr(session.config, "workerinput", None)
    if worker is not None and not sys.dont_write_bytecode:
        paths = [session.config.invocation_params.dir / one for one in session.config.args]
        number = int(worker["workerid"].removeprefix("gw"))
        import_in_turn([one for one in paths if one.exists()], number, worker["workercount"])


def pytest_collection_finish() -> None:
    """Garbage is not looked for among modules and tests, which stay to the end."""
    gc.enable()
    gc.freeze()


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """The address of an empty database that nobody else uses."""
    return empty_database(tmp_path / "annotator.db")


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """An open store, empty."""
    store = without_syncing(Store.open(database_url))
    yield store
    store.close()


@pytest.fixture
def forked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes of this interpreter begin at once: forked from one that has loaded our modules."""
    fork_processes(monkeypatch)
