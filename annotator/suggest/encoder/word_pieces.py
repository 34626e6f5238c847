"""WordPiece of uncased BERT (Devlin et al. 2019), for words that spaCy has already divided."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

START, END, UNKNOWN = "[CLS]", "[SEP]", "[UNK]"
_LONGEST_PART = 100
# A word that falls into more pieces (a URL, say) keeps its first ones.
_MOST_PIECES = 12
_CACHED = 100_000


class WordPieces:
    """The ids of the pieces of words, as BERT's own tokeniser gives them."""

    def __init__(self, vocabulary: Sequence[str]) -> None:
        self.vocabulary = tuple(vocabulary)
        self._ids = {piece: number for number, piece in enumerate(self.vocabulary)}
        self.start, self.end = self._ids[START], self._ids[END]
        self._unknown = (self._ids[UNKNOWN],)
        self._cache: dict[str, tuple[int, ...]] = {}

    def of(self, word: str) -> tuple[int, ...]:
        """The ids of one word; none for blanks."""
        found = self._cache.get(word)
        if found is None:
            if len(self._cache) >= _CACHED:
                self._cache.clear()
            found = self._cache[word] = self._cut(word)
        return found

    def _cut(self, word: str) -> tuple[int, ...]:
        if word.isspace():
            return ()
        ids = [piece for part in _parts(word) for piece in self._pieces(part)]
        return tuple(ids[:_MOST_PIECES]) or self._unknown

    def _pieces(self, part: str) -> Sequence[int]:
        """The longest piece of the vocabulary that the part begins with, and so on."""
        if len(part) > _LONGEST_PART:
            return self._unknown
        ids: list[int] = []
        start = 0
        while start < len(part):
            prefix = "##" if start else ""
            for end in range(len(part), start, -1):
                number = self._ids.get(prefix + part[start:end])
                if number is not None:
                    break
            else:
                return self._unknown
            ids.append(number)
            start = end
        return ids


def _parts(word: str) -> list[str]:
    """A word in small letters without accents, cut at punctuation and around ideographs."""
    spaced = "".join(f" {sign} " if _is_ideograph(sign) else sign for sign in word if _counts(sign))
    parts, now = [], ""
    for sign in unicodedata.normalize("NFD", spaced.lower()):
        kind = unicodedata.category(sign)
        if kind == "Mn":
            continue
        if sign.isspace() or _is_punctuation(sign, kind):
            parts += [part for part in (now, sign.strip()) if part]
            now = ""
        else:
            now += sign
    return [*parts, now] if now else parts


def _counts(sign: str) -> bool:
    return sign.isspace() or unicodedata.category(sign) not in ("Cc", "Cf", "Cn", "Co", "Cs")


def _is_punctuation(sign: str, kind: str) -> bool:
    return kind[0] == "P" or (sign.isascii() and not sign.isalnum())


def _is_ideograph(sign: str) -> bool:
    return "\u4e00" <= sign <= "\u9fff" or "\u3400" <= sign <= "\u4dbf"
