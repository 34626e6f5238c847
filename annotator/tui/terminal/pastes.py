"""What is pasted, told from what is typed; pure.

A terminal that can marks a paste at both ends. What comes unmarked has to be recognised: keys
that a person presses come one by one, or a few together over a slow line; a key that is held
down comes many times, always the same. A text comes in one piece and has words in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

BEGINS, ENDS = "\x1b[200~", "\x1b[201~"
FOLLOWS_WITHIN = 0.2
"""Within so many seconds after a piece of a paste, what comes belongs to it."""

_MOST_KEYS = 256
_FEW_KEYS = 5
_MANY_CHARACTERS = 10
_LETTERS_OF_A_LONG_WORD = 5
_LETTERS_OF_A_WORD = 3
# Lower case but for the first letter, or capitals alone.
_WORD = re.compile(r"[^\W\d_][^\W\d_]+")
# A paste whose end has been lost must not swallow keys for ever. Single keys do not prolong it.
_PAUSE = 1.0
_NO_SINGLE_KEY = 16
_MOST_KEPT = 1_000_000
_CONTROLS = {code: None for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\n\t"}


def plain(words: str) -> str:
    """Words without control characters, other than line ends and tabs."""
    return words.replace("\r\n", "\n").replace("\r", "\n").translate(_CONTROLS)


def looks_pasted(characters: Sequence[str]) -> bool:
    """Whether keys that came in one piece are a text that was pasted.

    `characters` is what each key types, empty for a key that types nothing. Pasted is what has ten
    different characters or more, a word with five different letters, two words side by side with
    three each and five together, or more than 256 keys. No person types any of these at once, and a
    key that is held down types one character.
    """
    if len(characters) > _MOST_KEYS:
        return True
    if len(characters) < _FEW_KEYS:
        return False
    text = "".join(character or "\0" for character in characters)
    different = {character for character in text if character.isprintable() and character != " "}
    return len(different) >= _MANY_CHARACTERS or _has_words(text)


def _has_words(text: str) -> bool:
    before, end = "", 0
    for found in _WORD.finditer(text):
        word = found.group().casefold() if _is_written_as_one(found.group()) else ""
        apart = text[end : found.start()]
        if any(character.isdigit() or character == "\0" for character in apart):
            before = ""
        if len(set(word)) >= _LETTERS_OF_A_LONG_WORD or _are_words(before, word):
            return True
        before, end = word, found.end()
    return False


def _is_written_as_one(letters: str) -> bool:
    return letters[1:].islower() or letters.isupper() or not letters.isascii()


def _are_words(one: str, other: str) -> bool:
    different = len(set(one + other)) >= _LETTERS_OF_A_LONG_WORD
    return different and all(len(set(word)) >= _LETTERS_OF_A_WORD for word in (one, other))


@dataclass(frozen=True, slots=True)
class Part:
    """Some characters that came; `pasted` ones stood between the marks of a paste."""

    characters: str
    pasted: bool = False


class PasteCutter:
    """Takes pastes with their marks out of a stream of characters that comes in any pieces.

    Times are seconds by any clock that never runs backwards.
    """

    def __init__(self) -> None:
        self._content: list[str] | None = None
        self._kept = 0
        self._tail = ""
        self._last = 0.0

    @property
    def is_pasting(self) -> bool:
        """Whether a paste has begun and not ended."""
        return self._content is not None

    def feed(self, characters: str, now: float) -> Iterator[Part]:
        """What is typed, and each paste once it has ended, in order.

        In what is typed a beginning mark stays, with an end right after it: who reads it may have
        been given half of the mark before.
        """
        yield from self.tick(now)
        if len(characters) >= _NO_SINGLE_KEY:
            self._last = now
        rest, found = characters, True
        while rest and found:
            if self._content is None:
                before, rest, found = self._split(rest, BEGINS)
                yield Part(before + ENDS if found else before)
                if found:
                    self._content, self._kept, self._last = [], 0, now
            else:
                before, rest, found = self._split(rest, ENDS)
                self._keep(before)
                if found:
                    yield from self._ended()

    def tick(self, now: float) -> Iterator[Part]:
        """A paste whose end does not come, as nothing else of it has for a while."""
        if self._content is not None and now - self._last > _PAUSE:
            yield from self._ended()

    def _split(self, characters: str, mark: str) -> tuple[str, str, bool]:
        """What comes up to the end of a mark, which may have begun before; the rest; whether
        the mark is there."""
        known = len(self._tail)
        whole = self._tail + characters
        at = whole.find(mark)
        if at < 0:
            self._tail = whole[-(len(mark) - 1) :]
            return characters, "", False
        self._tail = ""
        end = at + len(mark) - known
        return characters[:end], characters[end:], True

    def _keep(self, characters: str) -> None:
        assert self._content is not None
        if self._kept < _MOST_KEPT:
            self._content.append(characters)
        self._kept += len(characters)

    def _ended(self) -> Iterator[Part]:
        content = "".join(self._content or ()).removesuffix(ENDS)
        self._content, self._tail = None, ""
        yield Part(content, pasted=True)
