"""Finds the source of a claim: the subject of a cue, by patterns within a sentence."""

from __future__ import annotations

import re

from annotator.core.article import Span, Spans
from annotator.core.claims.cue_readings import CueReading, is_between, readings_in
from annotator.core.text.phrases import joins, tokens_between
from annotator.core.text.words import Words
from annotator.lexicon.word_lists import words_of

STOPS = frozenset('.,;:!?()[]{}"“”«»„‘’–—-…') | {"--", "..."}
_CLAUSE_STARTS = words_of("and but while as when after before if although")
_RELATIVE = words_of("who which whose that")
_AFTER_SOURCE = words_of(
    "on in at during after before late early earlier to that when while as by from"
)
_APPOSED = words_of("a an the its his her their who whose which one another")
_OWNERS = words_of("his her its their my our")
_LONGEST_CLAUSE = 14  # maximum number of words in a relative clause within a source


def subject_of(words: Words, cue: Span, content: Spans = ()) -> Span | None:
    """The most likely source of `cue`, a noun phrase; None if there is none."""
    sentence = words.sentence_at(cue.start)
    if sentence is None:
        return None
    readings = readings_in(words, sentence)
    reading = next((one for one in readings if one.span.overlaps(cue)), None)
    if reading is None:
        return phrase_before(words, cue.start, sentence, content) or phrase_after(
            words, cue.end, sentence, content
        )
    return _source(words, reading, readings, content)


def without_stop(sentence: Span, text: str) -> Span:
    """A sentence without stops at its end."""
    bare = re.sub(r"[.!?…]+$", "", sentence.of(text))
    return Span(sentence.start, sentence.start + len(bare)) if bare.strip() else sentence


def within(span: Span, content: Spans) -> bool:
    """Whether a span overlaps any of the pieces."""
    return any(piece.overlaps(span) for piece in content)


def _source(
    words: Words, reading: CueReading, readings: tuple[CueReading, ...], content: Spans
) -> Span | None:
    sentence = words.sentence_at(reading.span.start)
    assert sentence is not None
    if reading.is_according:
        return phrase_after(words, reading.span.end, sentence, content)
    if reading.cue.kind == "adverb":
        return None
    if reading.cue.kind == "noun":
        return _maker(words, reading, content)
    if reading.passive:
        return _agent(words, reading, sentence, content)
    governor = _governor(words, reading, readings, sentence)
    if governor is not None:
        return _source(words, governor, readings, content)
    before = phrase_before(words, _subject_end(words, reading, sentence), sentence, content)
    return before or phrase_after(words, reading.span.end, sentence, content)


def _governor(
    words: Words, reading: CueReading, readings: tuple[CueReading, ...], sentence: Span
) -> CueReading | None:
    """The cue that has the same subject: `said A, adding that B`, `declined to say`."""
    earlier = [one for one in readings if one.at < reading.at and one.cue.kind in _OF_VERBS]
    before = tokens_between(words, sentence.start, reading.span.start)
    last = before[-1].of(words.text).casefold() if before else ""
    participle = reading.tag == "VBG" and last in (",", "and")
    infinitive = last == "to" and bool(earlier) and earlier[-1].at >= reading.at - 3
    return earlier[-1] if earlier and (participle or infinitive) else None


_OF_VERBS = frozenset(("speech", "mind", "deed"))


def _subject_end(words: Words, reading: CueReading, sentence: Span) -> int:
    """The end of the words before a cue that may contain its subject, also before `tried to`."""
    before = tokens_between(words, sentence.start, reading.span.start)
    if len(before) > 1 and before[-1].of(words.text).casefold() == "to":
        return before[-2].start
    return reading.span.start


def _agent(words: Words, reading: CueReading, sentence: Span, content: Spans) -> Span | None:
    """The agent after *by* of a passive cue; None if there is none."""
    for token in tokens_between(words, reading.span.end, sentence.end):
        if token.of(words.text).casefold() == "by":
            return phrase_after(words, token.end, sentence, content)
    return None


def _maker(words: Words, reading: CueReading, content: Spans) -> Span | None:
    """`his claim that`, `the firm's claim that`: the possessor; None if there is none."""
    sentence = words.sentence_at(reading.span.start)
    assert sentence is not None
    before = tokens_between(words, sentence.start, reading.span.start)
    low = [token.of(words.text).casefold() for token in before]
    if low and low[-1] in _OWNERS:
        return before[-1]
    if low and low[-1] in ("'s", "’s"):
        return phrase_before(words, before[-1].start, sentence, content)
    return None


def phrase_before(words: Words, end: int, sentence: Span, content: Spans) -> Span | None:
    """The noun phrase before `end`, skipping adverbs and auxiliaries; None if there is none."""
    text = words.text
    tokens = [t for t in tokens_between(words, sentence.start, end) if not within(t, content)]
    while tokens and is_between(tokens[-1].of(text)):
        tokens.pop()
    speaking = {one.span.end for one in readings_in(words, sentence) if one.cue.kind == "speech"}
    # "Maryam Aziz, a teacher, said": the subject begins before the pair of commas.
    apposition = bool(tokens) and tokens[-1].of(text) == ","
    if apposition:
        tokens.pop()
    kept: list[Span] = []
    for token in reversed(tokens):
        word = token.of(text)
        if word == "," and apposition:
            apposition = False
        elif token.end in speaking or (
            not (joins(token, text) or apposition) and _begins_another(word, len(kept))
        ):
            break
        kept.append(token)
    return _trimmed(kept[::-1], text)


def _begins_another(word: str, kept: int) -> bool:
    """Whether a noun phrase of `kept` words, read backwards, cannot include `word`."""
    low = word.casefold()
    if low in _RELATIVE:
        return low == "that" or not 0 < kept <= _LONGEST_CLAUSE
    return word in STOPS or low in _CLAUSE_STARTS


def phrase_after(words: Words, start: int, sentence: Span, content: Spans) -> Span | None:
    """The noun phrase that begins at `start`, with its apposition; None if there is none."""
    text = words.text
    kept: list[Span] = []
    tokens = tokens_between(words, start, without_stop(sentence, text).end)
    apposed = False
    for n, token in enumerate(tokens):
        word = token.of(text)
        if within(token, content):
            break
        if word == "," and n + 1 < len(tokens) and not apposed:
            apposed = tokens[n + 1].of(text).casefold() in _APPOSED
            if not apposed:
                break
        elif _ends_subject(token, text, apposed=apposed):
            break
        kept.append(token)
    return _trimmed(kept, text)


def _ends_subject(token: Span, text: str, *, apposed: bool) -> bool:
    """Whether a subject after its verb ends before `token`."""
    word = token.of(text)
    stops = word in STOPS and not joins(token, text)
    return stops or (not apposed and word.casefold() in _AFTER_SOURCE)


def _trimmed(tokens: list[Span], text: str) -> Span | None:
    """The span from the first word to the last; None if there are no words."""
    while tokens and tokens[0].of(text) in STOPS:
        tokens.pop(0)
    while tokens and tokens[-1].of(text) in STOPS:
        tokens.pop()
    return Span(tokens[0].start, tokens[-1].end) if tokens else None
