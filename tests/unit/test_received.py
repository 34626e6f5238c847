"""Any bytes from a terminal are read: invalid ones are dropped, all keys arrive."""

from __future__ import annotations

import codecs
import random
from collections.abc import Iterable, Sequence
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from textual import events
from textual._xterm_parser import XTermParser
from textual.drivers import linux_driver
from textual.message import Message

from annotator.tui.keys import pressed_key
from annotator.tui.terminal.received import (
    AnyBytes,
    KeysTogether,
    TerminalReader,
    read_whatever_comes,
)


def read(*pieces: bytes) -> list[Message]:
    """What is read of bytes that come in these pieces."""
    decoder, reader = AnyBytes(), TerminalReader()
    messages: list[Message] = []
    for piece in pieces:
        characters = decoder.decode(piece)
        if characters:
            messages += reader.feed(characters)
        messages += reader.tick()
    return messages


def keys(messages: Iterable[Message]) -> list[str]:
    """The keys among messages, by the names they have in the table of keys."""
    pressed: list[events.Key] = []
    for message in messages:
        if isinstance(message, events.Key):
            pressed.append(message)
        elif isinstance(message, KeysTogether):
            pressed += message.keys
    return [pressed_key(key.key, key.character) for key in pressed]


def pastes(messages: Iterable[Message]) -> list[str]:
    return [message.text for message in messages if isinstance(message, events.Paste)]


def cut(whole: bytes, places: Iterable[int]) -> list[bytes]:
    """Bytes in pieces that end at these places."""
    at = sorted({place % (len(whole) + 1) for place in places} | {0, len(whole)})
    return [whole[start:end] for start, end in pairwise(at)]


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        ((b"\xe1a",), ["a"]),
        ((b"aaa\xff",), ["a", "a", "a"]),
        ((b"\xe1", b"a", b"x"), ["a", "x"]),
        ((b"\xf0\x9f", b"a"), ["a"]),
        ((b"\xed\xa0\x80a",), ["a"]),
        ((b"a\x9b", b"b"), ["a", "b"]),
        ((b"\x1b[M \x800a",), ["a"]),
        ((b"\x1b[M\xe2\x80\xafa",), ["a"]),
        ((b"\x1b[M", b"\xff", b"\xc3\xa9", b"n"), ["n"]),
        ((b"\x1b", b"[", b"M \xc3\xa9x"), ["x"]),
        ((b"n\x1b[M !!\x1b[M \xff\xfeA\x1b[B",), ["n", "A", "down"]),
        ((b"\xc3\xa9a",), ["é", "a"]),
        ((b"\xc3", b"\xa9", b"a"), ["é", "a"]),
        ((b"\x1b[99999999999999999;5ua",), ["a"]),
        ((b"\x1b[1:2;3ua",), ["a"]),
        ((b"\x1b[48;1:x;2:y;3;4ta",), ["a"]),
    ],
)
def test_invalid_bytes_are_dropped(pieces: tuple[bytes, ...], expected: list[str]) -> None:
    assert keys(read(*pieces)) == expected


ANY_BYTES = st.one_of(
    st.binary(max_size=40),
    st.lists(
        st.sampled_from(
            [b"\x1b", b"\x1b[", b"\x1bO", b"\x1b[M", b"\x1b[<0;", b"\x1b[200~", b"\x1b[201~",
             b"\x1b[48;", b"\x1b[?2026;", b"$y", b";", b":", b"u", b"t", b"M", b"R", b"~",
             b"9" * 12, b"1", b"\xff", b"\xe2\x82", b"\x00", b"\x9b", b"a", b" "]
        ),
        max_size=14,
    ).map(b"".join),
)  # fmt: skip


@given(ANY_BYTES, st.lists(st.integers(0, 100), max_size=6))
@example(b"\x1b[9999999999;9999999999u", [])
def test_the_reader_survives_any_input(sent: bytes, places: Sequence[int]) -> None:
    decoder, reader = AnyBytes(), TerminalReader()
    for piece in cut(sent, places):
        list(reader.feed(decoder.decode(piece) or "\x00"))
        list(reader.tick())
    # What ends every sequence and paste that may have begun; then keys are keys.
    list(reader.feed("\x1b[201~" + "\x00" * 40))
    assert keys(reader.feed("n")) == ["n"]


@given(
    st.lists(
        st.one_of(st.sampled_from(list(b"axnpjkuA12")), st.integers(0x80, 0xFF)), max_size=30
    ).map(bytes),
    st.lists(st.integers(0, 100), max_size=6),
)
def test_keys_between_invalid_bytes_are_read(sent: bytes, places: Sequence[int]) -> None:
    came = [key for key in keys(read(*cut(sent, places))) if key.isascii()]
    assert came == [chr(byte) for byte in sent if byte < 0x80]


@given(st.lists(st.binary(min_size=3, max_size=3).filter(lambda b: 27 not in b), max_size=8))
def test_an_old_mouse_report_is_not_a_key(reports: list[bytes]) -> None:
    sent = b"a" + b"".join(b"\x1b[M" + report + b"n" for report in reports)
    assert keys(read(sent)) == ["a", *["n"] * len(reports)]


@given(
    st.text(max_size=60).filter(lambda text: "\x1b[201~" not in text),
    st.lists(st.integers(0, 400), max_size=8),
)
def test_a_marked_paste_gives_no_keys(pasted: str, places: Sequence[int]) -> None:
    sent = b"a\x1b[200~" + pasted.encode("utf-8", "ignore") + b"\x1b[201~n"
    messages = read(*cut(sent, places))
    assert keys(messages) == ["a", "n"]
    assert not any(set(text) & {"\x1b", "\x00", "\x07", "\x9b"} for text in pastes(messages))


def test_escapes_inside_a_marked_paste_are_not_keys() -> None:
    inside = b"one \x1b[A two \x1b\x1b xxx \x1b[999999999999999999999999999999999999aaaa\x1bOP"
    messages = read(b"\x1b[200~" + inside + b"\x1b[201~")
    assert keys(messages) == []
    assert len(pastes(messages)) == 1


def test_keys_of_one_piece_are_one_message() -> None:
    (together,) = read(b"aax")
    assert isinstance(together, KeysTogether)
    assert [type(message) for message in read(b"a", b"x")] == [events.Key, events.Key]


def test_absurd_sizes_and_positions_are_dropped() -> None:
    messages = read(b"\x1b[48;99999;99999;1;1t\x1b[<0;99999999;5M\x1b[<0;3;5M")
    assert [type(message) for message in messages] == [events.MouseDown]


def test_a_long_stream_is_read_in_linear_time() -> None:
    dice = random.Random(5)
    sent = bytes(dice.choice(b"ab \x1b[0;3mAB~\r") for _ in range(20_000))
    assert read(*cut(sent, range(0, 20_000, 4096)))


def test_textuals_driver_uses_our_reader() -> None:
    """Both names are private to its module: another version may have others."""
    read_whatever_comes(linux_driver.LinuxDriver)
    assert vars(linux_driver)["XTermParser"] is TerminalReader
    assert isinstance(vars(linux_driver)["getincrementaldecoder"]("utf-8")(), AnyBytes)
    assert issubclass(TerminalReader, XTermParser)
    assert not isinstance(codecs.getincrementaldecoder("utf-8")(), AnyBytes)
