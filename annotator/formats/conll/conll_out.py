"""Writes CoNLL-2003 columns, `word POS chunk NER`, IOB2, a blank line after each sentence.

An article starts with `-DOCSTART-`. Parts of speech and chunks are `-X-`, since nobody reviewed
them. The columns have no tag for unknown words, so sentences with an open entity and unreviewed
articles are omitted rather than written as outside. `conll_in` reads many other columns too; it
makes the text from the words, one sentence per line, one blank between words.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import BinaryIO

from annotator.core.annotations import Entity, Item
from annotator.core.article import Article, Span
from annotator.core.record import Record
from annotator.core.text.invisible import visible
from annotator.core.text.words import Words
from annotator.formats.base import Format, FormatReader, Losses, Option
from annotator.formats.conll.conll_in import numbered
from annotator.formats.conll.conll_lines import MARK
from annotator.formats.conll.conll_signs import CONLL_SIGNS
from annotator.formats.conll.conll_text import record_of
from annotator.formats.decided_items import decided_only
from annotator.formats.external_text import imported
from annotator.formats.imported_items import bare_item
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
from annotator.formats.loss_report import (
    LossTerms,
    count_article,
    count_losses,
    count_undecided,
    kind_of,
    words_of,
)

_Row = tuple[str, str]
_Sentence = Sequence[tuple[str, str | None]]


def write(records: Iterable[Record], target: BinaryIO, losses: Losses) -> int:
    """Write the reviewed articles and return how many; the others are counted as losses."""
    count = 0
    for record in records:
        every = list(_all_sentences(record)) if is_reviewed(record) else []
        sentences = _known(every)
        _count(record, every, losses)
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
    """The record as it is read back; None if the article is omitted."""
    sentences = _known(list(_all_sentences(record))) if is_reviewed(record) else []
    return record_of(sentences) if sentences else None


def _known(sentences: Sequence[_Sentence]) -> list[list[_Row]]:
    """The sentences that can be written: those in which the tag of every word is known."""
    known = ([(word, tag) for word, tag in one if tag is not None] for one in sentences)
    return [rows for rows, one in zip(known, sentences, strict=True) if len(rows) == len(one)]


def _all_sentences(record: Record) -> Iterator[list[tuple[str, str | None]]]:
    text = record.article.text
    kept = without_overlap(decided_only(record).entities)
    tokens = token_spans(text, edges_of(entity.span for entity in kept))
    tags = tags_of(tokens, kept, unknown_spans(record, kept))
    for first, end in _bounds(text, tokens, kept):
        yield [
            (token.of(text), f"{tag[:2]}{to_name(tag[2:])}" if tag else None)
            for token, tag in zip(tokens[first:end], tags[first:end], strict=True)
        ]


def _bounds(text: str, tokens: Sequence[Span], kept: Sequence[Entity]) -> Iterator[tuple[int, int]]:
    """The token ranges of sentences; none ends within an entity."""
    starts = [token.start for token in tokens]
    ends = {0, len(tokens)}
    ends |= {bisect_left(starts, one.start) for one in Words(text).sentences}
    for entity in kept:
        first, last = bisect_left(starts, entity.span.start), bisect_left(starts, entity.span.end)
        ends -= set(range(first + 1, last))
    return pairwise(sorted(ends))


def _is_unseen(entity: Entity, text: str) -> bool:
    """Whether an entity contains only invisible characters."""
    if visible(entity.span.of(text)).strip():
        return False
    return not any(True for _ in Words(text).tokens_in(entity.span))


def _count(record: Record, sentences: Sequence[_Sentence], losses: Losses) -> None:
    if not is_reviewed(record):
        count_article(record, losses)
        return
    decided = count_undecided(record, losses)
    kept = without_overlap(decided.entities)
    _count_items(decided, kept, losses)
    for entity in kept:
        if not _is_unseen(entity, record.article.text) and _has_blanks(entity, record.article.text):
            losses.add(record.article.id, entity.id, "blanks at an entity's edge", words_of(entity))
    _count_sentences(record.article, sentences, losses)


def _count_items(decided: Record, kept: Sequence[Entity], losses: Losses) -> None:
    """Count the decided items that columns cannot represent; undecided stretches are counted by
    sentence elsewhere."""
    text, stay = decided.article.text, {entity.id for entity in kept}

    def gone(item: Item) -> str:
        if not isinstance(item, Entity):
            return kind_of(item)
        return "entity of which nothing is seen" if item.id in stay else "overlapping entity"

    held = replace(
        imported(Article(text), ()),
        entities=tuple(bare_item(one) for one in kept if not _is_unseen(one, text)),
        unknown=decided.unknown,
    )
    count_losses(decided, held, losses, LossTerms(keeps_ids=False, gone=gone))


def _count_sentences(article: Article, sentences: Sequence[_Sentence], losses: Losses) -> None:
    for sentence in sentences:
        if any(tag is None for _, tag in sentence):
            words = " ".join(word for word, _ in sentence)
            losses.add(article.id, None, "sentence that is not decided throughout", words[:60])
    known = _known(sentences)
    if not known:
        losses.add(article.id, None, "article without a sentence that is decided throughout")
    elif record_of(known).article.text != article.text:
        losses.add(article.id, None, "spacing, and with it offsets")


def _has_blanks(entity: Entity, text: str) -> bool:
    return trimmed(entity.span, text) != entity.span


FORMAT = Format(
    "conll",
    ".conll",
    writer=write,
    reader=FormatReader(numbered, expected, takes=frozenset({Option.COLUMNS, Option.SENTENCES})),
    signs=CONLL_SIGNS,
)
