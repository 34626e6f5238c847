"""The language of an article."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.suggest.language import detect


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The harbour committee met on Monday and voted for a second survey of the wall.", "en"),
        ("Le comité du port a voté lundi pour une seconde étude du mur de la jetée.", "fr"),
        (
            "Der Hafenausschuss hat am Montag für ein zweites Gutachten über die Mauer gestimmt.",
            "de",
        ),
        ("Комитет порта проголосовал в понедельник за повторную проверку стены.", "ru"),
    ],
)
def test_a_sentence_is_enough(text: str, language: str) -> None:
    assert detect(text) == language


@pytest.mark.parametrize("text", ["", "Hm", "12 345 67", "https://example.org/a/very/long/address"])
def test_a_short_text_is_uncertain(text: str) -> None:
    assert detect(text) is None


@given(st.text(max_size=200))
def test_any_text_has_a_code_or_none(text: str) -> None:
    code = detect(text)
    assert code is None or code.isalpha()
