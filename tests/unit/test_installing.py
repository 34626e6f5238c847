"""What is said of installing agrees with what is built."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
WHEEL = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]
OURS = {"test", "check", "hooks", "croissant"}
"""Extras for those who change the program."""


def test_the_build_of_the_image_gets_all_that_the_wheel_is_made_of() -> None:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    let_in = {line.removeprefix("!") for line in lines if line.startswith("!")}
    licences = {name for name in PROJECT["project"]["license-files"] if "/" not in name}
    made_of = {*WHEEL["packages"], *WHEEL["force-include"], *WHEEL["shared-data"], *licences}
    assert made_of | {PROJECT["project"]["readme"], "pyproject.toml", "constraints.txt"} == let_in


def test_the_administrators_page_names_every_extra() -> None:
    page = (ROOT / "docs" / "admin.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE))
    assert named == set(PROJECT["project"]["optional-dependencies"]) - OURS


def test_the_image_installs_extras_that_there_are() -> None:
    recipe = (ROOT / "Containerfile").read_text(encoding="utf-8")
    (extras,) = re.findall(r'"\.\[([\w,]+)\]"', recipe)
    assert set(extras.split(",")) <= set(PROJECT["project"]["optional-dependencies"])
    assert re.search(r"^USER (?!root)", recipe, re.MULTILINE)
