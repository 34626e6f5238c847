"""The keys at the foot of a review, and what a click on a line of keys presses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.tui.keys import KEYS, keymap, pressed_by, show_key
from annotator.tui.review.foot import HINTS, Feet
from annotator.tui.review.situation import Here
from annotator.tui.widgets.bar import BarLine, changed_cells, hint, key_at, runs_of

PSEUDO = {"digits", "edge keys"}


def told(line: BarLine) -> str:
    return "".join(words for _, words, *_ in (*line.left, *line.right))


@pytest.mark.parametrize("here", list(Here))
@pytest.mark.parametrize("width", [80, 96, 120, 300])
def test_finish_back_and_help_are_never_cut(here: Here, width: int) -> None:
    line = Feet(keymap()).line(here, width, can=lambda _: True, modes=("anchored", "only claims"))
    goes_on = "next article" if here is Here.FINISHED else "finish"
    assert f"enter {goes_on}" in told(line)
    assert "q queue" in told(line)
    assert "? help" in told(line)
    assert len(told(line)) <= width


@pytest.mark.parametrize("here", list(Here))
def test_the_foot_names_actions_of_the_table_and_each_once(here: Here) -> None:
    actions = [action for action, _ in HINTS[here]]
    assert set(actions) - PSEUDO <= {key.action for key in KEYS}
    assert len(actions) == len(set(actions))


def test_impossible_actions_and_those_without_a_key_are_left_out() -> None:
    keys = keymap({"accept": "f5", "reject": ""})
    line = told(Feet(keys).line(Here.ENTITY, 120, can=lambda action: action != "undo"))
    assert "f5 accept" in line
    assert "reject" not in line
    assert "undo" not in line


def test_every_context_tells_its_first_keys_at_80_columns() -> None:
    first = {
        Here.ENTITY: "a accept x reject 1-0 label",
        Here.CLAIM: "a accept x reject tab parts t attributes",
        Here.PART: "[]{} edges tab next part a accept",
        Here.JUNK: "a accept x reject - kind",
        Here.WORDS: "1-0 mark l any label c claim s source",
        Here.TEXT: "n next 1-0 mark l any label c claim",
        Here.FINISHED: "R reopen u undo",
    }
    for here, words in first.items():
        line = told(Feet(keymap()).line(here, 80, can=lambda _: True))
        assert " ".join(line.split()).startswith(words)


@pytest.mark.parametrize("key", sorted({pressed for row in KEYS for pressed in row.keys}))
def test_a_click_on_a_shown_key_presses_that_key(key: str) -> None:
    assert pressed_by(show_key(key)) == key


@pytest.mark.parametrize("several", ["j k", "1-0", "[]{}", "← →", "one + other", ""])
def test_several_keys_shown_as_one_are_none_to_press(several: str) -> None:
    assert pressed_by(several) == ""


def test_a_click_finds_the_key_under_it() -> None:
    line = BarLine((*hint("a", "accept"), ("normal", "  "), *hint("enter", "go")))
    pressed = [key_at(line, x, 30) for x in (0, 4, 8, 10, 17, 25)]
    assert pressed == ["a", "a", "", "enter", "enter", ""]


pieces = st.lists(
    st.tuples(st.sampled_from(["normal", "muted"]), st.text("ab ü漢", min_size=1, max_size=4)),
    max_size=4,
).map(tuple)
lines = st.builds(BarLine, pieces, pieces, st.booleans())


@given(lines, lines, st.integers(1, 24))
def test_cells_outside_what_is_redrawn_are_the_same(old: BarLine, new: BarLine, width: int) -> None:
    first, end = changed_cells(old, new, width)
    assert 0 <= first < end <= width
    before, after = cells(old, width), cells(new, width)
    assert before[:first] == after[:first]
    assert before[end:] == after[end:]


def cells(line: BarLine, width: int) -> list[tuple[str, str, int, bool]]:
    """What stands in each cell: the tone, the run of words, the place in it."""
    return [
        (tone, words, place, line.chosen)
        for tone, words, count in runs_of(line, width)
        for place in range(count)
    ]
