"""A burst of files on a busy machine, and the cost of an idle inbox afterwards.

`python -m tests.benchmarks.bursts [--files 100000] [--json]`

A process writes the files, flat and in folders, while a thread of the watcher's own process and one
more process keep the machine busy; the watcher (no workers' pipeline in the way: a ruler) runs with
its observer on, with an observer that has died, and without one. One scan after the last file every
one of them must have a row. Then the inbox is left alone and the processor time of the watcher's
process is measured (Linux; bar: 1 % of a core).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

from annotator.core.watcher_status import Heartbeat, WatcherStatus
from annotator.inbox.inbox import Inbox
from annotator.inbox.reading import ReadingRules, arrivals_of, batches_of
from annotator.store.store import Store

IDLE_BAR = 0.01
CALM_AFTER, IDLE_SECONDS = 30.0, 120.0
SETTLE = 0.5
_WRITER = """
import os, sys
folder, count = sys.argv[1], int(sys.argv[2])
for number in range(count):
    if number % 1000 == 0 and number % 2000:
        os.mkdir(f"{folder}/{number}")
    below = f"{folder}/{number // 1000 * 1000}" if number // 1000 % 2 else folder
    with open(f"{below}/{number}.txt", "w") as file:
        file.write(f"Notice {number}\\n\\nThe ferry was late on day {number}.\\n")
"""
_BUSY = "while True: sum(range(10_000))"


def main() -> int:
    """Prints what was found; exit status 1 if a file was missed or idling costs too much."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    results = {kind: burst(kind, chosen.files) for kind in ("on", "dead", "off")}
    if chosen.json:
        print(json.dumps(results))
    else:
        for kind, found in results.items():
            print(
                f"observer {kind}: {found['found']} of {chosen.files} files one scan after the "
                f"end, idle {found['idle']:.2%} of a core"
            )
    wrong = [r for r in results.values() if r["found"] < chosen.files or r["idle"] > IDLE_BAR]
    return 1 if wrong else 0


def burst(kind: str, files: int) -> dict[str, float]:
    """How many files have a row one scan after the end of a burst, and what idling costs then."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name, "inbox")
        folder.mkdir()
        store = Store.open(f"sqlite:///{name}/annotator.db")
        inbox = Inbox(folder, known={}, settle_seconds=SETTLE, events=kind != "off")
        try:
            inbox.look()
            if kind == "dead":
                observer = inbox._watcher._observer
                assert observer is not None
                observer.emitters.copy().pop().stop()
            writer = subprocess.Popen([sys.executable, "-c", _WRITER, str(folder), str(files)])
            _busily(inbox, store, writer)
            # One scan after the end, once the last files are quiet.
            time.sleep(SETTLE + 0.1)
            inbox.scan_within(0.0)
            _round(inbox, store)
            deadline = time.monotonic() + SETTLE + 5
            while inbox.unsettled and time.monotonic() < deadline:
                _round(inbox, store)
            found = len(store.files.known())
            return {"found": found, "idle": _idle(inbox, store)}
        finally:
            inbox.close()
            store.close()


def _busily(inbox: Inbox, store: Store, writer: subprocess.Popen[bytes]) -> None:
    stop = threading.Event()
    thread = threading.Thread(target=_spin, args=(stop,), daemon=True)
    other = subprocess.Popen([sys.executable, "-c", _BUSY])
    thread.start()
    try:
        while writer.poll() is None:
            _round(inbox, store)
    finally:
        stop.set()
        other.kill()
        other.wait()
        thread.join()


def _spin(stop: threading.Event) -> None:
    while not stop.is_set():
        sum(range(10_000))


def _round(inbox: Inbox, store: Store) -> None:
    """What the watcher does each round, without workers."""
    inbox.wait(0.25)
    for batch in batches_of(
        arrival for seen in inbox.look() for arrival in arrivals_of(seen, ReadingRules())
    ):
        store.files.take_in(batch)
        for arrival in batch:
            inbox.handled(arrival.path, arrival.state)


def _idle(inbox: Inbox, store: Store) -> float:
    """Share of a core that the watcher takes while nothing happens, all that it asks of the store
    every two seconds included."""
    _leave_alone(inbox, store, CALM_AFTER)
    began, cpu = time.monotonic(), time.process_time()
    _leave_alone(inbox, store, IDLE_SECONDS)
    return (time.process_time() - cpu) / (time.monotonic() - began)


def _leave_alone(inbox: Inbox, store: Store, seconds: float) -> None:
    started, until, next_beat = datetime.now(UTC), time.monotonic() + seconds, 0.0
    while time.monotonic() < until:
        _round(inbox, store)
        if time.monotonic() >= next_beat:
            next_beat = time.monotonic() + 2.0
            status = WatcherStatus(waiting=store.work.waiting())
            store.watcher.beat(Heartbeat(datetime.now(UTC), 0, started, status))
            store.finished.mark()
            store.files.rejected_paths(to_retry=True)


if __name__ == "__main__":
    sys.exit(main())
