"""Saved decisions that are lost with the database's files are restored at the next start."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from annotator.core.decisions import Decision, accept, reject
from annotator.errors import ArticlePurged, DatabaseGone, StoreError
from annotator.store.store import Store
from annotator.tui.saving.acknowledged import Acknowledged
from annotator.tui.saving.restore import restore
from tests.helpers.building import NOW, TEXT, open_, ready
from tests.helpers.strategies import stamped


def _remove_the_log(file: Path) -> None:
    file.with_name(f"{file.name}-wal").unlink()


def _cut_the_log(file: Path) -> None:
    os.truncate(file.with_name(f"{file.name}-wal"), 0)


def _put_an_empty_log(file: Path) -> None:
    file.with_name("empty").touch()
    file.with_name("empty").rename(file.with_name(f"{file.name}-wal"))


def _cut_off(file: Path) -> None:
    os.truncate(file, 0)


def _replace(file: Path) -> None:
    (file.parent / "other.db").write_bytes(file.read_bytes())
    (file.parent / "other.db").replace(file)


def _rename_the_folder(file: Path) -> None:
    file.parent.rename(file.parent.with_name("elsewhere"))


HARMS = [
    _remove_the_log,
    _cut_the_log,
    _put_an_empty_log,
    _cut_off,
    _replace,
    _rename_the_folder,
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "desk").mkdir()
    return tmp_path / "desk" / "annotator.db"


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """Where files of unsaved decisions go."""
    (tmp_path / "kept").mkdir()
    return tmp_path / "kept"


@pytest.fixture
def at_work(file: Path, kept: Path) -> Iterator[tuple[Store, Acknowledged, list[Decision]]]:
    """A session that has saved two decisions, and has a third to be saved."""
    store = Store.open(f"sqlite:///{file}")
    opened = open_(store, ready(store))
    one, two, three = opened.review.suggestions
    session = Acknowledged(lambda made, text: store.reviews.append(made, text=text), kept)
    review, made = opened.review, list[Decision]()
    for change in (accept(one), reject(two), accept(three)):
        made += stamped([change], review, at=NOW)
        review = review.decide(made[-1])
    for decision in made[:2]:
        session.append([decision], TEXT)
    yield store, session, made
    store.close()


def _comes_back(folder: Path, tmp_path: Path) -> list[str]:
    """The decisions that a store has after the next start, in which there was only the article."""
    store = Store.open(f"sqlite:///{tmp_path / 'restored.db'}")
    article = ready(store)
    restore(store, folder, now=NOW, lease_seconds=60)
    kinds = [str(one.kind) for one in store.reviews.get(article, "ada").review.decisions]
    store.close()
    return kinds


@pytest.mark.parametrize("harm", HARMS)
def test_saved_decisions_go_into_files_at_the_next_key(
    at_work: tuple[Store, Acknowledged, list[Decision]],
    file: Path,
    kept: Path,
    tmp_path: Path,
    harm: Callable[[Path], None],
) -> None:
    _, session, made = at_work
    harm(file)
    with pytest.raises(DatabaseGone):
        session.append(made[2:], TEXT)
    assert session.rescued.files
    assert _comes_back(kept, tmp_path) == ["accept", "reject"]


@pytest.mark.parametrize("harm", HARMS)
def test_saved_decisions_go_into_files_at_the_end_too(
    at_work: tuple[Store, Acknowledged, list[Decision]],
    file: Path,
    kept: Path,
    tmp_path: Path,
    harm: Callable[[Path], None],
) -> None:
    store, session, _ = at_work
    harm(file)
    session.look(store.check)
    assert _comes_back(kept, tmp_path) == ["accept", "reject"]


def test_with_an_intact_database_no_file_is_made(
    at_work: tuple[Store, Acknowledged, list[Decision]], kept: Path
) -> None:
    store, session, made = at_work
    session.append(made[2:], TEXT)
    session.look(store.check)
    assert session.rescued.files == ()
    assert list(kept.iterdir()) == []


def test_decisions_on_purged_articles_go_into_no_file(
    at_work: tuple[Store, Acknowledged, list[Decision]], file: Path, kept: Path
) -> None:
    store, session, made = at_work
    store.purge.article(made[0].article, by="carol", now=NOW)
    with pytest.raises(ArticlePurged):
        session.append(made[2:], TEXT)
    _cut_off(file)
    session.look(store.check)
    assert list(kept.iterdir()) == []


def test_other_errors_go_to_the_writer(tmp_path: Path) -> None:
    def full(_made: object, _text: str) -> None:
        raise StoreError("The disk is full.")

    session = Acknowledged(full, tmp_path)
    with pytest.raises(StoreError, match="full"):
        session.append([], TEXT)
    assert list(tmp_path.iterdir()) == []
