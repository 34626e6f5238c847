"""What mkdocs needs to know of pages that lie outside docs/: they are part of the site too.

A link such as `../schema/guidelines.md`, or `docs/formats.md` in the README, is right in the
repository; in the site all pages are in one folder.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

ROOT = Path(__file__).parent.parent
OUTSIDE = (
    "README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "LICENSE",
    "schema/guidelines.md", "schema/labels.toml", "schema/labels.schema.json",
    "schema/record.schema.json", "seeds/README.md", "exports/README.md",
    "tests/benchmarks/README.md",
)  # fmt: skip
_LINK = re.compile(r"(\]\()([^)#\s]+)(#[^)\s]*)?(\))")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """The files of the site, with those from outside docs/."""
    from mkdocs.structure.files import File

    for path in OUTSIDE:
        content = (ROOT / path).read_bytes()
        files.append(File.generated(config, in_site(path), content=content))
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """The text of a page with the links of the site."""
    home = home_of(page.file.src_uri)

    def linked(match: re.Match[str]) -> str:
        before, target, anchor, after = match.groups()
        return f"{before}{_target(home, target)}{anchor or ''}{after}"

    return _LINK.sub(linked, markdown)


def home_of(page: str) -> Path:
    """The folder of a page of the site in the repository."""
    for path in OUTSIDE:
        if in_site(path) == page:
            return (ROOT / path).parent
    return ROOT / "docs"


def in_site(path: str) -> str:
    """The name in the site of a file of the repository; READMEs of folders are named after them."""
    name = Path(path)
    if name.name == "README.md" and len(name.parts) > 1:
        return f"{'-'.join(name.parts[:-1])}.md"
    return name.name


def _target(home: Path, target: str) -> str:
    if "//" in target:
        return target
    found = (home / target).resolve()
    if found.parent == ROOT / "docs":
        return found.name
    inside = str(found.relative_to(ROOT)) if found.is_relative_to(ROOT) else target
    return in_site(inside) if inside in OUTSIDE else target
