"""The README agrees with the code on verbs, settings and command lines."""

import json
import re
from pathlib import Path

import pytest
import typer.core
import typer.main

from annotator.cli.verbs import app
from annotator.settings import Settings

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def _table_after(heading: str) -> list[list[str]]:
    part = README.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    rows = [line for line in part.splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]


def test_the_readme_names_exactly_the_verbs() -> None:
    named = {re.findall(r"[a-z]+", row[0])[0] for row in _table_after("The verbs")}
    group = typer.main.get_command(app)
    assert isinstance(group, typer.core.TyperGroup)
    assert named == set(group.commands)


def test_the_readme_names_exactly_the_settings() -> None:
    named = {row[0].strip("`") for row in _table_after("Settings")}
    assert named == set(Settings.model_fields)


@pytest.mark.parametrize(
    "row", [row for row in _table_after("Settings") if row[1].startswith("`")], ids=lambda r: r[0]
)
def test_the_readme_names_the_defaults(row: list[str]) -> None:
    key, said = row[0].strip("`"), row[1]
    default = Settings.model_fields[key].default
    plain = list(default) if isinstance(default, tuple) else default
    shown = str(plain) if key in ("inbox", "exports") else plain
    assert json.loads(said.strip("`")) == shown


@pytest.mark.parametrize("mark", ["start", "tests"])
def test_both_command_lines_make_their_own_environment(mark: str) -> None:
    line = README.split(f"<!-- {mark} -->\n```sh\n")[1].splitlines()[0]
    assert line.startswith("python3 -m venv .venv && .venv/bin/pip install")
