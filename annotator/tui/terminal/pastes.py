"""Distinguishes pasted text from typed keys; pure.

Most terminals mark both ends of a paste. Unmarked pastes must be recognised: pressed keys arrive
one by one, or a few together over a slow connection; a held key arrives many times, always the
same. A text arrives in one piece and contains words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

BEGINS, ENDS = "\x1b[200~", "\x1b[201~"
FOLLOWS_WITHIN = 0.2
"""Seconds after a piece of a paste within which further input belongs to it."""

_MOST_KEYS = 256
_FEW_KEYS = 5
_MANY_CHARACTERS = 10
_LETTERS_OF_A_LONG_WORD = 5
_LETTERS_OF_A_WORD = 3
# Lower case except for the first letter, or only capitals.
_WORD = re.compile(r"[^\W\d_][^\W\d_]+")
# A paste whose end is lost must not swallow keys forever. Single keys do not prolong it.
_PAUSE = 1.0
_NO_SINGLE_KEY = 16
_MOST_KEPT = 1_000_000
_CONTROLS = {code: None for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\n\t"}


def plain(words: str) -> str:
    """Text without control characters, other than line ends and tabs."""
    return words.replace("\r\n", "\n").replace("\r", "\n").translate(_CONTROLS)


def looks_pasted(characters: Sequence[str]) -> bool:
    """Whether keys that arrived in one piece are pasted text.

    `characters` has what each key types, empty for a key that types nothing. Input is a paste if it
    has at least ten different characters, a word of five different letters, two adjacent words with
    three different letters each and five together, or more than 256 keys. Nobody types any of these
    at once, and a held key types one character.
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
class InputPart:
    """Some input characters; `pasted` if they were between the marks of a paste."""

    characters: str
    pasted: bool = False


class PasteCutter:
    """Cuts marked pastes out of a stream of characters that arrives in arbitrary pieces.

    Times are seconds of any monotonic clock.
    """

    def __init__(self) -> None:
        self._content: list[str] | None = None
        self._kept = 0
        self._tail = ""
        self._last = 0.0

    def feed(self, characters: str, now: float) -> Iterator[InputPart]:
        """The typed characters, and each complete paste, in order.

        If a start mark remains in the typed characters, an end mark follows right after it, because
        the next reader may already have half of the start mark.
        """
        yield from self.tick(now)
        if len(characters) >= _NO_SINGLE_KEY:
            self._last = now
        rest, found = characters, True
        while rest and found:
            if self._content is None:
                before, rest, found = self._split(rest, BEGINS)
                yield InputPart(before + ENDS if found else before)
                if found:
                    self._content, self._kept, self._last = [], 0, now
            else:
                before, rest, found = self._split(rest, ENDS)
                self._keep(before)
                if found:
                    yield from self._ended()

    def tick(self, now: float) -> Iterator[InputPart]:
        """End a paste if nothing of it has arrived for a while."""
        if self._content is not None and now - self._last > _PAUSE:
            yield from self._ended()

    def _split(self, characters: str, mark: str) -> tuple[str, str, bool]:
        """The characters up to the end of a mark (which may have started before), the rest, and
        whether the mark was found."""
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

    def _ended(self) -> Iterator[InputPart]:
        content = "".join(self._content or ()).removesuffix(ENDS)
        self._content, self._tail = None, ""
        yield InputPart(content, pasted=True)
