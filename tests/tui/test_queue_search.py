"""Searching in the titles of the queue."""

from __future__ import annotations

import threading

import pytest

from annotator.store.store import Store
from annotator.store.values import QueueView
from tests.tui.desk import at_desk
from tests.tui.four_articles import text


async def test_a_search_visits_matching_titles(store: Store, four: dict[str, str]) -> None:
    async with at_desk(store) as desk:
        await desk.press("/", *"ed")
        assert "search in the titles" in desk.bar("prompt")
        await desk.press("enter")
        await desk.until(lambda: desk.queue.rows.listed.key == four["Dam repaired"])
        assert "search in the titles: 2 articles" in desk.bar("prompt")
        await desk.press("down")
        await desk.until(lambda: desk.queue.rows.listed.key == four["Elm felled"])
        await desk.press("backspace", "backspace", *"BRIDGE", "enter")
        await desk.until(lambda: desk.queue.rows.listed.key == four["Bridge shut"])
        await desk.press(*"x", "enter")
        await desk.until(lambda: "No other title holds “BRIDGEx”." in desk.bar("prompt"))
        await desk.press("escape", "k")
        await desk.until(lambda: desk.queue.rows.listed.key == four["Council meets"])


async def test_the_hit_of_a_search_is_opened_by_a_second_enter(
    store: Store, four: dict[str, str]
) -> None:
    async with at_desk(store) as desk:
        await desk.press("/", *"bridge", "enter")
        await desk.until(lambda: desk.queue.rows.listed.key == four["Bridge shut"])
        await desk.pilot.pause(0.15)  # two at once open nothing: a text that is pasted has them
        await desk.press("enter")
        await desk.until(lambda: desk.text == text("Bridge shut"))
        assert not desk.queue.prompts.is_open


async def test_a_search_shows_the_first_hit_while_typing(
    store: Store, four: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annotator.tui.queue.title_search.TYPING_RESTS", 0.5)
    asked: list[str] = []
    ask = store.queue.next_titled

    def noted(view: QueueView, words: str, after: str | None) -> str | None:
        asked.append(words)
        return ask(view, words, after)

    monkeypatch.setattr(store.queue, "next_titled", noted)
    async with at_desk(store) as desk:
        await desk.press("j", "/", *"meets")
        await desk.until(lambda: desk.queue.rows.listed.key == four["Council meets"])
        # However fast it is typed, the store is asked once it rests.
        assert asked == ["meets"]
        await desk.press(*" x")
        await desk.until(lambda: "No other title holds “meets x”." in desk.bar("prompt"))
        await desk.until(lambda: desk.queue.rows.listed.key == four["Dam repaired"])
        await desk.press("backspace", "backspace")
        await desk.until(lambda: desk.queue.rows.listed.key == four["Council meets"])


async def test_esc_returns_to_the_start_unless_a_hit_was_accepted(
    store: Store, four: dict[str, str]
) -> None:
    async with at_desk(store) as desk:
        await desk.press("/", *"bridge")
        await desk.until(lambda: desk.queue.rows.listed.key == four["Bridge shut"])
        await desk.press("escape")
        await desk.until(lambda: desk.queue.rows.listed.key == four["Elm felled"])
        assert not desk.queue.prompts.is_open
        await desk.press("/", *"bridge")
        await desk.until(lambda: desk.queue.rows.listed.key == four["Bridge shut"])
        await desk.press("enter", "escape")
        await desk.pilot.pause(0.3)
        assert desk.queue.rows.listed.key == four["Bridge shut"]


async def test_a_hit_found_after_the_search_has_ended_moves_nothing(
    store: Store, four: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, answers = threading.Event(), threading.Event()
    ask = store.queue.next_titled

    def late(view: QueueView, words: str, after: str | None) -> str | None:
        begun.set()
        answers.wait(20)
        return ask(view, words, after)

    monkeypatch.setattr(store.queue, "next_titled", late)
    async with at_desk(store) as desk:
        await desk.press("/", *"bridge")
        await desk.until(begun.is_set)
        await desk.press("escape")
        answers.set()
        searches = [one for one in desk.app.workers if one.group == "search"]
        await desk.until(lambda: all(one.is_finished for one in searches))
        await desk.pilot.pause()
        assert len(searches) == 1
        assert desk.queue.rows.listed.key == four["Elm felled"]
