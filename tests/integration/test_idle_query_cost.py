"""The watcher's queries every two seconds: the same cost at any size."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from annotator.core.record import SchemeId
from annotator.core.watcher_status import Heartbeat, WatcherStatus
from annotator.export import FinishedWriter
from annotator.store.store import Store
from tests.helpers.many_articles import Work, counted, filled

NOW = datetime(2019, 1, 7, 9, 0, tzinfo=UTC)
SMALL, LARGE = 400, 4000
_SOURCES = (
    "INSERT INTO source (path, inode, size, mtime_ns, ctime_ns, at, reason, hint) "
    "SELECT '/in/' || number, number, 1, 1, 1, received, "
    "CASE WHEN number <= 3 THEN 'No.' END, NULL FROM article"
)


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, Store]:
    """Two stores with three rejected files each, one with ten times as many others."""
    folder = tmp_path_factory.mktemp("sizes")
    stores = filled(folder, SMALL), filled(folder, LARGE)
    for store in stores:
        with store.database.writing() as connection:
            connection.execute(text(_SOURCES))
    return stores


def test_cost_of_rejected_files(stores: tuple[Store, Store]) -> None:
    for to_retry in (False, True):
        small, large = Work(), Work()
        for store, work in zip(stores, (small, large), strict=True):
            with counted(store) as spent:
                found = store.files.rejected_paths(to_retry=to_retry)
            work.steps = spent.steps
            assert found == (() if to_retry else ("/in/1", "/in/2", "/in/3"))
        assert 0 < large.steps <= small.steps + 20


def test_cost_of_finished_reviews_already_written(
    stores: tuple[Store, Store], tmp_path: Path
) -> None:
    steps = []
    for store in stores:
        # Nothing to write, whatever is finished: only the asking is looked at.
        writer = FinishedWriter(store, tmp_path, scheme=SchemeId("news", "1"))
        finished = store.finished.standing()
        writer._written = {key: (*state, None) for key, state in finished.items()}
        assert writer() == 0
        with counted(store) as spent:
            assert writer() == 0
        assert spent.statements == 1
        steps.append(spent.steps)
    assert 0 < steps[1] <= steps[0] + 20


def test_cost_of_a_heartbeat(stores: tuple[Store, Store]) -> None:
    steps = []
    for store in stores:
        with counted(store) as spent:
            store.watcher.beat(Heartbeat(NOW, 1, NOW, WatcherStatus(workers=2)))
        steps.append(spent.steps)
    assert 0 < steps[1] <= steps[0] + 20
