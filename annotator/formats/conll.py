"""CoNLL-2003 columns, `word POS chunk NER`, IOB2, a blank line after each sentence.

An article starts with `-DOCSTART-`. Parts of speech and chunks are `-X-`: nobody reviewed them. The
columns know no `unknown`, so that sentences with an open entity, and articles that nobody reviewed,
are left out rather than written as if nothing stood there. Reading takes IOB1 and BILUO too, two
columns or more, blanks or tabs; the text is made from the words, one sentence a line, one blank
between words. A file without a document mark is one article.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

from annotator.core.annotations import Entity
from annotator.core.article import Article, Span
from annotator.core.record import Record
from annotator.core.words import Words
from annotator.errors import RecordError
from annotator.formats.base import Losses, Refused
from annotator.formats.flat import (
    edges_of,
    is_reviewed,
    tags_of,
    token_spans,
    trimmed,
    unknown_spans,
    without_overlap,
)
from annotator.formats.losing import (
    IMPORTED,
    NO_SCHEME,
    entity_read,
    lose_attributes,
    lose_facts,
    lose_rejected,
    lose_unknown,
    lose_unsettled,
    settled,
    words_of,
)
from annotator.formats.naming import from_name, to_name

KIND = "stream"
SUFFIX = ".conll"

_MARK = "-DOCSTART-"
_TAG = re.compile(r"O|[BILUES]-.+", re.DOTALL)
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
        lines = [f"{_MARK} -X- O O\n"]
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
    return _record(sentences) if sentences else None


def read(path: Path) -> Iterator[Record | Refused]:
    """The articles of a file; lines that are no row are Refused, and with them their sentence."""
    for _, one in numbered(path):
        yield one


def numbered(path: Path) -> Iterator[tuple[int, Record | Refused]]:
    """What `read` gives, each with the number of its line; an article's is where it begins.

    RecordError if the file cannot be read, or is no text.
    """
    article = _Reading(path.name)
    try:
        with path.open(encoding="utf-8-sig", newline="\n") as lines:
            for number, line in enumerate(lines, start=1):
                columns = _columns(line)
                if columns and columns[0] == _MARK:
                    yield from article.end()
                    article = _Reading(path.name, number)
                else:
                    article.take(number, line, columns)
    except OSError as error:
        raise RecordError(
            f"{path} cannot be read: {error.strerror or error}.", hint="Check the file's name."
        ) from error
    except UnicodeDecodeError as error:
        raise RecordError(
            f"{path.name} is not UTF-8 text.", hint="Convert it to UTF-8 and try again."
        ) from error
    yield from article.end()


@dataclass
class _Reading:
    """The article that is being read."""

    file: str
    line: int | None = None
    sentences: list[list[_Row]] = field(default_factory=lambda: [[]])
    refused: list[Refused] = field(default_factory=list)
    broken: bool = False

    def take(self, number: int, line: str, columns: Sequence[str]) -> None:
        if not columns:
            self._end_sentence()
        elif len(columns) > 1 and _TAG.fullmatch(columns[-1]):
            self.sentences[-1].append((columns[0], columns[-1]))
        elif not line.startswith("#"):  # else a comment, as newer files have them
            why = "no word with a tag" if len(columns) < 2 else f"{columns[-1]!r:.60} is no tag"
            self.refused.append(Refused(self.file, number, f"{why}; its sentence is left out"))
            self.broken = True

    def end(self) -> Iterator[tuple[int, Record | Refused]]:
        self._end_sentence()
        yield from ((one.line or 0, one) for one in self.refused)
        whole = [sentence for sentence in self.sentences if sentence]
        if whole:
            yield self.line or 1, _record(whole)
        elif self.line is not None and not self.refused:
            yield self.line, Refused(self.file, self.line, "an article without words")

    def _end_sentence(self) -> None:
        if self.broken:
            self.sentences[-1].clear()
        if self.sentences[-1]:
            self.sentences.append([])
        self.broken = False


def _columns(line: str) -> list[str]:
    line = line.strip(" \t\r\n")
    if "\t" in line:
        return [column.strip(" ") for column in line.split("\t")]
    return [column for column in line.split(" ") if column]


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
    elif _record(known).article.text != record.article.text:
        losses.add(name, None, "spacing, and with it offsets")


def _record(sentences: Iterable[Sequence[_Row]]) -> Record:
    """Words and their tags as an article with its entities, `e1`, `e2` … in text order."""
    parts: list[str] = []
    found: list[tuple[int, int, str]] = []
    offset = 0
    for sentence in sentences:
        open_label = None
        for place, (word, tag) in enumerate(sentence):
            prefix, _, name = tag.partition("-")
            if place:
                offset += 1
            if prefix in "ILE" and name == open_label:
                found[-1] = (found[-1][0], offset + len(word), name)
            elif prefix != "O":
                found.append((offset, offset + len(word), name))
            open_label = name if prefix in "BI" else None
            offset += len(word)
        parts.append(" ".join(word for word, _ in sentence))
        offset += 1
    text = "\n".join(parts)
    # A mark that stood within a text before its first words would now be a file's.
    marks = len(text) - len(text.lstrip("\ufeff") or text)
    entities = (
        entity_read(f"e{number}", Span(max(start - marks, 0), end - marks), from_name(name))
        for number, (start, end, name) in enumerate(found, start=1)
        if end > marks
    )
    return Record(Article(text[marks:]), NO_SCHEME, review=IMPORTED, entities=tuple(entities))
