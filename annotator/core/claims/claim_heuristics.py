"""Proposes the claim around a caret: content, cue and source.

It uses patterns in the text only. These are proposals, which the reviewer sees and corrects.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from annotator.core.annotations import Claim
from annotator.core.article import Span, Spans
from annotator.core.claims.attribution import subject_of, within, without_stop
from annotator.core.claims.claim_defaults import quotations_in, with_guesses
from annotator.core.claims.cue_readings import readings_in
from annotator.core.claims.governed import chosen, governed_by
from annotator.core.edits import at_paragraphs, joined_pieces
from annotator.core.text.words import Words
from annotator.lexicon.cues import lexicon

_SCARE_QUOTES = 4
_BETWEEN = 120
_PRONOUNS = frozenset(("he", "she", "they", "it", "we", "i", "who"))


def propose_claim(
    words: Words, *, id: str, caret: int, selection: Span | None = None
) -> Claim | None:
    """The claim with `selection` as its content or, without one, the claim around `caret`.

    Includes a source and a cue, if there are any nearby. None in a text without words.
    """
    if selection is not None:
        content = at_paragraphs(words.snap(selection), words.text)
        cue = cue_near(words, content)
    else:
        content, cue = _around(words, caret)
    if not content:
        return None
    source = subject_of(words, cue, content) if cue else None
    claim = Claim(
        id,
        joined_pieces(content),
        cue=(cue,) if cue else (),
        source=(source,) if source else (),
    )
    return with_guesses(claim, words.text)


def cues_near(words: Words, content: Spans) -> Spans:
    """The cues in the sentences of `content` and the adjacent ones."""
    found: list[Span] = []
    for sentence in _sentences_around(words, content):
        found += [one.span for one in readings_in(words, sentence)]
    return tuple(sorted(cue for cue in set(found) if not within(cue, content)))


def cue_near(words: Words, content: Spans) -> Span | None:
    """The nearest cue outside `content`, in its sentences; None if there is none."""
    touched = {
        words.sentence_at(edge) for piece in content for edge in (piece.start, piece.end - 1)
    }
    found = [
        one
        for sentence in touched
        if sentence is not None
        for one in readings_in(words, sentence)
        if not within(one.span, content)
    ]
    nearest = min(found, key=lambda one: _distance(one.span, content), default=None)
    return nearest.span if nearest is not None else None


def sources_near(words: Words, claim: Claim, names: Iterable[Span] = ()) -> Spans:
    """Possible sources: subjects of cues, names and pronouns around a claim."""
    around = _sentences_around(words, claim.content)
    found = {
        source
        for cue in (*claim.cue, *cues_near(words, claim.content))
        if (source := subject_of(words, cue, claim.content))
    }
    found |= {n for n in names if any(s.contains(n) for s in around)}
    for sentence in around:
        for token in words.tokens_in(sentence):
            if token.of(words.text).casefold() in _PRONOUNS:
                found.add(token)
    outside = [span for span in found if not within(span, claim.content)]
    return tuple(sorted(outside))


def _around(words: Words, caret: int) -> tuple[Spans, Span | None]:
    """Content and cue around the caret: a quotation, otherwise the clause of the nearest cue."""
    line = words.line_at(caret)
    sentence = words.sentence_at(caret)
    if line is None or sentence is None:
        return (), None
    quoted = _quotation_around(words, line, caret)
    if quoted:
        return quoted, cue_near(words, quoted)
    reading = chosen(words, sentence, caret)
    if reading is None:
        return (without_stop(sentence, words.text),), None
    return governed_by(words, reading, sentence, caret)


def _quotation_around(words: Words, line: Span, caret: int) -> Spans:
    """The quotation around the caret, with its other half if its cue splits it; empty if none."""
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
    """Whether two quotations are one, with only the cue and its source between them."""
    text = words.text
    if one.end == other.start:
        return False
    between = Span(one.end, other.start)
    said = between.of(text).strip()
    ends_open = text[one.end - 2] in ",?!" or text[one.end] == ","
    if not ends_open or len(said) > _BETWEEN or re.search(r"[.!?]\s+[A-Z“\"]", said[:-1]):
        return False
    return any(_may_quote(token.of(text)) for token in words.tokens_in(between))


def _may_quote(word: str) -> bool:
    """Whether a word is a verb that can introduce quotations."""
    verb = lexicon().verb(word.casefold())
    return verb is not None and "quote" in verb.frames


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


def _distance(span: Span, content: Spans) -> int:
    return min(max(piece.start - span.end, span.start - piece.end, 0) for piece in content)
