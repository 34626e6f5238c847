"""Pastes without marks are recognised; marks are removed from input."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.tui.keys import KEYS, Mode
from annotator.tui.terminal.pastes import BEGINS, ENDS, InputPart, PasteCutter, looks_pasted, plain

TEXTS = [
    "The ferry was late on Tuesday.\rNobody on the quay wanted to wait.\r",
    "Greyline",
    "Greyline Ferries",
    "14 January",
    "said the man",
    "https://example.org/a/1",
    "UNESCO",
    "2,000 crowns\r",
    "\tharbour\r\n",
    "Überfahrt verspätet",
    "а также сказал",
    "0123456789",
    "x" * 300,
]
TYPED = [
    "a", "aaaa", "axax", "aaxxaaxx", "a" * 250, "jjjjjj", "nnnaxa", "a a x n ", "aXu", "naxnaxnax",
    "jjjkkkjjj", "aaa\r", "qq", "??", "1a2a3a", "lpa", "\r\r\r", "", "AAA", "aaaa xxxx nnnn",
    "xaxaxa 12 xa", "nnnn pppp aaaa", "GgGg",
]  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_looks_pasted(text: str) -> None:
    assert looks_pasted(list(text))


@pytest.mark.parametrize("typed", TYPED)
def test_keys_pressed_fast_do_not(typed: str) -> None:
    assert not looks_pasted(list(typed))


@given(st.sampled_from([k for key in KEYS for k in key.keys if len(k) == 1]), st.integers(1, 256))
def test_a_key_held_down_does_not(key: str, times: int) -> None:
    assert not looks_pasted([key] * times)


@given(st.lists(st.sampled_from("axn"), max_size=256))
def test_keys_of_single_decisions_do_not(typed: list[str]) -> None:
    assert not looks_pasted(typed)


@given(st.lists(st.sampled_from("axnpAu "), max_size=4))
def test_a_few_keys_at_once_do_not(typed: list[str]) -> None:
    assert not looks_pasted(typed)


@given(
    st.lists(st.sampled_from(["a", "x", "n", "", "", "1"]), max_size=60),
)
def test_arrows_among_keys_are_not_counted(typed: list[str]) -> None:
    assert not looks_pasted(typed)


def test_keys_over_a_stalling_connection_are_no_paste() -> None:
    """Decisions as they come: mostly accepted, some rejected, relabelled, moved past."""
    dice = random.Random(11)
    actions = {key.action: key.keys[0] for key in KEYS if key.mode is Mode.REVIEW and key.keys}
    usual = [actions[name] for name in ("accept", "reject", "next_open", "label_1", "label_2")]
    for _ in range(500):
        typed = dice.choices(usual, weights=(8, 3, 4, 1, 1), k=dice.randint(1, 25))
        assert not looks_pasted(typed)


def feed(*pieces: str, pause: float = 0.0) -> list[InputPart]:
    cutter, now = PasteCutter(), 0.0
    parts: list[InputPart] = []
    for piece in pieces:
        now += pause
        parts += cutter.feed(piece, now)
    return [part for part in parts if part.characters]


@pytest.mark.parametrize("cut", range(1, len(BEGINS + "two\rlines" + ENDS)))
def test_a_marked_paste_is_complete_wherever_it_is_cut(cut: int) -> None:
    sent = f"{BEGINS}two\rlines{ENDS}"
    parts = feed(f"a{sent[:cut]}", f"{sent[cut:]}b")
    assert [part.characters for part in parts if part.pasted] == ["two\rlines"]
    typed = "".join(part.characters for part in parts if not part.pasted)
    assert typed == f"a{BEGINS}{ENDS}b"


def test_a_paste_without_end_mark_ends_by_itself() -> None:
    cutter = PasteCutter()
    assert all(not part.pasted for part in cutter.feed(f"{BEGINS}lost", 0.0))
    assert list(cutter.feed("a", 0.5)) == []
    assert list(cutter.tick(0.9)) == []
    assert list(cutter.tick(1.1)) == [InputPart("losta", pasted=True)]
    assert list(cutter.feed("n", 1.2)) == [InputPart("n")]


def test_single_keys_do_not_prolong_a_paste_without_end_mark() -> None:
    cutter = PasteCutter()
    list(cutter.feed(BEGINS, 0.0))
    came = [part for n in range(1, 6) for part in cutter.feed("n", n * 0.4)]
    assert InputPart("n") in came


def test_a_long_paste_in_many_pieces_is_one_paste() -> None:
    words = "The ferry was late. " * 4000
    pieces = [words[at : at + 4096] for at in range(0, len(words), 4096)]
    parts = feed(BEGINS, *pieces, ENDS, pause=0.5)
    assert [part.characters for part in parts if part.pasted] == [words]


def test_plain_words_contain_no_controls() -> None:
    assert plain("a\x1b]0;x\x07b\r\nc\td\x9be\x00\x7f") == "a]0;xb\nc\tde"
