"""Archives and mails in the store: known again, revised file by file, and mended."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator.inbox import readers
from annotator.store.store import Store
from tests.helpers.ingesting import TEXT, take_in
from tests.helpers.packing import mail, tarred, zipped


def story(number: int) -> bytes:
    return TEXT.format(number).encode()


def test_an_archive_that_is_added_again_is_known(
    root: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readers, "PIECE", 20)
    files = {f"in/{number}.txt": story(number) for number in range(50)}
    (root / "news.zip").write_bytes(zipped(files))
    assert take_in(root, store).added == 50
    assert take_in(root, store).known == 50
    (root / "news.tgz").write_bytes(tarred(files))
    (root / "news.zip").unlink()
    assert take_in(root, store).added == 0
    assert store.queue.counts().articles == 50


def test_a_changed_file_in_an_archive_replaces_its_earlier_text(root: Path, store: Store) -> None:
    (root / "news.zip").write_bytes(zipped({"a.txt": story(1), "b.txt": story(2)}))
    take_in(root, store)
    later = story(2) + b"The ferry runs instead, she added on Friday.\n"
    (root / "news.zip").write_bytes(zipped({"b.txt": later, "a.txt": story(1)}))
    taken = take_in(root, store)
    assert (taken.added, taken.known) == (1, 1)
    assert store.queue.counts().superseded == 1


def test_a_mended_archive_is_no_longer_rejected(root: Path, store: Store) -> None:
    whole = zipped({"a.txt": story(1), "b.txt": story(2), "c.txt": b""})
    (root / "news.zip").write_bytes(whole[:-40])
    assert take_in(root, store).rejected == 1
    (root / "news.zip").write_bytes(whole)
    taken = take_in(root, store)
    assert (taken.added, taken.rejected) == (2, 1)
    (rejected,) = store.files.rejected()
    assert rejected.name == "news.zip"
    assert "1 of 3 files in the archive could not be taken in: c.txt: is empty." in rejected.reason
    (root / "news.zip").write_bytes(zipped({"a.txt": story(1), "b.txt": story(2)}))
    assert take_in(root, store).rejected == 0
    assert not store.files.rejected()


def test_the_same_article_by_mail_and_in_an_archive_is_one(root: Path, store: Store) -> None:
    text = story(1).decode().strip()
    (root / "release.eml").write_bytes(mail(text).as_bytes())
    (root / "news.zip").write_bytes(zipped({"in/release.txt": text.encode()}))
    taken = take_in(root, store)
    assert (taken.added, taken.known) == (1, 1)
    article = store.articles.get(taken.new[0])
    origins = [article.origin, *article.also_from]
    assert [(one.name, one.part) for one in origins] == [
        ("release.txt", "in/release.txt"),
        ("release.eml", None),
    ]


def test_an_archive_that_is_read_slowly_is_stored_in_pieces(
    root: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readers, "_PIECE_SECONDS", 0.0)
    files = {
        "0.jpg": b"\xff\xd8\xff",
        "1.txt": story(1),
        "2.jpg": b"\xff\xd8\xff",
        "3.txt": story(3),
    }
    (root / "news.zip").write_bytes(zipped(files))
    taken = take_in(root, store)
    assert (taken.added, taken.rejected) == (2, 1)
    assert (root / "news.zip").as_posix() in store.files.known()
    (rejected,) = store.files.rejected()
    assert "2 of 4 files" in rejected.reason
    assert take_in(root, store).known == 2
