"""The article view under the mouse: a drag selects exactly what it covers; clicks are counted."""

from __future__ import annotations

from typing import TypeVar

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from textual import events
from textual.geometry import Offset
from textual.pilot import Pilot

from annotator.core.article import Span
from annotator.tui.article.article_view import GUTTER, ArticleView
from annotator.tui.terminal.cells import clusters, shown
from tests.helpers.hostile_texts import texts
from tests.tui.drawing import article
from tests.tui.view import STORY, cell_at, showing

_Mouse = TypeVar("_Mouse", bound=events.MouseEvent)
places = st.tuples(st.integers(0, 39), st.integers(0, 19))


async def drag(
    view: ArticleView, pilot: Pilot[None], one: tuple[int, int], other: tuple[int, int]
) -> None:
    await pilot.mouse_down(view, offset=one)
    view.on_mouse_move(_mouse(events.MouseMove, view, other))
    await pilot.mouse_up(view, offset=other)
    await pilot.pause()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (STORY, "harbour master told"),
        (STORY, "Tuesday that two ferries would not sail before the crossing opens"),
        ("漢字テスト harbour 漢字 ferry", "テスト harbour 漢"),
        ("tab\there and e\u0301tude\u0301 done", "here and e\u0301tude\u0301"),
        ("a 👨\u200d👩\u200d👧 family 🇩🇪 flag ❤\ufe0f", "👨\u200d👩\u200d👧 family 🇩🇪"),
        ("x \u202eright\u202c to left שלום", "right\u202c to left ש"),
        ("nul\x00byte \x1b[31mred\x1b[0m end", "\x00byte \x1b[31mred"),
        ("one\r\ntwo\r\nthree", "ne\r\ntwo\r\nth"),
        ("[bold]markup[/bold] stays", "[bold]markup[/"),
    ],
)
async def test_a_drag_selects_exactly_what_it_covers(text: str, wanted: str) -> None:
    async with showing(text, size=(50, 14)) as (app, view, pilot):
        start = text.index(wanted)
        last = view.scene.layout.cluster_at(start + len(wanted) - 1)[0]
        await drag(view, pilot, cell_at(view, start), cell_at(view, last))
        assert view.selection is not None
        assert view.selection.of(text) == wanted
        assert app.last(ArticleView.SelectionMade) == ArticleView.SelectionMade(view.selection)
        assert not [m for m in app.posted if isinstance(m, ArticleView.Clicked)]
        forwards = view.selection
        await drag(view, pilot, cell_at(view, last), cell_at(view, start))
        assert view.selection == forwards


async def test_any_drag_selects_the_characters_drawn_under_it() -> None:
    async with showing("", size=(40, 20)) as (_, view, _pilot):

        @settings(deadline=None)
        @given(texts, places, places)
        def holds(text: str, one: tuple[int, int], other: tuple[int, int]) -> None:
            view.set_text(text)
            one, other = ((x, min(y, len(view.scene.layout) - 1)) for x, y in (one, other))
            view.on_mouse_down(_mouse(events.MouseDown, view, one))
            view.on_mouse_move(_mouse(events.MouseMove, view, other))
            view.on_mouse_up(_mouse(events.MouseUp, view, other))
            first, last = sorted((one, other), key=lambda place: (place[1], place[0]))
            selected = view.selection.of(text) if view.selection else ""
            event("something" if selected else "nothing")
            if selected:
                assert shown(selected).replace(" ", "") == _drawn_between(view, first, last)
            else:  # a click, or nothing under the mouse but one cluster or the end of a line
                assert len(clusters(text, *_offsets(view, first, last))) <= 1

        holds()


async def test_a_drag_snaps_if_configured() -> None:
    async with showing(STORY) as (_, view, pilot):
        view.snap = lambda span: Span(STORY.rindex(" ", 0, span.start) + 1, span.end)
        await drag(view, pilot, cell_at(view, 35), cell_at(view, 44))
        assert view.selection is not None
        assert view.selection.of(STORY) == "harbour master"[: view.selection.end - 32]
        assert view.selection.start == 32


async def test_a_drag_can_return_to_its_start() -> None:
    async with showing(STORY) as (_, view, pilot):
        await pilot.mouse_down(view, offset=cell_at(view, 32))
        view.on_mouse_move(_mouse(events.MouseMove, view, cell_at(view, 45)))
        view.on_mouse_move(_mouse(events.MouseMove, view, cell_at(view, 32)))
        await pilot.mouse_up(view, offset=cell_at(view, 32))
        assert view.selection == Span(32, 33)


