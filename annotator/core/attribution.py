"""Cues, their subjects and what they govern, found in one sentence by plain patterns."""

from __future__ import annotations

import re

from annotator.core.article import Span, Spans
from annotator.core.guesses import is_addressing, stance_of_cue
from annotator.core.phrases import joins, tokens_between
from annotator.core.words import Words


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


_AUXILIARIES = _listed(
    "has have had did do does not is was were are be been being will would could can may might "
    "didn't hasn't haven't wasn't doesn't didn’t hasn’t haven’t wasn’t doesn’t"
)
_ADVERBS = _listed("also later long since often already still never only now then ever even once")
STOPS = frozenset('.,;:!?()[]{}"“”«»„‘’–—-…') | {"--", "..."}
_CLAUSE_STARTS = _listed("and but while as when after before if although")
_RELATIVE = _listed("who which whose that")
_OPENERS = frozenset(("that", "whether"))
_ASIDE = _listed("on in at during after before late early earlier")
_AFTER_SOURCE = _ASIDE | _listed("to that when while as by from")
_APPOSED = _listed("a an the its his her their who whose which one another")
_FURTHER = _listed("and but adding although though while")
_FEW = 4
_MANY = 14


def cues_in(words: Words, sentence: Span) -> list[Span]:
    """The words of saying in a sentence, with their auxiliaries."""
    text, found = words.text, []
    tokens = words.tokens_in(sentence)
    for n, token in enumerate(tokens):
        word = token.of(text)
        if stance_of_cue(word) is None or (word[0].isupper() and n):
            continue
        end = token.end
        if word.casefold() == "according":
            if n + 1 == len(tokens) or tokens[n + 1].of(text).casefold() != "to":
                continue
            end = tokens[n + 1].end
        found.append(Span(tokens[_verb_start(tokens, n, text)].start, end))
    return found


def subject_of(words: Words, cue: Span, content: Spans = ()) -> Span | None:
    """The noun phrase that seems to be the subject of `cue`: before it, or after an inversion."""
    sentence = words.sentence_at(cue.start)
    if sentence is None:
        return None
    if is_according(cue, words.text):
        return _phrase_after(words, cue.end, sentence, content)
    before = _phrase_before(words, cue.start, sentence, content)
    return before or _phrase_after(words, cue.end, sentence, content)


def governed_by(words: Words, cue: Span, sentence: Span, caret: int) -> Spans:
    """What the cue governs: the rest of its clause, or all that stands before its source.

    A caret before both of them says which.
    """
    text = words.text
    bare = without_stop(sentence, text)
    source = subject_of(words, cue)
    begin = source.end if source and source.start >= cue.end else cue.end
    end = min(cue.start, source.start if source else cue.start)
    after = tokens_between(words, begin, bare.end)
    if is_according(cue, text):
        after = after[1:] if after and after[0].of(text) == "," else []
    elif (after and after[0].of(text) == ",") or caret < end:
        after = []
    if len(after) >= 2:
        return (_clause(after, cue, text),)
    before = tokens_between(words, sentence.start, end)
    while before and before[-1].of(text) in STOPS:
        before.pop()
    return (Span(before[0].start, before[-1].end),) if before else (bare,)


def is_according(cue: Span, text: str) -> bool:
    """Whether a cue is *according to*."""
    return cue.of(text).casefold().startswith("according")


def without_stop(sentence: Span, text: str) -> Span:
    """A sentence without the stops at its end."""
    bare = re.sub(r"[.!?…]+$", "", sentence.of(text))
    return Span(sentence.start, sentence.start + len(bare)) if bare.strip() else sentence


def _verb_start(tokens: tuple[Span, ...], verb: int, text: str) -> int:
    """Where the verb's first auxiliary is; adverbs belong to it only behind one."""
    first = at = verb
    while at and _is_between(tokens[at - 1].of(text)):
        at -= 1
        if tokens[at].of(text).casefold() in _AUXILIARIES:
            first = at
    return first


def _is_between(word: str) -> bool:
    """Whether a word may stand between a subject and its verb."""
    low = word.casefold()
    return low in _AUXILIARIES or low in _ADVERBS or (len(low) > _FEW and low.endswith("ly"))


def _clause(after: list[Span], cue: Span, text: str) -> Span:
    """From the clause's opener, over an addressee or a time, to where another verb takes over."""
    opener, first = after[0], after[0].of(text).casefold()
    if first in _ASIDE or is_addressing(cue.of(text)):
        opener = next((t for t in after[:_MANY] if t.of(text).casefold() in _OPENERS), opener)
    end = after[-1].end
    for n, token in enumerate(after[1:], start=1):
        if token.start <= opener.start:
            continue
        word = token.of(text)
        if word == ";" or (word == "," and _turns(after[n + 1 : n + 1 + _FEW], text)):
            end = after[n - 1].end
            break
    return Span(opener.start, max(end, opener.end))


def _turns(following: list[Span], text: str) -> bool:
    """Whether the words after a comma go on with another verb of saying, or another subject's."""
    low = [token.of(text).casefold() for token in following]
    return bool(low) and low[0] in _FURTHER and any(stance_of_cue(word) for word in low)


def _phrase_before(words: Words, end: int, sentence: Span, content: Spans) -> Span | None:
    text = words.text
    tokens = [t for t in tokens_between(words, sentence.start, end) if not within(t, content)]
    while tokens and _is_between(tokens[-1].of(text)):
        tokens.pop()
    # "Maryam Aziz, a teacher, said": the subject begins before the pair of commas.
    apposition = bool(tokens) and tokens[-1].of(text) == ","
    if apposition:
        tokens.pop()
    kept: list[Span] = []
    for token in reversed(tokens):
        word = token.of(text)
        if word == "," and apposition:
            apposition = False
        elif not (joins(token, text) or apposition) and _begins_another(word, len(kept)):
            break
        kept.append(token)
    return _trimmed(kept[::-1], text)


def _begins_another(word: str, kept: int) -> bool:
    """Whether a noun phrase of `kept` words, read backwards, cannot go on over `word`."""
    low = word.casefold()
    if low in _RELATIVE:
        return low == "that" or not 0 < kept <= _MANY
    return word in STOPS or low in _CLAUSE_STARTS or stance_of_cue(word) is not None


def _phrase_after(words: Words, start: int, sentence: Span, content: Spans) -> Span | None:
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
    """Whether a subject behind its verb ends before `token`."""
    word = token.of(text)
    stops = word in STOPS and not joins(token, text)
    return stops or (not apposed and word.casefold() in _AFTER_SOURCE)


def _trimmed(tokens: list[Span], text: str) -> Span | None:
    """From the first word to the last; None if there is none."""
    while tokens and tokens[0].of(text) in STOPS:
        tokens.pop(0)
    while tokens and tokens[-1].of(text) in STOPS:
        tokens.pop()
    return Span(tokens[0].start, tokens[-1].end) if tokens else None


def within(span: Span, content: Spans) -> bool:
    """Whether a span overlaps any of some pieces."""
    return any(piece.overlaps(span) for piece in content)
