"""Reads `esc` and a key right after it as two keys.

A terminal sends `esc` as the same byte that starts alt+key and every arrow key. Textual waits a
tenth of a second for what may follow; a key pressed meanwhile becomes alt+key or another character,
and everything typed until the next pause waits with it: `X`, `esc`, `u` pressed fast would mark the
article unusable. No key of ours is alt and a character, so here `esc` is a key at once unless an
arrow or function key can follow.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from textual.events import Key
from textual.message import Message

from annotator.tui.terminal.textual_internals import KeyParser, is_key_sequence

_ESC = "\x1b"
# What follows ESC in the sequences of keys, mouse and replies.
_BEGINS_A_SEQUENCE = "[O"
# What macOS sends for option and an arrow; other terminals send their own sequences for alt.
_OPTION_ARROWS = {"\x1bb": "alt+left", "\x1bf": "alt+right"}


class EscapeParser(KeyParser):
    """Textual's parser of terminal input, with `esc` distinguished from alt."""

    def __init__(self, debug: bool = False) -> None:
        self._esc_came_alone = False
        self._esc_was_last = False
        super().__init__(debug)

    def feed(self, data: str) -> Iterable[Message]:
        self.begin_piece(data)
        return super().feed(data)

    def begin_piece(self, data: str) -> None:
        """The next piece of input is about to be read."""
        # A terminal sends the bytes of one key in one piece; fingers are slower.
        self._esc_came_alone = self._esc_was_last
        self._esc_was_last = data.endswith(_ESC)

    def keys_of(self, sequence: str, *, alt: bool) -> Iterator[Key]:
        came_alone, self._esc_came_alone = self._esc_came_alone, False
        if sequence in _OPTION_ARROWS and not came_alone:
            yield Key(_OPTION_ARROWS[sequence], None)
            return
        if alt:
            # Nothing that completes a sequence has arrived for a tenth of a second.
            yield Key("escape", _ESC)
        elif (
            len(sequence) == 2
            and sequence[0] == _ESC
            and sequence[1] not in _BEGINS_A_SEQUENCE
            and (came_alone or not is_key_sequence(sequence))
        ):
            yield Key("escape", _ESC)
            sequence = sequence[1]
        yield from super().keys_of(sequence, alt=False)
