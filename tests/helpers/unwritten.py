"""Unsaved decisions: a store that waits or refuses, and the decisions on disk."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from annotator.core.annotations import Entity
from annotator.core.article import Article, Span
from annotator.core.decisions import Decision, accept, reject
from annotator.core.review import Review
from annotator.store.values import OpenedReview
from annotator.tui.review.session import Session
from annotator.tui.saving.rescue_files import Unwritten
from annotator.tui.saving.writer import Writer
from tests.helpers.strategies import stamped
from tests.tui.held_clock import NOON, HeldClock

TEXT = "Ada met Bo and Cy."
ITEMS = tuple(Entity(f"e{at}", Span(at, at + 2), "PERSON") for at in (0, 8, 15))
ROOT = Path(__file__).parents[2]


CLOCK = HeldClock()


def session_on(writer: Writer, text: str = TEXT) -> Session:
    article = Article(text)
    review = Review.of(article.id, "ada", ITEMS)
    return Session(OpenedReview(article, review, None, NOON), writer, CLOCK)


def made(count: int = 2, text: str = TEXT) -> list[Unwritten]:
    review, found = Review.of(Article(text).id, "ada", ITEMS), list[Decision]()
    for number in range(count):
        found += stamped([(accept, reject)[number % 2](ITEMS[0])], review)
        review = review.decide(found[-1])
    return [(decision, text) for decision in found]


def on_disk(folder: Path) -> list[str]:
    """The ids of all decisions in the files of a folder, each once."""
    files = folder.glob("unsaved-*.jsonl")
    lines = [line for path in files for line in path.read_text(encoding="utf-8").splitlines()]
    return sorted({json.loads(line)["id"] for line in lines})


def ids(unwritten: Sequence[Unwritten]) -> list[str]:
    return sorted(decision.id for decision, _ in unwritten)


def until(true: Callable[[], object], seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.005)


def ignored(*_: object) -> None:
    pass


class Shelf:
    """Takes decisions like a store: at once, not at all, or not before it is let go on."""

    def __init__(self) -> None:
        self.kept: list[Decision] = []
        self.error: Exception | None = None
        self.goes_on = threading.Event()
        self.goes_on.set()
        self.seen_at: list[list[str]] = []
        self.look: Callable[[], list[str]] = list

    def append(self, decisions: Sequence[Decision], _text: str) -> None:
        self.seen_at.append(self.look())
        self.goes_on.wait(30)
        if self.error is not None:
            raise self.error
        self.kept.extend(decisions)


@contextmanager
def stuck(shelf: Shelf) -> Iterator[None]:
    shelf.goes_on.clear()
    try:
        yield
    finally:
        shelf.goes_on.set()
