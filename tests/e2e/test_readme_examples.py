"""The README's examples of what comes out are what comes out."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from annotator.formats import FORMATS
from tests.e2e.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
PART = README.split("\n## What comes out\n")[1].split("\n## ")[0]
EXAMPLES = re.findall(r"```console\n(.*?)```", PART, re.DOTALL)


def format_of(example: str) -> str:
    named = re.search(r"--format (\S+)", example)
    return named.group(1) if named else "dataset" if "--dataset" in example else "jsonl"


def test_every_format_has_its_example() -> None:
    assert sorted(map(format_of, EXAMPLES)) == sorted([*FORMATS, "dataset"])


@pytest.mark.parametrize("example", EXAMPLES, ids=format_of)
def test_an_example_does_what_it_shows(example: str, tmp_path: Path) -> None:
    if format_of(example) == "hf" and find_spec("pyarrow") is None:
        pytest.skip("pyarrow is not installed")
    (tmp_path / "seeds").symlink_to(ROOT / "seeds")
    commands = re.split(r"^\$ ", example, flags=re.MULTILINE)[1:]
    assert len(commands) == 2
    for command in commands:
        line, shown = command.split("\n", 1)
        assert said_by(line, tmp_path) == shown


def said_by(line: str, folder: Path) -> str:
    """What a command line writes to standard output, in a folder of its own."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("ANNOTATOR_")}
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", line],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
