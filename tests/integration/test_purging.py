"""A purged article is gone for good, including its text, and stays out."""

from __future__ import annotations

import itertools
import sqlite3
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from sqlalchemy import insert, inspect, text

from annotator.core.decisions import accept, finish, note
from annotator.errors import ArticleNotFound, LeaseLost, StoreError
from annotator.export import FinishedWriter
from annotator.export.purge_files import Removed, copies_elsewhere, remove_exported
from annotator.store.sql import columns as t
from annotator.store.store import Store
from tests.helpers.building import NOW, arrival, at, open_, press, ready
from tests.helpers.importing import SCHEME, bring_in, record, write
from tests.helpers.ingesting import take_in
from tests.helpers.items import entity
from tests.helpers.packing import zipped
from tests.helpers.store_caches import assert_caches_are_right

TEXT = "Zebulon Quay met Xanthe Orlop.\n\nNobody wrote it down, said Zebulon Quay.\n"
KEPT = "Ada Low met Bo Marsh in Port Ellis."
WORDS = (b"Zebulon", b"Xanthe", b"wrote it down", b"unspeakable")


def reviewed(store: Store, words: str = TEXT) -> str:
    """An article with a finished review that has a word of its own in a note; its id."""
    items = [entity(words, "Zebulon Quay"), entity(words, "Xanthe Orlop")]
    name = ready(store, words, items)
    opened = open_(store, name)
    one = opened.review.suggestions[0]
    opened = press(store, opened, note(one, "unspeakable"))
    press(store, opened, accept(opened.review.items[0]), finish(), now=at(5))
    return name


def decisions_are_protected(store: Store) -> bool:
    try:
        with store.database.writing() as connection:
            connection.execute(text("DELETE FROM decision"))
    except StoreError as error:
        return "never changed" in error.message
    return False


def test_only_a_tombstone_is_left_of_an_article(store: Store) -> None:
    name, other = reviewed(store), reviewed(store, f"{TEXT}And again.")
    tombstone = store.purge.article(name, by="carol", now=NOW)
    with pytest.raises(ArticleNotFound):
        store.articles.get(name)
    assert tombstone.counts == {"reviews": 1, "decisions": 3, "suggestion_sets": 1}
    assert store.purge.tombstone(name) == tombstone
    assert (tombstone.article, tombstone.at, tombstone.by) == (name, NOW, "carol")
    assert [key[0] for key in store.finished.last_decisions()] == [other]
    assert store.queue.counts().articles == 1
    assert_caches_are_right(store)


def test_no_table_refers_to_a_purged_article(store: Store) -> None:
    name = reviewed(store)
    other = reviewed(store, f"{TEXT}And again.")
    with store.database.writing() as connection:
        likeness = {"article_id": other, "other_id": name, "similarity": 0.9}
        connection.execute(insert(t.likeness).values(likeness))
        connection.execute(insert(t.shingle_band).values(band=7, article_id=name))
        ids = connection.execute(text("SELECT id FROM review ORDER BY id")).scalars().all()
        carried = {"review_id": ids[1], "from_review_id": ids[0], "item": {"text": "Zebulon"}}
        connection.execute(insert(t.carried).values(carried))
        connection.execute(text("UPDATE article SET supersedes = :a WHERE id = :b"),
                           {"a": name, "b": other})  # fmt: skip
    store.purge.article(name, by="carol", now=NOW)
    with store.database.reading() as connection:
        for table in inspect(connection).get_table_names():
            if table not in ("stone", "alembic_version"):
                rows = connection.execute(text(f"SELECT * FROM {table}")).fetchall()
                assert name not in repr(rows), table
        assert connection.execute(text("SELECT count(*) FROM carried")).scalar() == 0
    assert store.articles.supersedes(other) is None


def test_the_files_of_the_database_do_not_contain_its_text(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'annotator.db'}")
    name = reviewed(store)
    for number in range(20):
        ready(store, f"{KEPT} {number}")
    assert any(word in _files(tmp_path) for word in WORDS)
    store.purge.article(name, by="carol", now=NOW)
    erased = store.purge.erase()
    left = [word for word in WORDS if word in _files(tmp_path)]
    store.close()
    assert (erased, left) == (None, [])
    assert KEPT.encode() in _files(tmp_path)


