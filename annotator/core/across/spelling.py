"""Names that are spelt alike: in another transliteration, with a letter too many or another one."""

from __future__ import annotations

import re
from functools import lru_cache

from annotator.lexicon.word_lists import words_of

SHORTEST = 5
"""Shorter names differ by a letter too easily (Iran, Iraq)."""
_SOUNDS = (
    ("sch", "S"), ("tch", "S"), ("sh", "S"), ("ch", "S"), ("ph", "f"), ("kh", "k"), ("gh", "g"),
    ("th", "t"), ("dh", "d"), ("ck", "k"), ("qu", "kv"), ("dj", "j"), ("x", "ks"), ("q", "k"),
    ("c", "k"), ("w", "v"), ("z", "s"),
)  # fmt: skip
_SILENT = re.compile(r"[aeiouyh]")
_TWICE = re.compile(r"(.)\1+")
# Articles of Arabic before a name, assimilated (at-Tanf, ez-Zor), and particles of family names.
_PARTICLES = words_of("al el at ar as an ash ad az ez er bin ibn von van der de")


@lru_cache(maxsize=65_536)
def skeleton(word: str) -> str:
    """The consonants of a word as they sound, the first letter kept if it is a vowel."""
    sounds = word
    for letters, sound in _SOUNDS:
        sounds = sounds.replace(letters, sound)
    first = sounds[:1] if sounds[:1] in "aeiou" else ""
    return _TWICE.sub(r"\1", first + _SILENT.sub("", sounds))


def without_particles(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words of a name without articles and particles; all of them if nothing else remains."""
    return tuple(word for word in words if word not in _PARTICLES) or words


def neighbourhood(word: str) -> frozenset[str]:
    """The word, and the word with any one letter left out: words one or two letters apart share
    one of them."""
    return frozenset((word, *(word[:n] + word[n + 1 :] for n in range(len(word)))))


def distance(one: str, other: str) -> int:
    """How many letters are added, left out, changed or exchanged with the next (restricted
    Damerau-Levenshtein)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for n, a in enumerate(one, start=1):
        above, before, row = before, row, [n]
        for m, b in enumerate(other, start=1):
            best = min(before[m] + 1, row[m - 1] + 1, before[m - 1] + (a != b))
            if n > 1 and m > 1 and a == other[m - 2] and b == one[n - 2]:
                best = min(best, above[m - 2] + 1)
            row.append(best)
    return row[-1]


def sounds_alike(one: str, other: str) -> bool:
    """Whether two words of some length differ by vowels and spellings of one sound only."""
    short = min(len(one), len(other))
    return (
        short >= SHORTEST
        and skeleton(one) == skeleton(other)
        and distance(one, other) <= (1 if short < 8 else 2)
    )


def differs_by_a_letter(one: str, other: str) -> bool:
    """Whether two words of some length, with the same beginning, may be one misspelt: one letter
    apart, or two of a longer word."""
    short = min(len(one), len(other))
    return (
        short >= SHORTEST
        and one[:2] == other[:2]
        and distance(one, other) <= (1 if short < 6 else 2)
    )
