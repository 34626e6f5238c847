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


@pytest.mark.parametrize("name", ["annotator.db", "inbox/a.txt"])
def test_the_page_of_a_report_replaces_another_file_only(
    annotator: Annotator, desk: Path, name: str
) -> None:
    before = (desk / name).read_bytes()
    done = annotator("report", "--html", str(desk / name))
    assert (done.status, "nothing was written" in done.err) == (1, True)
    assert (desk / name).read_bytes() == before
    written = annotator("report", "--html", str(desk / "report.html"), "--json")
    assert written.result["written"] == {"html": str(desk / "report.html")}
    page = (desk / "report.html").read_text("utf-8")
    assert page.startswith("<!doctype html>")
    assert "<title>Report: desk</title>" in page


@pytest.mark.parametrize("name", [name for name in FILES if name != "annotator.db"])
def test_a_backup_replaces_another_file_only(annotator: Annotator, desk: Path, name: str) -> None:
    path = desk / name
    before = path.read_bytes()
    done = annotator("backup", str(path), "--force")
    assert done.status == 1
    assert "nothing was written" in done.err
    assert not path.exists() or path.read_bytes() == before


def test_training_replaces_no_folder_of_other_files(annotator: Annotator, desk: Path) -> None:
    done = annotator("train", "--corpora", str(desk), "--output", str(desk / "inbox"))
    assert done.status == 1
    assert "is not a pipeline; nothing was changed" in done.err
    assert (desk / "inbox" / "a.txt").exists()


def test_a_folder_is_no_list_of_names(annotator: Annotator, desk: Path) -> None:
    done = annotator("memory", "--add", str(desk))
    assert (done.status, "cannot be read" in done.err) == (1, True)


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
