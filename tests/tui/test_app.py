"""The app: first frame, errors at the start, quitting, the palette."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from annotator.core.annotations import Claim, Item
from annotator.errors import SettingsError
from annotator.store.store import Store
from annotator.store.values import QueueView
from annotator.tui.app import AnnotatorApp
from annotator.tui.app_setup import AppSetup
from annotator.tui.preferences import Preferences
from annotator.tui.review.review_screen import ReviewScreen
from annotator.tui.screens.help_screen import HelpScreen
from annotator.tui.screens.palette_prompt import MOST_ROWS, PalettePrompt
from annotator.tui.widgets.bar import Bar
from tests.tui.desk import (
    REVIEWER,
    TEXT,
    Desk,
    at_desk,
    beside,
    config_of,
    reviewing,
    suggestions,
    take_in,
)


async def test_the_queue_is_painted_before_anything_is_loaded(store: Store) -> None:
    gate = threading.Event()

    def setup() -> AppSetup:
        gate.wait(10)
        return AppSetup(store, config_of(store))

    app = AnnotatorApp(setup)
    async with app.run_test() as pilot:
        assert "annotator  queue" in app.queue.query_one("#counts", Bar).plain
        assert "opening" in app.queue.query_one("#status", Bar).plain
        await pilot.press("enter", "n", "?")
        assert app.screen is app.queue
        gate.set()
        for _ in range(300):
            await asyncio.sleep(0.01)
            if app.queue.rows.seen is not None:
                break
        assert "0 articles" in app.queue.query_one("#counts", Bar).plain


async def test_keys_pressed_before_anything_is_loaded_are_kept(store: Store) -> None:
    take_in(store, TEXT, suggestions())
    gate = threading.Event()

    def setup() -> AppSetup:
        gate.wait(10)
        return AppSetup(store, config_of(store))

    app = AnnotatorApp(setup)
    async with app.run_test() as pilot:
        await pilot.press("enter", "a")
        gate.set()
        for _ in range(300):
            await asyncio.sleep(0.01)
            if app.writer is not None and isinstance(app.screen, ReviewScreen):
                break
        for _ in range(300):
            await asyncio.sleep(0.01)
            screen = app.screen
            work = screen.work if isinstance(screen, ReviewScreen) else None
            if work is not None and work.state.review.decisions:
                break
        assert work is not None
        assert [decision.kind for decision in work.state.review.decisions] == ["accept"]


async def test_quitting_does_not_wait_for_a_hanging_start(store: Store) -> None:
    gate = threading.Event()

    def setup() -> AppSetup:
        gate.wait(10)
        return AppSetup(store, config_of(store))

    app = AnnotatorApp(setup)
    async with app.run_test() as pilot:
        await pilot.press("q")
        for _ in range(300):
            await asyncio.sleep(0.01)
            if not app.is_running:
                break
        gate.set()
    assert app.return_code == 0


async def test_an_invalid_setting_ends_the_app_and_is_kept() -> None:
    def setup() -> AppSetup:
        raise SettingsError("No such key.", hint="Correct it.")

    app = AnnotatorApp(setup)
    async with app.run_test():
        for _ in range(300):
            await asyncio.sleep(0.01)
            if app.failure is not None:
                break
    assert app.failure is not None
    assert app.failure.hint == "Correct it."
    assert app.return_code == 1


async def test_colliding_keys_are_reported_like_other_settings(store: Store) -> None:
    def setup() -> AppSetup:
        return AppSetup(store, config_of(store, keys={"accept": "x"}))

    app = AnnotatorApp(setup)
    async with app.run_test():
        for _ in range(300):
            await asyncio.sleep(0.01)
            if app.failure is not None:
                break
    assert app.failure is not None
    assert "'accept'" in app.failure.message


async def test_rebound_keys_work(store: Store) -> None:
    async with reviewing(store, keys={"accept": "f5"}) as desk:
        await desk.press("a")
        assert desk.decisions() == ()
        await desk.press("f5")
        assert len(desk.decisions()) == 1
        assert "f5 accept" in desk.bar("hints")


async def test_the_palette_runs_the_chosen_action(store: Store) -> None:
    async with reviewing(store) as desk:
        await desk.press("ctrl+p", *"accept", "enter")
        assert len(desk.decisions()) == 1
        await desk.press("q", "ctrl+p", *"next ready", "down", "up", "enter")
        await desk.until(lambda: isinstance(desk.app.screen, ReviewScreen))


def palette(desk: Desk) -> PalettePrompt:
    """The open palette of a review."""
    current = desk.screen.page.prompts.current
    assert isinstance(current, PalettePrompt)
    return current


async def test_the_palette_lists_what_can_be_done_here(store: Store) -> None:
    async with reviewing(store) as desk:
        await desk.press("ctrl+p")
        on_entity = {offer.words for offer in palette(desk).offers}
        assert {"Accept", "Relabel: PERSON", "Filter: claims only", "Order: denials first"} <= (
            on_entity
        )
        assert not {"Undo", "Reopen the review", "Remove this piece"} & on_entity
        await desk.press("escape")
        desk.put_caret("winter")
        await desk.press("ctrl+p")
        on_text = {offer.words for offer in palette(desk).offers}
        assert {"Mark: PERSON", "Make a claim", "Go to line…"} <= on_text
        assert not {"Accept", "Set stance: denies"} & on_text


async def test_the_palette_shows_what_was_used_first_and_after_a_restart(store: Store) -> None:
    async with reviewing(store) as desk:
        await desk.press("ctrl+p", *"go to line", "enter", "5", "enter")
        assert desk.view.caret == desk.state.words.lines[4].start
        await desk.press("ctrl+p")
        assert palette(desk).offers[0].words == "Go to line…"
        await desk.until(lambda: Preferences(beside(store)).words("palette"))
    async with at_desk(store) as desk:
        assert desk.app.preferences is not None
        assert desk.app.preferences.words("palette") == ("line",)


async def test_the_palette_goes_to_another_article_and_exports_what_is_finished(
    store: Store, tmp_path: Path
) -> None:
    async with reviewing(store, exports=str(tmp_path)) as desk:
        await desk.press("enter")
        await desk.press("enter")
        await desk.until(lambda: desk.app.screen is desk.queue)
        await desk.press("ctrl+p", *"export", "enter", "enter")
        target = tmp_path / "dataset.jsonl"
        await desk.until(lambda: f"1 record written to {target}" in desk.bar("status"))
        assert len(target.read_text(encoding="utf-8").splitlines()) == 1
        await desk.press("enter")
        await desk.until(lambda: isinstance(desk.app.screen, ReviewScreen))
        await desk.press("ctrl+p", *"go to article", "enter", *"ferry")
        await desk.until(lambda: desk.app.screen is desk.queue)
        assert "ferry" in desk.bar("prompt")


async def test_the_palette_opens_a_chapter_of_the_guidelines(store: Store) -> None:
    words = "# How\n\n## 1. Entities\n\nMark names.\n\n## 2. Claims\n\n" + "Who said.\n\n" * 40
    async with reviewing(store, guidelines=words) as desk:
        await desk.press("ctrl+p", *"guidelines: claims", "enter")
        await desk.until(lambda: isinstance(desk.app.screen, HelpScreen))
        help_ = desk.app.screen
        assert isinstance(help_, HelpScreen)
        await desk.until(lambda: help_.page.scroll_offset.y == help_.shown.line_of("2. Claims"))


async def test_the_palette_makes_no_widget_and_redraws_only_changed_lines(store: Store) -> None:
    async with reviewing(store, size=(120, 40)) as desk:
        before = set(desk.screen.walk_children())
        await desk.press("ctrl+p")
        assert set(desk.screen.walk_children()) == before
        assert len(desk.bar("prompt").splitlines()) == MOST_ROWS + 1
        assert len(desk.app.screen_stack) == 2


async def test_leaving_releases_the_article(store: Store) -> None:
    async with reviewing(store) as desk:
        article = desk.review.article
        await desk.app.action_quit()
    assert store.queue.page(QueueView("bo"), offset=0, limit=1)[0].state == "ready"
    assert store.queue.next_ready(QueueView("bo")) == article


async def test_a_second_quit_leaves_unsaved_decisions_in_a_file(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annotator.tui.leaving.PATIENCE", 0.05)
    async with reviewing(store, folder=tmp_path) as desk:

        def failing(*_: object, **__: object) -> None:
            raise SettingsError("The disk is full.", hint="Make room.")

        monkeypatch.setattr(store.reviews, "append", failing)
        desk.screen.press("a", "a")
        await desk.app.action_quit()
        assert desk.app.is_running
        assert any("The disk is full." in note.message for note in desk.app._notifications)
        await desk.app.action_quit()
    (path,) = desk.app.leaving.rescued
    assert path.parent == tmp_path
    assert '"kind": "accept"' in path.read_text(encoding="utf-8")


async def test_decisions_are_written_however_the_app_ends(store: Store) -> None:
    async with reviewing(store) as desk:
        article = desk.review.article
        desk.screen.press("a", "a")
        desk.screen.press("x", "x")
        desk.app.leaving.finish_writing(5)
    assert len(store.reviews.get(article, REVIEWER).review.decisions) == 2
    assert desk.app.leaving.rescued == ()


async def test_the_configured_theme_is_used(store: Store) -> None:
    async with at_desk(store, theme="light") as desk:
        assert desk.app.theme == "light"


@pytest.mark.parametrize("copies", [1, 60])
async def test_a_key_redraws_only_the_lines_it_touches(store: Store, copies: int) -> None:
    text = "\n".join([TEXT] * copies)
    items = [item for n in range(copies) for item in _moved(suggestions(), n * (len(TEXT) + 1), n)]
    async with reviewing(store, text, items) as desk:
        view = desk.view
        most = {"right": 2, "W": 1, "escape": 1, "a": 3, "n": 3, "x": 3, "u": 3, "1": 3, "P": 3}
        for key, lines in most.items():
            before, top = view.lines.rebuilt, view.scroll_offset.y
            await desk.press(key)
            assert view.scroll_offset.y == top
            assert view.lines.rebuilt - before <= lines, key


def _moved(items: Iterable[Item], by: int, copy: int) -> list[Item]:
    """The same items further on in the text."""
    moved: list[Item] = []
    for item in items:
        name = f"{item.id}-{copy}"
        if isinstance(item, Claim):
            parts: dict[str, Any] = {
                part: tuple(span.shift(by) for span in getattr(item, part))
                for part in ("content", "cue", "source")
            }
            moved.append(replace(item, id=name, **parts))
        else:
            moved.append(replace(item, id=name, span=item.span.shift(by)))
    return moved
