"""ARCHITECTURE.md names what is there, and all that is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAP = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8").split("## Map")[1].split("\n## ")[0]
NAMED = set(re.findall(r"[\w.]+\.(?:py|toml|json|md|tcss)\b", MAP))
MODULES = [
    path
    for path in (ROOT / "annotator").rglob("*.py")
    if path.name != "__init__.py" and "migrations" not in path.parts
]


@pytest.mark.parametrize("folder", ["core", "inbox", "ingest", "store"])
def test_every_module_of_the_lower_layers_stands_in_the_map(folder: str) -> None:
    there = {path.name for path in MODULES if path.parent.name == folder}
    assert there - NAMED == set()


def test_every_file_in_the_map_is_there() -> None:
    names = {path.name for path in ROOT.rglob("*.*") if ".venv" not in path.parts}
    assert NAMED - names == set()


def test_a_module_over_four_hundred_lines_says_why() -> None:
    long = [p for p in MODULES if len(p.read_text(encoding="utf-8").splitlines()) > 400]
    silent = [p.name for p in long if "lines because" not in p.read_text(encoding="utf-8")]
    assert silent == []
