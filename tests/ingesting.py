"""What tests of taking in share: a quick real pipeline, files to take in, waiting for a state."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import spacy

from annotator.inbox.ignoring import Ignoring
from annotator.inbox.scanning import scan
from annotator.ingest.takein import ReadingRules, arrival_of
from annotator.store.store import Store
from annotator.store.values import TakenIn

TEXT = "Bridge closed\n\nThe mayor of Varnholm said on day {} that the bridge would stay closed.\n"


def save_quick_pipeline(folder: Path) -> None:
    """A ruler that knows one name: real, and loaded in no time."""
    nlp = spacy.blank("en")
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
    arrivals = [arrival_of(seen, ReadingRules()) for seen in files]
    return store.take_in([arrival for arrival in arrivals if arrival])


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
