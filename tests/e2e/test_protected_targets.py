"""No output of a verb replaces the database, the settings or an article."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.conftest import Annotator, put_article
from tests.helpers.older_store import upgrade_to

pytestmark = pytest.mark.usefixtures("forked", "database")
TEXT = "Ada Low met the Harbour Board in Port Ellis.\n"
VERBS = {
    "jsonl": ("export", "--pending"),
    "csv": ("export", "--format", "csv"),
    "conll": ("export", "--format", "conll"),
    "memory": ("memory",),
}
FILES = ("annotator.db", "annotator.db-wal", "annotator.toml", ".annotatorignore", "inbox/a.txt")


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A workspace with an article, and with every file that must stay."""
    desk = tmp_path / "desk"
    put_article(desk, TEXT, "Ada Low")
    for name in FILES:
        path = desk / name
        path.parent.mkdir(exist_ok=True)
        if not path.exists():
            path.write_bytes(b"")
    return desk


@pytest.mark.parametrize("words", VERBS.values(), ids=VERBS)
@pytest.mark.parametrize("name", FILES)
def test_an_output_never_replaces_what_the_workspace_needs(
    annotator: Annotator, desk: Path, words: tuple[str, ...], name: str
) -> None:
    path = desk / name
    before = path.read_bytes()
    done = annotator(*words, "--output", str(path))
    assert done.status == 1
    assert "nothing was written" in done.err
    assert not path.exists() or path.read_bytes() == before  # SQLite removes its own logs


@pytest.mark.parametrize("verb", ["add", "import"])
def test_an_empty_path_is_not_the_current_folder(annotator: Annotator, verb: str) -> None:
    done = annotator(verb, "")
    assert (done.status, "a path is empty" in done.err) == (2, True)


def test_an_upgrade_is_reported(annotator: Annotator, tmp_path: Path) -> None:
    file = tmp_path / "desk" / "annotator.db"
    file.unlink()
    upgrade_to("0002", f"sqlite:///{file}")
    assert "upgraded from version 0002" in annotator("report").err
    assert annotator("report").err == ""
