"""The pages of documentation agree with the code, and their links lead somewhere."""

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType
from urllib.parse import unquote

import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted(
    path
    for pages in ("docs/*.md", "*.md", "schema/*.md", "*/README.md", "tests/benchmarks/README.md")
    for path in ROOT.glob(pages)
)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)


def _loaded(name: str) -> ModuleType:
    """A module of docs/, which is no package."""
    spec = importlib.util.spec_from_file_location(f"docs_{name}", DOCS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["commands.md", "keys.md", "records.md", "annotator.1"])
def test_a_page_of_reference_says_what_the_code_says(name: str) -> None:
    made = _loaded("make_reference").pages()[name]
    assert (DOCS / name).read_text(encoding="utf-8") == made, "run docs/make_reference.py"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_link_of_a_page_is_dead(page: Path) -> None:
    text = _CODE.sub("", page.read_text(encoding="utf-8"))
    for target in _LINK.findall(text):
        if re.match(r"(https?|mailto):", target):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / unquote(path)).resolve() if path else page
        assert file.exists(), target
        if anchor and file.suffix == ".md":
            assert anchor in _anchors(file), target


def _anchors(file: Path) -> set[str]:
    text = re.sub(r"```.*?```", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
    heads = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-") for head in heads}


def test_every_page_has_a_place_in_the_site() -> None:
    hooks = _loaded("site_hooks")
    named = set(re.findall(r": ([\w-]+\.md)$", (ROOT / "mkdocs.yml").read_text(), re.MULTILINE))
    outside = {hooks.in_site(path) for path in hooks.OUTSIDE if path.endswith(".md")}
    assert named == {page.name for page in DOCS.glob("*.md")} | outside


def test_links_are_those_of_the_site_there() -> None:
    hooks = _loaded("site_hooks")
    assert hooks.home_of("seeds.md") == ROOT / "seeds"
    assert hooks.home_of("formats.md") == DOCS

    class _Page:
        class file:
            src_uri = "README.md"

    told = hooks.on_page_markdown("[a](docs/formats.md#words) [b](schema/guidelines.md)", _Page)
    assert told == "[a](formats.md#words) [b](guidelines.md)"
