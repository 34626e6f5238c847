"""Finds the content of a claim: the words that a cue governs, by the frames of the lexicon."""

from __future__ import annotations

from collections.abc import Iterable

from annotator.core.article import Span, Spans
from annotator.core.claims.attribution import STOPS, subject_of, without_stop
from annotator.core.claims.cue_readings import OPENERS, CueReading, readings_in
from annotator.core.text.phrases import tokens_between
from annotator.core.text.words import Words
from annotator.lexicon.word_lists import words_of

_ASIDE = words_of("on in at during after before late early earlier")
_FURTHER = words_of("and but adding although though while")
_HEARING = words_of("tell warn remind inform assure reassure notify convince persuade")
_REASONS = words_of("for of as")
_ARTICLES = words_of("the a an this that these those his her its their any no")
_TURN = 4  # words after a comma that may contain another verb of saying: `, and the mayor warned`
_FARTHEST_OPENER = 14  # words between cue and *that*: `told reporters in Port Ansel on Friday that`
_NEAR = 3  # words from a verb to the noun or infinitive that it governs
_RANK = {"speech": 2, "noun": 2, "mind": 1, "deed": 0, "adverb": 2}


def chosen(words: Words, sentence: Span, caret: int) -> CueReading | None:
    """The cue that a reviewer at `caret` most likely means; None if there is none.

    The content usually follows the cue. Verbs of saying are preferred to verbs of thinking and
    acting, and near ones to far ones; before all cues, the first is meant.
    """
    readings = _without_followers(readings_in(words, sentence))
    before = [one for one in readings if one.span.end <= caret]
    if before:
        return max(before, key=lambda one: (_strength(one), one.at))
    return max(readings, key=lambda one: (_RANK[one.cue.kind], -one.at), default=None)


def governed_by(
    words: Words, reading: CueReading, sentence: Span, caret: int
) -> tuple[Spans, Span]:
    """The content that a cue governs, and the cue with its preposition.

    The content is the rest of the clause, or everything before the source if the caret is there.
    """
    text, cue = words.text, reading.span
    bare = without_stop(sentence, text)
    if reading.cue.kind == "adverb":
        around = ((bare.start, cue.start), (cue.end, bare.end))
        return _worded(words, around) or (bare,), cue
    if reading.passive:
        return _of_passive(words, reading, bare), cue
    source = subject_of(words, cue)
    begin = source.end if source and source.start >= cue.end else cue.end
    end = min(cue.start, source.start if source and source.start < cue.start else cue.start)
    after = tokens_between(words, begin, bare.end)
    if reading.is_according:
        after = after[1:] if after and after[0].of(text) == "," else []
    elif (after and after[0].of(text) == ",") or caret < end:
        after = []
    if after and begin == cue.end and _introduces(reading, after, text):
        cue, after = Span(cue.start, after[0].end), after[1:]
    if after and _says_something(after, text):
        return (_clause(words, after, reading, sentence),), cue
    return _worded(words, ((sentence.start, end),)) or (bare,), reading.span


def _without_followers(readings: Iterable[CueReading]) -> list[CueReading]:
    """The cues without those that depend on another cue.

    `declined to comment`, `rejected the accusation that`, `was purportedly written`.
    """
    kept: list[CueReading] = []
    for one in readings:
        last = kept[-1] if kept else None
        if last is None or not _follows(one, last):
            kept.append(one)
    return kept


def _follows(one: CueReading, last: CueReading) -> bool:
    frames, apart = last.cue.frames, one.at - last.at
    if last.cue.kind == "adverb":
        return last.span.start >= one.span.start
    if one.infinitive and apart <= _NEAR:
        return "infinitive" in frames or last.cue.kind == "noun"
    if one.infinitive and apart <= _FARTHEST_OPENER:
        return "addressee" in frames
    return one.cue.kind == "noun" and apart <= _NEAR and "object" in frames


def _says_something(after: list[Span], text: str) -> bool:
    return any(token.of(text) not in STOPS for token in after)


def _strength(reading: CueReading) -> int:
    """How likely a cue before the caret is meant: one with a clause beats all others."""
    return 2 if reading.opens else _RANK[reading.cue.kind]


def _introduces(reading: CueReading, after: list[Span], text: str) -> bool:
    """Whether the word after a verb is a preposition that introduces the content: `warned of`."""
    low = [token.of(text).casefold() for token in after[:_FARTHEST_OPENER]]
    if low[0] not in reading.cue.prepositions or not OPENERS.isdisjoint(low):
        return False
    infinitive = low[0] == "to" and low[1:2] and low[1] not in _ARTICLES
    person_asked = (
        low[0] in ("on", "upon") and "to" in low[1:] and "addressee" in reading.cue.frames
    )
    return not (infinitive and "infinitive" in reading.cue.frames) and not person_asked


def _of_passive(words: Words, reading: CueReading, bare: Span) -> Spans:
    """`was told that A`: A; `B was criticised for C by D`: B and the reason C."""
    text = words.text
    after = tokens_between(words, reading.span.end, bare.end)
    low = [token.of(text).casefold() for token in after]
    opener = next((n for n, word in enumerate(low[:_FARTHEST_OPENER]) if word in OPENERS), None)
    if opener is not None:
        return (Span(after[opener].start, after[-1].end),)
    subject = _worded(words, ((bare.start, reading.span.start),))
    stop = next((n for n, word in enumerate(low) if word in ("by", ",", ";")), len(low))
    if low[:1] == ["to"]:
        return (*subject, Span(after[0].start, after[stop - 1].end))
    reason = after[:stop] if low and low[0] in _REASONS else []
    return (*subject, *_worded(words, [(one.start, reason[-1].end) for one in reason[:1]]))


def _clause(words: Words, after: list[Span], reading: CueReading, sentence: Span) -> Span:
    """The clause from its opener, after an addressee or a time, up to another verb of saying."""
    text = words.text
    opener, first = after[0], after[0].of(text).casefold()
    if first in _ASIDE or reading.cue.lemma in _HEARING or "addressee" in reading.cue.frames:
        near = after[:_FARTHEST_OPENER]
        opener = next((t for t in near if t.of(text).casefold() in OPENERS), opener)
    spoken = {
        one.at
        for one in readings_in(words, sentence)
        if (one.cue.kind == "speech" or "infinitive" in one.cue.frames) and one.at > reading.at
    }
    numbers = {token.start: n for n, token in enumerate(words.tokens_in(sentence))}
    end = after[-1].end
    for n, token in enumerate(after[1:], start=1):
        if token.start <= opener.start:
            continue
        word = token.of(text)
        following = after[n + 1 : n + 1 + _TURN]
        turns = any(numbers.get(one.start) in spoken for one in following)
        further = bool(following) and following[0].of(text).casefold() in _FURTHER
        if word == ";" or (word == "," and turns and further):
            end = after[n - 1].end
            break
    return Span(opener.start, max(end, opener.end))


def _worded(words: Words, ranges: Iterable[tuple[int, int]]) -> Spans:
    """The ranges trimmed to words, without those that have none."""
    found = []
    for start, end in ranges:
        tokens = tokens_between(words, start, end)
        while tokens and tokens[-1].of(words.text) in STOPS:
            tokens.pop()
        while tokens and tokens[0].of(words.text) in STOPS - _MARKS:
            tokens.pop(0)
        if tokens:
            found.append(Span(tokens[0].start, tokens[-1].end))
    return tuple(found)


_MARKS = frozenset('"“«„‘([')
