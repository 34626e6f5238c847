"""`esc` and a key right after it, read as two keys.

A terminal sends `esc` as the same byte that begins alt+key and every arrow key. Textual waits a
tenth of a second for what may follow; a key that is pressed meanwhile becomes alt+key, or another
character altogether, and everything typed until the next pause waits with it: `X`, `esc`, `u`
pressed fast would call the article unusable. No key of ours is alt and a character, so that here
`esc` is itself, and at once, wherever no arrow or function key can follow from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from textual.events import Key
from textual.message import Message

from annotator.tui.terminal.textual_internals import KeyParser, is_key_sequence

_ESC = "\x1b"
# What comes after ESC in the sequences of keys, mouse and replies.
_BEGINS_A_SEQUENCE = "[O"


class EscapeParser(KeyParser):
    """Textual's reader of what a terminal sends, with `esc` told from alt."""

    def __init__(self, debug: bool = False) -> None:
        self._esc_came_alone = False
        self._esc_was_last = False
        super().__init__(debug)

    def feed(self, data: str) -> Iterable[Message]:
        self.begin_piece(data)
        return super().feed(data)

    def begin_piece(self, data: str) -> None:
        """Another piece has come, and is going to be read."""
        # What a terminal sends for one key comes in one piece; a finger takes longer.
        self._esc_came_alone = self._esc_was_last
        self._esc_was_last = data.endswith(_ESC)

    def keys_of(self, sequence: str, *, alt: bool) -> Iterator[Key]:
        came_alone, self._esc_came_alone = self._esc_came_alone, False
        if alt:
            # After a tenth of a second nothing had come that would make a sequence of it.
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
