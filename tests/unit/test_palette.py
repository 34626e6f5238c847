"""The palette: what it lists first, what it finds, how it is drawn; without a screen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.tui.action_names import NAMES
from annotator.tui.keys import KEYS, Mode
from annotator.tui.screens.offers import Offer, found, recent_first
from annotator.tui.screens.palette_prompt import PalettePrompt
from annotator.tui.widgets.prompts import Done

LONGEST = 36


def offers(*words: str) -> tuple[Offer, ...]:
    return tuple(Offer(f"n{place}", told, lambda: None) for place, told in enumerate(words))


def typed(prompt: PalettePrompt, text: str) -> PalettePrompt:
    for character in text:
        prompt.press(character, character)
    return prompt


def test_every_name_is_short_and_of_an_action_and_means_one_thing_on_its_screen() -> None:
    actions = {key.action: key.mode for key in KEYS}
    assert NAMES.keys() <= actions.keys()
    assert max(map(len, NAMES.values())) <= LONGEST
    for mode in Mode:
        told = [name for action, name in NAMES.items() if actions.get(action) is mode]
        assert len(told) == len(set(told))


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("acc", "Accept"),
        ("person", "Relabel: PERSON"),
        ("cla fil", "Filter: claims only"),
        ("finish", "Finish the article"),
        ("ccept", "Accept"),
    ],
)
def test_the_best_hit_comes_first(text: str, first: str) -> None:
    listed = offers(
        "Accept all and finish",
        "Accept",
        "Filter: claims only",
        "Relabel: PERSON",
        "Finish the article",
    )
    hits = found((listed[1], listed[0], *listed[2:]), text)
    assert hits[0].words == first


@given(st.lists(st.text("abc :", min_size=1, max_size=8), max_size=8), st.text("abc ", max_size=5))
def test_hits_hold_every_typed_word_and_none_is_lost(words: list[str], text: str) -> None:
    listed = offers(*words)
    hits = found(listed, text)
    wanted = text.split()
    assert {hit.name for hit in hits} == {
        one.name for one in listed if all(w in f"{one.words} {one.name}" for w in wanted)
    } or not wanted
    assert len(hits) == len({hit.name for hit in hits})


@given(st.lists(st.integers(0, 9), unique=True), st.lists(st.integers(0, 12), unique=True))
def test_recent_lines_come_first_and_nothing_is_lost(here: list[int], recent: list[int]) -> None:
    listed = [Offer(f"n{n}", str(n), lambda: None) for n in here]
    ordered = recent_first(listed, [f"n{n}" for n in recent])
    assert sorted(one.name for one in ordered) == sorted(one.name for one in listed)
    known = [f"n{n}" for n in recent if n in here]
    assert [one.name for one in ordered[: len(known)]] == known
    rest = [one.name for one in listed if one.name not in known]
    assert [one.name for one in ordered[len(known) :]] == rest


def test_enter_does_the_chosen_line_once_the_palette_is_closed() -> None:
    done: list[str] = []
    used: list[Offer] = []
    listed = (Offer("a", "Accept", lambda: done.append("a")), Offer("b", "B", lambda: None))
    end = typed(PalettePrompt(listed, used=used.append), "acc").press("enter", None)
    assert isinstance(end, Done)
    assert done == []
    end.then()
    assert (done, used) == (["a"], [listed[0]])


def test_a_click_does_the_line_under_it() -> None:
    done: list[str] = []
    listed = (Offer("a", "A", lambda: None), Offer("b", "B", lambda: done.append("b")))
    prompt = PalettePrompt(listed)
    keys = {piece[2] for piece in prompt.lines(40)[2].left if len(piece) == 3}
    assert len(keys) == 1
    end = prompt.press(keys.pop(), None)
    assert end is not None
    end.then()
    assert done == ["b"]


@pytest.mark.parametrize("press", ["down", "pagedown"])
def test_the_cursor_stays_in_view_and_the_palette_as_high(press: str) -> None:
    prompt = PalettePrompt(offers(*map(str, range(40))), rows=lambda: 5)
    for _ in range(60):
        lines = prompt.lines(60)
        assert len(lines) == 6
        assert sum(line.chosen for line in lines) == 1
        prompt.press(press, None)
    assert prompt.at == 39
    assert len(typed(prompt, "39").lines(60)) == 6
