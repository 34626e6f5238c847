"""Every way in which files arrive, with a real watcher: each text once, complete, by name."""

from __future__ import annotations

import os
import shutil
import stat
import sys
import tarfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from annotator.inbox.files import is_being_written
from annotator.ingest.plan import WorkerPlan
from annotator.store.store import Store
from annotator.store.values import QueueView
from tests.helpers.ingesting import Watching, wait_until

SETTLE = 0.3
PATIENCE = 40.0
linux = pytest.mark.skipif(sys.platform != "linux", reason="leases are Linux' own")


def says(what: str) -> str:
    return f"The mayor of Varnholm said no ({what})."


@dataclass
class Desk:
    """A watched inbox, a place outside it on the same disk, and the store."""

    inbox: Path
    outside: Path
    store: Store

    def make(self, name: str, text: str) -> Path:
        path = self.outside / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def live(self) -> dict[str, list[str]]:
        """The texts in the queue, by file name."""
        found: dict[str, list[str]] = {}
        for row in self.store.queue.page(QueueView("ana"), offset=0, limit=1000):
            article = self.store.articles.get(row.id)
            found.setdefault(str(article.origin.name), []).append(article.text)
        return found


def in_place(desk: Desk) -> None:
    (desk.inbox / "in-place.txt").write_text(says("in place"))


def renamed_in(desk: Desk) -> None:
    desk.make("renamed.txt", says("renamed")).rename(desk.inbox / "renamed.txt")


def linked_in(desk: Desk) -> None:
    os.link(desk.make("linked.txt", says("linked")), desk.inbox / "linked.txt")


def saved_by_a_browser(desk: Desk) -> None:
    part = desk.inbox / "saved.txt.part"
    part.write_text(says("saved"))
    part.rename(desk.inbox / "saved.txt")


def folder_moved_in(desk: Desk) -> None:
    desk.make("moved/a.txt", says("moved a"))
    desk.make("moved/deep/b.txt", says("moved b"))
    (desk.outside / "moved").rename(desk.inbox / "moved")


def tree_copied_in(desk: Desk) -> None:
    for number in range(40):
        desk.make(f"tree/{number % 7}/{number % 3}/copied-{number}.txt", says(f"copied {number}"))
    shutil.copytree(desk.outside / "tree", desk.inbox / "tree")


def archive_unpacked(desk: Desk) -> None:
    (desk.inbox / "over").mkdir()
    (desk.inbox / "over" / "unpacked-1.txt").write_text(says("before unpacking"))
    for number in range(3):
        desk.make(f"over/unpacked-{number}.txt", says(f"unpacked {number}"))
    with tarfile.open(desk.outside / "over.tar", "w") as archive:
        archive.add(desk.outside / "over", arcname="over")
    with tarfile.open(desk.outside / "over.tar") as archive:
        archive.extractall(desk.inbox, filter="data")


def copied_with_its_times(desk: Desk) -> None:
    shutil.copy2(desk.make("old.txt", says("old")), desk.inbox / "old.txt")


def touched(desk: Desk) -> None:
    (desk.inbox / "touched.txt").write_text(says("touched"))
    assert wait_until(lambda: "touched.txt" in desk.live(), within=PATIENCE)
    os.utime(desk.inbox / "touched.txt")
    (desk.inbox / "touched.txt").chmod(0o600)


def replaced_under_its_name(desk: Desk) -> None:
    (desk.inbox / "replaced.txt").write_text(says("replaced, first"))
    assert wait_until(lambda: "replaced.txt" in desk.live(), within=PATIENCE)
    desk.make("new.txt", says("replaced, then")).rename(desk.inbox / "replaced.txt")


