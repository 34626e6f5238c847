"""The cost of a key in the article view at any length: lines drawn, bytes sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from textual.pilot import Pilot

from annotator.core.article import Span
from annotator.core.states import ItemState
from annotator.tui.article.article_view import ArticleView
from annotator.tui.article.render import MarkRole
from tests.tui.drawing import article, marks_for
from tests.tui.view import drawn, showing

TEXTS = {
    "500 words": article(500),
    "5,000 words": article(5000),
    "50,000 words": article(50_000),
    "one paragraph of 50,000 words": article(50_000, paragraphs=False),
}


async def cost(view: ArticleView, pilot: Pilot[None], act: Callable[[], object]) -> int:
    """Lines that are drawn again because of `act`."""
    before = view.lines.rebuilt
    act()
    await pilot.pause()
    return view.lines.rebuilt - before


@pytest.mark.parametrize("text", TEXTS.values(), ids=list(TEXTS))
async def test_a_key_redraws_only_the_lines_it_touches(text: str) -> None:
    marks = marks_for(text)
    async with showing(text, marks) as (_, view, pilot):
        entities = [mark for mark in marks if mark.role is MarkRole.ENTITY]
        first, second = entities[10], entities[11]
        view.focus_item(first.item)
        view.move_caret(first.span.start)
        await pilot.pause()

        assert await cost(view, pilot, lambda: view.move_caret(view.caret + 1)) == 1
        below = view.offset_in_line_below(view.caret)
        assert await cost(view, pilot, lambda: view.move_caret(below)) == 2
        assert await cost(view, pilot, lambda: view.select(first.span)) == 1
        longer = Span(first.span.start, first.span.end + 4)
        assert await cost(view, pilot, lambda: view.select(longer)) <= 2
        assert await cost(view, pilot, lambda: view.select(None)) <= 2
        relabelled = replace(first, label="LAW", status=ItemState.CORRECTED)
        assert await cost(view, pilot, lambda: view.replace_item(first.item, [relabelled])) == 1
        assert await cost(view, pilot, lambda: view.replace_item(first.item, [first])) == 1
        assert await cost(view, pilot, lambda: view.replace_item(first.item, [first])) == 0

        def go_on() -> None:
            view.replace_item(first.item, [replace(first, status=ItemState.ACCEPTED, label="LAW")])
            view.focus_item(second.item)
            view.move_caret(second.span.start)

        assert await cost(view, pilot, go_on) <= 3


@pytest.mark.parametrize("text", TEXTS.values(), ids=list(TEXTS))
async def test_leaving_the_view_draws_one_page(text: str) -> None:
    async with showing(text, marks_for(text)) as (_, view, pilot):
        end = Span(len(text) - 5, len(text))
        assert 0 < await cost(view, pilot, lambda: view.scroll_to_span(end)) <= 40
        assert await cost(view, pilot, lambda: view.scroll_to_span(end)) == 0


@pytest.mark.parametrize("text", TEXTS.values(), ids=list(TEXTS))
async def test_moving_the_caret_sends_little(text: str) -> None:
    async with showing(text, marks_for(text)) as (app, view, pilot):
        sizes = []
        for _ in range(12):
            app.sent.clear()
            view.move_caret(view.offset_in_line_below(view.caret + 3))
            await pilot.pause()
            sizes.append(len("".join(app.sent).encode()))
        assert 0 < max(sizes) <= 1500


async def test_the_last_line_of_a_long_text_is_found_quickly() -> None:
    text = TEXTS["one paragraph of 50,000 words"]
    async with showing(text) as (_, view, pilot):
        view.move_caret(len(text))
        await pilot.pause()
        assert view.visible_range().end == len(text)
        assert drawn(view)[-1].rstrip().endswith(text[-12:])
