"""A long line is cut at an ellipsis, wherever its pieces end; keys that lead away stay."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.tui.terminal.cells import width_of
from annotator.tui.widgets.bar import BarLine, Piece, hints, in_a_row, runs_of
from annotator.tui.widgets.prompts import LinePrompt

words = st.text(alphabet="ab é語", max_size=8)
pieces = st.lists(st.tuples(st.just("normal"), words), max_size=6)
widths = st.integers(4, 40)


def drawn(line: BarLine, width: int) -> str:
    return "".join(words for _, words, _ in runs_of(line, width))


@given(pieces, widths)
def test_cut_text_ends_in_an_ellipsis(left: list[Piece], width: int) -> None:
    whole = "".join(piece[1] for piece in left).rstrip()
    shown = drawn(BarLine(tuple(left)), width).rstrip()
    assert width_of(shown) <= width
    assert shown == whole or shown.endswith("…")
    if width_of(whole) <= width:
        assert shown == whole


@pytest.mark.parametrize("left", [("abc ",), ("abc", "  "), ("a", "bc  ", " "), ("語 ", "a ")])
def test_blanks_at_the_end_are_cut_without_an_ellipsis(left: tuple[str, ...]) -> None:
    assert drawn(BarLine(tuple(("normal", one) for one in left)), 4).rstrip() in ("abc", "語 a")


@given(st.lists(pieces.filter(bool), max_size=5), widths)
def test_groups_that_are_told_never_go_without_a_sign(
    groups: list[list[Piece]], width: int
) -> None:
    said = ["".join(piece[1] for piece in group) for group in groups]
    shown = drawn(in_a_row(groups, width, cut=True), width)
    assert all(one.strip() in shown for one in said) or shown.rstrip().endswith("…")


@given(st.integers(12, 120))
def test_the_key_that_leads_away_is_never_left_out(width: int) -> None:
    rows = [(letter, "does something") for letter in "abcdefgh"]
    for place in range(len(rows) + 1):
        line = hints([*rows[:place], ("esc", "back"), *rows[place:]], width)
        assert " esc back" in drawn(line, width)


def test_the_title_of_a_line_to_type_is_not_cut_for_its_keys() -> None:
    class Told(LinePrompt):
        title, keys = "search in the titles: 1,204 articles", "enter one   ↓ other   esc ends "

    told = {width: drawn(Told().lines(width)[0], width).strip() for width in (90, 62, 50)}
    assert told[90].endswith("enter one   ↓ other   esc ends")
    assert told[62].endswith("articles      ↓ other   esc ends")
    assert told[50].startswith(Told.title)
    assert told[50].endswith("esc ends")
