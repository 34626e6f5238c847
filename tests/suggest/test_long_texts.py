"""Places where very long texts are cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.suggest.long_texts import about_how_many, pieces


@given(
    text=st.text(alphabet=st.sampled_from("Abc. \n”!"), max_size=300),
    longest=st.integers(min_value=1, max_value=60),
)
def test_pieces_make_up_the_text_and_none_is_too_long(text: str, longest: int) -> None:
    cut = list(pieces(text, longest))
    assert "".join(cut) == text
    assert all(0 < len(piece) <= longest for piece in cut if text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("First here.\n\nSecond. It is longer.", ["First here.", "\n\nSecond. It is longer."]),
        ("First here.\nSecond. It is longer.", ["First here.", "\nSecond. It is longer."]),
        ("He saw Mr. Oke. It was late, he said.", ["He saw Mr. Oke. ", "It was late, he said."]),
        (
            "“No!” The pier, they said, leans a bit.",
            ["“No!” ", "The pier, they said, leans a bit."],
        ),
        ("one two three four five six seven", ["one two three four five ", "six seven"]),
        ("x" * 30, ["x" * 25, "x" * 5]),
    ],
)
def test_a_text_is_cut_at_the_best_place(text: str, expected: list[str]) -> None:
    assert list(pieces(text, 25 if "leans" not in text else 36)) == expected


@given(
    text=st.text(alphabet=st.sampled_from("ab. \n”!"), max_size=300),
    longest=st.integers(min_value=1, max_value=90),
    most=st.integers(min_value=1, max_value=20),
)
def test_no_piece_has_too_many_tokens(text: str, longest: int, most: int) -> None:
    cut = list(pieces(text, longest, most))
    assert "".join(cut) == text
    assert all(about_how_many(piece) <= most and len(piece) <= longest for piece in cut)


@pytest.mark.parametrize("line", ["a\n", "1.", "!?", "\n", "a-"])
def test_a_text_with_one_letter_per_line_is_cut_more_often(line: str) -> None:
    text = line * (100_000 // len(line))
    assert len(list(pieces(text, 100_000, 25_000))) >= 4
    assert max(map(about_how_many, pieces(text, 100_000, 25_000))) <= 25_000
