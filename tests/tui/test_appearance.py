"""The theme and the tags that a reviewer chooses, and what stays of that in the workspace."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator.store.store import Store
from annotator.tui.app import AnnotatorApp
from annotator.tui.app_setup import AppSetup
from annotator.tui.preferences import Preferences
from annotator.tui.theme.appearance import Appearance, last_theme
from annotator.tui.theme.themes import THEMES
from tests.tui.desk import TEXT, Desk, at_desk, suggestions, take_in


def appearance_of(desk: Desk) -> Appearance:
    assert desk.app.appearance is not None
    return desk.app.appearance


async def open_first(desk: Desk) -> None:
    await desk.press("enter")
    await desk.until(lambda: desk.app.screen is not desk.app.queue)
    await desk.settle()


async def open_themes(desk: Desk) -> None:
    await desk.press("ctrl+p", *"themes", "enter")


@pytest.fixture
def folder(store: Store, tmp_path: Path) -> Path:
    """A workspace with an article, in which a reviewer chose a theme and tags."""
    take_in(store, TEXT, suggestions())
    return tmp_path


async def test_themes_are_shown_while_one_chooses_and_choices_stay(
    store: Store, folder: Path
) -> None:
    async with at_desk(store, folder=folder) as desk:
        await open_themes(desk)
        shown = []
        for _ in THEMES:
            shown.append(desk.app.theme)
            await desk.press("down")
        assert tuple(shown) == THEMES
        await desk.press("escape")
        assert desk.app.theme == "dark"

        await open_themes(desk)
        await desk.press("down", "enter")
        assert desk.app.theme == "light"

        await open_first(desk)
        view = desk.screen.page.view
        assert "PORT ANSEL, March 4 –" in view.render_line(2).text
        await desk.press("#")
        assert "PORT ANSEL[GPE•], March 4[DATE•] –" in view.render_line(2).text
        await desk.press("a")
        assert "PORT ANSEL[GPE✓]" in view.render_line(2).text
        await desk.until(lambda: Preferences(folder).word("tags") == "on")
        await desk.until(lambda: last_theme(folder) == "light")

    async with at_desk(store, folder=folder) as desk:
        assert desk.app.theme == "light"
        # Who changes the settings means them.
        appearance_of(desk).begin(Preferences(folder), "contrast")
        assert desk.app.theme == "contrast"
        await desk.until(lambda: last_theme(folder) == "contrast")
        await open_first(desk)
        assert desk.screen.page.view.tags.is_on


@pytest.mark.parametrize(("last", "shown"), [(None, "dark"), ("light", "light"), ("gone", "dark")])
def test_the_first_frame_has_the_theme_of_the_last_session(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, last: str | None, shown: str
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")
    if last is not None:
        before = Preferences(tmp_path)
        before.choose("last theme", last)
        before.save()
    assert AnnotatorApp(_never_set_up, last_theme(tmp_path)).theme == shown


def _never_set_up() -> AppSetup:
    raise AssertionError("no frame was shown yet")
