"""Snapshots of the screens, with fixed time and ids."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest
from textual.pilot import Pilot

from annotator.core.across.story_changes import StoryPress, create_story, to_story_decisions
from annotator.core.across.story_log import Story
from annotator.core.annotations import Tier
from annotator.store.store import Store
from annotator.tui.app import AnnotatorApp
from annotator.tui.app_setup import AppSetup
from tests.helpers.adjudicating import reviewed_by
from tests.helpers.ferry_stories import ALSO, FIRE, VOTE, taken_in
from tests.helpers.items import entity, span
from tests.tui.desk import (
    OTHER,
    TEXT,
    Desk,
    claim,
    config_of,
    first_page_is_loaded,
    suggestions,
    take_in,
)
from tests.tui.held_clock import NOON, HeldClock
from tests.tui.test_adjudication import ITEMS, of_ben
from tests.tui.test_agreement_screen import agreement, matrix, twelve_articles

Compare = Callable[..., bool]


@pytest.fixture
def app(store: Store) -> AnnotatorApp:
    """The app over two articles, one of them decided on."""
    take_in(store, OTHER, (entity(OTHER, "Sund", "GPE"),), minutes=200)
    folded = replace(claim(TEXT, "any delay", "denied", "The council", score=0.5), tier=Tier.B)
    quotation = "“Nobody on this quay wants a fourth winter without a boat,”"
    quoted = replace(claim(TEXT, quotation, "", "she"), cue=(span(TEXT, "said", 1),))
    items = (*suggestions(), quoted, folded)
    take_in(store, TEXT, items, minutes=4)
    guidelines = "# How to decide\n\nMark what the text says.\n"
    config = config_of(store, guidelines=guidelines, inbox="seeds")
    setup = AppSetup(store, config, clock=HeldClock())
    return AnnotatorApp(lambda: setup)


def _after(*keys: str) -> Callable[[Pilot[Any]], Awaitable[None]]:
    """Waits for the queue, presses keys, and waits until all is quiet."""

    async def run(pilot: Pilot[Any]) -> None:
        app = pilot.app
        assert isinstance(app, AnnotatorApp)
        for _ in range(500):
            if first_page_is_loaded(app):
                break
            await asyncio.sleep(0.01)
        assert app.setup is not None
        assert isinstance(app.setup.clock, HeldClock)
        desk = Desk(app, pilot, app.setup.store, app.setup.clock)
        for key in keys:
            await desk.press(key)
            if key in ("enter", "D"):
                await desk.until(lambda: app.screen is not app.queue)
                await desk.settle()
        await asyncio.sleep(0.3)
        await desk.settle()

    return run


def test_queue(app: AnnotatorApp, snap_compare: Compare) -> None:
    assert snap_compare(app, run_before=_after(), terminal_size=(120, 40))


def test_review(app: AnnotatorApp, snap_compare: Compare) -> None:
    keys = ("enter", "a", "x", "1", "n", "tab")
    assert snap_compare(app, run_before=_after(*keys), terminal_size=(120, 40))


def test_review_on_a_narrow_terminal(app: AnnotatorApp, snap_compare: Compare) -> None:
    keys = ("enter", "a", "n", "n", "V")
    assert snap_compare(app, run_before=_after(*keys), terminal_size=(80, 24))


def test_review_without_colour(
    app: AnnotatorApp, snap_compare: Compare, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    plain = AnnotatorApp(app._make_setup)
    keys = ("enter", "a", "x", "1", "n", "t")
    assert snap_compare(plain, run_before=_after(*keys), terminal_size=(120, 40))


def test_help(app: AnnotatorApp, snap_compare: Compare) -> None:
    keys = ("enter", "?")
    assert snap_compare(app, run_before=_after(*keys), terminal_size=(120, 40))


@pytest.fixture
def story(store: Store) -> AnnotatorApp:
    """The app over three articles, two of them a story."""
    articles = [taken_in(store, text) for text in (FIRE, ALSO, VOTE)]
    change = create_story(Story("s1", "The fire on the Saint Oda", tuple(articles[:2])))
    store.stories.append(to_story_decisions((change,), StoryPress("g", "ada", NOON), ids=("d",)))
    setup = AppSetup(store, config_of(store, inbox="seeds"), clock=HeldClock())
    return AnnotatorApp(lambda: setup)


def test_stories(story: AnnotatorApp, snap_compare: Compare) -> None:
    assert snap_compare(story, run_before=_after("S"), terminal_size=(100, 24))


def test_board(story: AnnotatorApp, snap_compare: Compare) -> None:
    keys = ("S", "enter", "space", "l")
    assert snap_compare(story, run_before=_after(*keys), terminal_size=(120, 24))


def test_board_on_a_narrow_terminal(story: AnnotatorApp, snap_compare: Compare) -> None:
    assert snap_compare(story, run_before=_after("S", "enter", "a"), terminal_size=(60, 20))


@pytest.fixture
def differing(store: Store) -> AnnotatorApp:
    """The app over an article that two reviewers finished, who differ on five of its items."""
    article = take_in(store, TEXT, ITEMS)
    reviewed_by(store, article, "ann")
    reviewed_by(store, article, "ben", *of_ben())
    setup = AppSetup(store, config_of(store, inbox="seeds"), clock=HeldClock())
    return AnnotatorApp(lambda: setup)


def test_adjudication(differing: AnnotatorApp, snap_compare: Compare) -> None:
    run = _after("D", "b")
    assert snap_compare(differing, run_before=run, terminal_size=(120, 32))


@pytest.fixture
def agreed(store: Store) -> AnnotatorApp:
    """The app over twelve articles that two reviewers finished, who differ on three."""
    twelve_articles(store)
    setup = AppSetup(store, config_of(store, inbox="seeds"), clock=HeldClock())
    return AnnotatorApp(lambda: setup)


def _when_read(*keys: str) -> Callable[[Pilot[Any]], Awaitable[None]]:
    """Opens the screen of agreement, waits until all is read, then presses keys."""

    async def run(pilot: Pilot[Any]) -> None:
        await _after()(pilot)
        app = pilot.app
        assert isinstance(app, AnnotatorApp)
        assert app.setup is not None
        assert isinstance(app.setup.clock, HeldClock)
        desk = Desk(app, pilot, app.setup.store, app.setup.clock)
        await agreement(desk)
        if "enter" in keys:
            await matrix(desk)
        await desk.press(*keys[1:])
        await asyncio.sleep(0.3)
        await desk.settle()

    return run


def test_agreement(agreed: AnnotatorApp, snap_compare: Compare) -> None:
    assert snap_compare(agreed, run_before=_when_read(), terminal_size=(120, 24))


def test_confusions(agreed: AnnotatorApp, snap_compare: Compare) -> None:
    keys = ("enter", "enter", "j")
    assert snap_compare(agreed, run_before=_when_read(*keys), terminal_size=(80, 24))
