"""The effect of every key that moves, selects or labels."""

from __future__ import annotations

from itertools import pairwise

from annotator.core.annotations import Claim
from annotator.core.edits import PartName
from annotator.store.store import Store
from tests.tui.desk import SCHEME, TEXT, Desk, reviewing
from tests.tui.one_app import ONE_APP

pytestmark = ONE_APP

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


async def test_keys_that_move_the_caret(store: Store) -> None:
    async with reviewing(store) as desk:
        for key, words in MOVES:
            desk.put_caret(START)
            await desk.press(key)
            assert (key, TEXT[desk.view.caret :][: len(words)]) == (key, words)
        assert desk.decisions() == ()


async def test_moves_by_line_and_page_are_reversible(store: Store) -> None:
    async with reviewing(store, "A line.\n\n" * 80, (), size=(100, 20)) as desk:
        view = desk.view
        for down, up in (("j", "k"), ("down", "up"), ("pagedown", "pageup")):
            offsets = [view.caret]
            for _ in range(3):
                await desk.press(down)
                offsets.append(view.caret)
            assert all(one < other for one, other in pairwise(offsets)), down
            await desk.press(up, up, up)
            assert (up, view.caret) == (up, 0)


SELECTIONS = [
    (("W",), "Ilva"),
    (("W", "W"), "Ilva Marrow"),
    (("shift+right", "shift+right"), "Ilva Marrow"),
    (("shift+left",), "Ilva"),
    (("B", "B"), "– Ilva"),
    (("shift+left", "shift+left"), "– Ilva"),
]


def selected(desk: Desk) -> str:
    chosen = desk.view.selection
    return "" if chosen is None else chosen.of(desk.text)


async def test_keys_that_select_by_token(store: Store) -> None:
    async with reviewing(store) as desk:
        for keys, words in SELECTIONS:
            desk.put_caret(START)
            await desk.press(*keys)
            assert (keys, selected(desk)) == (keys, words)


async def test_keys_that_select_by_line(store: Store) -> None:
    async with reviewing(store, "one two\n\nthree four\n\nfive six\n", ()) as desk:
        for down, up in (("J", "K"), ("shift+down", "shift+up")):
            desk.put_caret("three")
            await desk.press(down, down)
            assert (down, selected(desk)) == (down, "three four\n\nfive")
            await desk.press(up, up)
            assert (up, selected(desk)) == (up, "three")


async def made_by(desk: Desk, *keys: str) -> tuple[str, str]:
    """Label and words of the entity that these keys make of a selection; it is undone again."""
    desk.select("Tamsin")
    await desk.press(*keys)
    (made,) = desk.review.entities
    await desk.press("u")
    assert desk.review.entities == ()
    return made.label, made.span.of(TEXT)


async def test_each_digit_sets_its_label(store: Store) -> None:
    async with reviewing(store, items=()) as desk:
        made = {digit: await made_by(desk, digit) for digit in "1234567890"}
    labels = {digit: SCHEME.digit(digit) for digit in "1234567890"}
    assert made == {digit: (label and label.name, "Tamsin") for digit, label in labels.items()}


async def test_each_letter_sets_its_label(store: Store) -> None:
    async with reviewing(store, items=()) as desk:
        made = {label.key: await made_by(desk, "l", label.key) for label in SCHEME}
    assert made == {label.key: (label.name, "Tamsin") for label in SCHEME}


async def test_shift_tab_visits_the_parts_backwards(store: Store) -> None:
    async with reviewing(store) as desk:
        (claim,) = desk.review.claims
        desk.work.navigation.focus_on(claim.id)
        names = []
        for _ in range(3):
            await desk.press("shift+tab")
            assert isinstance(desk.item, Claim)
            assert desk.state.focus.part is not None
            names.append(desk.state.focus.part.name)
        assert names == [PartName.SOURCE, PartName.CUE, PartName.CONTENT]
