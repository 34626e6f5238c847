"""A workspace, and the command line as users call it."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tests.helpers.building import ready
from tests.helpers.ingesting import save_quick_pipeline
from tests.helpers.items import entity
from tests.helpers.stores import empty_database, empty_store
from tests.helpers.verbs import Done, call

ROOT = Path(__file__).parents[2]
Annotator = Callable[..., Done]


@pytest.fixture(scope="session")
def quick_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pipeline that knows one name: real, and loaded in no time."""
    folder = tmp_path_factory.mktemp("model")
    save_quick_pipeline(folder)
    return folder


@pytest.fixture
def workspace(tmp_path: Path, quick_model: Path) -> Path:
    """A workspace whose pipeline is the quick one."""
    folder = tmp_path / "desk"
    (folder / "inbox").mkdir(parents=True)
    write_settings(folder, model=quick_model)
    return folder


@pytest.fixture
def database(workspace: Path) -> Path:
    """The workspace's database, which is there already and empty."""
    empty_database(workspace / "annotator.db")
    return workspace / "annotator.db"


@pytest.fixture
def shipped_pipeline(workspace: Path) -> None:
    """The workspace has the pipeline that comes with annotator."""
    write_settings(workspace)


def write_settings(folder: Path, **others: object) -> None:
    values = {"inbox": "inbox", "reviewer": "tester"} | others
    lines = [f'{name} = "{value}"\n' for name, value in values.items()]
    (folder / "annotator.toml").write_text("".join(lines))


@pytest.fixture
def annotator(workspace: Path) -> Annotator:
    """Calls `annotator --workspace DESK ...` in a process of its own."""
    return partial(call, "--workspace", str(workspace))


def put_article(workspace: Path, text: str, *words: str) -> None:
    """Puts an article into the workspace, ready, in which these words are suggested as names."""
    store = empty_store(workspace / "annotator.db")
    ready(store, text, [entity(text, name) for name in words])
    store.close()
