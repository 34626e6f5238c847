"""Compares ARCHITECTURE.md and other rules of the project with the tree, in both directions.

A folder without lines of its own below it is described as a whole. Moving a file means moving its
name in the map.
"""

import ast
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import takewhile
from pathlib import Path, PurePath

import pytest

from annotator.settings import Settings
from annotator.store.sql import columns

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
MODULES = [
    path
    for path in (ROOT / "annotator").rglob("*.py")
    if path.name != "__init__.py" and "migrations" not in path.parts
]
# Functions with more than five parameters: fewer are better, and none is to be added.
MANY_PARAMETERS = 11
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_CODE = re.compile(r"`(\w+)`")
_NAME = re.compile(r"[\w.*-]+(?:/[\w.*-]+)*(?:/|\.\w+)")


def section(heading: str) -> str:
    """The text under a heading, up to the next one."""
    return TEXT.split(f"\n## {heading}\n")[1].split("\n## ")[0]


def tree(heading: str) -> str:
    """The first block of code under a heading."""
    return section(heading).split("```")[1]


def leading_names(words: str) -> list[str]:
    """The names at the start of some words."""
    bare = (word.rstrip(",;:") for word in words.split())
    return [*takewhile(_NAME.fullmatch, bare)]


def named(block: str) -> Iterator[str]:
    """The paths named in a tree, folders with a `/` at the end, by their indentation.

    Names come before their description; a folder's files may also follow it directly.
    """
    above: list[tuple[int, str]] = [(-1, "")]
    for line in block.splitlines():
        depth = len(line) - len(line.lstrip())
        first, _, rest = line.strip().partition("  ")
        names = leading_names(first)
        while names and above[-1][0] >= depth:
            above.pop()
        yield from (above[-1][1] + name for name in names)
        if len(names) == 1 and names[0].endswith("/"):
            above.append((depth, above[-1][1] + names[0]))
            yield from (above[-1][1] + name for name in leading_names(rest))


MAP = sorted(set(named(tree("Map"))))
FOLDERS = [name for name in MAP if name.endswith("/")]
WHOLE = [one for one in FOLDERS if not any(name.startswith(one) and name != one for name in MAP)]


def test_the_map_is_read_by_its_indentation() -> None:
    block = """
a/          words.py of it
  b.py *_in.py; c.py   d.py
    e.py    and
            f.py g
  h/        i.py: what it does; j.py
    k/
l/ m/
"""
    assert [*named(block)] == [
        *("a/", "a/words.py", "a/b.py", "a/*_in.py", "a/c.py", "a/e.py", "a/f.py"),
        *("a/h/", "a/h/i.py", "a/h/k/", "l/", "m/"),
    ]


def test_the_map_names_every_package() -> None:
    packages = {path.parent for path in (ROOT / "annotator").rglob("__init__.py")}
    names = {f"{path.relative_to(ROOT).as_posix()}/" for path in packages}
    assert sorted(one for one in names - {*MAP} if not one.startswith(tuple(WHOLE))) == []


def test_the_map_names_every_module_in_its_folder() -> None:
    files = [name for name in MAP if not name.endswith("/")]
    patterns = [name for name in files if "*" in name]
    modules = {path.relative_to(ROOT).as_posix() for path in MODULES} - {*files}
    missing = [name for name in modules if not any(PurePath(name).match(one) for one in patterns)]
    assert sorted(one for one in missing if not one.startswith(tuple(WHOLE))) == []


@pytest.mark.parametrize("heading", ["Map", "Tests"])
def test_every_name_in_the_trees_exists(heading: str) -> None:
    assert [name for name in named(tree(heading)) if not any(ROOT.glob(name))] == []


@pytest.mark.parametrize("page", ["ARCHITECTURE.md", "CONTRIBUTING.md"])
def test_every_path_in_the_prose_exists(page: str) -> None:
    """Paths in the text, from the root, from annotator/ or from tests/."""
    prose = re.sub(r"```.*?```", "", (ROOT / page).read_text(encoding="utf-8"), flags=re.DOTALL)
    paths = re.findall(r"[`(]([\w.-]+/(?:[\w./-]*\w)?)[`)]", prose)
    places = (ROOT, ROOT / "annotator", ROOT / "tests")
    assert [path for path in paths if not any((one / path).exists() for one in places)] == []


def test_the_layers_are_those_of_the_contract() -> None:
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    checked = next(c for c in tools["importlinter"]["contracts"] if c["type"] == "layers")
    shown = tree("The one rule: imports point downwards").strip().splitlines()
    assert shown == [layer for layer in checked["layers"] if layer != "__main__"]


def test_every_setting_and_every_table_is_described() -> None:
    flow, edges = section("Flow").split("**Few tables.**")[1], section("Edges")
    assert {*columns.metadata.tables} - {*_CODE.findall(flow.split("\n\n**")[0])} == set()
    assert {*Settings.model_fields} == {
        *_CODE.findall(edges.split("The keys:")[1].split("\n**")[0])
    }


