"""Keys that arrive together: the screens survive, and each key acts as if alone."""

from __future__ import annotations

import asyncio
import random
import threading
from collections.abc import Sequence
from dataclasses import replace

import pytest
from textual import events

from annotator.store.store import Store
from annotator.store.values import QueueView
from annotator.tui.app import AnnotatorApp
from annotator.tui.review.review_screen import ReviewScreen
from annotator.tui.screens import layers
from annotator.tui.screens.help_screen import HelpScreen
from annotator.tui.screens.layers import WAITING
from annotator.tui.terminal.keyboard import Typed, now
from tests.helpers.items import entity
from tests.tui.desk import OTHER, TEXT, Desk, _key, at_desk, reviewing, suggestions, take_in
from tests.tui.one_app import one_app

QUEUE_KEYS = [
    "n", "enter", "?", "r", "ctrl+p", "q", "escape", "F", "o", "/", "l", "m", "X", ".", "t", "s",
    "j", "k", "G", "g", "pagedown", "y", "a", "x", "u", "*", "space", "tab", "z", "ctrl+c",
]  # fmt: skip
REVIEW_KEYS = [
    "?", "H", "ctrl+p", "q", "escape", "a", "x", "n", "p", "u", "ctrl+r", "A", "enter", "l", "t",
    "-", ";", "/", "f", "F", "X", "R", "T", "o", "c", "s", "r", "v", "w", "G", "pagedown", "tab",
    "j", "e", "y", "z",
]  # fmt: skip


def send(desk: Desk, keys: Sequence[str]) -> None:
    """Sends keys as one piece of them comes: none waits for another."""
    for key in keys:
        desk.app.post_message(events.Key(*_key(key)))


async def at_rest(desk: Desk) -> None:
    """Waits until every key has been taken and nothing is waited for, or the app is over."""
    for _ in range(500):
        await asyncio.sleep(0.005)
        arrived: bool = desk.app._message_queue.empty()
        waits = len(getattr(desk.app, "keyboard", ())) or not getattr(
            desk.app.screen_stack[-1] if desk.app.screen_stack else None, "takes_keys", True
        )
        if not desk.app.is_running or (arrived and not waits):
            break


async def assert_keys_work(desk: Desk) -> None:
    """Closes whatever is open, goes back to the queue, and opens its help, by keys alone."""
    for key in ("escape", "escape", "escape", "escape", "q"):
        if desk.app.screen is desk.queue and key == "q":
            break
        send(desk, [key])
        await at_rest(desk)
    await desk.until(lambda: desk.app.screen is desk.queue)
    send(desk, ["?"])
    await desk.until(lambda: isinstance(desk.app.screen, HelpScreen))
    send(desk, ["escape"])
    await desk.until(lambda: desk.app.screen is desk.queue)


@pytest.fixture
def two(store: Store) -> Store:
    take_in(store, OTHER, (entity(OTHER, "Sund", "GPE"),), minutes=5)
    take_in(store, TEXT, suggestions())
    return store


TOGETHER = [
    ("n", "?"),
    ("n", "r"),
    ("n", "ctrl+p"),
    ("n", "n"),
    ("enter", "enter"),
    ("?", "escape", "n"),
    ("r", "escape", "n"),
    ("?", "?", "?"),
    ("?", "q", "q"),
    ("r", "q", "q", "q"),
    ("r", "escape", "q"),
    ("r", "escape", "?", "q"),
    ("ctrl+p", "pagedown"),
    ("ctrl+p", "down", "up", "pageup", "escape"),
    ("ctrl+p", "ctrl+p"),
    ("ctrl+p", "escape", "ctrl+p", "escape", "n"),
    ("r", "t", "T", "escape"),
    ("F", "l", "n"),
    ("/", "s", "u", "n", "enter", "escape", "enter"),
    ("o", "l", "n", "q", "n", "q", "n"),
    ("n", "q", "?", "q", "n", "?"),
    ("n", "?", "q", "q", "q"),
    ("enter", "H", "q", "q", "q"),
    ("n", "ctrl+p", "escape", "q"),
]


async def test_the_screens_survive_any_burst(two: Store) -> None:
    async with at_desk(two) as desk:
        for keys in TOGETHER:
            send(desk, keys)
            await at_rest(desk)
            assert desk.app.is_running, keys
            await assert_keys_work(desk)


