"""Everything that the screens draw can be read, in every theme, as its terminals show it."""

from __future__ import annotations

from collections.abc import Iterator

from rich.color import Color
from rich.style import Style

from annotator.core.states import ItemState
from annotator.store.store import Store
from annotator.tui.theme.colours import label_style
from annotator.tui.theme.contrast import contrast
from annotator.tui.theme.designs import Palette
from annotator.tui.theme.palettes import PALETTES
from tests.helpers.adjudicating import reviewed_by
from tests.helpers.drawn_colours import LABELS, drawn
from tests.helpers.items import entity
from tests.tui.desk import OTHER, TEXT, Desk, at_desk, claim, take_in
from tests.tui.test_adjudication import ITEMS, of_ben

# Lines and bars are no text.
_NO_TEXT = frozenset("│─━▌▎▏▐█▁▂▃▄▅▆▇┊╸╺ ")
MEANT = ("accent", "good", "bad", "info", "claim", "source")
CLAIM = ("Nobody was hurt in Sund", "said", "the mayor")


def styles_on(desk: Desk) -> Iterator[tuple[str, Style]]:
    """The words on the screen, with their styles after all filters."""
    for strip in desk.app.screen._compositor.render_strips():
        for segment in strip:
            if segment.style is not None and set(segment.text) - _NO_TEXT:
                yield segment.text.strip(), segment.style


async def poor_on(desk: Desk, *names: str) -> set[tuple[str, str, float]]:
    """Theme, words and contrast of what cannot be read in these themes, or in any."""
    poor = set()
    for name in names or PALETTES:
        palette = PALETTES[name]
        desk.app.theme = name
        await desk.pilot.pause()
        poor |= {
            (name, f"outside its palette: {color}", 0.0) for color in strange_on(desk, palette)
        }
        for words, style in styles_on(desk):
            found = ratio(style, palette)
            if found < palette.least:
                poor.add((name, words, round(found, 1)))
    return poor


def strange_on(desk: Desk, palette: Palette) -> set[str]:
    """The colours on the screen, of bars and blanks too, that a palette without tints does not
    have."""
    if palette.is_tinted:
        return set()
    named = (getattr(palette, tone) for tone in (*MEANT, "thumb"))
    known = {Color.parse(name).number for name in (*named, "default")}
    inks = (label_style(ink, ItemState.OPEN, palette).color for ink in LABELS.values())
    known |= {color.number for color in inks if color is not None}
    shown = {
        color
        for strip in desk.app.screen._compositor.render_strips()
        for segment in strip
        if segment.style is not None
        for color in (segment.style.color, segment.style.bgcolor)
        if color is not None
    }
    return {color.name for color in shown if color.number not in known}


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
        await desk.press("q")
        await desk.until(lambda: desk.app.screen is desk.app.queue)
        for key in "ILfMSrKCd":
            await desk.press(key)
            await desk.until(lambda: desk.app.screen is not desk.app.queue)
            found |= await poor_on(desk, "terminal", "terminal-light", "plain")
            await desk.press("escape")
            await desk.until(lambda: desk.app.screen is desk.app.queue)
        await desk.press("n")
        await desk.until(lambda: desk.app.review is not None)
        await desk.settle()
        await desk.press("#", "a", "N", "tab", "t")
        found |= await poor_on(desk)
        assert found == set()