def test_the_targets_are_those_of_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[0].split()
    shown = re.findall(r"`make ([\w |]+)`", section("Tools"))[0].split(" | ")
    assert shown == phony == re.findall(r"^(\w+):", makefile, re.MULTILINE)


@cache
def nodes() -> dict[Path, list[ast.AST]]:
    """The classes, functions and constants in each of MODULES."""
    kinds = (ast.ClassDef, ast.Constant, *FUNCTIONS)
    trees = ((path, ast.parse(path.read_text(encoding="utf-8"))) for path in MODULES)
    return {path: [one for one in ast.walk(tree) if isinstance(one, kinds)] for path, tree in trees}


def all_classes() -> Iterator[ast.ClassDef]:
    """Every class of the package, nested ones too."""
    every = (node for found in nodes().values() for node in found)
    return (node for node in every if isinstance(node, ast.ClassDef))


@cache
def classes() -> dict[str, ast.ClassDef]:
    """Every class of the package by its name."""
    return {node.name: node for node in all_classes()}


def family(name: str, known: Mapping[str, ast.ClassDef]) -> dict[str, ast.ClassDef]:
    """A class and its ancestors within the package."""
    found = {name: known[name]}
    for base in known[name].bases:
        above = base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "")
        if above in known and above != name:
            found |= family(above, known)
    return found


def test_no_class_is_large_with_its_ancestors() -> None:
    """At most 400 lines and 40 methods; cutting a class into files by inheritance does not help."""
    known, large = classes(), set[str]()
    for name in known:
        members = family(name, known).values()
        lines = sum((one.end_lineno or one.lineno) - one.lineno + 1 for one in members)
        methods = [node for one in members for node in one.body if isinstance(node, FUNCTIONS)]
        if lines > 400 or len(methods) > 40:
            large.add(name)
    assert large == set()


def test_no_two_modules_share_a_name() -> None:
    names = Counter(path.name for path in MODULES)
    assert sorted(name for name, count in names.items() if count > 1) == []


def test_no_two_classes_share_a_name() -> None:
    """Including nested classes, so that a class name is unambiguous in every file."""
    names = Counter(node.name for node in all_classes())
    assert sorted(name for name, count in names.items() if count > 1) == []


def parameter_count(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The number of parameters, `self` or `cls` included."""
    named = function.args
    return len(named.posonlyargs) + len(named.args) + len(named.kwonlyargs)


def test_few_functions_have_more_than_five_parameters() -> None:
    """Besides `self`; verbs of the command line have a parameter for each option."""
    many = [
        f"{path.relative_to(ROOT).as_posix()}: {node.name}"
        for path, found in nodes().items()
        for node in found
        if isinstance(node, FUNCTIONS) and parameter_count(node) > 6
    ]
    assert len(many) <= MANY_PARAMETERS, many


def test_a_module_over_four_hundred_lines_explains_its_length() -> None:
    long = [p for p in MODULES if len(p.read_text(encoding="utf-8").splitlines()) > 400]
    silent = [p.name for p in long if "lines because" not in p.read_text(encoding="utf-8")]
    assert silent == []


def test_no_module_names_a_label_where_its_role_is_known() -> None:
    """The scheme and `lexicon.label_roles` say which labels are people or places; only code that
    assigns labels, or handles those of other tools, names them."""
    scheme = tomllib.loads((ROOT / "schema" / "labels.toml").read_text(encoding="utf-8"))
    labels = {label["name"] for label in scheme["label"]}
    rooms = ("suggest/claims", "core", "store", "tui", "inbox", "ingest", "export")
    below = [ROOT / "annotator" / room for room in rooms]
    modules = [
        found for path, found in nodes().items() if any(path.is_relative_to(room) for room in below)
    ]
    every = (node for found in modules for node in found)
    texts = {node.value for node in every if isinstance(node, ast.Constant)}
    assert len(modules) > 100
    assert sorted(labels & texts) == []


OUTSIDE = {"tmp_path", "tmp_path_factory", "store", "database_url"}
"""Fixtures that create files."""
HEAVY = ("subprocess", "sqlite3", "spacy", "annotator.suggest", "annotator.training")


def needs(tree: ast.AST) -> Iterator[str]:
    """The fixtures that the tests of a module use, and the modules that it imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{name.name}" for name in node.names)


def test_unit_tests_make_no_files_start_no_process_and_load_no_spacy() -> None:
    """What needs more is in `tests/integration`, `tests/formats` or `tests/suggest`."""
    found = {
        f"{path.name}: {need}"
        for path in (ROOT / "tests/unit").glob("*.py")
        for need in needs(ast.parse(path.read_text(encoding="utf-8")))
        if need in OUTSIDE or f"{need}.".startswith(tuple(f"{one}." for one in HEAVY))
    }
    assert found == set()
