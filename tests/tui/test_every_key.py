"""Keys that move, select and label, pressed one by one: what each leaves behind."""

from __future__ import annotations

from itertools import pairwise

import pytest

from annotator.core.annotations import Claim, Entity
from annotator.core.edits import PartName
from annotator.core.labels import Label
from annotator.store.store import Store
from annotator.tui.keys import KEYS, Mode
from tests.tui.desk import SCHEME, TEXT, reviewing

START = "Ilva Marrow"
MOVES = [
    ("right", "Marrow, the"),
    ("w", "Marrow, the"),
    ("left", "– Ilva"),
    ("b", "– Ilva"),
    ("alt+right", "lva Marrow"),
    ("alt+left", " Ilva Marrow"),
    (")", "“Nobody on"),
    ("(", "PORT ANSEL"),
    ("g", "Ferry vote"),
    ("home", "Ferry vote"),
    ("G", ".\n"),
    ("end", ".\n"),
]


@pytest.mark.parametrize(("key", "words"), MOVES)
async def test_a_key_that_moves_the_caret(store: Store, key: str, words: str) -> None:
    async with reviewing(store) as desk:
        desk.put_caret(START)
        await desk.press(key)
        assert TEXT.startswith(words, desk.screen.view.caret)
        assert desk.decisions() == ()


@pytest.mark.parametrize(("down", "up"), [("j", "k"), ("down", "up"), ("pagedown", "pageup")])
async def test_lines_and_pages_there_and_back(store: Store, down: str, up: str) -> None:
    async with reviewing(store, "A line.\n\n" * 80, (), size=(100, 20)) as desk:
        view = desk.screen.view
        offsets = [view.caret]
        for _ in range(3):
            await desk.press(down)
            offsets.append(view.caret)
        assert all(one < other for one, other in pairwise(offsets))
        await desk.press(up, up, up)
        assert view.caret == 0


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        (("W",), "Ilva"),
        (("W", "W"), "Ilva Marrow"),
        (("shift+right", "shift+right"), "Ilva Marrow"),
        (("shift+left",), "Ilva"),
        (("B", "B"), "– Ilva"),
        (("shift+left", "shift+left"), "– Ilva"),
    ],
)
async def test_a_key_that_selects_by_token(store: Store, keys: tuple[str, ...], words: str) -> None:
    async with reviewing(store) as desk:
        desk.put_caret(START)
        await desk.press(*keys)
        assert desk.screen.view.selection is not None
        assert desk.screen.view.selection.of(TEXT) == words


@pytest.mark.parametrize(("down", "up"), [("J", "K"), ("shift+down", "shift+up")])
async def test_a_key_that_selects_by_line(store: Store, down: str, up: str) -> None:
    async with reviewing(store, "one two\n\nthree four\n\nfive six\n", ()) as desk:
        desk.put_caret("three")
        await desk.press(down, down)
        chosen = desk.screen.view.selection
        assert chosen is not None
        assert chosen.of(desk.text) == "three four\n\nfive"
        await desk.press(up, up)
        assert desk.screen.view.selection is not None
        assert desk.screen.view.selection.of(desk.text) == "three"


@pytest.mark.parametrize("digit", list("1234567890"))
async def test_each_digit_is_its_label(store: Store, digit: str) -> None:
    async with reviewing(store, items=()) as desk:
        desk.select("Tamsin")
        await desk.press(digit)
        (made,) = desk.review.entities
        label = SCHEME.digit(digit)
        assert label is not None
        assert (made.label, made.span.of(TEXT)) == (label.name, "Tamsin")


@pytest.mark.parametrize("label", SCHEME.labels, ids=[label.name for label in SCHEME])
async def test_each_letter_is_its_label(store: Store, label: Label) -> None:
    async with reviewing(store, items=()) as desk:
        desk.select("Tamsin")
        await desk.press("l", label.key)
        (made,) = desk.review.entities
        assert isinstance(made, Entity)
        assert made.label == label.name


async def test_shift_tab_goes_through_the_parts_backwards(store: Store) -> None:
    async with reviewing(store) as desk:
        (claim,) = desk.review.claims
        desk.screen.focus_on(claim.id)
        names = []
        for _ in range(3):
            await desk.press("shift+tab")
            assert isinstance(desk.screen.item, Claim)
            assert desk.screen.part is not None
            names.append(desk.screen.part.name)
        assert names == [PartName.SOURCE, PartName.CUE, PartName.CONTENT]


def test_every_action_of_the_table_has_a_method() -> None:
    from annotator.tui.queue.queue_screen import QueueScreen
    from annotator.tui.review_screen import ReviewScreen

    screens = {Mode.REVIEW: ReviewScreen, Mode.QUEUE: QueueScreen}
    actions = [(key.mode, key.action) for key in KEYS if not key.action.startswith("label_")]
    assert not [(m, a) for m, a in actions if not callable(getattr(screens[m], f"do_{a}", None))]