async def test_leaving_keys_may_arrive_together(two: Store) -> None:
    async with at_desk(two) as desk:
        send(desk, ["n", "q", "q"])
        await desk.until(lambda: not desk.app.is_running)
        assert desk.app.return_code in (None, 0)
    assert two.queue.page(QueueView("bo"), offset=0, limit=2)[0].state == "ready"


async def test_a_key_held_too_long_is_reported_and_works_again(two: Store) -> None:
    async with at_desk(two) as desk:
        send(desk, ["?", "q", "q"])
        await at_rest(desk)
        assert "Press it again" in desk.bar("status")
        send(desk, ["q"])
        await desk.until(lambda: not desk.app.is_running)


@pytest.mark.parametrize(
    "keys",
    [
        ("?", "q", "?", "q", "H", "escape", "ctrl+p", "escape", "l", "escape", "a"),
        ("/", "q", "escape", "n", "P", "P", "P", "P", "P", "P", "P", "a"),
    ],
)
async def test_each_key_of_a_burst_acts_as_alone(two: Store, keys: Sequence[str]) -> None:
    async with at_desk(two) as desk:
        send(desk, ["n", *keys])
        await at_rest(desk)
        assert isinstance(desk.app.screen, ReviewScreen)
        assert [decision.kind for decision in desk.decisions()] == ["accept"]
        assert desk.text == TEXT
        await assert_keys_work(desk)


@pytest.mark.parametrize("seed", range(2))
async def test_no_burst_disables_the_keyboard(two: Store, seed: int) -> None:
    dice = random.Random(seed)
    bursts = 0
    while bursts < 8:
        async with at_desk(two) as desk:
            while desk.app.is_running and bursts < 8:
                bursts += 1
                await _burst(desk, dice)
                if desk.app.is_running:
                    await assert_keys_work(desk)
            assert desk.app.return_code in (None, 0)


async def _burst(desk: Desk, dice: random.Random) -> None:
    keys = dice.choices(QUEUE_KEYS, k=dice.randint(2, 6))
    if dice.random() < 0.6:
        keys = ["n", *dice.choices(REVIEW_KEYS, k=dice.randint(2, 8))]
    gap = dice.choice((0.0, 0.0, 0.002, 0.02))
    for key in keys:
        send(desk, [key])
        if gap:
            await asyncio.sleep(gap)
    await at_rest(desk)


async def test_a_failed_or_cancelled_wait_ends(two: Store) -> None:
    async with at_desk(two) as desk:
        never = asyncio.Event()

        async def waits() -> None:
            await never.wait()

        desk.queue.waiting.fetch("first", waits)
        desk.queue.waiting.fetch("first", waits)
        assert not desk.queue.takes_keys
        send(desk, ["?"])
        await asyncio.sleep(0.05)
        assert desk.app.screen is desk.queue
        desk.queue.workers.cancel_group(desk.queue, "first")
        await desk.until(lambda: isinstance(desk.app.screen, HelpScreen))
        assert desk.queue.takes_keys


async def test_keys_that_wait_for_the_database_are_reported(
    two: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layers, "_PATIENCE", 0.1)
    answers = threading.Event()
    queue, asked = two.queue, two.queue.next_ready
    monkeypatch.setattr(queue, "next_ready", lambda *a, **o: answers.wait(20) and asked(*a, **o))
    async with at_desk(two) as desk:
        send(desk, ["n", "a"])
        await desk.until(lambda: any(n.message == WAITING for n in desk.app._notifications))
        assert desk.app.screen is desk.queue
        answers.set()
        await desk.until(lambda: isinstance(desk.app.screen, ReviewScreen))
        await desk.settle()
        assert [decision.kind for decision in desk.decisions()] == ["accept"]


async def test_copied_text_has_no_control_characters(two: Store) -> None:
    async with at_desk(two) as desk:
        desk.app.copy_to_clipboard("a\x1b]52;c;eA==\x07b\r\n\x9bc\x00")
        assert desk.app.clipboard == "a]52;c;eA==b\nc"


