"""Notes are seen in text and panel, and listed; the guidelines beside the item at hand."""

from __future__ import annotations

from annotator.core.decisions import Kind
from annotator.store.store import Store
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
