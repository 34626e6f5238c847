"""The reported state of saving is always true, and stale keys decide nothing."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from textual import events

from annotator.core.decisions import Decision, Kind, reject
from annotator.errors import StoreError
from annotator.store.store import Store
from annotator.store.values import OpenedReview
from annotator.tui.widgets.bar import BarLine
from tests.helpers.strategies import stamped
from tests.tui.desk import REVIEWER, TEXT, reviewing
from tests.tui.held_clock import NOON


def files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*unsaved-*"))


def key(character: str) -> events.Key:
    return events.Key(character, character)


def decide_elsewhere(store: Store, article: str, nth: int = 0) -> None:
    """The same reviewer turns an item down at another screen."""
    review = store.reviews.get(article, REVIEWER).review
    store.reviews.append(stamped([reject(review.open_items()[nth])], review, at=NOON), text=TEXT)


async def test_unsaved_decisions_are_reported_with_their_file(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with reviewing(store, folder=tmp_path) as desk:
        append, full = store.reviews.append, threading.Event()
        full.set()

        def failing(decisions: Sequence[Decision], *, text: str) -> None:
            if full.is_set():
                raise StoreError("The disk is full.", hint="Make room.")
            append(decisions, text=text)

        monkeypatch.setattr(store.reviews, "append", failing)
        await desk.press("a")
        await desk.until(lambda: "✗ 1 not saved, in unsaved-….jsonl" in desk.bar("header"))
        assert len(files(tmp_path)) == 1
        full.clear()
        await desk.until(lambda: "● saved" in desk.bar("header"))
        await desk.until(lambda: not files(tmp_path))


async def test_a_burst_does_not_override_decisions_of_another_screen(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with reviewing(store, folder=tmp_path) as desk:
        article = desk.review.article
        decide_elsewhere(store, article, nth=1)
        shown = list[str]()
        header = desk.line("header")
        show = header.show

        def noted(line: BarLine) -> None:
            show(line)
            shown.append(header.plain)

        monkeypatch.setattr(header, "show", noted)
        # Both are pressed before the first can be refused; the second's number would fit.
        desk.screen.press("a", "a")
        desk.screen.press("a", "a")
        await desk.until(lambda: len(desk.review.rejected) == 1 and desk.screen.takes_keys)
        await desk.settle()
        stored = store.reviews.get(article, REVIEWER).review
        assert [decision.kind for decision in stored.decisions] == [Kind.REJECT]
        lines = [line for path in files(tmp_path) for line in path.read_text().splitlines()]
        assert len(lines) == 2
        # From the refusal until it was opened again nothing was called saved.
        assert any("✗ not saved, opening it again" in words for words in shown)
        await desk.until(lambda: "● saved  ✗ 2 in unsaved-….jsonl" in desk.bar("header"))


async def test_keys_pressed_while_reopening_decide_nothing(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with reviewing(store, folder=tmp_path) as desk:
        article, opened, gate = desk.review.article, store.reviews.open, threading.Event()

        def slow(*given: Any, **options: Any) -> OpenedReview:
            gate.wait(20)
            return opened(*given, **options)

        decide_elsewhere(store, article)
        monkeypatch.setattr(store.reviews, "open", slow)
        desk.screen.press("a", "a")
        await desk.until(lambda: not desk.screen.takes_keys)
        for pressed in "xax":
            desk.app.post_message(key(pressed))
        await desk.pilot.pause()
        gate.set()
        await desk.until(lambda: desk.screen.takes_keys)
        assert "keys pressed meanwhile were ignored" in desk.bar("detail")
        assert len(store.reviews.get(article, REVIEWER).review.decisions) == 1


async def test_the_next_key_on_a_purged_article_keeps_none_of_its_text(
    store: Store, tmp_path: Path
) -> None:
    async with reviewing(store, folder=tmp_path) as desk:
        article = desk.review.article
        store.purge.article(article, by="bo", now=NOON)
        desk.app.post_message(key("a"))
        await desk.until(lambda: desk.app.screen is desk.queue)
        told = " ".join(note.message for note in desk.app._notifications)
        assert "This article was purged on 2019-01-14 by bo." in told
        assert "unsaved" not in told
        assert "is safe" not in told
        assert files(tmp_path) == []


async def test_rescued_decisions_are_removed_with_a_purged_article(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with reviewing(store, folder=tmp_path) as desk:
        append, full = store.reviews.append, threading.Event()
        full.set()

        def failing(decisions: Sequence[Decision], *, text: str) -> None:
            if full.is_set():
                raise StoreError("The disk is full.", hint="Make room.")
            append(decisions, text=text)

        monkeypatch.setattr(store.reviews, "append", failing)
        await desk.press("a")
        await desk.until(lambda: files(tmp_path))
        store.purge.article(desk.review.article, by="bo", now=NOON)
        full.clear()
        await desk.until(lambda: desk.app.screen is desk.queue)
        await desk.until(lambda: not files(tmp_path))
