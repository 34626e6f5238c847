"""Everything that the screens draw can be read, in every theme, as its terminals show it."""

from __future__ import annotations

from collections.abc import Iterator

from rich.style import Style

from annotator.store.store import Store
from annotator.tui.theme.contrast import contrast
from annotator.tui.theme.designs import Palette
from annotator.tui.theme.palettes import PALETTES
from tests.helpers.adjudicating import reviewed_by
from tests.helpers.drawn_colours import drawn
from tests.helpers.items import entity
from tests.tui.desk import OTHER, TEXT, Desk, at_desk, claim, take_in
from tests.tui.test_adjudication import ITEMS, of_ben

# Lines and bars are no text.
_NO_TEXT = frozenset("│─━▌▎▏▐█▁▂▃▄▅▆▇┊╸╺ ")
CLAIM = ("Nobody was hurt in Sund", "said", "the mayor")


def styles_on(desk: Desk) -> Iterator[tuple[str, Style]]:
    """The words on the screen, with their styles after all filters."""
    for strip in desk.app.screen._compositor.render_strips():
        for segment in strip:
            if segment.style is not None and set(segment.text) - _NO_TEXT:
                yield segment.text.strip(), segment.style


async def poor_on(desk: Desk) -> set[tuple[str, str, float]]:
    """Theme, words and contrast of what cannot be read."""
    poor = set()
    for name, palette in PALETTES.items():
        desk.app.theme = name
        await desk.pilot.pause()
        for words, style in styles_on(desk):
            found = ratio(style, palette)
            if found < palette.least:
                poor.add((name, words, round(found, 1)))
    return poor


def ratio(style: Style, palette: Palette) -> float:
    return contrast(*drawn(style, palette))


async def test_all_that_is_drawn_can_be_read_in_all_themes(store: Store) -> None:
    article = take_in(store, TEXT, ITEMS)
    reviewed_by(store, article, "ann")
    reviewed_by(store, article, "ben", *of_ben())
    take_in(store, OTHER, (entity(OTHER, "Sund", "GPE"), claim(OTHER, *CLAIM)), minutes=9)
    async with at_desk(store, size=(120, 40)) as desk:
        desk.app.notify("Saved.", title="Told", severity="error", timeout=600)
        found = await poor_on(desk)
        await desk.press("?")  # help, which Textual's own widgets draw
        found |= await poor_on(desk)
        await desk.press("escape", "D")
        await desk.until(lambda: desk.app.screen is not desk.app.queue)
        await desk.settle()
        found |= await poor_on(desk)
        await desk.press("q", "n")
        await desk.until(lambda: desk.app.review is not None)
        await desk.settle()
        await desk.press("#", "a", "N", "tab", "t")
        found |= await poor_on(desk)
        assert found == set()
