"""The list draws only the rows in view, and its cursor stays on a row, not on an index."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from rich.cells import cell_len
from textual.pilot import Pilot

from annotator.tui.widgets.virtual_list import Cell, Row, VirtualList
from tests.tui.drawing import LABELS, Stage


class Rows(Stage):
    """A list over `keys`; those in `missing` are still loading, `headings` cannot be chosen."""

    def __init__(self, keys: list[str], *, find: bool = False, lines: int = 1, **rest: str) -> None:
        self.keys = keys
        self.missing: set[str] = set()
        self.headings: set[str] = set()
        self.asked: list[int] = []
        lookup = self.find if find else None
        super().__init__(
            lambda: VirtualList(self.row, find=lookup, lines=lines, colors=LABELS),
            **rest,
        )

    def row(self, index: int) -> Row | None:
        self.asked.append(index)
        key = self.keys[index]
        if key in self.missing:
            return None
        cells = (Cell(key, "good", width=8), Cell(f"title of {key}"), Cell("3", width=3))
        return Row(key, (cells, (Cell("second line", "muted"),)), heading=key in self.headings)

    def find(self, key: str) -> int | None:
        return self.keys.index(key) if key in self.keys else None

    def on_virtual_list_highlighted(self, message: VirtualList.Highlighted) -> None:
        self.posted.append(("highlighted", message.key, message.index))

    def on_virtual_list_chosen(self, message: VirtualList.Chosen) -> None:
        self.posted.append(("chosen", message.key, message.index))


@asynccontextmanager
async def listing(
    app: Rows, *, size: tuple[int, int] = (60, 10)
) -> AsyncIterator[tuple[VirtualList, Pilot[None]]]:
    async with app.run_test(size=size) as pilot:
        rows = app.query_one(VirtualList)
        rows.set_size(len(app.keys))
        rows.focus()
        await pilot.pause()
        yield rows, pilot


def names(count: int) -> list[str]:
    return [f"a{number}" for number in range(count)]


def row_of(rows: VirtualList, key: str) -> int:
    """Where on the screen the row with this key stands."""
    lines = [rows.render_line(y).text for y in range(rows.size.height)]
    return next(y for y, line in enumerate(lines) if line[1:].startswith(f"{key} "))


@pytest.mark.parametrize("count", [1000, 100_000])
async def test_only_rows_in_view_are_loaded_and_drawn(count: int) -> None:
    app = Rows(names(count))
    async with listing(app) as (rows, pilot):
        assert rows.rows_drawn == 10
        await pilot.press("end")
        assert rows.rows_drawn <= 21
        assert rows.key == f"a{count - 1}"
        before = rows.rows_drawn
        await pilot.press("up")
        assert rows.rows_drawn - before == 2
        assert len(app.asked) < 60


async def test_keys_move_the_cursor_and_choose() -> None:
    app = Rows(names(50))
    async with listing(app) as (_, pilot):
        await pilot.press("down", "down", "up", "pagedown", "enter", "end", "down", "home", "up")
        assert app.posted == [
            ("highlighted", "a1", 1),
            ("highlighted", "a2", 2),
            ("highlighted", "a1", 1),
            ("highlighted", "a10", 10),
            ("chosen", "a10", 10),
            ("highlighted", "a49", 49),
            ("highlighted", "a0", 0),
        ]


async def test_the_mouse_highlights_and_chooses() -> None:
    app = Rows(names(50))
    async with listing(app) as (rows, pilot):
        await pilot.click(rows, offset=(5, 4))
        assert (rows.key, app.posted[-1]) == ("a4", ("highlighted", "a4", 4))
        await pilot.double_click(rows, offset=(5, 6))
        assert app.posted[-1] == ("chosen", "a6", 6)


@pytest.mark.parametrize("find", [True, False])
async def test_arrivals_never_move_the_row_under_the_cursor(find: bool) -> None:
    app = Rows(names(500), find=find)
    async with listing(app) as (rows, pilot):
        rows.move_to(100)
        await pilot.press("down", "up", "up")
        place = row_of(rows, "a99")
        app.keys[:0] = ["new1", "new2", "new3"]
        rows.set_size(len(app.keys))
        await pilot.pause()
        assert (rows.key, rows.cursor) == ("a99", 102)
        assert row_of(rows, "a99") == place
        app.keys.remove("new1")
        rows.set_size(len(app.keys), cursor=101)
        await pilot.pause()
        assert (rows.key, row_of(rows, "a99")) == ("a99", place)


async def test_a_given_index_wins_over_stale_rows() -> None:
    app = Rows(names(500), find=False)
    async with listing(app) as (rows, pilot):
        rows.move_to(100)
        await pilot.pause()
        rows.set_size(501, cursor=101)
        await pilot.pause()
        assert (rows.key, rows.cursor) == ("a100", 101)
        rows.set_size(500, cursor=101, lost=True)
        await pilot.pause()
        assert (rows.key, rows.cursor) == ("a101", 101)


async def test_a_removed_row_leaves_the_cursor_in_place() -> None:
    app = Rows(names(20), find=True)
    async with listing(app) as (rows, _pilot):
        rows.move_to(7)
        app.keys.remove("a7")
        rows.set_size(len(app.keys))
        assert (rows.cursor, rows.key) == (7, "a8")
        app.keys.clear()
        rows.set_size(0)
        assert (rows.cursor, rows.key) == (0, None)
        rows.move_to(3)
        rows.action_choose()
        assert rows.key is None


async def test_loading_rows_are_shown_as_such_and_filled_in() -> None:
    app = Rows(names(40))
    async with listing(app) as (rows, pilot):
        app.missing = {"a3", "a30"}
        rows.invalidate(0, 10)
        await pilot.pause()
        assert rows.render_line(3).text.strip() == "…"
        rows.move_to(3)
        assert rows.key is None
        await pilot.press("enter")
        app.missing.clear()
        rows.invalidate(3, 4)
        assert rows.key == "a3"
        assert row_of(rows, "a3") == 3
        drawn = rows.rows_drawn
        rows.invalidate(30, 31)
        await pilot.pause()
        assert rows.rows_drawn <= drawn + 1
        assert ("chosen", "a3", 3) not in app.posted


async def test_the_cursor_skips_headings() -> None:
    app = Rows(names(30))
    app.headings = {"a0", "a5", "a6", "a29"}
    async with listing(app) as (rows, pilot):
        assert rows.key == "a1"
        await pilot.press("down", "down", "down", "down")
        assert rows.key == "a7"
        await pilot.press("up")
        assert rows.key == "a4"
        await pilot.press("end")
        assert rows.key == "a28"
        await pilot.press("down", "home")
        assert rows.key == "a1"
        assert rows.scroll_offset.y == 0  # the heading above the first row is in view
        await pilot.click(rows, offset=(3, 5))
        assert rows.key == "a1"


async def test_the_cursor_can_follow_a_key_silently() -> None:
    app = Rows(names(80), find=True)
    async with listing(app) as (rows, pilot):
        assert rows.move_to_key("a70")
        await pilot.pause()
        assert rows.key == "a70"
        assert 0 <= row_of(rows, "a70") < 10
        assert not rows.move_to_key("nobody")
        assert app.posted == []


async def test_rows_of_two_lines() -> None:
    app = Rows(names(40), lines=2)
    async with listing(app) as (rows, pilot):
        assert rows.render_line(1).text.strip() == "▌second line"
        assert rows.render_line(2).text.startswith(" a1 ")
        await pilot.press("pagedown", "down")
        assert rows.cursor == 5
        assert rows.scroll_offset.y == 2
        await pilot.click(rows, offset=(4, 1))
        assert rows.cursor == 1


@pytest.mark.parametrize("width", [4, 12, 20, 60])
@pytest.mark.parametrize("theme", ["dark", "light-256", "terminal", "plain"])
async def test_every_row_is_exactly_as_wide_as_the_list(width: int, theme: str) -> None:
    app = Rows(names(12), theme=theme)
    app.keys[2] = "漢字テスト\x1b[31m"
    app.keys[3] = "[bold]x[/bold]" * 9
    app.keys[4] = "e\u0301👨\u200d👩\u200d👧\u202e\x00"
    async with listing(app, size=(width, 14)) as (rows, _pilot):
        wide = rows.scrollable_content_region.width
        for y in range(14):
            strip = rows.render_line(y)
            assert cell_len(strip.text) == strip.cell_length == wide
            assert not {"\x1b", "\x00", "\u202e"} & set(strip.text)


async def test_cells_keep_their_columns_and_cut_long_text() -> None:
    app = Rows(["short", "a-very-long-name"])
    async with listing(app, size=(41, 4)) as (rows, _pilot):
        lines = [rows.render_line(y).text for y in range(2)]
        assert lines == [
            "▌short    title of short             3  ",
            " a-very-… title of a-very-long-name  3  ",
        ]


async def test_a_theme_can_be_changed_while_reading() -> None:
    app = Rows(names(5))
    async with listing(app) as (rows, pilot):
        before = rows.render_line(1)
        app.theme = "light"
        await pilot.pause()
        await pilot.pause()
        assert rows.render_line(1) != before
        assert rows.render_line(1).text == before.text
