"""The commands of pages print what these show, one after the other in one workspace."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.e2e.conftest import ROOT
from tests.e2e.test_readme_examples import said_by

GOLD = ROOT / "seeds" / "gold"


@pytest.mark.usefixtures("forked")
def test_the_commands_print_what_the_tutorial_shows(tmp_path: Path) -> None:
    assert follow("tutorial.md", tmp_path) == 7


@pytest.mark.usefixtures("forked")
def test_the_commands_print_what_the_page_on_searching_shows(tmp_path: Path) -> None:
    said_by("annotator init .", tmp_path)
    assert follow("search.md", tmp_path) == 3


def follow(page: str, tmp_path: Path) -> int:
    """Runs the commands of a page in a folder with the sample articles; how many there were."""
    (tmp_path / "seeds").symlink_to(ROOT / "seeds")
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    shown = "".join(re.findall(r"```console\n(.*?)```", text, re.DOTALL))
    steps = re.split(r"^\$ ", shown, flags=re.MULTILINE)[1:]
    for step in steps:
        line, expected = step.split("\n", 1)
        if line.startswith("annotator "):
            # No shell does it for a process that is forked.
            files = " ".join(sorted(f"seeds/gold/{one.name}" for one in GOLD.glob("*.jsonl")))
            told = said_by(line.replace("seeds/gold/*.jsonl", files), tmp_path).replace(
                str(tmp_path), "/home/ada/annotator"
            )
            assert told == expected, line
        else:
            subprocess.run(line, shell=True, cwd=tmp_path, check=True)
    return len(steps)
