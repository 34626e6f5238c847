"""Reads terminal input so that no input can end the screens.

Textual reads UTF-8 strictly, in a thread that ends at the first invalid byte: a letter from a
Latin-1 terminal, a key with its eighth bit set for alt, a mouse report in the old form. Its parser
also fails on some sequences. Here invalid bytes and sequences are dropped, and everything around
them is kept.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from textual import events
from textual.message import Message

from annotator.tui.terminal.escape import EscapeParser
from annotator.tui.terminal.pastes import PasteCutter, plain
from annotator.tui.terminal.textual_internals import event_time, read_with

if TYPE_CHECKING:
    from textual.driver import Driver

# Three bytes of any value follow; the stream must have three characters in their place.
_OLD_MOUSE = re.compile(rb"\x1b\[M([\s\S]{1,3})")
_LONGEST_BEFORE = 5
# No terminal has more columns or lines; a larger size or mouse position is not a valid report.
_MOST_CELLS = 10_000


class KeysTogether(Message):
    """Keys that arrived in one piece, in order."""

    def __init__(self, keys: tuple[events.Key, ...], at: float) -> None:
        super().__init__()
        self.keys, self.at = keys, at


def read_whatever_comes(driver: type[Driver]) -> None:
    """Make a driver read its terminal with `AnyBytes` and `TerminalReader`."""
    read_with(driver, TerminalReader, _decoder)


def _decoder(_name: str) -> Callable[[], AnyBytes]:
    return AnyBytes


class AnyBytes:
    """Decodes UTF-8 bytes that arrive in arbitrary pieces; drops invalid bytes."""

    def __init__(self) -> None:
        self._decode = codecs.getincrementaldecoder("utf-8")("ignore").decode
        self._before = b""

    def decode(self, received: bytes, final: bool = False) -> str:
        """The complete characters of the next bytes."""
        known = len(self._before)
        whole = bytearray(self._before + received)
        for report in _OLD_MOUSE.finditer(bytes(whole)):
            start, end = report.span(1)
            whole[start:end] = b" " * (end - start)
        self._before = (self._before + received)[-_LONGEST_BEFORE:]
        return self._decode(bytes(whole[known:]), final)


class TerminalReader(EscapeParser):
    """Turns terminal input into messages: keys, mouse, pastes; it never fails."""

    def __init__(self, debug: bool = False) -> None:
        self._cutter = PasteCutter()
        super().__init__(debug)

    def feed(self, data: str) -> Iterable[Message]:
        if not data:
            yield from super().feed(data)
            return
        self.begin_piece(data)
        for part in self._cutter.feed(data, event_time()):
            yield from (
                self._pasted(part.characters)
                if part.pasted
                else self._typed(self._messages(part.characters))
            )

    def tick(self) -> Iterable[Message]:
        for part in self._cutter.tick(event_time()):
            yield from self._pasted(part.characters)
        if self.is_overdue:
            yield from self._typed(self._timed_out())

    def _pasted(self, words: str) -> Iterator[Message]:
        yield events.Paste(plain(words))

    def _messages(self, characters: str) -> Iterator[Message]:
        for character in characters:
            try:
                yield from self.read(character)
            except Exception:
                self.begin_anew()

    def _timed_out(self) -> Iterator[Message]:
        try:
            yield from self.time_out()
        except Exception:
            self.begin_anew()

    def _typed(self, messages: Iterable[Message]) -> Iterator[Message]:
        """The messages, with keys that arrived together as one message."""
        keys: list[events.Key] = []
        for message in messages:
            if isinstance(message, events.Key):
                keys.append(message)
            elif not _is_absurd(message):
                yield message
            elif isinstance(message, events.Resize):
                # It would misplace the mouse by the characters it consumed.
                self.mouse_pixels = False
        if len(keys) == 1:
            yield keys[0]
        elif keys:
            yield KeysTogether(tuple(keys), event_time())


def _is_absurd(message: Message) -> bool:
    """Whether a message is impossible: an empty paste, a size or a place beyond all screens."""
    match message:
        case events.Paste():
            return not message.text
        case events.Resize():
            return not all(0 < cells <= _MOST_CELLS for cells in message.size)
        case events.MouseEvent():
            return not all(abs(at) <= _MOST_CELLS for at in (message.x, message.y))
    return False
