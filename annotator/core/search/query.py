"""What is looked for, and where it stands in a text.

Words one after the other are a phrase; `*` after a word lets it go on; `+` between blanks separates
phrases that stand in one paragraph. Anything else that is no word is ignored, so every line is a
query.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from annotator.core.article import Span
from annotator.core.search.folding import keys_in, spans_of_words, words_in
from annotator.core.text.paragraph_bounds import crosses_paragraphs, paragraph_spans

_TOGETHER = re.compile(r"(?:^|\s)\+(?=\s|$)")


@dataclass(frozen=True, slots=True)
class WantedWord:
    """A folded word that is looked for; with `goes_on`, all words that begin with it."""

    key: str
    goes_on: bool = False

    def fits(self, key: str) -> bool:
        """Whether a folded word of a text is wanted."""
        return key.startswith(self.key) if self.goes_on else key == self.key


Phrase = tuple[WantedWord, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """Phrases that stand in one paragraph; without any, nothing is found."""

    phrases: tuple[Phrase, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.phrases)

    @classmethod
    def of(cls, line: str, *, last_goes_on: bool = False) -> Query:
        """The query in a line; with `last_goes_on`, its last word is still being typed."""
        parts = [_phrase(part) for part in _TOGETHER.split(line)]
        phrases = [phrase for phrase in parts if phrase]
        if last_goes_on and phrases and line[-1:].strip():
            *before, last = phrases[-1]
            phrases[-1] = (*before, WantedWord(last.key, goes_on=True))
        return cls(tuple(dict.fromkeys(phrases)))

    def is_in(self, text: str) -> bool:
        """Whether all phrases are in `text`, in one paragraph or not."""
        keys = keys_in(text)
        return bool(self) and all(_holds(keys, phrase) for phrase in self.phrases)

    def spans_in(self, text: str) -> tuple[Span, ...]:
        """Where the phrases stand in `text`, in order, in paragraphs that hold all of them."""
        keys = keys_in(text)
        places = [[*_places(phrase, keys)] for phrase in self.phrases]
        if not places or not all(places):
            return ()
        lengths = [len(phrase) for phrase in self.phrases]
        needed = {
            number
            for starts, length in zip(places, lengths, strict=True)
            for at in starts
            for number in (at, at + length - 1)
        }
        words = spans_of_words(text, needed)
        found = [
            [*_spans(words, starts, length, text)]
            for starts, length in zip(places, lengths, strict=True)
        ]
        return tuple(found[0]) if len(found) == 1 else tuple(_in_one_paragraph(found, text))


def _phrase(words: str) -> Phrase:
    return tuple(
        WantedWord(word.key, words[word.end : word.end + 1] == "*") for word in words_in(words)
    )


def _holds(keys: Sequence[str], phrase: Phrase) -> bool:
    return next(_places(phrase, keys), None) is not None


def _places(phrase: Phrase, keys: Sequence[str]) -> Iterator[int]:
    """The numbers of the words at which a phrase begins, without overlaps."""
    free, length = 0, len(phrase)
    for at in _places_of(phrase[0], keys):
        if at >= free and _is_at(phrase, keys, at):
            free = at + length
            yield at


def _places_of(wanted: WantedWord, keys: Sequence[str]) -> Iterator[int]:
    if wanted.goes_on:
        yield from (at for at, key in enumerate(keys) if key.startswith(wanted.key))
        return
    at = -1
    try:
        while True:
            at = keys.index(wanted.key, at + 1)
            yield at
    except ValueError:
        return


def _is_at(phrase: Phrase, keys: Sequence[str], at: int) -> bool:
    there = keys[at : at + len(phrase)]
    return len(there) == len(phrase) and all(
        wanted.fits(key) for wanted, key in zip(phrase, there, strict=True)
    )


def _spans(
    words: Mapping[int, tuple[int, int]], starts: Sequence[int], length: int, text: str
) -> Iterator[Span]:
    """The spans of so many words from each start on, within paragraphs."""
    for at in starts:
        span = Span(words[at][0], words[at + length - 1][1])
        if length == 1 or not crosses_paragraphs(span, text):
            yield span


def _in_one_paragraph(found: Sequence[Sequence[Span]], text: str) -> list[Span]:
    """The spans in paragraphs that hold one of each of `found`."""
    starts = [paragraph.start for paragraph in paragraph_spans(text)]
    held: dict[int, set[int]] = defaultdict(set)
    places: dict[Span, int] = {}
    for number, spans in enumerate(found):
        for span in spans:
            places[span] = bisect_right(starts, span.start)
            held[places[span]].add(number)
    return sorted(span for span, place in places.items() if len(held[place]) == len(found))
