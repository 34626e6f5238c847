"""The article view: drawing, moving the caret, and output that is safe for a terminal."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.geometry import Offset

from annotator.core.article import Span
from annotator.core.states import ItemState
from annotator.tui.article.article_view import ArticleView
from annotator.tui.article.layout import Layout
from annotator.tui.article.render import Mark, MarkRole
from annotator.tui.article.tags import gaps_of
from tests.tui.drawing import LABELS, article
from tests.tui.view import STORY, cell_at, drawn, showing

OPEN, ACCEPTED = ItemState.OPEN, ItemState.ACCEPTED
SIZE_OF_SHORT = 900
offsets = st.integers(0, SIZE_OF_SHORT)
spans = st.builds(
    lambda start, length: Span(start, start + length),
    st.integers(0, SIZE_OF_SHORT - 200),
    st.integers(1, 150),
)
items = st.sampled_from("abc")
marks_anywhere = st.builds(
    Mark,
    item=items,
    role=st.sampled_from(MarkRole),
    span=spans,
    label=st.sampled_from(list(LABELS)),
    status=st.sampled_from(ItemState),
)


# Marks, focus, hints


operations = st.lists(
    st.one_of(
        st.tuples(st.just("caret"), offsets),
        st.tuples(st.just("select"), st.none() | spans),
        st.tuples(st.just("focus"), st.none() | items, st.none() | spans),
        st.tuples(st.just("replace"), items, st.lists(marks_anywhere, max_size=3)),
        st.tuples(st.just("hits"), st.lists(spans, max_size=2)),
        st.tuples(st.just("hints"), st.dictionaries(offsets, st.just("ab"), max_size=3)),
        st.tuples(st.just("tags"), st.booleans()),
        st.tuples(st.just("draw")),
    ),
    max_size=12,
)


async def test_lines_that_were_not_redrawn_did_not_change() -> None:
    text = article(180)
    async with showing(text, size=(50, 40)) as (_, view, _pilot):
        steps: dict[str, Callable[..., object]] = {
            "caret": view.move_caret,
            "select": view.select,
            "focus": view.focus_item,
            "replace": lambda item, marks: view.replace_item(
                item, [replace(mark, item=item) for mark in marks]
            ),
            "hits": lambda found: view.set_hits(found[:1]),
            "hints": view.show_hints,
            "tags": view.tags.choose,
            "draw": lambda: drawn(view),
        }

        @settings(deadline=None)
        @given(operations)
        def holds(done: list[tuple[str, *tuple[object, ...]]]) -> None:
            view.set_text(text)
            drawn(view)
            for step, *rest in done:
                steps[step](*rest)
            kept = [view.render_line(y) for y in range(view.size.height)]
            view.lines.forget()
            assert kept == [view.render_line(y) for y in range(view.size.height)]
            # Lines are broken as they would be if all marks had been there from the start.
            if view.tags.is_on:
                marks = [*view.scene.marks.all()]
                starts = view.scene.layout.starts
                assert starts == Layout(text, view.scene.layout.width, gaps_of(marks)).starts

        holds()


async def test_the_margin_and_the_text_show_the_marks() -> None:
    claim = [
        Mark("c", MarkRole.CONTENT, Span(28, 60), None, OPEN),
        Mark("j", MarkRole.JUNK, Span(0, 26), None, ACCEPTED),
    ]
    async with showing(STORY, claim, size=(60, 12)) as (_, view, _pilot):
        lines = drawn(view)
        assert lines[0].startswith("┊  Ferry vote slips to spring")
        assert lines[1].strip() == ""
        assert lines[2].startswith("▎• The harbour master told")
        assert lines[3].startswith("   ")


async def test_removing_a_mark_restores_the_drawing() -> None:
    mark = Mark("e", MarkRole.ENTITY, Span(32, 39), "FAC", OPEN)
    async with showing(STORY, [mark]) as (_, view, _pilot):
        before = view.render_line(2)
        view.replace_item("e", [replace(mark, status=ACCEPTED)])
        accepted = view.render_line(2)
        assert accepted != before
        view.replace_item("e", [])
        assert view.render_line(2) not in (before, accepted)
        view.replace_item("e", [mark])
        assert view.render_line(2) == before


async def test_the_focus_is_visible_on_every_piece_and_leaves_no_trace() -> None:
    text = article(400)
    pieces = [
        Mark("c", MarkRole.SOURCE, Span(0, 5), None, OPEN),
        Mark("c", MarkRole.CONTENT, Span(600, 640), None, OPEN),
        Mark("c", MarkRole.CONTENT, Span(900, 940), None, OPEN),
    ]
    async with showing(text, pieces) as (_, view, _pilot):
        rows = [cell_at(view, mark.span.start)[1] for mark in pieces]
        plain = [view.render_line(row) for row in rows]
        view.focus_item("c")
        whole = [view.render_line(row) for row in rows]
        assert all(one != other for one, other in zip(plain, whole, strict=True))
        view.focus_item("c", pieces[1].span)
        part = [view.render_line(row) for row in rows]
        assert part[1] != whole[1]
        assert part[2] == whole[2]
        view.focus_item("c", pieces[2].span)
        assert view.render_line(rows[1]) == whole[1]
        assert view.render_line(rows[2]) not in (plain[2], whole[2])
        view.focus_item(None)
        assert [view.render_line(row) for row in rows] == plain


async def test_hints_are_drawn_over_the_text_and_removed() -> None:
    async with showing(STORY) as (_, view, _pilot):
        before = drawn(view)
        view.show_hints({32: "fa", 52: "jk"})
        hinted = drawn(view)
        assert hinted[2] != before[2]
        assert hinted[2].startswith("   The farbour master told jkporters")
        assert view.scene.hints == {32: "fa", 52: "jk"}
        view.clear_hints()
        assert drawn(view) == before


async def test_hints_at_the_very_end_of_a_line_keep_its_width() -> None:
    async with showing("漢字" * 40, size=(30, 8)) as (_, view, _pilot):
        for offset in range(30):
            view.show_hints({offset: "ab", offset + 1: "cd"})
            strips = [view.render_line(y) for y in range(4)]
            assert [cell_len(strip.text) for strip in strips] == [view.size.width - 1] * 4


async def test_a_hit_continues_on_the_next_line() -> None:
    async with showing(STORY, size=(40, 14)) as (_, view, _pilot):
        end = view.scene.layout.ends[view.scene.layout.line_of(30)]
        plain = [view.render_line(y) for y in range(14)]
        view.set_hits([Span(end - 8, end + 5), Span(end + 9, end + 12)])
        changed = [y for y in range(14) if view.render_line(y) != plain[y]]
        assert changed == [2, 3]
        view.set_hits([Span(end - 8, end + 5)])
        assert [y for y in range(14) if view.render_line(y) != plain[y]] == [2, 3]


async def test_a_selection_is_visible_on_blank_lines() -> None:
    async with showing(STORY) as (_, view, _pilot):
        view.move_caret(60)
        blank = view.render_line(1)
        view.select(Span(20, 40))
        assert view.render_line(1) != blank
        view.select(Span(20, 26))
        assert view.render_line(1) == blank


async def test_search_hits_are_drawn_and_removed() -> None:
    async with showing(STORY) as (_, view, _pilot):
        before = [view.render_line(y) for y in range(12)]
        view.set_hits([Span(32, 39), Span(51, 60)])
        assert view.render_line(2) != before[2]
        assert view.render_line(0) == before[0]
        view.set_hits([])
        assert [view.render_line(y) for y in range(12)] == before


async def test_another_article_starts_without_marks_or_selection() -> None:
    async with showing(STORY, [Mark("e", MarkRole.ENTITY, Span(0, 5), "ORG", OPEN)]) as (
        _,
        view,
        pilot,
    ):
        view.move_caret(50)
        view.select(Span(3, 9))
        view.focus_item("e")
        view.show_hints({3: "aa"})
        view.set_text("Another day\n" * 90, [])
        await pilot.pause()
        assert (view.caret, view.selection, view.scene.hints) == (0, None, {})
        assert view.visible_range().start == 0
        assert drawn(view)[0].startswith("   Another day")


# Caret and lines


async def test_the_caret_keeps_its_column_over_short_lines() -> None:
    text = "a long line of words\nshort\n\nanother long line of words"
    async with showing(text) as (_, view, _pilot):
        start = 15
        one = view.offset_in_line_below(start)
        two = view.offset_in_line_below(one)
        three = view.offset_in_line_below(two)
        assert (one, two) == (26, 27)
        assert three == 28 + 15
        assert view.offset_in_line_above(three, 3) == start
        assert view.offset_in_line_above(0) == 0
        assert view.offset_in_line_below(len(text), 9) == len(text)


async def test_the_caret_posts_its_moves_and_stays_in_the_text() -> None:
    async with showing(STORY) as (app, view, pilot):
        view.move_caret(12)
        view.move_caret(12)
        view.move_caret(10_000)
        await pilot.pause()
        moves = [m.offset for m in app.posted if isinstance(m, ArticleView.CaretMoved)]
        assert moves == [12, len(STORY)]


async def test_the_caret_looks_different_without_focus() -> None:
    async with showing(STORY) as (app, view, pilot):
        focused = view.render_line(0)
        app.set_focus(None)
        await pilot.pause()
        assert view.render_line(0) != focused


async def test_a_target_in_view_is_not_scrolled() -> None:
    text = article(2000)
    async with showing(text) as (_, view, _pilot):
        inside = view.visible_range()
        view.scroll_to_span(Span(inside.end - 3, inside.end))
        assert view.scroll_offset.y == 0
        target = Span(inside.end + 100, inside.end + 110)
        view.scroll_to_span(target)
        assert view.scroll_offset.y > 0
        assert view.visible_range().contains(target)
        assert cell_at(view, target.start)[1] < 20  # the next items come without scrolling
        assert view.visible_range().start < inside.end  # some of what was read stays in view
        view.scroll_to_span(Span(0, 4))
        assert view.scroll_offset.y == 0


@pytest.mark.parametrize("length", [5, 300, 600, 6000])
async def test_scrolling_shows_the_target_with_lines_around_it(length: int) -> None:
    text = article(3000)
    async with showing(text, size=(80, 20)) as (_, view, _pilot):
        for start in (9000, 3000):
            view.scroll_to_span(Span(start, start + length))
            inside = view.visible_range()
            assert inside.start <= start < inside.end
            if length < 1000:
                above, below = inside.start, inside.end
                assert above <= view.offset_in_line_above(start, 2)
                assert below >= view.offset_in_line_below(start + length, 2)


async def test_a_narrower_window_keeps_the_place() -> None:
    text = article(3000)
    async with showing(text) as (_, view, pilot):
        view.scroll_to_span(Span(9000, 9010))
        await pilot.pause()
        top = view.visible_range().start
        await pilot.resize_terminal(60, 24)
        await pilot.pause()
        assert view.visible_range().start <= top < view.visible_range().end
        assert {cell_len(line) for line in drawn(view)} == {59}


async def test_a_selection_outside_the_text_is_refused() -> None:
    async with showing(STORY) as (_, view, _pilot):
        with pytest.raises(ValueError, match="outside the text"):
            view.select(Span(0, len(STORY) + 1))


async def test_an_empty_article_can_be_shown() -> None:
    async with showing("") as (_, view, _pilot):
        view.move_caret(5)
        assert view.caret == 0
        assert len(drawn(view)) == 40


# Hostile text


HOSTILE = (
    "\x1b]0;owned\x07 \x1b]8;;http://evil.example\x1b\\link\x1b]8;;\x1b\\ \x1b[2J\x1b[H \x9b31m "
    "[bold red]markup[/] [link=x]y[/link] \x08\x08\x7f \u202egnp.exe\u202c a\u0301\u0301 \t| "
    "👨\u200d👩\u200d👧 ❤\ufe0f 1\ufe0f\u20e3 🇩🇪🇫 שלום \u200b\ufeff\u00ad end\x00\ud800"
)
STYLING = re.compile(r"\x1b\[[0-9;]*[mH]")


@pytest.mark.parametrize("theme", ["dark", "light-256", "terminal", "plain"])
async def test_hostile_text_only_sends_cells_and_styles(theme: str) -> None:
    marks = [Mark("e", MarkRole.ENTITY, Span(3, 30), "ORG", OPEN)]
    async with showing(HOSTILE, marks, size=(110, 12), theme=theme) as (app, view, pilot):
        app.sent.clear()
        view.select(Span(0, len(HOSTILE)))
        view.refresh()
        await pilot.pause()
        sent = STYLING.sub("", "".join(app.sent))
        assert "link" in sent
        assert "[bold red]markup[/]" in sent.replace("\n", "")
        left = {character for character in sent if unicodedata.category(character)[0] == "C"}
        assert left <= {"\n"}
        assert view.text == HOSTILE


@pytest.mark.parametrize("theme", ["dark", "light-256", "terminal", "plain"])
async def test_a_theme_can_be_changed_while_reading(theme: str) -> None:
    marks = [Mark("e", MarkRole.ENTITY, Span(32, 39), "ORG", ACCEPTED)]
    async with showing(STORY, marks) as (app, view, pilot):
        before = view.render_line(2)
        app.theme = "light" if theme == "dark" else theme
        await pilot.pause()
        await pilot.pause()
        assert view.render_line(2) != before
        tagged = theme in ("terminal", "plain")
        assert view.render_line(2).text.startswith(
            "   The harbour[ORG✓]" if tagged else "   The harbour "
        )


async def test_tags_move_with_their_labels_and_lead_to_their_words() -> None:
    harbour = Span(32, 39)
    mark = Mark("e", MarkRole.ENTITY, harbour, "ORG", ACCEPTED)
    async with showing(STORY, [mark]) as (_, view, _):
        assert not view.tags.is_on
        view.tags.choose(True)
        line = view.render_line(2).text
        assert line.startswith("   The harbour[ORG✓] master")
        tag = Offset(line.index("[ORG"), 2)
        assert view.mouse.offset_under(tag) == harbour.end - 1
        assert view.mouse.offset_under(Offset(line.index("master"), 2)) == harbour.end + 1

        view.replace_item("e", [replace(mark, label="WORK_OF_ART")])
        line = view.render_line(2).text
        assert line.startswith("   The harbour[WORK_OF_ART✓] master")
        assert view.mouse.offset_under(Offset(line.index("master"), 2)) == harbour.end + 1

        view.tags.choose(None)
        assert view.render_line(2).text.startswith("   The harbour master")
