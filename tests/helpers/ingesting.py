"""For tests of ingest: a quick real pipeline, files to take in, waiting for a state."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import spacy

from annotator.inbox.ignoring import Ignoring
from annotator.inbox.reading import ReadingRules, arrivals_of
from annotator.inbox.scanning import scan
from annotator.ingest.lock import watching_alone
from annotator.ingest.plan import WorkerPlan
from annotator.ingest.stopping import Stop
from annotator.ingest.watching import watch
from annotator.store.store import Store
from annotator.store.values import TakenIn

TEXT = "Bridge closed\n\nThe mayor of Varnholm said on day {} that the bridge would stay closed.\n"


def save_quick_pipeline(folder: Path) -> None:
    """Save a real pipeline that knows one name and loads at once."""
    nlp = spacy.blank("xx")  # whose tokenizer has no table of exceptions to be built
    ruler = nlp.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "GPE", "pattern": "Varnholm"}])
    nlp.to_disk(folder)


def fill(folder: Path, count: int) -> None:
    """`count` files, each an article of its own."""
    for number in range(count):
        (folder / f"{number}.txt").write_text(TEXT.format(number))


def take_in(folder: Path, store: Store) -> TakenIn:
    """What `add` does before any worker has begun."""
    files = sorted(scan(folder, Ignoring(folder)), key=lambda seen: seen.path)
    return store.files.take_in([one for seen in files for one in arrivals_of(seen, ReadingRules())])


def wait_until(true: Callable[[], bool], *, within: float = 30.0) -> bool:
    """Whether it has become true within so many seconds; returns as soon as it has."""
    end = time.monotonic() + within
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def utc_now() -> datetime:
    return datetime.now(UTC)


class Watching:
    """A watcher in a thread of its own, with everything it reported."""

    def __init__(self, root: Path, store: Store, plan: WorkerPlan, lock: Path, **how: Any) -> None:
        self.stop = Stop()
        self.told: list[Mapping[str, Any]] = []
        self.error: BaseException | None = None
        self.started = threading.Event()
        how = {"settle_seconds": 0.3, "report": self.told.append} | how
        self.thread = threading.Thread(
            target=self._watch, args=(root, store, plan, lock, how), daemon=True
        )
        self.thread.start()

    def _watch(
        self, root: Path, store: Store, plan: WorkerPlan, lock: Path, how: dict[str, Any]
    ) -> None:
        try:
            with watching_alone(lock):
                self.started.set()
                watch(root, store=store, plan=plan, stop=self.stop, **how)
        except BaseException as error:
            self.error = error

    def end(self) -> None:
        self.stop.ask()
        self.thread.join(70)
        assert not self.thread.is_alive()
