"""A workspace, and the command line as a user calls it."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tests.helpers.verbs import Done, call

ROOT = Path(__file__).parents[2]


Annotator = Callable[..., Done]


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "desk"
    (folder / "inbox").mkdir(parents=True)
    (folder / "annotator.toml").write_text('inbox = "inbox"\nreviewer = "tester"\n')
    return folder


@pytest.fixture
def annotator(workspace: Path) -> Annotator:
    """Calls `annotator --workspace DESK ...` in a process of its own."""
    return partial(call, "--workspace", str(workspace))
