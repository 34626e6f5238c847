"""Notes are seen in text and panel, and listed; the guidelines beside the item at hand."""

from __future__ import annotations

from annotator.core.decisions import Kind
from annotator.core.states import ItemFilter
from annotator.store.store import Store
from annotator.tui.widgets.bar import Bar
from tests.tui.desk import config_of, drawn, reviewing
from tests.tui.one_app import one_app

__all__ = ["one_app"]


async def test_a_note_is_marked_in_text_and_panel_and_listed(store: Store) -> None:
    async with reviewing(store, size=(120, 40)) as desk:
        noted = desk.focus_id
        line = desk.view.scene.layout.line_of(desk.view.caret)
        await desk.press(";", *"why", "enter")
        assert desk.view.render_line(line).text[:2].strip() == '"'
        assert any('"' in row for row in drawn(desk.panel.sections[0].listed))
        await desk.press("G", "V", ":", *"in all", "enter", "escape")
        assert [note.text for note in desk.review.notes] == ["in all"]
        assert [one.kind for one in desk.decisions()] == [Kind.NOTE, Kind.NOTE]
        await desk.press("L")
        assert "2 of 2" in desk.bar("prompt")
        await desk.press(*"why", "enter")
        assert desk.focus_id == noted


async def test_the_list_of_notes_says_how_to_write_the_first(store: Store) -> None:
    async with reviewing(store) as desk:
        await desk.press("L")
        assert "; and : write one" in desk.bar("detail")


async def test_the_guideline_follows_the_item_at_hand(store: Store) -> None:
    words = "- **GPE**: a town.\n- **DATE**: a day.\n"
    config = config_of(store, guidelines=words)
    async with reviewing(store, guidelines=config.guidelines) as desk:
        assert desk.line("guideline").size.height == 0
        await desk.press("i")
        assert "GPE: a town." in desk.bar("guideline")
        await desk.press("n")
        assert "DATE: a day." in desk.bar("guideline")
        assert not desk.decisions()
        await desk.press("i")
        assert desk.line("guideline").size.height == 0


async def test_undoing_a_claim_leads_back_to_where_it_was_made(store: Store) -> None:
    async with reviewing(store) as desk:
        desk.put_caret("denied")
        before = desk.view.caret
        await desk.press("c")
        assert desk.focus_id is not None
        await desk.press("u")
        assert desk.view.caret == before
        assert desk.focus_id is None


async def test_an_order_holds_in_the_panel_and_the_filters_are_counted(store: Store) -> None:
    async with reviewing(store, size=(120, 40)) as desk:
        await desk.press("F")
        assert "claims 1" in desk.bar("prompt")
        await desk.press("escape", "1", "o", "u")
        section = desk.panel.sections[0]
        assert section._order is not None
        scores = [desk.review.held[id].item.score or 1.0 for id in section._order.ids]
        assert scores == sorted(scores)


async def test_a_click_on_a_hint_presses_it_and_one_on_a_head_filters(store: Store) -> None:
    async with reviewing(store, size=(120, 40)) as desk:
        place = desk.bar("hints").index("accept")
        await desk.pilot.click("#hints", offset=(place + 1, 0))
        await desk.settle()
        assert len(desk.decisions()) == 1
        await desk.pilot.click(desk.panel.sections[1].query_one(Bar), offset=(3, 0))
        await desk.settle()
        assert desk.state.listed.only is ItemFilter.CLAIMS


async def test_a_very_wide_screen_has_the_text_in_the_middle(store: Store) -> None:
    async with reviewing(store, size=(200, 30)) as desk:
        left = desk.view.styles.padding.left
        assert left == (200 - 72 - 104) // 2
        await desk.pilot.click(desk.view, offset=(left + 3 + 6, 1))
        assert desk.text[desk.view.caret :].startswith("vote")
        await desk.press("\\")
        assert desk.view.styles.padding.left > left
