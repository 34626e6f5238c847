"""Jumps to a word by its first letters: which words begin with what was typed, and a hint for each.

Letters are compared without case and accents; a typed capital wants a capital. No hint begins with
a letter that goes on with one of the words, so whatever is typed next is clear.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import product

from annotator.core.article import Span, Spans
from annotator.core.search.folding import folded, words_in
from annotator.core.text.words import Words

LETTERS = "fjdkslaghrueiwoqptyvbncmxz"
"""Letters for hints; those nearest to the home row come first, because they are used most."""
_DIGITS = "1234567890"
_CURRENCIES = "$€£¥₽₺₴"
_MOST_LETTERS = 30


def jump_targets(words: Words, view: Span) -> Spans:
    """Where a jump can go in a range of the text, each from the place to the end of its token: to
    every word, amount and number, and to every character of writing without blanks."""
    targets: list[Span] = []
    for token in words.tokens_in(view):
        surface = token.of(words.text)
        if surface[0].isalnum() or surface[0] in _CURRENCIES:
            targets.append(token)
            if not surface.isascii():
                alone = (word.start for word in words_in(surface) if _stands_alone(word.key))
                targets += (Span(token.start + at, token.end) for at in alone if at)
    return tuple(targets)


def begins_with(word: str, typed: str) -> bool:
    """Whether a word begins with what was typed."""
    if not any(form.startswith(start) for form, start in _forms(word, typed)):
        return False
    if typed.islower():
        return True
    pairs = zip(_letters(typed), _letters(word), strict=False)
    return all(letter.isupper() for wanted, letter in pairs if wanted.isupper())


def hints_for(hits: Spans, typed: str, text: str, *, caret: int) -> dict[str, Span]:
    """A hint of one letter, or of two where there are too many words, for each hit, those nearest
    to the caret first. Some get none if there are too many for that as well."""
    alphabet = _alphabet(hits, typed, text)
    going_on = {letter for hit in hits for letter in _next_letters(hit.of(text), typed)}
    first = [letter for letter in alphabet if letter not in going_on]
    hints = _hints(first, alphabet, len(hits))
    nearest = sorted(hits, key=lambda hit: (abs(hit.start - caret), hit.start))
    return dict(zip(hints, nearest, strict=False))


def rest_of(word: str, typed: str) -> str:
    """The folded letters of a word after what was typed of it."""
    return folded(word)[len(folded(typed)) :]


def _hints(first: Sequence[str], alphabet: str, count: int) -> list[str]:
    """So many hints of one letter of `first`, and further ones that begin with the last of them."""
    if count <= len(first):
        return list(first[:count])
    more = -(-(count - len(first)) // (len(alphabet) - 1))
    alone = max(0, len(first) - more)
    return [*first[:alone], *("".join(pair) for pair in product(first[alone:], alphabet))]


def _alphabet(hits: Spans, typed: str, text: str) -> str:
    """The letters of hints: those of the keyboard that types the words."""
    if not typed or folded(typed).isascii():
        return LETTERS + _DIGITS
    letters = Counter(letter for hit in hits for letter in folded(hit.of(text)))
    own = (letter for letter, _ in letters.most_common() if letter.isalpha())
    return "".join([*own][:_MOST_LETTERS]) + _DIGITS


def _next_letters(word: str, typed: str) -> Iterable[str]:
    """How the word can go on after what was typed."""
    for form, start in _forms(word, typed):
        if form.startswith(start):
            yield form[len(start) : len(start) + 1]


def _forms(word: str, typed: str) -> Iterable[tuple[str, str]]:
    """The word and what was typed, folded, and as they are written but for case."""
    key = folded(typed)
    if key:
        yield folded(word), key
    yield word.casefold(), typed.casefold()


def _letters(word: str) -> list[str]:
    """The characters of a word without accents."""
    apart = unicodedata.normalize("NFD", word)
    return [character for character in apart if not unicodedata.combining(character)]


def _stands_alone(key: str) -> bool:
    """Whether it is a character of writing without blanks, each of which is a word."""
    return len(list(words_in(key * 2))) == 2
