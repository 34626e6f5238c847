"""Finds the name, number or time that begins at a word, by patterns."""

from __future__ import annotations

import re

from annotator.core.article import Span
from annotator.core.text.words import Words
from annotator.lexicon.word_lists import MONTHS, TITLES, WEEKDAYS, words_of

_LENGTH = 120
_TITLE = re.compile(rf"\b(?:[A-Z]|St|{'|'.join(title.title() for title in sorted(TITLES))})$")
_LINKING = words_of("of de la le van von der den al bin ibn el")
# Names of organisations continue over small words that end other names: Center for Strategic
# Studies.
_BODIES = words_of(
    "agency army association bank board bureau campaign center centre committee commission council "
    "department federation forces foundation front fund institute ministry movement observatory "
    "office organization organisation party society union university"
)
_WITHIN_BODIES = _LINKING | words_of("for and the on in")
_AFTER_NUMBERS = frozenset(MONTHS) | words_of(
    "day days week weeks month months year years hour hours minute minutes percent cent per am pm "
    "a.m. p.m. million billion trillion thousand hundred dollars euros pounds miles kilometres "
    "kilometers km metres meters feet tonnes tons o'clock"
)
_NUMBERS = words_of(
    "one two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty "
    "sixty seventy eighty ninety hundred thousand dozens hundreds thousands millions half"
)
_WHICH = words_of("this last next that earlier late early")
_TIMES = frozenset(WEEKDAYS + MONTHS) | words_of(
    "day week weekend month year century morning afternoon evening night spring summer autumn "
    "fall winter"
)


def phrase_at(words: Words, offset: int) -> Span | None:
    """The name, number with unit, or time that begins at `offset`; otherwise the token there.

    None in a text without words.
    """
    token = words.token_at(offset)
    line = words.line_at(offset)
    if token is None or line is None:
        return token
    text = words.text
    run = tokens_between(words, token.start, min(line.end, token.start + _LENGTH)) or [token]
    first = token.of(text)
    low = first.casefold()
    kept = 1
    if first[0].isdigit() or first in "$€£" or low in _NUMBERS:
        kept = _number_run(run, text)
    elif low in _WHICH:
        kept = _time_run(run, text)
    elif first[0].isupper():
        kept = _name_run(run, text)
    return Span(token.start, run[max(kept, 1) - 1].end)


def joins(token: Span, text: str) -> bool:
    """Whether a punctuation mark is part of a phrase: the hyphen of a compound, the period of Gen.
    or J."""
    around = text[max(token.start - 6, 0) : token.start]
    if token.of(text) == "-":
        return bool(around.strip()) and text[token.end : token.end + 1].isalnum()
    return token.of(text) == "." and bool(_TITLE.search(around)) and token.end < len(text)


def tokens_between(words: Words, start: int, end: int) -> list[Span]:
    """The tokens completely between two offsets."""
    if start >= end:
        return []
    return [t for t in words.tokens_in(Span(start, end)) if start <= t.start and t.end <= end]


def _name_run(run: list[Span], text: str) -> int:
    """The number of tokens of the name at the start of `run`."""
    kept, small = 0, _LINKING
    for n, token in enumerate(run):
        word = token.of(text)
        gap = text[run[n - 1].end : token.start] if n else " "
        if word[0].isupper() or (word[0].isdigit() and kept and gap == " "):
            kept = n + 1
            small = _WITHIN_BODIES if word.casefold() in _BODIES else small
        elif not (word.casefold() in small if gap == " " else joins(token, text)):
            break
    return kept


def _number_run(run: list[Span], text: str) -> int:
    """The number of tokens of the amount, date or range at the start of `run`."""
    kept = 0
    for n, token in enumerate(run):
        word = token.of(text)
        low = word.casefold()
        if word[0].isdigit() or low in _AFTER_NUMBERS | _NUMBERS or word in "$€£%":
            kept = n + 1
        elif word not in ("-", ":", "to"):
            break
    return kept


def _time_run(run: list[Span], text: str) -> int:
    """The number of tokens of a time such as *earlier this week* at the start of `run`."""
    kept = 1
    for n, token in enumerate(run[1:4], start=1):
        low = token.of(text).casefold()
        if low in _TIMES:
            kept = n + 1
        elif low not in _WHICH:
            break
    return kept