def rewritten_to_the_same_size_and_times(desk: Desk) -> None:
    path = desk.inbox / "rewritten.txt"
    path.write_text(says("rewritten 1"))
    assert wait_until(lambda: "rewritten.txt" in desk.live(), within=PATIENCE)
    before = path.stat()
    path.write_text(says("rewritten 2"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def removed_before_it_was_read(desk: Desk) -> None:
    (desk.inbox / "removed.txt").write_text(says("removed"))
    (desk.inbox / "removed.txt").unlink()


def removed_after_it_was_read(desk: Desk) -> None:
    (desk.inbox / "kept.txt").write_text(says("kept"))
    assert wait_until(lambda: "kept.txt" in desk.live(), within=PATIENCE)
    (desk.inbox / "kept.txt").unlink()


def written_slowly(desk: Desk) -> None:
    with (desk.inbox / "slow.txt").open("w") as stream:
        for part in range(3):
            stream.write(says(f"slow {part}"))
            stream.flush()
            time.sleep(4 * SETTLE)


def closed_and_reopened(desk: Desk) -> None:
    for part in range(3):
        with (desk.inbox / "reopened.txt").open("a") as stream:
            stream.write(says(f"reopened {part}"))
        time.sleep(4 * SETTLE)


def mended_later(desk: Desk) -> None:
    path = desk.inbox / "mended.txt"
    path.write_text(says("mended"))
    if os.geteuid() == 0:  # root may read everything, so that something else is to be mended
        path.write_bytes(b"\0")
    path.chmod(0)
    assert wait_until(
        lambda: "mended.txt" in {file.name for file in desk.store.files.rejected()},
        within=PATIENCE,
    )
    if os.geteuid() == 0:
        path.write_text(says("mended"))
    path.chmod(stat.S_IRUSR | stat.S_IWUSR)


WAYS: dict[Callable[[Desk], None], dict[str, str]] = {
    in_place: {"in-place.txt": says("in place")},
    renamed_in: {"renamed.txt": says("renamed")},
    linked_in: {"linked.txt": says("linked")},
    saved_by_a_browser: {"saved.txt": says("saved")},
    folder_moved_in: {"a.txt": says("moved a"), "b.txt": says("moved b")},
    tree_copied_in: {f"copied-{n}.txt": says(f"copied {n}") for n in range(40)},
    archive_unpacked: {f"unpacked-{n}.txt": says(f"unpacked {n}") for n in range(3)},
    copied_with_its_times: {"old.txt": says("old")},
    touched: {"touched.txt": says("touched")},
    replaced_under_its_name: {"replaced.txt": says("replaced, then")},
    rewritten_to_the_same_size_and_times: {"rewritten.txt": says("rewritten 2")},
    removed_after_it_was_read: {"kept.txt": says("kept")},
    written_slowly: {"slow.txt": "".join(says(f"slow {n}") for n in range(3))},
    closed_and_reopened: {"reopened.txt": "".join(says(f"reopened {n}") for n in range(3))},
    mended_later: {"mended.txt": says("mended")},
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, quick_model: Path) -> Iterator[Desk]:
    """Everything arrives at once, and all of it has been taken in."""
    folder = tmp_path_factory.mktemp("desk")
    url = f"sqlite:///{folder / 'annotator.db'}"
    one = Desk(folder / "inbox", folder / "outside", Store.open(url))
    one.inbox.mkdir()
    one.outside.mkdir()
    plan = WorkerPlan(url, str(quick_model))
    watcher = Watching(one.inbox, one.store, plan, folder / "lock", settle_seconds=SETTLE)
    threads = [
        threading.Thread(target=way, args=(one,)) for way in (*WAYS, removed_before_it_was_read)
    ]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        due = {name: [text] for texts in WAYS.values() for name, text in texts.items()}
        wait_until(lambda: one.live() == due, within=PATIENCE)
        yield one
    finally:
        watcher.stop.ask()
        watcher.end()
        one.store.close()
    assert watcher.error is None


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_every_arrival_is_in_the_queue_once_and_complete(
    desk: Desk, way: Callable[[Desk], None]
) -> None:
    live = desk.live()
    assert {name: live.get(name) for name in WAYS[way]} == {
        name: [text] for name, text in WAYS[way].items()
    }


def test_a_file_removed_before_reading_leaves_no_trace(desk: Desk) -> None:
    assert "removed.txt" not in desk.live()
    assert desk.store.files.rejected() == ()


@linux
def test_a_pausing_writer_gives_one_article(desk: Desk) -> None:
    (desk.outside / "lease.txt").touch()
    if is_being_written(str(desk.outside / "lease.txt")) is None:
        pytest.skip("this file system grants no leases")
    # A half that had been read would stand before the whole.
    assert desk.store.articles.supersedes(_id(desk, "slow.txt")) is None


def _id(desk: Desk, name: str) -> str:
    rows = desk.store.queue.page(QueueView("ana"), offset=0, limit=1000)
    (found,) = (row.id for row in rows if desk.store.articles.get(row.id).origin.name == name)
    return found


def test_files_are_never_changed(desk: Desk) -> None:
    assert (desk.inbox / "in-place.txt").read_text() == says("in place")
    assert stat.S_IMODE((desk.inbox / "touched.txt").stat().st_mode) == 0o600
    assert (desk.inbox / "linked.txt").stat().st_nlink == 2
