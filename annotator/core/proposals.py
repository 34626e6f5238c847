"""What a reviewer most likely means by a claim here: content, cue and source around a caret.

Plain patterns over the text alone. They only propose: the reviewer sees what comes out and mends
it by key.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from annotator.core.annotations import Claim
from annotator.core.article import Span, Spans
from annotator.core.edits import at_lines, joined_pieces
from annotator.core.guesses import quotations_in, stance_of_cue, with_guesses
from annotator.core.phrases import joins, tokens_between
from annotator.core.words import Words


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


_AUXILIARIES = _listed(
    "has have had did do does not is was were are be been being will would could can may might "
    "didn't hasn't haven't wasn't doesn't didn’t hasn’t haven’t wasn’t doesn’t also later"
)
_SCARE_QUOTES = 4
_BETWEEN = 120
_STOPS = frozenset('.,;:!?()[]{}"“”«»„‘’–—-…') | {"--", "..."}
_CLAUSE_STARTS = _listed("and but while as that who which when after before if although")
_OPENERS = frozenset(("that", "whether"))
_AFTER_SOURCE = _listed("on in at during after before to that when while as by from")
_PRONOUNS = _listed("he she they it we i who")


def propose_claim(
    words: Words, *, id: str, caret: int, selection: Span | None = None
) -> Claim | None:
    """The claim that `selection` is the content of, or without one the claim around `caret`.

    Source and cue are proposed at once, where some stand near; None where there are no words.
    """
    if selection is not None:
        content = at_lines(words.snap(selection), words.text)
        cue = cue_near(words, content)
    else:
        content, cue = _around(words, caret)
    if not content:
        return None
    source = source_near(words, cue, content) if cue else None
    claim = Claim(
        id,
        joined_pieces(content),
        cue=(cue,) if cue else (),
        source=(source,) if source else (),
    )
    return with_guesses(claim, words.text)


def cues_near(words: Words, content: Spans) -> Spans:
    """The words of saying in the sentences that `content` touches and those beside them."""
    found: list[Span] = []
    for sentence in _sentences_around(words, content):
        found += [cue for cue in _cues_in(words, sentence) if not _within(cue, content)]
    return tuple(sorted(set(found)))


def cue_near(words: Words, content: Spans) -> Span | None:
    """The nearest words of saying outside `content`, in the sentences that it touches."""
    touched = {
        words.sentence_at(edge) for piece in content for edge in (piece.start, piece.end - 1)
    }
    found = [
        cue
        for sentence in touched
        if sentence is not None
        for cue in _cues_in(words, sentence)
        if not _within(cue, content)
    ]
    return min(found, key=lambda cue: _distance(cue, content), default=None)


def sources_near(words: Words, claim: Claim, names: Iterable[Span] = ()) -> Spans:
    """What may be the source: subjects of words of saying, names and pronouns around a claim."""
    around = _sentences_around(words, claim.content)
    found = {
        source
        for cue in (*claim.cue, *cues_near(words, claim.content))
        if (source := source_near(words, cue, claim.content))
    }
    found |= {n for n in names if any(s.contains(n) for s in around)}
    for sentence in around:
        for token in words.tokens_in(sentence):
            if token.of(words.text).casefold() in _PRONOUNS:
                found.add(token)
    outside = [span for span in found if not _within(span, claim.content)]
    return tuple(sorted(outside))


def source_near(words: Words, cue: Span, content: Spans = ()) -> Span | None:
    """The noun phrase that seems to be the subject of `cue`: before it, or after an inversion."""
    text = words.text
    sentence = words.sentence_at(cue.start)
    if sentence is None:
        return None
    if _is_according(cue, text):
        return _phrase_after(words, cue.end, sentence, content)
    before = _phrase_before(words, cue.start, sentence, content)
    return before or _phrase_after(words, cue.end, sentence, content)


def _around(words: Words, caret: int) -> tuple[Spans, Span | None]:
    """Content and cue around the caret: a quotation, else the clause of the nearest cue."""
    line = words.line_at(caret)
    sentence = words.sentence_at(caret)
    if line is None or sentence is None:
        return (), None
    quoted = _quotation_around(words, line, caret)
    if quoted:
        return quoted, cue_near(words, quoted)
    cues = _cues_in(words, sentence)
    if not cues:
        return (_without_stop(sentence, words.text),), None
    cue = min(cues, key=lambda one: _distance(one, (Span(caret, caret + 1),)))
    return _clause_of(words, cue, sentence, caret), cue


def _quotation_around(words: Words, line: Span, caret: int) -> Spans:
    """The quotation around the caret, with its other half where its cue splits it; else none."""
    quotations = [
        Span(line.start + start, line.start + end)
        for start, end in quotations_in(line.of(words.text))
    ]
    for n, quotation in enumerate(quotations):
        if not quotation.start <= caret <= quotation.end:
            continue
        if n and _is_split(words, quotations[n - 1], quotation):
            return quotations[n - 1], quotation
        if n + 1 < len(quotations) and _is_split(words, quotation, quotations[n + 1]):
            return quotation, quotations[n + 1]
        return (quotation,) if len(words.tokens_in(quotation)) > _SCARE_QUOTES else ()
    return ()


def _is_split(words: Words, one: Span, other: Span) -> bool:
    """Whether two quotations are one, with nothing but the cue and its source between them."""
    text = words.text
    if one.end == other.start:
        return False
    between = Span(one.end, other.start)
    said = between.of(text).strip()
    ends_open = text[one.end - 2] in ",?!" or text[one.end] == ","
    if not ends_open or len(said) > _BETWEEN or re.search(r"[.!?]\s+[A-Z“\"]", said[:-1]):
        return False
    return any(stance_of_cue(token.of(text)) for token in words.tokens_in(between))


def _clause_of(words: Words, cue: Span, sentence: Span, caret: int) -> Spans:
    """What the cue governs: the rest of the sentence, or all that stands before its source.

    A caret before both of them says which.
    """
    text = words.text
    bare = _without_stop(sentence, text)
    source = source_near(words, cue)
    begin = source.end if source and source.start >= cue.end else cue.end
    end = min(cue.start, source.start if source else cue.start)
    after = tokens_between(words, begin, bare.end)
    if _is_according(cue, text):
        after = after[1:] if after and after[0].of(text) == "," else []
    elif (after and after[0].of(text) == ",") or caret < end:
        after = []
    if len(after) >= 2:
        opener = next((t for t in after[:8] if t.of(text).casefold() in _OPENERS), after[0])
        return (Span(opener.start, bare.end),)
    before = tokens_between(words, sentence.start, end)
    while before and before[-1].of(text) in _STOPS:
        before.pop()
    return (Span(before[0].start, before[-1].end),) if before else (bare,)


def _cues_in(words: Words, sentence: Span) -> list[Span]:
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
        first = n
        while first and tokens[first - 1].of(text).casefold() in _AUXILIARIES:
            first -= 1
        found.append(Span(tokens[first].start, end))
    return found


def _phrase_before(words: Words, end: int, sentence: Span, content: Spans) -> Span | None:
    text = words.text
    tokens = [t for t in tokens_between(words, sentence.start, end) if not _within(t, content)]
    while tokens and tokens[-1].of(text).casefold() in _AUXILIARIES:
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
        elif joins(token, text):
            pass
        elif word in _STOPS or (word.casefold() in _CLAUSE_STARTS and not apposition):
            break
        kept.append(token)
    return _trimmed(kept[::-1], text)


def _phrase_after(words: Words, start: int, sentence: Span, content: Spans) -> Span | None:
    text = words.text
    kept: list[Span] = []
    for token in tokens_between(words, start, sentence.end):
        word = token.of(text)
        if _within(token, content):
            break
        ends = word in _STOPS or word.casefold() in _AFTER_SOURCE
        if ends and not joins(token, text):
            break
        kept.append(token)
    return _trimmed(kept, text)


def _is_according(cue: Span, text: str) -> bool:
    return cue.of(text).casefold().startswith("according")


def _trimmed(tokens: list[Span], text: str) -> Span | None:
    """From the first word to the last; None if there is none."""
    while tokens and tokens[0].of(text) in _STOPS:
        tokens.pop(0)
    while tokens and tokens[-1].of(text) in _STOPS:
        tokens.pop()
    return Span(tokens[0].start, tokens[-1].end) if tokens else None


def _without_stop(sentence: Span, text: str) -> Span:
    bare = re.sub(r"[.!?…]+$", "", sentence.of(text))
    return Span(sentence.start, sentence.start + len(bare)) if bare.strip() else sentence


def _sentences_around(words: Words, content: Spans) -> Spans:
    first = words.sentence_at(content[0].start)
    last = words.sentence_at(content[-1].end - 1)
    found = {first, last}
    if first:
        found.add(words.previous_sentence(first.start))
    if last:
        found.add(words.next_sentence(last.start))
    found |= {words.sentence_at(piece.start) for piece in content}
    return tuple(sorted(span for span in found if span is not None))


def _within(span: Span, content: Spans) -> bool:
    return any(piece.overlaps(span) for piece in content)


def _distance(span: Span, content: Spans) -> int:
    return min(max(piece.start - span.end, span.start - piece.end, 0) for piece in content)
