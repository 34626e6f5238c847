"""Finds verbs in Headlines With Capitals On Every Word, which taggers label as names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from annotator.lexicon.cues import lexicon
from annotator.lexicon.word_lists import words_of

HEADLINE_VERBS = words_of(
    "slams warns announces withdraws names wins hits kills faces seeks opens closes signs launches"
    " sues backs urges rejects cuts raises unveils buys sells beats bans orders files plans gets"
    " takes makes gives goes comes finds sees wants needs calls holds joins quits leaves dies falls"
    " rises jumps drops ends begins starts loses fires hires acquires completes appoints declares"
    " receives provides downgrades upgrades affirms assigns hammers blasts vows denies says tells"
    " claims admits confirms demands accuses threatens defends expects reports eyes mulls"
)
_SHORTEST_HEADLINE = 4  # words
_MOSTLY = 0.8


def headline_verbs(words: Sequence[str]) -> set[int]:
    """The verbs in the title-case lines of `words`."""
    found: set[int] = set()
    for start, end in _lines(words):
        if not is_title_case(words[start:end]):
            continue
        verb = next((i for i in range(start + 1, end) if _is_headline_verb(words[i])), None)
        if verb is not None:
            found.add(verb)
            found.update(i for i in range(verb + 1, end) if _says(words[i]))
    return found


def is_title_case(line: Sequence[str]) -> bool:
    """Whether a line is in title case."""
    long = [word for word in line if len(word) > 3 and word[0].isalpha()]
    if len(long) < _SHORTEST_HEADLINE or line[-1] in ".!;,":
        return False
    return sum(word[0].isupper() for word in long) >= _MOSTLY * len(long)


def _is_headline_verb(word: str) -> bool:
    if not word[:1].isupper() or word.isupper():
        return False
    return word.lower() in HEADLINE_VERBS or _says(word)


def _says(word: str) -> bool:
    """Whether a word is the third person of a verb in the lexicon, and not a noun there."""
    cues, lower = lexicon(), word.lower()
    return cues.verb(lower) is not None and cues.tag(lower) == "VBZ" and cues.noun(lower) is None


def _lines(words: Sequence[str]) -> Iterator[tuple[int, int]]:
    start = 0
    for i, word in enumerate(words):
        if "\n" in word and word.isspace():
            if start < i:
                yield start, i
            start = i + 1
    if start < len(words):
        yield start, len(words)
