"""The private names of Textual that we use exist in this release; only one module uses them."""

import ast
import importlib
import inspect
from pathlib import Path
from typing import Any

import pytest

from annotator.tui.terminal import textual_internals
from annotator.tui.terminal.textual_internals import OF_OBJECTS, USED, Used

ROOT = Path(__file__).parents[2]
DOOR = Path(textual_internals.__file__)
TREES = {
    path: ast.parse(path.read_text(encoding="utf-8"))
    for path in (ROOT / "annotator" / "tui").rglob("*.py")
    if path != DOOR
}


def owner(one: Used) -> Any:
    module, _, name = one.where.partition(":")
    found = importlib.import_module(module)
    return getattr(found, name) if name else found


@pytest.mark.parametrize("one", USED, ids=lambda one: one.name)
def test_every_private_name_exists(one: Used) -> None:
    assert hasattr(owner(one), one.name), f"without it no more: {one.feature}"


@pytest.mark.parametrize("one", OF_OBJECTS, ids=lambda one: one.name)
def test_every_private_attribute_exists(one: Used) -> None:
    sources = "".join(inspect.getsource(base) for base in owner(one).__mro__[:-1])
    assert f"self.{one.name}" in sources, f"without it no more: {one.feature}"


def test_no_other_module_imports_a_private_module_of_textual() -> None:
    imported = [
        (path.name, node.module)
        for path, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and "._" in f"{node.module}"
    ]
    assert imported == []


def test_no_other_module_uses_a_private_name() -> None:
    behind = {one.name for one in (*USED, *OF_OBJECTS) if one.name.startswith("_")}
    # Names that are ours elsewhere: of a file of decisions, of an app that a part belongs to.
    behind -= {"_file", "_app"}
    named = [
        (path.name, node.attr)
        for path, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in behind
    ]
    assert named == []


def test_every_used_name_is_listed() -> None:
    """Every private name that the door takes from Textual."""
    ours = {"_is_held_back", "_is_drawn", "__module__", "__mro__"}
    names = (
        getattr(node, "attr", getattr(node, "name", ""))
        for node in ast.walk(ast.parse(DOOR.read_text(encoding="utf-8")))
        if isinstance(node, (ast.Attribute, ast.FunctionDef))
    )
    used = {name for name in names if name.startswith("_")}
    assert used - ours == {one.name for one in (*USED, *OF_OBJECTS) if one.name.startswith("_")}
