"""The README's examples of exports and imports print what they show."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import pytest

from annotator.formats import FORMATS, format_named
from tests.e2e.conftest import ROOT
from tests.helpers.forked import Forked

README = (ROOT / "README.md").read_text(encoding="utf-8")


def examples(heading: str) -> list[str]:
    part = README.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return re.findall(r"```console\n(.*?)```", part, re.DOTALL)


OUT, IN = examples("What comes out"), examples("What goes in")


def format_of(example: str) -> str:
    named = re.search(r"--format (\S+)", example)
    if named:
        return named.group(1)
    return "dataset" if "--dataset" in example else "jsonl"


def test_every_format_has_its_example() -> None:
    written = [name for name in FORMATS if format_named(name).is_written]
    assert sorted(map(format_of, OUT)) == sorted([*written, "dataset"])


@pytest.mark.usefixtures("forked")
@pytest.mark.parametrize("example", OUT, ids=format_of)
def test_an_example_prints_what_it_shows(example: str, tmp_path: Path) -> None:
    if format_of(example) == "hf" and find_spec("pyarrow") is None:
        pytest.skip("pyarrow is not installed")
    check(example, tmp_path)


def test_the_import_example_prints_what_it_shows(tmp_path: Path) -> None:
    (example,) = IN
    said_by("annotator init .", tmp_path)
    # What is refused is told on standard error, and the status says that something was.
    check(example, tmp_path, statuses=(0, 1))


def check(example: str, folder: Path, *, statuses: Sequence[int] = (0, 0)) -> None:
    """Runs an example's two commands in a folder with the sample articles."""
    (folder / "seeds").symlink_to(ROOT / "seeds")
    commands = re.split(r"^\$ ", example, flags=re.MULTILINE)[1:]
    assert len(commands) == 2
    for command, status in zip(commands, statuses, strict=True):
        line, shown = command.split("\n", 1)
        assert said_by(line, folder, status=status) == shown


def said_by(line: str, folder: Path, *, status: int = 0) -> str:
    """What a command line that ends with this status writes: to standard output, and if it is not
    0, then to standard error."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("ANNOTATOR_")}
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
    done = subprocess.run(
        command_of(line),
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == status, done.stderr
    return done.stdout + (done.stderr if status else "")


def command_of(line: str) -> list[str]:
    """How a line is called: by a shell, but for what processes that are forked can do."""
    words = shlex.split(line)
    programs = {"annotator": ("-m", "annotator"), "python": ()}
    if subprocess.Popen is Forked and words[0] in programs:
        return [sys.executable, *programs[words[0]], *words[1:]]
    return ["bash", "-euo", "pipefail", "-c", line]