async def test_dragging_below_the_view_scrolls() -> None:
    text = article(3000)
    async with showing(text, size=(80, 12)) as (_, view, pilot):
        await pilot.mouse_down(view, offset=(10, 5))
        view.on_mouse_move(_mouse(events.MouseMove, view, (10, 14)))
        for _ in range(8):
            await pilot.pause(0.05)
        assert view.scroll_offset.y > 2
        assert view.selection is not None
        assert view.selection.end > view.visible_range().start
        await pilot.mouse_up(view, offset=(10, 5))
        after = view.scroll_offset.y
        await pilot.pause(0.15)
        assert view.scroll_offset.y == after


async def test_the_wheel_extends_a_selection_while_the_button_is_down() -> None:
    text = article(3000)
    async with showing(text, size=(80, 12)) as (_, view, pilot):
        await pilot.mouse_down(view, offset=(10, 2))
        start = view.scene.layout.starts[2]
        view.scroll_to(y=20, animate=False, force=True)
        await pilot.pause()
        assert view.selection is not None
        assert view.selection.start < start + 20
        assert view.selection.end > view.scene.layout.starts[22]
        await pilot.mouse_up(view, offset=(10, 2))
        chosen = view.selection
        view.scroll_to(y=40, animate=False, force=True)
        await pilot.pause()
        assert view.selection == chosen


async def test_a_missed_button_release_ends_the_drag() -> None:
    async with showing(STORY) as (_, view, pilot):
        await pilot.mouse_down(view, offset=cell_at(view, 32))
        view.on_mouse_move(_mouse(events.MouseMove, view, cell_at(view, 45)))
        chosen = view.selection
        # Textual's hover is a move without a button.
        await pilot.hover(view, offset=cell_at(view, 60))
        await pilot.hover(view, offset=cell_at(view, 70))
        assert chosen is not None
        assert view.selection == chosen


async def test_clicks_are_counted() -> None:
    async with showing(STORY) as (app, view, pilot):
        place = cell_at(view, 35)
        view.select(Span(0, 5))
        await pilot.click(view, offset=place)
        assert app.last(ArticleView.Clicked) == ArticleView.Clicked(35, 1, False)
        assert (view.caret, view.selection) == (35, None)
        await pilot.double_click(view, offset=place)
        assert app.last(ArticleView.Clicked) == ArticleView.Clicked(35, 2, False)
        await pilot.triple_click(view, offset=place)
        assert app.last(ArticleView.Clicked) == ArticleView.Clicked(35, 3, False)
        view.select(Span(0, 5))
        await pilot.click(view, offset=cell_at(view, 40), shift=True)
        clicked = app.last(ArticleView.Clicked)
        assert clicked == ArticleView.Clicked(40, 1, True)
        assert view.selection == Span(0, 5)


async def test_a_click_after_a_drag_is_a_click() -> None:
    async with showing(STORY) as (app, view, pilot):
        await drag(view, pilot, cell_at(view, 32), cell_at(view, 38))
        await pilot.click(view, offset=cell_at(view, 60))
        assert app.last(ArticleView.Clicked) == ArticleView.Clicked(60, 1, False)
        assert view.selection is None


def _drawn_between(view: ArticleView, first: tuple[int, int], last: tuple[int, int]) -> str:
    """What stands on screen from one cell to another, both included, without blanks."""
    found = []
    for row in range(first[1], last[1] + 1):
        begin = first[0] if row == first[1] else 0
        end = last[0] if row == last[1] else 1000
        for cluster in clusters(
            view.text, view.scene.layout.starts[row], view.scene.layout.ends[row]
        ):
            cell = GUTTER + cluster.cell
            if cell + cluster.width > begin and cell <= end:
                found.append(cluster.shown)
    return "".join(found).replace(" ", "")


def _offsets(view: ArticleView, first: tuple[int, int], last: tuple[int, int]) -> tuple[int, int]:
    """From the place under one cell to that under another."""
    return view.mouse.offset_under(Offset(*first)), view.mouse.offset_under(Offset(*last))


def _mouse(kind: type[_Mouse], view: ArticleView, place: tuple[int, int]) -> _Mouse:
    x, y = place
    return kind(view, x, y, 0, 0, 1, False, False, False, x, y, None)
