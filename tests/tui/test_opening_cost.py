"""What the start of the screens and the opening of an article cost: how often they are styled and
arranged; and that they look right all the same."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode
from textual.geometry import Size
from textual.screen import Screen

from annotator.store.store import Store
from annotator.tui.review.review_screen import ReviewScreen
from annotator.tui.screens.help_screen import HelpScreen
from tests.tui.desk import OTHER, TEXT, at_desk, reviewing, suggestions, take_in


@pytest.fixture
def styled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The screens that were styled again with all that they show."""
    screens: list[str] = []
    update = Stylesheet.update_nodes

    def counting(self: Stylesheet, nodes: Iterable[DOMNode], animate: bool = False) -> None:
        (first, *others) = nodes
        if isinstance(first, Screen) and others:
            screens.append(type(first).__name__)
        update(self, (first, *others), animate=animate)

    monkeypatch.setattr(Stylesheet, "update_nodes", counting)
    return screens


@pytest.fixture
def arranged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The screens that were arranged because of their size."""
    screens: list[str] = []
    arrange = Screen._refresh_layout

    def counting(self: Screen[object], size: Size | None = None, scroll: bool = False) -> None:
        if size is not None:
            screens.append(type(self).__name__)
        arrange(self, size, scroll)

    monkeypatch.setattr(Screen, "_refresh_layout", counting)
    return screens


@pytest.mark.parametrize("width", [60, 100, 200])
async def test_each_screen_is_styled_and_arranged_once(
    store: Store, styled: list[str], arranged: list[str], width: int
) -> None:
    take_in(store, TEXT, suggestions())
    async with at_desk(store, size=(width, 30)) as desk:
        assert (styled, arranged) == ([], ["QueueScreen"])
        await desk.press("enter")
        await desk.until(lambda: isinstance(desk.app.screen, ReviewScreen))
        await desk.settle()
        assert (styled, arranged) == ([], ["QueueScreen", "ReviewScreen"])


@pytest.mark.parametrize("opened_at", [(60, 20), (100, 30), (200, 40)])
async def test_a_window_of_another_size_is_filled(store: Store, opened_at: tuple[int, int]) -> None:
    take_in(store, OTHER, (), minutes=5)
    async with reviewing(store, TEXT, size=opened_at) as desk:
        for width, height in ((60, 20), (100, 30), (200, 40)):
            await desk.pilot.resize_terminal(width, height)
            assert desk.screen.size == (width, height)
            assert desk.panel.display is (width >= 96)
            await desk.press("q")
            await desk.until(lambda: desk.app.screen is desk.queue)
            await desk.settle()
            assert desk.queue.size == (width, height)
            assert len(desk.drawn("counts")) == width
            await desk.press("enter")
            await desk.until(lambda: isinstance(desk.app.screen, ReviewScreen))
            await desk.settle()


async def test_a_window_of_another_size_is_filled_by_what_nobody_redraws(store: Store) -> None:
    async with at_desk(store) as desk:
        await desk.press("?")
        await desk.until(lambda: isinstance(desk.app.screen, HelpScreen))
        for width, height in ((60, 20), (200, 40), (100, 30)):
            await desk.pilot.resize_terminal(width, height)
            assert desk.app.screen.query_one("#help").region.size == (width, height - 2)


async def test_a_screen_that_comes_back_has_the_theme_chosen_meanwhile(store: Store) -> None:
    async with reviewing(store) as desk:
        before = desk.queue.styles.background
        desk.app.theme = "light"
        await desk.press("q")
        await desk.until(lambda: desk.app.screen is desk.queue)
        await desk.settle()
        light = desk.app.get_css_variables()["background"]
        assert desk.queue.styles.background.hex == light.upper() != before.hex
