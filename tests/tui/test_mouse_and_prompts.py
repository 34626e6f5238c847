"""Mouse, search, jump, filter, panel, copying: everything that makes no decision."""

from __future__ import annotations

import pytest
from textual import events

from annotator.core.memory.entries import Subject
from annotator.core.reviewing.seen_text import SHOWN_SECONDS
from annotator.store.store import Store
from annotator.tui.article.article_view import ArticleView
from annotator.tui.review.annotation_list import AnnotationList
from annotator.tui.screens.help_screen import HelpScreen
from annotator.tui.widgets.bar import Bar
from tests.helpers.items import entity
from tests.tui.desk import TEXT, Desk, reviewing
from tests.tui.one_app import ONE_APP

pytestmark = ONE_APP

HOSTILE = (
    "Title \x1b]0;owned\x07 [bold]x[/bold] [/nothing\n\n"
    "Ada\tmet \x1b[31mBo\x1b[0m \u202eolleh\u202c \U0001f468\u200d\U0001f469\u200d\U0001f467 "
    "price [$5] \x7f end.\n"
)


async def _click(desk: Desk, offset: int, times: int = 1, *, shift: bool = False) -> None:
    desk.view.post_message(ArticleView.Clicked(offset, times, shift))
    await desk.settle()


async def test_a_click_focuses_the_smallest_item_under_it(store: Store) -> None:
    async with reviewing(store) as desk:
        await _click(desk, TEXT.index("Ilva") + 1)
        assert desk.focused() == "Ilva Marrow"
        assert desk.decisions() == ()


async def test_two_clicks_select_a_token_and_three_a_sentence(store: Store) -> None:
    async with reviewing(store) as desk:
        await _click(desk, TEXT.index("sell") + 1, 2)
        assert desk.view.selection is not None
        assert desk.view.selection.of(TEXT) == "sell"
        await _click(desk, TEXT.index("quiet"), 3)
        assert desk.view.selection.of(TEXT) == "Tamsin is quiet."


async def test_a_triple_click_selects_the_sentence_and_the_caret_stays_in_it(store: Store) -> None:
    async with reviewing(store) as desk:
        view = desk.view
        line = next(y for y in range(40) if "quiet" in view.render_line(y).text)
        above = view.content_region.y - view.region.y
        place = (view.render_line(line).text.index("quiet"), above + line)
        await desk.pilot.triple_click(view, offset=place)
        await desk.settle()
        assert view.selection is not None
        assert view.selection.of(TEXT) == "Tamsin is quiet."
        assert view.caret == TEXT.index("quiet")
        await desk.press("c")
        assert desk.decisions()[0].kind == "add"


async def test_a_drag_selects_whole_tokens(store: Store) -> None:
    async with reviewing(store) as desk:
        view = desk.view
        line = next(y for y in range(40) if "Greyline may" in view.render_line(y).text)
        at = view.render_line(line).text.index("reyline may")
        row = view.content_region.y + line
        left = view.content_region.x + at
        await desk.pilot.mouse_down(offset=(left, row))
        move = (left + 12, row, 0, 0, 1, False, False, False, left + 12, row, None)
        view.post_message(events.MouseMove(view, *move))
        await desk.pilot.pause()
        await desk.pilot.mouse_up(offset=(left + 12, row))
        await desk.settle()
        assert view.selection is not None
        assert view.selection.of(TEXT) == "Greyline may sell"


async def test_a_click_on_a_row_of_the_panel_focuses_its_item(store: Store) -> None:
    async with reviewing(store) as desk:
        panel = desk.screen.query_one(AnnotationList)
        listed = panel.sections[0].listed
        await desk.pilot.click(listed, offset=(5, 2))
        await desk.settle()
        assert desk.focused() == "Ilva Marrow"


@pytest.mark.parametrize(("columns", "panel"), [(95, 0), (120, 46), (200, 72)])
async def test_the_panel_grows_with_the_screen(store: Store, columns: int, panel: int) -> None:
    async with reviewing(store, size=(columns, 30)) as desk:
        shown = desk.screen.query_one(AnnotationList)
        assert (shown.outer_size.width if shown.display else 0) == panel
        assert desk.view.size.width >= min(columns - panel, 104)
        await desk.press("\\")
        assert shown.display is (panel == 0)


async def test_the_panel_counts_open_items(store: Store) -> None:
    async with reviewing(store) as desk:
        await desk.press("a", "x")
        heads = [section.query_one(Bar).plain for section in desk.panel.sections]
        assert heads == [
            " ENTITIES  2 open of 4",
            " CLAIMS  1 open of 1",
            " JUNK LINES  1 open of 1",
        ]


async def test_search_visits_hits_and_selects_the_last(store: Store) -> None:
    async with reviewing(store) as desk:
        await desk.press("/", *"greyline")
        assert "1 of 2" in desk.bar("prompt")
        await desk.press("enter", "escape")
        chosen = desk.view.selection
        assert chosen is not None
        assert chosen.start == TEXT.index("Greyline may")
        await desk.press("escape")
        assert desk.view.selection is None


