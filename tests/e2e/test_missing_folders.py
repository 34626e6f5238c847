"""What a user asks to be written makes the folders above it, and leaves none if it fails."""

from pathlib import Path

import pytest

from annotator.cli.targets import folders_made
from annotator.errors import ExportError
from tests.e2e.conftest import Annotator, put_article

TEXT = "Ada Low met Bo Marsh in Port Ellis.\n\nShe said nothing.\n"
WRITTEN = [
    ("export", "--pending", "--output"),
    ("export", "--pending", "--format", "brat", "--output"),
    ("export", "--pending", "--dataset"),
    ("report", "--html"),
    ("backup",),
    ("memory", "--output"),
    ("verify", "--heads"),
    ("bundle", "out", "--count", "1"),
]


@pytest.mark.parametrize("words", WRITTEN, ids=" ".join)
def test_missing_folders_are_made(
    annotator: Annotator, tmp_path: Path, words: tuple[str, ...]
) -> None:
    put_article(tmp_path / "desk", TEXT, "Ada Low")
    target = tmp_path / "new" / "deep" / "file"
    done = annotator(*words, str(target))
    assert (done.status, target.exists()) == (0, True), done.err


def test_a_failed_export_leaves_no_folder(annotator: Annotator, tmp_path: Path) -> None:
    put_article(tmp_path / "desk", TEXT, "Ada Low")
    target = str(tmp_path / "new" / "deep" / "out.csv")
    done = annotator("export", "--pending", "--format", "csv", "--strict", "--output", target)
    assert (done.status, (tmp_path / "new").exists()) == (1, False), done.err


def test_folders_that_hold_something_meanwhile_stay(tmp_path: Path) -> None:
    failing = folders_made(tmp_path / "new" / "deep" / "file")
    failing.__enter__()
    (tmp_path / "new" / "other").touch()
    error = ExportError("The disk is full.", hint="")
    assert not failing.__exit__(ExportError, error, None)
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["other"]


def test_a_file_is_no_folder(annotator: Annotator, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = annotator("backup", str(tmp_path / "file" / "deep" / "copy.db"))
    assert done.status == 1
    assert "Not a directory" in done.err
