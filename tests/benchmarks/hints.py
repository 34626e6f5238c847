"""What hints of PostgreSQL (LISTEN and NOTIFY) bring beside polling.

`python -m tests.benchmarks.hints [--times 40] [--json]`

The time from the commit of an article until the queue of a colleague has looked at it, in a
program of its own, with hints and without; and the queries of an open queue in a second in which
nothing happens.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path

from sqlalchemy import event

from annotator.errors import AnnotatorError
from annotator.settings import Settings, workspace_config
from annotator.store.store import Store
from annotator.tui.app_setup import AppSetup
from annotator.tui.queue.listing import Listing
from annotator.tui.queue.poller import Poller, PollRequest, PollResult
from tests.helpers.building import waiting
from tests.helpers.own_server import own_server, programs
from tests.helpers.stores import fresh_database

_IDLE = 10.0


class Watched:
    """A queue that polls; `wait_for` returns when it has seen so many articles."""

    def __init__(self, store: Store, folder: Path, *, hinted: bool) -> None:
        if not hinted:
            store.hints = lambda _: None  # type: ignore[method-assign,assignment]  # as a file
        self.seen, self.changed = 0, threading.Condition()
        setup = AppSetup(store, workspace_config(Settings(reviewer="ada"), folder))
        self.poller = Poller(setup, lambda: PollRequest(Listing(), None), self._tell)

    def _tell(self, found: PollResult | AnnotatorError) -> None:
        with self.changed:
            self.seen = found.size if isinstance(found, PollResult) else self.seen
            self.changed.notify_all()

    def wait_for(self, articles: int) -> None:
        with self.changed:
            self.changed.wait_for(lambda: self.seen >= articles, timeout=30)


def main() -> int:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=40)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    folder = programs()
    if folder is None:
        print("There is no PostgreSQL on this machine.", file=sys.stderr)
        return 2
    with own_server(folder) as server, tempfile.TemporaryDirectory() as home:
        result = {
            name: measured(server.url, Path(home), chosen.times, hinted=hinted)
            for name, hinted in (("polling", False), ("hints", True))
        }
    print(json.dumps(result) if chosen.json else json.dumps(result, indent=2))
    return 0


def measured(server: str, folder: Path, times: int, *, hinted: bool) -> dict[str, float]:
    """Milliseconds from commit to queue, and queries a second without any change."""
    chance = random.Random(7)
    with ExitStack() as stack:
        url = stack.enter_context(fresh_database(server))
        writer = stack.enter_context(closing(Store.open(url)))
        reader = stack.enter_context(closing(Store.open(url)))
        watched = Watched(reader, folder, hinted=hinted)
        stack.callback(watched.poller.stop)
        spent = []
        for number in range(times):
            time.sleep(0.3 + chance.random() * 0.3)  # at any moment between two polls
            waiting(writer, f"Note {number}\n\nNobody came to the pier on day {number}.\n")
            began = time.monotonic()
            watched.wait_for(number + 1)
            spent.append((time.monotonic() - began) * 1000)
        time.sleep(1)
        asked: list[str] = []
        event.listen(reader.database.engine, "before_cursor_execute", _noting(asked))
        time.sleep(_IDLE)
        idle = len(asked) / _IDLE
    return {
        "median_ms": round(statistics.median(spent), 1),
        "most_ms": round(max(spent), 1),
        "idle_queries_per_second": round(idle, 2),
    }


def _noting(asked: list[str]) -> Callable[..., None]:
    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    return note


if __name__ == "__main__":
    sys.exit(main())