async def test_a_screen_that_opens_by_itself_does_not_take_the_keyboard(two: Store) -> None:
    """Whatever lies over the queue when an article is there to be opened, keys work after it."""
    async with at_desk(two) as desk:
        assert isinstance(desk.app, AnnotatorApp)
        send(desk, ["n"])
        desk.queue.actions.act("queue_help")
        await at_rest(desk)
        await assert_keys_work(desk)


@pytest.mark.parametrize("after", ["?", "ctrl+p", "r", "enter", "n", "X", "F"])
@pytest.mark.parametrize("leaving", ["q", "ctrl+q"])
async def test_a_key_right_after_the_one_that_ends_the_screens_breaks_nothing(
    two: Store, leaving: str, after: str
) -> None:
    async with at_desk(two) as desk:
        send(desk, [leaving, after, after])
        await desk.until(lambda: not desk.app.is_running)
        assert isinstance(desk.app, AnnotatorApp)
        assert (desk.app.bug, desk.app.return_code) == (None, 0)


@pytest.mark.parametrize("keys", [("enter", "ctrl+q"), ("enter", "ctrl+q", "?"), ("?", "ctrl+q")])
async def test_a_screen_that_opens_while_the_screens_end_breaks_nothing(
    two: Store, keys: tuple[str, ...]
) -> None:
    async with at_desk(two) as desk:
        send(desk, keys)
        await desk.until(lambda: not desk.app.is_running)
        assert isinstance(desk.app, AnnotatorApp)
        assert (desk.app.bug, desk.app.return_code) == (None, 0)


@pytest.mark.parametrize("key", ["A", "enter"])
async def test_earlier_keys_do_not_answer_a_question(store: Store, key: str) -> None:
    unsure = [replace(item, score=0.3) for item in suggestions()]
    async with reviewing(store, TEXT, unsure) as desk:
        article = desk.review.article
        send(desk, [key, key, key])
        await at_rest(desk)
        assert (desk.review.article, desk.decisions()) == (article, ())
        assert "again" in desk.bar("detail") or "Accept all" in desk.bar("prompt")
        await desk.press(key)
        assert desk.stored(article).finished is not None


async def test_no_earlier_key_chooses_what_is_accepted(store: Store) -> None:
    unsure = [replace(item, score=0.3) for item in suggestions()[:2]]
    async with reviewing(store, TEXT, (*unsure, *suggestions()[2:])) as desk:
        send(desk, ["A", "s", "v", "n", "enter"])
        await at_rest(desk)
        assert desk.decisions() == ()
        assert "Accept all 6 open" in desk.bar("prompt")
        await desk.press("s")
        assert len(desk.decisions()) == 4


@pytest.mark.parametrize(("first", "key", "finished"), [("enter", "enter", 0), ("n", "A", 1)])
async def test_a_key_held_down_does_not_answer_what_it_asks(
    store: Store, first: str, key: str, finished: int
) -> None:
    """Its second press may be meant as the answer; of what is held down already, none is."""
    take_in(store, OTHER, (entity(OTHER, "Sund", "GPE", score=0.3),), minutes=5)
    take_in(store, TEXT, tuple(replace(item, score=0.3) for item in suggestions()))
    async with at_desk(store) as desk:
        begun = now() + 100
        for number, held in enumerate([first, *[key] * 30]):
            desk.app.keyboard.type(Typed(begun + number * 0.03, held))
            await at_rest(desk)
        assert isinstance(desk.app.screen, ReviewScreen)
        assert "again" in desk.bar("detail") or "Accept all" in desk.bar("prompt")
    assert store.queue.counts().finished == finished


@one_app
@pytest.mark.parametrize("keys", ["aaa", "xx", "11", "..", "}}", "ax", "x1a"])
async def test_earlier_keys_do_not_decide_on_items_out_of_view(store: Store, keys: str) -> None:
    long = TEXT + "\nNothing else was said.\n" * 80
    async with reviewing(store, long, suggestions(long)) as desk:
        await desk.press("a")
        before = len(desk.decisions())
        desk.view.scroll_to(y=1000, animate=False, force=True, immediate=True)
        send(desk, list(keys))
        await at_rest(desk)
        assert len(desk.decisions()) == before
        assert "out of view" in desk.bar("detail")
        await desk.press(keys[-1])
        assert len(desk.decisions()) == before + 1
