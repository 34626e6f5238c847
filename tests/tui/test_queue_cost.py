"""The queries of the queue screen do not grow with the queue."""

from __future__ import annotations

from pathlib import Path

from tests.helpers.many_articles import BEGAN, Work, counted, fill, filled
from tests.tui.desk import at_desk, fresh
from tests.tui.held_clock import HeldClock

SMALL, LARGE = 300, 6000


async def arrival(folder: Path, size: int, *keys: str) -> tuple[Work, int]:
    """What one arrival costs a queue of `size` articles: asked of the store, and rows drawn."""
    store = filled(folder, size)
    clock = HeldClock()
    clock.time = BEGAN
    async with at_desk(store, clock=clock, all_frames=True) as desk:
        await desk.press(*keys)
        await desk.until(lambda: "Nobody was hurt." in desk.bar("preview"))
        await desk.until(lambda: fresh(desk))  # what the keys have shown is drawn before it counts
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


async def test_an_arrival_costs_the_same_with_the_cursor_on_the_second_page(tmp_path: Path) -> None:
    keys = ("pagedown",) * 7  # so far that no row of the first page is in view
    small, few = await arrival(tmp_path, SMALL, *keys)
    large, many = await arrival(tmp_path, LARGE, *keys)
    assert small.statements == large.statements > 0
    assert 0 < large.steps <= 1.05 * small.steps
    assert 0 < few == many


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
