"""The queries of the queue screen do not grow with the queue."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator.tui.queue.queue_pages import PAGE
from tests.helpers.many_articles import BEGAN, Work, counted, fill, filled
from tests.tui.desk import Desk, at_desk, fresh
from tests.tui.held_clock import HeldClock

SMALL, LARGE = 300, 6000
ON_BOTH_PAGES = ("pagedown",) * 5 + ("down",) * 9


def previews(desk: Desk) -> bool:
    """Whether the preview is that of the article under the cursor, and stays so."""
    preview, row = desk.queue.preview, desk.queue.rows.row
    is_read = row is not None and row == preview._row and row in preview._kept
    return is_read and not preview._is_waiting and "Nobody was hurt." in desk.bar("preview")


async def arrival(folder: Path, size: int, *keys: str) -> tuple[Work, int]:
    """What one arrival costs a queue of `size` articles: asked of the store, and rows drawn."""
    store = filled(folder, size)
    clock = HeldClock()
    clock.time = BEGAN
    async with at_desk(store, clock=clock, all_frames=True) as desk:
        await desk.press(*keys)
        # What the keys have shown is read and drawn before anything counts.
        await desk.until(lambda: fresh(desk) and previews(desk))
        await desk.settle()
        row, drawn = desk.queue.rows.listed.key, desk.queue.rows.listed.rows_drawn
        with counted(store) as work:
            fill(store, 1, first=size + 1)
            await desk.until(lambda: "1 new arrival" in desk.bar("status"))
            await desk.until(lambda: fresh(desk))
            await desk.pilot.pause()
        assert desk.queue.rows.listed.key == row
        drawn = desk.queue.rows.listed.rows_drawn - drawn
    store.close()
    return work, drawn


async def test_an_arrival_costs_the_same_in_a_long_queue(tmp_path: Path) -> None:
    small, few = await arrival(tmp_path, SMALL)
    large, many = await arrival(tmp_path, LARGE)
    assert small.statements == large.statements > 0
    assert 0 < large.steps <= 1.05 * small.steps
    assert 0 < few == many


@pytest.mark.parametrize("keys", [ON_BOTH_PAGES, ("pagedown",) * 7])
async def test_an_arrival_costs_the_same_with_the_cursor_on_the_second_page(
    tmp_path: Path, keys: tuple[str, ...]
) -> None:
    small, few = await arrival(tmp_path, SMALL, *keys)
    large, many = await arrival(tmp_path, LARGE, *keys)
    assert small.statements == large.statements > 0
    assert 0 < large.steps <= 1.05 * small.steps
    assert 0 < few == many


async def test_no_row_is_drawn_again_as_the_page_above_it_comes(tmp_path: Path) -> None:
    store = filled(tmp_path, SMALL)
    async with at_desk(store, all_frames=True) as desk:
        await desk.press(*ON_BOTH_PAGES)
        await desk.until(lambda: fresh(desk))
        await desk.settle()
        rows, listed = desk.queue.rows, desk.queue.rows.listed
        top, drawn = listed.scroll_offset.y, listed.rows_drawn
        assert top < PAGE - 5 < PAGE + 5 < top + listed.size.height
        view = [rows.pages.rows[place] for place in range(2 * PAGE)]
        for page in (1, 0):
            rows._take_page(page, view[page * PAGE :][:PAGE], is_old=False)
            await desk.settle()
        assert listed.rows_drawn == drawn + listed.size.height
    store.close()


async def test_the_first_page_costs_the_same(tmp_path: Path) -> None:
    costs = []
    for size in (SMALL, LARGE):
        store = filled(tmp_path, size)
        clock = HeldClock()
        clock.time = BEGAN
        with counted(store) as work:
            async with at_desk(store, clock=clock, all_frames=True) as desk:
                await desk.until(lambda: "Nobody was hurt." in desk.bar("preview"))
                assert desk.queue.rows.listed.count > size * 0.98
        costs.append(work)
        store.close()
    assert costs[0].statements == costs[1].statements
    assert costs[1].steps <= 1.05 * costs[0].steps
