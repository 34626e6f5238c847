"""Fixtures of the tests that take files in."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator.ingest.plan import WorkerPlan
from annotator.store.store import Store
from tests.helpers.ingesting import save_quick_pipeline


@pytest.fixture(scope="session")
def quick_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("model")
    save_quick_pipeline(folder)
    return folder


@pytest.fixture
def plan(store: Store, quick_model: Path) -> WorkerPlan:
    url = store.database.url.render_as_string(hide_password=False)
    return WorkerPlan(url, str(quick_model), lease_seconds=2.0)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """An inbox, empty."""
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder
