"""Killed at any moment and started again: nothing lost, nothing twice, every file accounted for."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from annotator.core.article import identity_of
from annotator.core.decisions import stamp
from annotator.core.review import Review
from annotator.inbox.files import escaped
from annotator.store.store import Store
from tests.e2e.crash_parts import REVIEWER, url_of
from tests.ingesting import save_quick_pipeline, wait_until

PARTS = Path(__file__).with_name("crash_parts.py")
KILLS = 24
ARTICLES = 90

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="children are found in /proc")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workspace whose pipeline is real and quick: a ruler that knows one name."""
    (tmp_path / "inbox").mkdir()
    save_quick_pipeline(tmp_path / "model")
    return tmp_path


class Process:
    """A part that is killed and started again; what it printed is kept."""

    def __init__(self, part: str, folder: Path) -> None:
        self.command = [sys.executable, str(PARTS), part, str(folder)]
        self.lines: list[str] = []
        self.log = (folder / f"{part}.log").open("ab")
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            self.command, stdout=subprocess.PIPE, stderr=self.log, text=True
        )
        self.listener = threading.Thread(target=self._listen, args=(self.process,), daemon=True)
        self.listener.start()

    def _listen(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        # A line that was cut off by the kill was never acknowledged.
        self.lines.extend(line for line in process.stdout if line.endswith("\n"))

    @property
    def pid(self) -> int:
        return self.process.pid

    def children(self) -> list[int]:
        try:
            return [
                int(n)
                for n in Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
            ]
        except OSError:
            return []

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        self.listener.join(10)

    def end(self) -> int:
        self.process.terminate()
        status = self.process.wait(60)
        self.listener.join(10)
        self.log.close()
        return status


def kill_quietly(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


class Arrivals(threading.Thread):
    """Files of every kind, arriving over time; keeps book of what must come of them."""

    def __init__(self, inbox: Path, outside: Path, chance: random.Random) -> None:
        super().__init__(daemon=True)
        self.inbox, self.outside, self.chance = inbox, outside, chance
        self.texts: set[str] = set()
        self.rejected: set[str] = set()
        self.paths: set[str] = set()
        outside.mkdir()

    def run(self) -> None:
        ways: tuple[Callable[[int], None], ...] = (
            self.plain,
            self.renamed_in,
            self.slowly,
            self.twice_with_other_line_ends,
            self.as_a_folder,
            self.unreadable,
        )
        for number in range(ARTICLES):
            ways[number % len(ways)](number)
            time.sleep(self.chance.uniform(0.0, 0.25))

    def text(self, number: int) -> str:
        text = f"Bridge {number} closed\n\nThe mayor of Varnholm said so on day {number}.\n" * 3
        self.texts.add(text)
        return text

    def put(self, path: Path, raw: bytes) -> None:
        path.write_bytes(raw)
        self.paths.add(str(path))

    def plain(self, number: int) -> None:
        self.put(self.inbox / f"{number}.txt", self.text(number).encode())

    def renamed_in(self, number: int) -> None:
        path = self.inbox / f"{number}.md"
        (self.outside / "x").write_text(self.text(number))
        (self.outside / "x").rename(path)
        self.paths.add(str(path))

    def slowly(self, number: int) -> None:
        path, raw = self.inbox / f"{number}.txt", self.text(number).encode()
        with path.open("wb") as stream:
            stream.write(raw[:40])
            stream.flush()
            time.sleep(0.5)
            stream.write(raw[40:])
        self.paths.add(str(path))

    def twice_with_other_line_ends(self, number: int) -> None:
        raw = self.text(number).encode()
        self.put(self.inbox / f"{number}.txt", raw)
        self.put(self.inbox / f"{number}-copy.txt", b"\xef\xbb\xbf" + raw.replace(b"\n", b"\r\n"))

    def as_a_folder(self, number: int) -> None:
        (self.outside / "news").mkdir()
        (self.outside / "news" / "a.txt").write_text(self.text(number))
        (self.outside / "news").rename(self.inbox / f"news{number}")
        self.paths.add(str(self.inbox / f"news{number}" / "a.txt"))

    def unreadable(self, number: int) -> None:
        raw = b"NUL \0 inside" if number % 2 else "Bürgermeister".encode("latin-1")
        self.put(self.inbox / f"{number}.txt", raw)
        self.rejected.add(f"{number}.txt")


def victims(watcher: Process, reviewer: Process) -> Iterator[Callable[[], None]]:
    """Whom to kill next: each kind in turn, forever."""

    def watcher_alone() -> None:
        watcher.kill()
        watcher.start()

    def one_worker() -> None:
        for pid in watcher.children()[:1]:
            kill_quietly(pid)

    def the_reviewer() -> None:
        reviewer.kill()
        reviewer.start()

    def watcher_and_workers() -> None:
        workers = watcher.children()
        watcher.process.kill()
        for pid in workers:
            kill_quietly(pid)
        watcher_alone()

    while True:
        yield from (watcher_alone, one_worker, the_reviewer, one_worker, watcher_and_workers)


def test_nothing_is_lost_or_done_twice_however_often_anything_is_killed(folder: Path) -> None:
    chance = random.Random(20181219)
    arrivals = Arrivals(folder / "inbox", folder / "outside", chance)
    watcher, reviewer = Process("watch", folder), Process("review", folder)
    arrivals.start()
    for kills, kill in enumerate(victims(watcher, reviewer), start=1):
        time.sleep(chance.uniform(0.05, 1.6))
        kill()
        if kills >= KILLS and not arrivals.is_alive():
            break
    store = Store.open(url_of(folder))
    wait_until(lambda: len(store.known_files()) >= len(arrivals.paths), within=20)
    wait_until(lambda: store.waiting() == 0, within=20)
    reviewer.kill()
    assert watcher.end() == 0

    assert complaints(folder, arrivals.paths, arrivals.texts, arrivals.rejected) == []

    # Every acknowledged decision is there, and undo still goes all the way back.
    acknowledged = [line.split() for line in reviewer.lines]
    assert len(acknowledged) > KILLS
    for article in {article for article, _ in acknowledged}:
        opened = store.review(article, REVIEWER)
        stored = [decision.id for decision in opened.review.decisions]
        told = [decision for of, decision in acknowledged if of == article]
        assert [decision for decision in stored if decision in set(told)] == told
        assert undone(store, article).items == opened.review.suggestions
    store.close()


def complaints(folder: Path, paths: set[str], texts: set[str], rejected: set[str]) -> list[str]:
    """What is not as it must be once everything has come to rest; empty if all is well."""
    store = Store.open(url_of(folder))
    known = set(store.known_files())
    refused = {file.name for file in store.rejected_files()}
    store.close()
    with sqlite3.connect(folder / "annotator.db") as database:
        articles = database.execute("SELECT id, stage FROM article").fetchall()
        sets = [row[0] for row in database.execute("SELECT article_id FROM suggestion_set")]
        integrity = database.execute("PRAGMA integrity_check").fetchone()[0]
    ids, wanted = {row[0] for row in articles}, {identity_of(text) for text in texts}
    checks = {
        "files without a row": {escaped(path) for path in paths} - known,
        "rejected, but should not be": refused - rejected,
        "not rejected, but should be": rejected - refused,
        "lost": wanted - ids,
        "halves or strangers": ids - wanted,
        "not ready": {row[0] for row in articles if row[1] != "ready"},
        "without suggestions": wanted - set(sets),
        "suggested for twice": {one for one in sets if sets.count(one) > 1},
        "damage": {integrity} - {"ok"},
    }
    return [f"{what}: {sorted(which)}" for what, which in checks.items() if which]


def test_the_wrong_order_of_commits_is_caught(folder: Path) -> None:
    path, text = folder / "inbox" / "a.txt", "The mayor of Varnholm said no."
    path.write_text(text)
    careless = Process("watch-carelessly", folder)
    store = Store.open(url_of(folder))
    wait_until(lambda: len(store.known_files()) == 1, within=30)
    careless.kill()
    watcher = Process("watch", folder)
    wait_until(
        lambda: (beat := store.heartbeat()) is not None and beat.pid == watcher.pid, within=30
    )
    time.sleep(1.5)  # longer than a finished file waits before it is read
    store.close()
    assert watcher.end() == 0
    assert complaints(folder, {str(path)}, {text}, set())[0].startswith("lost")


def undone(store: Store, article: str) -> Review:
    """The review after undo has been pressed until nothing is left to take back."""
    now = datetime.now(UTC)
    opened = store.open_review(article, REVIEWER, now=now, lease_seconds=600, reviews_per_article=9)
    review = opened.review
    while undo := review.undo():
        decisions = stamp(
            (undo,),
            article=article,
            reviewer=REVIEWER,
            at=datetime.now(UTC),
            first_seq=review.next_seq,
            group=uuid.uuid4().hex,
            ids=(uuid.uuid4().hex,),
        )
        store.append(decisions, text=opened.article.text)
        review = review.decide(*decisions)
    return store.review(article, REVIEWER).review
