"""Finds the cues of a sentence by the lexicon and the neighbouring words.

There is no parse: whether *plans* is a verb is decided by the word before it. The result serves the
keys of a reviewer, who sees it and corrects it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from annotator.core.article import Span
from annotator.core.text.words import Words
from annotator.lexicon.cues import Cue, lexicon
from annotator.lexicon.word_lists import AUXILIARIES, BE, DO, MODALS, NOUNS_IN_LY, words_of

_NEGATED = words_of(
    "not didn't hasn't haven't wasn't doesn't don't didn’t hasn’t haven’t wasn’t doesn’t don’t"
)
HELPING = AUXILIARIES | _NEGATED
_ADVERBS = words_of("also later long since often already still never only now then ever even once")
OPENERS = frozenset(("that", "whether"))
_FEW = 4  # letters: *early* is an adverb, *fly* and *ally* are none
# The word before these is a noun, not a verb.
_DETERMINERS = words_of(
    "the a an this that these those his her its their our my your whose no any each every another "
    "some such 's ’s"
)
_PREPOSITIONS = words_of("of in on at by for with from about against over under into as")
_WITH_BASE_FORM = MODALS | DO | _NEGATED | words_of("to i we you they who")
_STANCES_OF_PLANS = frozenset(
    ("demands", "commits", "denies")
)  # what may follow such a noun with *to*
_ACCORDING = Cue("according", "speech", "asserts", frozenset(("clause",)), frozenset())
_ADVERB = Cue("", "adverb", "asserts", frozenset(), frozenset())


@dataclass(frozen=True, slots=True)
class CueReading:
    """A cue: token `at` of its sentence; `span` includes its auxiliaries."""

    at: int
    span: Span
    cue: Cue
    tag: str = ""
    passive: bool = False
    infinitive: bool = False
    opens: bool = False  # a clause begins directly after it: *that*, *whether*

    @property
    def is_according(self) -> bool:
        """Whether it is *according to*."""
        return self.cue is _ACCORDING


@lru_cache(4)  # one key press asks for the same few sentences repeatedly
def readings_in(words: Words, sentence: Span) -> tuple[CueReading, ...]:
    """The cues in a sentence, in order."""
    tokens = words.tokens_in(sentence)
    forms = [token.of(words.text) for token in tokens]
    lower = [form.casefold() for form in forms]
    read = (_reading(tokens, forms, lower, n) for n in range(len(tokens)))
    return tuple(reading for reading in read if reading is not None)


def is_between(word: str) -> bool:
    """Whether a word may occur between a subject and its verb."""
    low = word.casefold()
    return low in HELPING or is_adverb(low)


def _reading(
    tokens: tuple[Span, ...], forms: list[str], lower: list[str], n: int
) -> CueReading | None:
    word, known = lower[n], lexicon()
    after = lower[n + 1] if n + 1 < len(lower) else ""
    if word == "according" and after == "to":
        return CueReading(n, Span(tokens[n].start, tokens[n + 1].end), _ACCORDING)
    if word in known.adverbs:
        return CueReading(n, tokens[n], _ADVERB)
    if forms[n][0].isupper() and n and forms[n - 1] not in _OPENING:
        return None  # a name
    verb, noun = known.verb(word), known.noun(word)
    if verb is not None and _is_verb(lower, n, known.tag(word)):
        first = _first_helping(forms, n)
        passive = known.tag(word) == "VBD" and not BE.isdisjoint(lower[first:n])
        span = Span(tokens[first].start, tokens[n].end)
        infinitive = first > 0 and lower[first - 1] == "to"
        return CueReading(n, span, verb, known.tag(word), passive, infinitive, after in OPENERS)
    if noun is not None and (
        after == "that" or (after == "to" and noun.stance in _STANCES_OF_PLANS)
    ):
        return CueReading(n, tokens[n], noun, opens=after in OPENERS)
    return None


_OPENING = frozenset('"“«„‘”»’')


def _is_verb(lower: list[str], n: int, tag: str) -> bool:
    """Whether a verb form is a verb here: *they report* and *to report*, but not *the report*."""
    before = next((lower[at] for at in range(n - 1, -1, -1) if not is_adverb(lower[at])), "")
    after = lower[n + 1] if n + 1 < len(lower) else ""
    if before in _DETERMINERS:
        return before == "that" and tag in ("VBZ", "VBD")  # the board that said so
    if tag == "VBG":
        return True
    governs = lexicon().tag(before) in ("VBD", "VBZ")  # rejected demands, voices doubt
    if before in _PREPOSITIONS or (governs and tag in ("VBZ", "VBP")):
        return False
    if tag != "VBP":
        return True
    plural = before.endswith("s") and not before.endswith("ss")
    return before in _WITH_BASE_FORM or plural or (n > 0 and after in _DETERMINERS)


def is_adverb(word: str) -> bool:
    """Whether a lower-case word is an adverb of manner or time."""
    manner = len(word) > _FEW and word.endswith("ly") and word not in NOUNS_IN_LY
    return word in _ADVERBS or manner


def _first_helping(forms: list[str], verb: int) -> int:
    """The index of the verb's first auxiliary; adverbs are included only after an auxiliary."""
    first = at = verb
    while at and is_between(forms[at - 1]):
        at -= 1
        if forms[at].casefold() in HELPING:
            first = at
    return first