def test_text_that_cannot_be_erased_now_is_reported_and_erased_later(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'annotator.db'}")
    name = reviewed(store)
    reader = sqlite3.connect(tmp_path / "annotator.db")
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM article").fetchone()
    store.purge.article(name, by="carol", now=NOW)
    held_up = store.purge.erase(patience=0.2)
    reader.close()
    again = store.purge.erase()
    store.close()
    assert held_up == "a reader prevents clearing the write-ahead log"
    assert again is None
    assert not any(word in _files(tmp_path) for word in WORDS)


def test_decisions_are_protected_again_afterwards(store: Store) -> None:
    name = reviewed(store)
    reviewed(store, f"{TEXT}And again.")
    store.purge.article(name, by="carol", now=NOW)
    assert decisions_are_protected(store)


@pytest.mark.usefixtures("forked")
def test_a_killed_purge_changes_nothing(
    tmp_path: Path,
) -> None:
    url = f"sqlite:///{tmp_path / 'annotator.db'}"
    store = Store.open(url)
    name = reviewed(store)
    code = f"""
        import os, signal
        from datetime import UTC, datetime
        from annotator.store import purging
        from annotator.store.store import Store
        unlink = purging._unlink_files
        def die(*words, **more):
            unlink(*words, **more)
            os.kill(os.getpid(), signal.SIGKILL)
        purging._unlink_files = die
        Store.open({url!r}).purge.article({name!r}, by="carol", now=datetime.now(UTC))
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], check=False)
    assert done.returncode == -9
    assert store.purge.tombstone(name) is None
    assert len(store.reviews.get(name, "ada").review.decisions) == 3
    assert decisions_are_protected(store)
    store.close()


def test_a_second_purge_reports_the_first(store: Store) -> None:
    name = reviewed(store)
    first = store.purge.article(name, by="carol", now=NOW)
    assert store.purge.article(name, by="dan", now=at(99)) == first
    assert store.articles.named(name[:12]) == name


def test_an_unknown_article_cannot_be_purged(store: Store) -> None:
    with pytest.raises(ArticleNotFound):
        store.purge.article("ab" * 32, by="carol", now=NOW)
    assert store.purge.tombstone("ab" * 32) is None


def test_a_unique_prefix_of_an_id_is_enough(store: Store) -> None:
    names = sorted(ready(store, f"{KEPT} {number}") for number in range(40))
    twice = next(one[0] for one, other in itertools.pairwise(names) if one[0] == other[0])
    assert store.articles.named(names[0][:10].upper()) == names[0]
    with pytest.raises(StoreError, match="Several ids begin with"):
        store.articles.named(twice)
    for wrong in ("", "xyz", "%", "_" * 64):
        with pytest.raises(ArticleNotFound):
            store.articles.named(wrong)


def test_a_purged_text_is_not_taken_in_again(store: Store) -> None:
    name = reviewed(store)
    store.purge.article(name, by="carol", now=NOW)
    taken = store.files.take_in(
        [arrival("/inbox/other.txt", TEXT), arrival("/inbox/new.txt", KEPT)]
    )
    (file,) = [one for one in store.files.rejected() if one.name == "other.txt"]
    assert (taken.added, taken.rejected) == (1, 1)
    assert file.reason == "This article was purged on 2018-12-19 by carol."
    assert store.queue.counts().articles == 1


def test_other_articles_of_its_file_are_taken_in(store: Store) -> None:
    store.purge.article(reviewed(store), by="carol", now=NOW)
    taken = store.files.take_in([arrival("/inbox/both.jsonl", TEXT, KEPT)])
    assert (taken.added, taken.rejected) == (1, 1)


def test_a_purged_member_of_an_archive_is_named_and_stays_away(
    store: Store, tmp_path: Path
) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "news.zip").write_bytes(zipped({"in/a.txt": TEXT.encode(), "b.txt": KEPT.encode()}))
    taken = take_in(inbox, store)
    name = next(one for one in taken.new if store.articles.get(one).text == TEXT)
    store.purge.article(name, by="carol", now=NOW)
    (inbox / "news.zip").rename(inbox / "again.zip")
    again = take_in(inbox, store)
    assert (again.added, again.known, again.rejected) == (0, 1, 1)
    reasons = [file.reason for file in store.files.rejected() if file.name == "again.zip"]
    assert reasons == ["This article was purged on 2018-12-19 by carol: in/a.txt."]


def test_its_file_is_listed_as_rejected(store: Store, tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "one.txt").write_text(TEXT)
    (name,) = take_in(inbox, store).new
    store.purge.article(name, by="carol", now=NOW)
    reasons = [file.reason for file in store.files.rejected()]
    store.files.retry()
    again = take_in(inbox, store)
    assert reasons == ["This article was purged on 2018-12-19 by carol."]
    assert (again.added, again.rejected) == (0, 1)
    assert (inbox / "one.txt").read_text() == TEXT


def test_an_import_does_not_restore_it(store: Store, tmp_path: Path) -> None:
    name = ready(store, record().article.text)
    store.purge.article(name, by="carol", now=NOW)
    file = write(tmp_path / "a.jsonl", [record(1), record(2)])
    for reviewer in (None, "bo"):
        done = bring_in(store, file, reviewer=reviewer)
        assert [one.reason for one in done.refused][:1] == [
            "This article was purged on 2018-12-19 by carol."
        ]
    assert store.queue.counts().articles == 1


def test_a_reviewer_who_has_it_open_is_told(store: Store) -> None:
    name = ready(store, TEXT, [entity(TEXT, "Zebulon Quay")])
    opened = open_(store, name)
    store.purge.article(name, by="carol", now=NOW)
    with pytest.raises(LeaseLost):
        press(store, opened, accept(opened.review.suggestions[0]))


def test_exported_records_are_removed_even_late_ones(store: Store, tmp_path: Path) -> None:
    name = reviewed(store)
    writer = FinishedWriter(store, tmp_path / "records", scheme=SCHEME)
    writer()
    (file,) = (tmp_path / "records").iterdir()
    held = file.read_bytes()
    store.purge.article(name, by="carol", now=NOW)
    assert remove_exported(tmp_path, name) == Removed(1)
    # A watcher may have read the review just before and written it just after.
    file.write_bytes(held)
    writer()
    assert list((tmp_path / "records").iterdir()) == []
    file.write_bytes(held)
    FinishedWriter(store, tmp_path / "records", scheme=SCHEME)()
    assert list((tmp_path / "records").iterdir()) == []


def test_an_unremovable_record_is_named_and_others_are_removed(tmp_path: Path) -> None:
    folder, name = tmp_path / "records", "ab" * 32
    (folder / f"{name}.ada.jsonl").mkdir(parents=True)
    (folder / f"{name}.bo.jsonl").touch()
    removed = remove_exported(tmp_path, name)
    assert (removed.count, [path.name for path, _ in removed.left]) == (1, [f"{name}.ada.jsonl"])


def test_copies_that_may_contain_it_are_listed(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'annotator.db'}")
    store.backup(tmp_path / "empty.db")
    name = reviewed(store)
    store.backup(tmp_path / "full.db")
    exports = tmp_path / "exports"
    exports.mkdir()
    (exports / "dataset.jsonl").write_text(f'{{"id": "{name}"}}\n')
    (exports / "other.jsonl").write_text('{"id": "ab"}\n')
    (exports / "dataset.spacy").write_bytes(b"\x00")
    (tmp_path / f"unsaved-{name[:12]}.jsonl").write_text("{}")
    store.purge.article(name, by="carol", now=NOW)
    found = copies_elsewhere(store.database.file, exports, name)
    store.close()
    assert [path.name for path in found] == [
        "full.db",
        f"unsaved-{name[:12]}.jsonl",
        "dataset.jsonl",
        "dataset.spacy",
    ]


def _files(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.glob("annotator.db*"))
