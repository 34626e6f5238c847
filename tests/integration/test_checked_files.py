"""Files of finished reviews are compared with the store."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from annotator.core.decisions import finish, reopen
from annotator.core.record import SchemeId
from annotator.export.checked_files import CheckedFiles
from annotator.export.finished import FinishedWriter
from annotator.store.store import Store
from tests.helpers.building import NOW, at, open_, press
from tests.helpers.importing import SCHEME
from tests.helpers.journals import simulated

LATER = NOW + timedelta(days=1)


@pytest.fixture
def folder(store: Store, tmp_path: Path) -> Path:
    """The files of two finished reviews, as the watcher writes them."""
    for number in range(2):
        simulated(store, number)
    FinishedWriter(store, tmp_path / "records", scheme=SCHEME)()
    return tmp_path / "records"


def wrong(store: Store, folder: Path, scheme: SchemeId = SCHEME) -> list[str]:
    files = CheckedFiles(store, folder, scheme, LATER)
    of_reviews = [
        one for article in store.checks.articles() for one in files.of(article.id, article.finished)
    ]
    return [one.message for one in (*of_reviews, *files.strangers())]


def test_files_as_they_were_written_are_right(store: Store, folder: Path) -> None:
    assert wrong(store, folder) == []


def test_a_scheme_that_was_changed_since_is_nothing_wrong(store: Store, folder: Path) -> None:
    assert wrong(store, folder, SchemeId("news", "2")) == []


def test_a_missing_file_is_named(store: Store, folder: Path) -> None:
    file = sorted(folder.iterdir())[0]
    file.unlink()
    assert wrong(store, folder) == [f"{file.name} is missing (`annotator watch` writes it)."]


def test_a_stale_file_is_named(store: Store, folder: Path) -> None:
    file = sorted(folder.iterdir())[0]
    id, reviewer, _ = file.name.split(".")
    opened = open_(store, id, reviewer, now=at(100))
    opened = press(store, opened, reopen(), now=at(101))
    press(store, opened, finish(), now=at(102))
    assert [one.partition(" after ")[0] for one in wrong(store, folder)] == [
        f"{file.name} is stale: it was written"
    ]


def test_a_changed_field_is_named(store: Store, folder: Path) -> None:
    file = sorted(folder.iterdir())[0]
    file.write_text(file.read_text().replace('"reviewer":"reviewer', '"reviewer":"somebody', 1))
    assert wrong(store, folder) == [f"{file.name} differs from the store in review.reviewer."]


def test_a_cut_file_is_named(store: Store, folder: Path) -> None:
    file = sorted(folder.iterdir())[0]
    file.write_bytes(file.read_bytes()[:-40])
    assert wrong(store, folder) == [f"{file.name} cannot be read."]


def test_a_file_of_no_review_is_named(store: Store, folder: Path) -> None:
    file = sorted(folder.iterdir())[0]
    stranger = file.with_name(f"{file.name[:64]}.nobody.jsonl")
    stranger.write_bytes(file.read_bytes())
    folder.joinpath("notes.txt").write_text("not ours")
    assert wrong(store, folder) == [
        f"{stranger.name} is of no finished review that stands in the store."
    ]


def test_without_a_folder_nothing_is_checked(store: Store, tmp_path: Path) -> None:
    simulated(store, 1)
    assert wrong(store, tmp_path / "records") == []


def test_files_being_written_by_the_watcher_are_not_checked(store: Store, folder: Path) -> None:
    for file in folder.iterdir():
        file.unlink()
    newest = max(opened.review.decisions[-1].at for opened in store.finished.reviews())
    files = CheckedFiles(store, folder, SCHEME, newest + timedelta(seconds=3))
    for article in store.checks.articles():
        assert list(files.of(article.id, article.finished)) == []
    assert files.checked == 0
