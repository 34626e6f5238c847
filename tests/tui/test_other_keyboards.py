"""Keys of other keyboards on the screens: edges by arrows, digits by place."""

from __future__ import annotations

from annotator.core.annotations import Junk
from annotator.store.store import Store
from tests.tui.desk import reviewing


async def test_the_place_of_label_six_marks_no_junk_on_azerty(store: Store) -> None:
    async with reviewing(store, keyboard="azerty") as desk:
        desk.put_caret("Ilva Marrow")
        await desk.press("è")
        desk.put_caret("March 4")
        await desk.press("-")
        entities = {desk.words(one.id): one.label for one in desk.review.entities}
        scheme = [label.name for label in desk.screen.setup.config.scheme]
        assert entities["Ilva Marrow"] == scheme[6]
        assert entities["March 4"] == scheme[5]
        assert not [one for one in desk.decisions() if isinstance(one.before, Junk)]
        await desk.press(";", "-", "è", "enter")
        noted = desk.review.held[desk.focus_id or ""].item
        assert noted.note == "-è"
        desk.put_caret("Nobody")
        await desk.press("!")
        assert any("Nobody on this quay" in desk.words(one.id) for one in desk.review.junk)


async def test_arrows_with_modifiers_move_edges(store: Store) -> None:
    async with reviewing(store) as desk:
        desk.put_caret("Greyline Ferries")
        await desk.press("ctrl+left", "alt+shift+right")
        assert desk.focused() == "that Greyline Ferries had"
        await desk.press("ctrl+right", "alt+shift+left")
        assert desk.focused() == "Greyline Ferries"
