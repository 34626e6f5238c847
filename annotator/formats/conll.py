"""CoNLL-2003 columns, `word POS chunk NER`, IOB2, a blank line after each sentence.

An article starts with `-DOCSTART-`. Parts of speech and chunks are `-X-`: nobody reviewed them. The
columns know no `unknown`, so that sentences with an open entity, and articles that nobody reviewed,
are left out rather than written as if nothing stood there. Reading (`conll_in`) takes many other
columns too; the text is made from the words, one sentence a line, one blank between words.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import BinaryIO

from annotator.core.annotations import Entity
from annotator.core.article import Span
from annotator.core.invisible import visible
from annotator.core.record import Record
from annotator.core.words import Words
from annotator.formats.base import Losses
from annotator.formats.conll_in import numbered, read
from annotator.formats.conll_lines import MARK
from annotator.formats.conll_text import record_of
from annotator.formats.iob import (
    edges_of,
    is_reviewed,
    tags_of,
    token_spans,
    trimmed,
    unknown_spans,
    without_overlap,
)
from annotator.formats.label_escaping import to_name
from annotator.formats.losing import (
    lose_attributes,
    lose_facts,
    lose_rejected,
    lose_unknown,
    lose_unsettled,
    settled,
    words_of,
)

__all__ = ["KIND", "SUFFIX", "expected", "numbered", "read", "write"]

KIND = "stream"
SUFFIX = ".conll"

_Row = tuple[str, str]
_Sentence = Sequence[tuple[str, str | None]]


def write(records: Iterable[Record], target: BinaryIO, losses: Losses) -> int:
    """Writes the articles that are reviewed and returns how many; the others are losses."""
    count = 0
    for record in records:
        every = list(_all_sentences(record)) if is_reviewed(record) else []
        sentences = _known(every)
        _lose(record, every, losses)
        if not sentences:
            continue
        lines = [f"{MARK} -X- O O\n"]
        for sentence in sentences:
            lines.append("\n")
            lines += (f"{word} -X- -X- {tag}\n" for word, tag in sentence)
        lines.append("\n")
        target.write("".join(lines).encode())
        count += 1
    return count


def expected(record: Record) -> Record | None:
    """What reading gives back; None for an article that is left out."""
    sentences = _known(list(_all_sentences(record))) if is_reviewed(record) else []
    return record_of(sentences) if sentences else None


def _known(sentences: Sequence[_Sentence]) -> list[list[_Row]]:
    """The sentences that can be written: of every word it is known what it is."""
    known = ([(word, tag) for word, tag in one if tag is not None] for one in sentences)
    return [rows for rows, one in zip(known, sentences, strict=True) if len(rows) == len(one)]


def _all_sentences(record: Record) -> Iterator[list[tuple[str, str | None]]]:
    text = record.article.text
    kept = without_overlap(settled(record).entities)
    tokens = token_spans(text, edges_of(entity.span for entity in kept))
    tags = tags_of(tokens, kept, unknown_spans(record, kept))
    for first, end in _bounds(text, tokens, kept):
        yield [
            (token.of(text), f"{tag[:2]}{to_name(tag[2:])}" if tag else None)
            for token, tag in zip(tokens[first:end], tags[first:end], strict=True)
        ]


def _bounds(text: str, tokens: Sequence[Span], kept: Sequence[Entity]) -> Iterator[tuple[int, int]]:
    """From which token to which each sentence goes; none ends within an entity."""
    starts = [token.start for token in tokens]
    ends = {0, len(tokens)}
    ends |= {bisect_left(starts, one.start) for one in Words(text).sentences}
    for entity in kept:
        first, last = bisect_left(starts, entity.span.start), bisect_left(starts, entity.span.end)
        ends -= set(range(first + 1, last))
    return pairwise(sorted(ends))


def _is_unseen(entity: Entity, text: str) -> bool:
    """Whether an entity holds no word, but only characters that nobody sees."""
    if visible(entity.span.of(text)).strip():
        return False
    return not any(True for _ in Words(text).tokens_in(entity.span))


def _lose(record: Record, sentences: Sequence[_Sentence], losses: Losses) -> None:
    name = record.article.id
    if not is_reviewed(record):
        lose_unknown(record, losses)
        return
    lose_facts(record, losses)
    lose_unsettled(record, losses)
    lose_rejected(record, losses)
    whole = settled(record)
    kept = without_overlap(whole.entities)
    stay = {id(entity) for entity in kept}
    for entity in whole.entities:
        if id(entity) not in stay:
            losses.add(name, entity.id, "overlapping entity", words_of(entity))
            continue
        if _is_unseen(entity, record.article.text):
            losses.add(name, entity.id, "entity of which nothing is seen", words_of(entity))
            continue
        lose_attributes(entity, losses, record=name)
        if trimmed(entity.span, record.article.text) != entity.span:
            losses.add(name, entity.id, "blanks at an entity's edge", words_of(entity))
    for claim in whole.claims:
        losses.add(name, claim.id, "claim", words_of(claim))
    for line in whole.junk:
        losses.add(name, line.id, "junk line", words_of(line))
    for sentence in sentences:
        if any(tag is None for _, tag in sentence):
            words = " ".join(word for word, _ in sentence)
            losses.add(name, None, "sentence that is not decided throughout", words[:60])
    known = _known(sentences)
    if not known:
        losses.add(name, None, "article without a sentence that is decided throughout")
    elif record_of(known).article.text != record.article.text:
        losses.add(name, None, "spacing, and with it offsets")
