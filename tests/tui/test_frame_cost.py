"""What a key in the queue costs: the lines that widgets are asked for, and what is read."""

from __future__ import annotations

from collections import Counter

import pytest
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from annotator.store.store import Store
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
    async with at_desk(store) as desk:
        await desk.until(lambda: "It rained on Oak." in desk.bar("preview"))
        await desk.pilot.pause()
        asked.clear()
        await desk.press("down")
        await desk.until(lambda: "It rained on Ash." in desk.bar("preview"))
        await desk.pilot.pause()
        listed = desk.queue.rows.listed.id or type(desk.queue.rows.listed).__name__
        assert 0 < asked.pop(listed) <= 3
        assert 0 < asked.pop("preview") <= 10
        asked.pop("QueueScreen")  # the ground below both
        assert sum(asked.values()) <= 2, asked


async def test_the_preview_reads_one_article_and_keeps_it(store: Store) -> None:
    take_in_all(store)
    async with at_desk(store) as desk:
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
