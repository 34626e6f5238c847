"""A workspace, and the command line as a user calls it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Done:
    """A verb that has ended: its exit status and what it wrote."""

    status: int
    out: str
    err: str

    @property
    def result(self) -> Any:
        """The one JSON object that the verb wrote."""
        (line,) = self.out.splitlines()
        return json.loads(line)


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

    def call(*words: str, given: bytes | None = None) -> Done:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("ANNOTATOR_")}
        done = subprocess.run(
            [sys.executable, "-m", "annotator", "--workspace", str(workspace), *words],
            capture_output=True,
            input=given,
            env=environment,
            timeout=120,
            check=False,
        )
        return Done(done.returncode, done.stdout.decode(), done.stderr.decode())

    return call
