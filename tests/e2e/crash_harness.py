"""Kills every part of taking in and reviewing at random instants, and says what went wrong.

Used by the crash test, briefly, and by the benchmark `kills`, at length.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from annotator.inbox.readers import articles_of
from annotator.store.store import Store
from tests.e2e.crash_complaints import complaints, decisions_lost
from tests.e2e.crash_parts import url_of
from tests.helpers.forked import Forked, children_of
from tests.helpers.ingesting import wait_until

PARTS = Path(__file__).with_name("crash_parts.py")


class Process:
    """A part that is killed and started again; what it printed is kept."""

    def __init__(self, part: str, folder: Path) -> None:
        self.command = [sys.executable, str(PARTS), part, str(folder)]
        self.lines: list[str] = []
        self.log = (folder / f"{part}.log").open("ab")
        self.start()

    def start(self) -> None:
        self.process = Forked(self.command, stdout=subprocess.PIPE, stderr=self.log, text=True)
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
        return children_of(self.pid)

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
    """Files of every kind, arriving over time; keeps book of what must come of them.

    `texts` must be there in the end; `passing` are texts that their owner replaced or removed,
    which may have been read in time or not.
    """

    def __init__(self, inbox: Path, outside: Path, chance: random.Random, articles: int) -> None:
        super().__init__(daemon=True)
        self.inbox, self.outside, self.chance, self.articles = inbox, outside, chance, articles
        self.texts: set[str] = set()
        self.passing: set[str] = set()
        self.rejected: set[str] = set()
        self.paths: set[str] = set()
        outside.mkdir(exist_ok=True)

    def run(self) -> None:
        ways: tuple[Callable[[int], None], ...] = (
            self.plain,
            self.renamed_in,
            self.slowly,
            self.twice_with_other_line_ends,
            self.as_a_folder,
            self.unreadable,
            self.linked_in,
            self.as_a_tree,
            self.replaced,
            self.closed_and_reopened,
            self.removed_at_once,
            self.as_lines_of_json,
            self.as_a_page,
            self.what_is_no_text,
            self.touched,
            self.long,
        )
        for number in range(self.articles):
            ways[number % len(ways)](number)
            time.sleep(self.chance.uniform(0.0, 0.25))

    def text(self, number: int, kind: str = "") -> str:
        return f"Bridge {number}{kind} closed\n\nThe mayor of Varnholm said so, day {number}.\n" * 3

    def put(self, path: Path, raw: bytes) -> None:
        path.write_bytes(raw)
        self.expect(path, raw)

    def expect(self, path: Path, raw: bytes) -> None:
        self.texts.update(article.text for article in articles_of(raw, path.name))
        self.paths.add(str(path))

    def plain(self, number: int) -> None:
        self.put(self.inbox / f"{number}.txt", self.text(number).encode())

    def renamed_in(self, number: int) -> None:
        path, raw = self.inbox / f"{number}.md", self.text(number).encode()
        (self.outside / "x").write_bytes(raw)
        (self.outside / "x").rename(path)
        self.expect(path, raw)

    def linked_in(self, number: int) -> None:
        path, raw = self.inbox / f"{number}.txt", self.text(number).encode()
        (self.outside / f"{number}.txt").write_bytes(raw)
        os.link(self.outside / f"{number}.txt", path)
        self.expect(path, raw)

    def slowly(self, number: int) -> None:
        path, raw = self.inbox / f"{number}.txt", self.text(number).encode()
        with path.open("wb") as stream:
            stream.write(raw[:40])
            stream.flush()
            time.sleep(0.5)
            stream.write(raw[40:])
        self.expect(path, raw)

    def closed_and_reopened(self, number: int) -> None:
        path, raw = self.inbox / f"{number}.txt", self.text(number).encode()
        path.write_bytes(raw[:40])
        self.passing.add(raw[:40].decode())
        time.sleep(self.chance.uniform(0.0, 1.0))
        with path.open("ab") as stream:
            stream.write(raw[40:])
        self.expect(path, raw)

    def twice_with_other_line_ends(self, number: int) -> None:
        raw = self.text(number).encode()
        self.put(self.inbox / f"{number}.txt", raw)
        self.put(self.inbox / f"{number}-copy.txt", b"\xef\xbb\xbf" + raw.replace(b"\n", b"\r\n"))

    def as_a_folder(self, number: int) -> None:
        raw = self.text(number).encode()
        (self.outside / "news").mkdir()
        (self.outside / "news" / "a.txt").write_bytes(raw)
        (self.outside / "news").rename(self.inbox / f"news{number}")
        self.expect(self.inbox / f"news{number}" / "a.txt", raw)

    def as_a_tree(self, number: int) -> None:
        tree, target = self.outside / f"tree{number}", self.inbox / f"tree{number}"
        texts = {f"{n}/{n}.txt": self.text(number, f" ({n})").encode() for n in range(5)}
        for name, raw in texts.items():
            (tree / name).parent.mkdir(parents=True)
            (tree / name).write_bytes(raw)
        shutil.copytree(tree, target)
        for name, raw in texts.items():
            self.expect(target / name, raw)

    def replaced(self, number: int) -> None:
        path, raw = self.inbox / f"{number}.txt", self.text(number, " again").encode()
        path.write_text(self.text(number))
        self.passing.add(self.text(number))
        time.sleep(self.chance.uniform(0.0, 1.0))
        (self.outside / "y").write_bytes(raw)
        (self.outside / "y").rename(path)
        self.expect(path, raw)

    def removed_at_once(self, number: int) -> None:
        path = self.inbox / f"{number}.txt"
        path.write_text(self.text(number))
        self.passing.add(self.text(number))
        time.sleep(self.chance.uniform(0.0, 0.6))
        path.unlink()

    def as_lines_of_json(self, number: int) -> None:
        lines = [json.dumps({"text": self.text(number, f" ({n})")}) for n in range(4)]
        self.put(self.inbox / f"{number}.jsonl", "\n".join(lines).encode())

    def as_a_page(self, number: int) -> None:
        said = "The mayor of Varnholm said that the bridge would stay closed for the winter. " * 3
        page = (
            f"<html><head><title>Bridge {number}</title></head><body><article><h1>Bridge {number}"
            f"</h1><p>{said}</p><p>{said} That was on day {number}.</p></article></body></html>"
        )
        self.put(self.inbox / f"{number}.html", page.encode())

    def touched(self, number: int) -> None:
        path = self.inbox / f"{number}.txt"
        self.put(path, self.text(number).encode())
        time.sleep(0.4)
        os.utime(path)

    def long(self, number: int) -> None:
        self.put(self.inbox / f"{number}.txt", (self.text(number) * 900).encode())

    def unreadable(self, number: int) -> None:
        raw = b"NUL \0 inside" if number % 2 else "Bürgermeister".encode("latin-1")
        (self.inbox / f"{number}.txt").write_bytes(raw)
        self.refused(self.inbox / f"{number}.txt")

    def what_is_no_text(self, number: int) -> None:
        (self.inbox / f"{number}.txt").write_bytes(b"%PDF-1.7\n1 0 obj\n")
        self.refused(self.inbox / f"{number}.txt")

    def refused(self, path: Path) -> None:
        self.rejected.add(path.name)
        self.paths.add(str(path))


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


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it: kills, files, acknowledged decisions, and what is not as it must be."""

    kills: int
    files: int
    decisions: int
    complaints: tuple[str, ...]


