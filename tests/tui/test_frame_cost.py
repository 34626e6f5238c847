"""What a key in the queue costs: the lines that widgets are asked for, and what is read."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from annotator.store.store import Store
from annotator.tui.queue import queue_preview
from annotator.tui.queue.preview_lines import LINES
from tests.tui.desk import at_desk, take_in

WEATHER = ("Fir", "Elm", "Cedar", "Birch", "Ash", "Oak")


def take_in_all(store: Store) -> None:
    for name in WEATHER:
        take_in(store, f"{name} stands\n\nIt rained on {name}.\n", ())


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """The lines that each widget was asked for, by its id or class."""
    lines = Counter[str]()
    render = Widget.render_lines

    def counting(self: Widget, crop: Region) -> list[Strip]:
        lines[self.id or type(self).__name__] += crop.height
        return render(self, crop)

    monkeypatch.setattr(Widget, "render_lines", counting)
    return lines


async def test_a_step_draws_two_rows_and_the_preview(store: Store, asked: Counter[str]) -> None:
    take_in_all(store)
    async with at_desk(store, all_frames=True) as desk:
        await desk.until(lambda: "It rained on Oak." in desk.bar("preview"))
        await desk.pilot.pause()
        asked.clear()
        await desk.press("down")
        await desk.until(lambda: "It rained on Ash." in desk.bar("preview"))
        await desk.pilot.pause()
        listed = desk.queue.rows.listed.id or type(desk.queue.rows.listed).__name__
        assert 0 < asked.pop(listed) <= 3
        assert 0 < asked.pop("preview") <= LINES  # drawn once, and not blank before
        asked.pop("QueueScreen")  # the ground below both
        assert sum(asked.values()) <= 2, asked


@pytest.mark.parametrize("is_late", [False, True])
async def test_nothing_of_another_article_is_shown_for_long(
    store: Store, monkeypatch: pytest.MonkeyPatch, is_late: bool
) -> None:
    take_in_all(store)
    async with at_desk(store, all_frames=True) as desk:
        await desk.until(lambda: "It rained on Oak." in desk.bar("preview"))
        monkeypatch.setattr(queue_preview, "LATE_SECONDS", 0.01 if is_late else 60)
        may_end, preview = asyncio.Event(), desk.queue.questions.preview
        has_begun = asyncio.Event()

        async def waits(article: str) -> object:
            has_begun.set()
            await may_end.wait()
            return await preview(article)

        desk.queue.questions.preview = waits  # type: ignore[method-assign, assignment]
        await desk.press("down")
        await has_begun.wait()
        await asyncio.sleep(0.05)
        assert ("It rained on Oak." in desk.bar("preview")) is not is_late
        may_end.set()
        await desk.until(lambda: "It rained on Ash." in desk.bar("preview"))


async def test_the_preview_reads_one_article_and_keeps_it(store: Store) -> None:
    take_in_all(store)
    async with at_desk(store, all_frames=True) as desk:
        await desk.until(lambda: "It rained on Oak." in desk.bar("preview"))
        read = list[str]()
        preview = desk.queue.questions.preview

        async def reading(article: str) -> object:
            read.append(article)
            return await preview(article)

        desk.queue.questions.preview = reading  # type: ignore[method-assign, assignment]
        await desk.press("down")
        await desk.until(lambda: "It rained on Ash." in desk.bar("preview"))
        assert len(read) == 1
        await desk.press("up")
        await desk.until(lambda: "It rained on Oak." in desk.bar("preview"))
        assert len(read) == 1