async def test_search_terms_are_literal(store: Store) -> None:
    async with reviewing(store, "A (b) [c].\n", ()) as desk:
        await desk.press("/", *"[c")
        assert "1 of 1" in desk.bar("prompt")


async def test_a_jump_can_be_cancelled(store: Store) -> None:
    async with reviewing(store) as desk:
        await desk.press("f", "escape", "a")
        assert len(desk.decisions()) == 1
        assert not desk.view.scene.hints


async def test_sentences_and_lines_are_selected_by_key(store: Store) -> None:
    async with reviewing(store) as desk:
        desk.put_caret("residents")
        await desk.press("V", "V")
        view = desk.view
        assert view.selection is not None
        assert view.selection.of(TEXT).startswith("Greyline may sell")
        assert view.selection.of(TEXT).endswith("Tamsin is quiet.")
        await desk.press("escape", "v", "w", "w", "v")
        assert view.selection.of(TEXT).count(" ") == 2


async def test_a_filter_lists_items_of_one_label(store: Store) -> None:
    async with reviewing(store) as desk:
        await desk.press("F", "l", "o", "n", "n")
        assert desk.focused() == "Greyline Ferries"
        assert "only ORG" in desk.bar("hints")
        await desk.press("F", "*", "N")
        assert desk.focused() == "Advertisement"


async def test_items_can_be_ordered_by_confidence(store: Store) -> None:
    items = (entity(TEXT, "PORT ANSEL", "GPE"), entity(TEXT, "Tamsin", "GPE", score=0.2))
    async with reviewing(store, items=items) as desk:
        await desk.press("o", "u")
        assert desk.focused() == "Tamsin"


async def test_the_selection_is_copied(store: Store) -> None:
    async with reviewing(store) as desk:
        desk.select("Greyline Ferries")
        await desk.press("y")
        assert desk.app.clipboard == "Greyline Ferries"


async def test_earlier_decisions_on_the_same_words_are_counted(store: Store) -> None:
    text = "Bergen slept.\n\nBergen woke.\n"
    items = [entity(text, "Bergen", "GPE", nth=nth) for nth in (0, 1)]
    async with reviewing(store, text, items) as desk:
        await desk.press("a")
        await desk.until(lambda: "accepted once as GPE, last by ada" in desk.bar("detail"))


async def test_decisions_on_the_item_itself_are_not_counted(store: Store) -> None:
    async with reviewing(store) as desk:
        await desk.press("a", "P")
        asked = desk.screen.page.lines.seen_before.found
        await desk.until(lambda: ((Subject.ENTITY, "PORT ANSEL"), desk.focus_id, 1) in asked)
        assert "accepted once" not in desk.bar("detail")


async def test_the_panel_can_cover_a_narrow_article(store: Store) -> None:
    async with reviewing(store, size=(80, 24)) as desk:
        assert not desk.panel.display
        await desk.press("\\")
        assert desk.panel.display
        assert desk.view.region.width == 80


async def test_text_below_the_panel_is_not_seen(store: Store) -> None:
    async with reviewing(store, size=(80, 12)) as desk:
        fold = desk.state.listed.fold
        items = desk.state.review.open_items(fold)
        await desk.press("\\", "G")
        desk.clock.elapsed += SHOWN_SECONDS
        assert desk.state.sight.seen(items, fold) < {item.id for item in items}
        before = desk.state.sight.seen(items, fold)
        await desk.press("\\")
        desk.clock.elapsed += SHOWN_SECONDS
        assert desk.state.sight.seen(items, fold) > before


async def test_help_is_searched_by_typing_and_left_by_q(store: Store) -> None:
    async with reviewing(store) as desk:
        await desk.press("?")
        await desk.until(lambda: isinstance(desk.app.screen, HelpScreen))
        assert "How a review goes" in desk.bar("help-lines")
        await desk.press(*"aircraft")
        assert "VEHICLE" in desk.bar("help-lines")
        assert "Move" not in desk.bar("help-lines")
        await desk.press("escape", "tab", "tab", "G", "escape", "q")
        await desk.until(lambda: desk.app.screen is not None and desk.screen.work is not None)


async def test_a_key_without_action_is_reported(store: Store) -> None:
    async with reviewing(store) as desk:
        await desk.press("Z")
        assert "Z does nothing" in desk.bar("detail")


async def test_hostile_text_is_harmless_and_keeps_its_offsets(store: Store) -> None:
    items = (entity(HOSTILE, "Bo", "PERSON"), entity(HOSTILE, "[$5]", "MONEY"))
    async with reviewing(store, HOSTILE, items) as desk:
        await desk.press("a", ";", *"[/x] odd", "enter", "a")
        lines = [desk.view.render_line(y).text for y in range(6)]
        panel = desk.panel.sections[0].listed
        drawn = "".join(
            (*lines, *(panel.render_line(y).text for y in range(3)), desk.drawn("header"))
        )
        assert not any(sign < " " or sign in "\u202e\x9b" for sign in drawn)
        assert "[$5]" in drawn
        stored = desk.stored(desk.review.article)
        assert [e.span.of(HOSTILE) for e in stored.entities] == ["Bo", "[$5]"]
        assert stored.entities[1].note == "[/x] odd"
