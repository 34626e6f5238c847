"""Decisions are written in order, whatever the database does, and reported truthfully."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from textual import events

from annotator.core.annotations import Entity
from annotator.core.article import Article, Span
from annotator.core.decisions import Decision, accept, reject
from annotator.core.review import Review
from annotator.errors import AnnotatorError, LeaseLost, StoreError
from annotator.store.store import Store
from annotator.store.values import OpenedReview
from annotator.tui.review.session import Session
from annotator.tui.saving.rescue_files import Unwritten, rescue
from annotator.tui.saving.writer import Saved, Saving, Writer
from annotator.tui.widgets.bar import BarLine
from tests.helpers.strategies import stamped
from tests.tui.desk import REVIEWER, reviewing
from tests.tui.held_clock import NOON, HeldClock

QUICK = (0.01,)
TEXT = "Ada met Bo and Cy."
ITEMS = tuple(Entity(f"e{at}", Span(at, at + 2), "PERSON") for at in (0, 8, 15))


class Shelf:
    """Takes decisions like a store, as long as it is not broken."""

    def __init__(self) -> None:
        self.kept: list[Decision] = []
        self.broken = False

    def append(self, decisions: Sequence[Decision], text: str) -> None:
        assert text == TEXT
        if self.broken:
            raise StoreError("The disk is full.", hint="Make room.")
        self.kept.extend(decisions)


def _nothing_lost(lost: Sequence[Unwritten], error: AnnotatorError) -> None:
    raise AssertionError(f"{lost} lost: {error}")


def _session(writer: Writer, clock: HeldClock) -> Session:
    article = Article(TEXT)
    review = Review.of(article.id, "ada", ITEMS)
    return Session(OpenedReview(article, review, None, NOON), writer, clock)


def test_a_press_is_folded_at_once_and_written() -> None:
    shelf = Shelf()
    writer = Writer(shelf.append, lambda _: None, _nothing_lost)
    session = _session(writer, HeldClock())
    session.press(accept(ITEMS[0]))
    assert [item.id for item in session.review.open_items()] == ["e8", "e15"]
    assert writer.close()
    assert [decision.target for decision in shelf.kept] == ["e0"]


def test_failed_decisions_are_kept_and_written_in_order() -> None:
    shelf, told = Shelf(), list[Saved]()
    shelf.broken = True
    writer = Writer(shelf.append, told.append, _nothing_lost, retry_seconds=QUICK)
    session = _session(writer, HeldClock())
    for item in ITEMS:
        session.press(reject(item))
    assert not writer.settle(0.1)
    assert (writer.saved.state, writer.saved.waiting) == (Saving.FAILED, 3)
    assert writer.saved.reason == "The disk is full."
    shelf.broken = False
    assert writer.close()
    assert [decision.seq for decision in shelf.kept] == [1, 2, 3]
    assert told[-1] == Saved()


def test_an_unexpected_error_loses_nothing() -> None:
    attempts: list[Decision] = []

    def append(decisions: Sequence[Decision], _text: str) -> None:
        attempts.extend(decisions)
        if len(attempts) == 1:
            raise RuntimeError("odd")

    writer = Writer(append, lambda _: None, _nothing_lost, retry_seconds=QUICK)
    _session(writer, HeldClock()).press(accept(ITEMS[0]))
    assert writer.close()
    assert [decision.target for decision in attempts] == ["e0", "e0"]


def test_an_article_held_by_others_does_not_block_the_rest() -> None:
    kept: list[Decision] = []
    lost: list[Unwritten] = []
    taken = Article(TEXT).id

    def append(decisions: Sequence[Decision], _text: str) -> None:
        if decisions[0].article == taken:
            raise LeaseLost("bo took it up.")
        kept.extend(decisions)

    def on_lost(unwritten: Sequence[Unwritten], _error: AnnotatorError) -> None:
        lost.extend(unwritten)

    gate = threading.Event()

    def wait_for_gate() -> None:
        assert gate.wait(5)

    writer = Writer(append, lambda _: None, on_lost, retry_seconds=QUICK)
    writer.then(wait_for_gate)
    session, clock = _session(writer, HeldClock()), HeldClock()
    session.press(accept(ITEMS[0]))
    other = Article("Another.")
    review = Review.of(other.id, "ada", ITEMS)
    free = Session(OpenedReview(other, review, None, NOON), writer, clock)
    free.press(reject(ITEMS[0]))
    session.press(accept(ITEMS[1]))
    gate.set()
    assert writer.close()
    assert [decision.kind for decision in kept] == ["reject"]
    assert [decision.target for decision, _ in lost] == ["e0", "e8"]


def test_jobs_run_after_earlier_decisions() -> None:
    order: list[str] = []
    gate = threading.Event()

    def append(_decisions: Sequence[Decision], _text: str) -> None:
        gate.wait(5)
        order.append("written")

    writer = Writer(append, lambda _: None, _nothing_lost)
    _session(writer, HeldClock()).press(accept(ITEMS[0]))
    writer.then(lambda: order.append("released"))
    gate.set()
    assert writer.close()
    assert order == ["written", "released"]


def test_unsaved_decisions_go_into_a_file(tmp_path: Path) -> None:
    shelf = Shelf()
    shelf.broken = True
    writer = Writer(shelf.append, lambda _: None, _nothing_lost, retry_seconds=QUICK)
    session = _session(writer, HeldClock())
    session.press(accept(ITEMS[0]))
    session.press(reject(ITEMS[1]))
    writer.close(0.05)
    (path, *_more) = rescue(writer.unwritten(), tmp_path)
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [row["kind"] for row in rows] == ["accept", "reject"]


def test_keys_and_seconds_are_counted_and_pauses_are_not() -> None:
    clock = HeldClock()
    writer = Writer(lambda *_: None, lambda _: None, _nothing_lost)
    session = _session(writer, clock)
    for pause in (2.0, 3.0, 600.0, 1.5):
        clock.elapsed += pause
        session.count_key()
    (first,) = session.press(accept(ITEMS[0]))
    assert (first.keys, first.seconds) == (4, 6.5)
    (second,) = session.press(accept(ITEMS[1]))
    assert (second.keys, second.seconds) == (0, 0.0)
    writer.close()


async def test_the_screen_reports_a_failing_database(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with reviewing(store) as desk:
        append, article = store.reviews.append, desk.review.article
        broken = threading.Event()
        broken.set()

        def failing(decisions: Sequence[Decision], *, text: str) -> None:
            if broken.is_set():
                raise StoreError("The disk is full.", hint="Make room.")
            append(decisions, text=text)

        monkeypatch.setattr(store.reviews, "append", failing)
        desk.app.post_message(_key("a"))
        desk.app.post_message(_key("x"))
        await desk.until(lambda: "2 not saved" in desk.bar("header"))
        desk.app.post_message(_key("q"))
        await desk.until(lambda: desk.app.screen is desk.queue)
        await desk.until(lambda: "✗ 2 not saved" in desk.bar("counts"))
        broken.clear()
        await desk.until(lambda: "not saved" not in desk.bar("counts"))
        await desk.settle()
        kinds = [decision.kind for decision in desk.stored(article).decisions]
        assert kinds == ["accept", "reject"]


async def test_a_decision_counts_as_saved_only_when_written(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with reviewing(store) as desk:
        append, gate = store.reviews.append, threading.Event()

        def held_up(decisions: Sequence[Decision], *, text: str) -> None:
            gate.wait(5)
            append(decisions, text=text)

        monkeypatch.setattr(store.reviews, "append", held_up)
        header, drawn = desk.line("header"), list[str]()
        show = header.show

        def noted(line: BarLine) -> None:
            show(line)
            drawn.append(header.plain)

        monkeypatch.setattr(header, "show", noted)
        desk.app.post_message(_key("a"))
        await desk.pilot.pause()
        assert drawn
        assert not [words for words in drawn if "● saved" in words]
        gate.set()
        await desk.until(lambda: "● saved" in drawn[-1])


async def test_leaving_waits_for_pending_writes(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with reviewing(store) as desk:
        article, append = desk.review.article, store.reviews.append

        def slow(decisions: Sequence[Decision], *, text: str) -> None:
            time.sleep(0.2)
            append(decisions, text=text)

        monkeypatch.setattr(store.reviews, "append", slow)
        desk.app.post_message(_key("a"))
        desk.app.post_message(_key("x"))
        await desk.pilot.pause()
        await desk.app.action_quit()
        assert len(store.reviews.get(article, "ada").review.decisions) == 2


async def test_late_decisions_go_into_a_file_and_the_article_is_reopened(
    store: Store, tmp_path: Path
) -> None:
    async with reviewing(store, folder=tmp_path) as desk:
        article = desk.review.article
        # The same reviewer decides elsewhere: the next number is taken.
        elsewhere = store.reviews.get(article, REVIEWER).review
        change = reject(elsewhere.open_items()[0])
        store.reviews.append(stamped([change], elsewhere, at=NOON), text=desk.text)
        await desk.press("a")
        await desk.until(lambda: len(desk.review.rejected) == 1)
        (path,) = tmp_path.glob("unsaved-*.jsonl")
        assert json.loads(path.read_text(encoding="utf-8"))["kind"] == "accept"
        assert any(path.name in note.message for note in desk.app._notifications)


def _key(character: str) -> events.Key:
    return events.Key(character, character)
