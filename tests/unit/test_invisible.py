"""The visible characters of a text, and their offsets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.text.invisible import INVISIBLE, seen_in, visible
from annotator.core.text.words import Words

UNSEEN = [
    *"\u00ad\u034f\u061c\u200b\u200c\u200d\u200e\u200f\u202a\u202e\u2060\u2063\u2066\u2069",
    *"\ufe00\ufe0f\ufeff\U000e0020\U000e0041\U000e007f\U000e0100\U000e01ef",
]  # fmt: skip
TEXTS = st.text(st.sampled_from([*UNSEEN, *"Nora Hale,\n.é中\U0001f468\U0001f600‑"]), max_size=40)


@pytest.mark.parametrize("mark", UNSEEN)
def test_invisible_characters_are_left_out(mark: str) -> None:
    text = f"{mark}No{mark}ra{mark} {mark}Hale{mark}{mark}"
    seen = seen_in(text)
    assert seen is not None
    assert seen.text == "Nora Hale"
    start, end = seen.original(5, 9)
    assert text[start:end] == "Hale"


@pytest.mark.parametrize("one", UNSEEN)
def test_any_two_invisible_characters_are_left_out(one: str) -> None:
    for other in UNSEEN:
        assert visible(f"{one}{other}No{one}{other}ra{other}{one}") == "Nora"


@pytest.mark.parametrize(
    "text",
    [
        "Nora Hale said no.",
        "José, Łódź, 东京 and the “quay” – a walk…",
        "\U0001f468\u200d\U0001f469\u200d\U0001f467 and \u2764\ufe0f and 1\ufe0f\u20e3",
        "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",  # a flag
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",  # Persian
        "\u0915\u094d\u200d\u0937 \u0915\u094d\u200c\u0937",  # Hindi
        "\u845b\U000e0100\u57ce",  # an ideograph in one of its forms
        "",
    ],
)
def test_combining_characters_stay(text: str) -> None:
    assert seen_in(text) is None
    assert visible(text) == text


def test_characters_hidden_behind_an_emoji_are_left_out() -> None:
    hidden = "".join(chr(0xE0100 + n) for n in range(200))
    assert visible(f"\U0001f600{hidden} Nora") == "\U0001f600 Nora"


@given(TEXTS)
def test_offsets_of_visible_characters_are_right(text: str) -> None:
    seen = seen_in(text)
    if seen is None:
        return
    assert len(seen.places) == len(seen.text) < len(text)
    assert "".join(text[place] for place in seen.places) == seen.text
    assert list(seen.places) == sorted(set(seen.places))


@given(TEXTS)
def test_removing_invisible_characters_is_idempotent(text: str) -> None:
    assert seen_in(visible(text)) is None or visible(visible(text)) != visible(text)


@given(
    st.lists(st.sampled_from(["Nora", "Hale", "said", "U.S.", "2,000", "O’Brien", ",", "\n"])),
    st.data(),
)
def test_keys_move_over_the_visible_words(words: list[str], data: st.DataObject) -> None:
    plain = " ".join(words)
    marked = "".join(
        letter + data.draw(st.sampled_from(["", "", *UNSEEN])) if letter.isalpha() else letter
        for letter in plain
    )
    tokens = [
        [span.of(text) for line in Words(text).lines for span in Words(text).tokens_in(line)]
        for text in (plain, marked)
    ]
    assert [visible(token) for token in tokens[1]] == tokens[0]


def test_a_word_ends_with_its_last_visible_character() -> None:
    words = Words("Nora\ufe00\ufe01 Hale\u200b")
    assert [span.of(words.text) for span in words.tokens_in(words.lines[0])] == ["Nora", "Hale"]
    assert len(INVISIBLE) > len(UNSEEN) / 2