def kill_at_random(
    folder: Path,
    *,
    kills: int,
    articles: int,
    seed: int,
    watcher: str = "watch",
    earlier: set[str] | frozenset[str] = frozenset(),
) -> Outcome:
    """Lets files arrive while parts are killed at least `kills` times, one kill in three within
    the first instants of a start (imports, schema, upgrade).

    `folder` holds `inbox` and `model`; `watcher` is the part that takes in, `earlier` are texts
    that its database holds already.
    """
    chance = random.Random(seed)
    arrivals = Arrivals(folder / "inbox", folder / "outside", chance, articles)
    taking_in, reviewer = Process(watcher, folder), Process("review", folder)
    arrivals.start()
    done = 0
    for kill in victims(taking_in, reviewer):
        time.sleep(chance.uniform(0.0, 0.5) if chance.random() < 1 / 3 else chance.uniform(0.3, 2))
        kill()
        done += 1
        if done >= kills and not arrivals.is_alive():
            break
    store = Store.open(url_of(folder))
    wait_until(lambda: arrivals.paths <= _handled(store), within=30)
    wait_until(lambda: store.work.waiting() == 0, within=60)
    reviewer.kill()
    found = [] if taking_in.end() == 0 else ["the watcher did not end in good order"]
    found += complaints(
        folder,
        arrivals.paths,
        arrivals.texts,
        arrivals.rejected,
        passing=arrivals.passing,
        earlier=earlier,
    )
    acknowledged = [line.split() for line in reviewer.lines]
    found += decisions_lost(store, acknowledged)
    store.close()
    return Outcome(done, len(arrivals.paths), len(acknowledged), tuple(found))


def _handled(store: Store) -> set[str]:
    return set(store.files.known())
