"""`esc` and a key right after it are two keys; arrows, alt+arrows, mouse and paste stay whole."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import constants, events
from textual._xterm_parser import XTermParser

from annotator.tui.keys import KEYS, Mode, pressed_key
from annotator.tui.terminal.escape import EscapeParser


def keys(*pieces: str, parser: type[XTermParser] = EscapeParser) -> list[str]:
    """The keys that are read at once from what a terminal sends piece by piece."""
    reader = parser()
    read = [event for piece in pieces for event in [*reader.feed(piece), *reader.tick()]]
    return [event.key for event in read if isinstance(event, events.Key)]


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        (("\x1b", "j"), ["escape", "j"]),
        (("\x1bj",), ["escape", "j"]),
        (("\x1b", "jkl"), ["escape", "j", "k", "l"]),
        (("\x1b", "1"), ["escape", "1"]),
        (("\x1b", "b"), ["escape", "b"]),
        (("\x1b", "\r"), ["escape", "enter"]),
        (("\x1b", " "), ["escape", "space"]),
        (("\x1b", "\x1b", "u"), ["escape", "escape", "u"]),
        (("\x1b[A",), ["up"]),
        (("\x1b", "[A"), ["up"]),
        (("\x1b[", "A"), ["up"]),
        (("\x1bOP",), ["f1"]),
        (("\x1b[1;3D",), ["alt+left"]),
        (("\x1b\x1b[D",), ["escape", "left"]),
        (("\x1b[27u",), ["escape"]),
    ],
)
def test_bytes_and_the_keys_they_give(pieces: tuple[str, ...], expected: list[str]) -> None:
    assert keys(*pieces) == expected


@pytest.mark.parametrize("character", ["[", "O"])
def test_a_possible_start_of_a_sequence_is_read_after_a_delay(character: str) -> None:
    reader = EscapeParser()
    assert [*reader.feed("\x1b"), *reader.feed(character)] == []
    time.sleep(constants.ESCAPE_DELAY * 1.5)
    read = [e for e in reader.tick() if isinstance(e, events.Key)]
    assert [pressed_key(event.key, event.character) for event in read] == ["escape", character]


@pytest.mark.parametrize("mode", Mode)
def test_a_key_right_after_esc_keeps_its_meaning(mode: Mode) -> None:
    typed = {k for key in KEYS if key.mode is mode for k in key.keys if len(k) == 1} - {"["}
    read = {}
    for key in typed:
        reader = EscapeParser()
        got = [*reader.feed("\x1b"), *reader.feed(key)]
        read[key] = [pressed_key(e.key, e.character) for e in got if isinstance(e, events.Key)]
    assert read == {key: ["escape", key] for key in typed}


@given(st.text(st.characters(min_codepoint=32, exclude_characters="\x7f"), min_size=1))
def test_input_without_esc_is_read_unchanged(words: str) -> None:
    assert keys(words) == keys(words, parser=XTermParser)


@pytest.mark.parametrize(
    ("sequence", "key"),
    [
        ("\x1b[1;5D", "ctrl+left"),
        ("\x1b[1;5C", "ctrl+right"),
        ("\x1bOd", "ctrl+left"),  # rxvt
        ("\x1bOc", "ctrl+right"),
        ("\x1b[1;4D", "alt+shift+left"),
        ("\x1b[1;4C", "alt+shift+right"),
        ("\x1b[1;5A", "ctrl+up"),
        ("\x1b[1;5B", "ctrl+down"),
        ("\x1bb", "alt+left"),  # option and an arrow on macOS
        ("\x1bf", "alt+right"),
        ("\x1bOD", "left"),  # ctrl and an arrow in PuTTY
    ],
)
def test_arrows_with_modifiers_are_read_as_the_table_of_keys_writes_them(
    sequence: str, key: str
) -> None:
    assert keys(sequence) == [key]


@pytest.mark.parametrize("sequence", ["\x1b[1;5D", "\x1b[1;4C", "\x1bOd"])
def test_arrows_with_modifiers_may_come_in_pieces(sequence: str) -> None:
    assert keys(*sequence) == keys(sequence)
