"""Reads spaCy 2's JSON for training: documents of paragraphs of tokens with BILUO tags.

Each paragraph becomes a record, since spaCy makes a Doc of each. A token whose tag is missing or
`-` is unknown, never outside; a paragraph without any known tag is an unreviewed article. Tags,
heads and constituents can be derived from the text and are not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from annotator.core.annotations import Entity
from annotator.core.article import Article, Span
from annotator.core.record import Record, ReviewFacts
from annotator.core.records.unknown import stretches
from annotator.formats.base import (
    Format,
    FormatReader,
    NumberedRecords,
    ReadOptions,
    Refused,
)
from annotator.formats.external_text import (
    NO_OBJECT,
    ExternalText,
    InvalidAnnotation,
    check,
    imported,
    label_in,
    name_in,
)
from annotator.formats.imported_items import entity_read
from annotator.formats.json_values import records_of_values
from annotator.formats.offset_rows import LABELS, first_of, row_of
from annotator.formats.refusals import RefusedPiece, refuse_path, refused_then_record
from annotator.formats.shapes import ANY
from annotator.formats.signs import Sign, Signs
from annotator.formats.spacy_json.spacy_tokens import (
    Token,
    is_tagged,
    joined,
    known_tags,
    runs_of,
    tokens_in,
    untold,
    worded,
)

_CONTRADICTED = "entity that the tags contradict"
_LIST = "not a list of spans"
_READ = frozenset({"raw", "sentences", "entities", "links", "cats"})
_OFFSETS = re.compile(r"\D*(\d{1,9})\D+(\d{1,9})\D*")
_LIKELY = 0.5


def numbered(path: Path, options: ReadOptions) -> NumberedRecords:  # noqa: ARG001  # no options
    """A record for each paragraph, with the number of its document (from 1); yields Refused for
    invalid paragraphs, tags and spans."""
    return records_of_values(path, lambda found: _of_document(found.value, path.name, found.number))


def _of_document(document: Any, file: str, number: int) -> Iterator[Record | Refused]:
    paragraphs = document.get("paragraphs") if isinstance(document, dict) else None
    if not isinstance(paragraphs, list):
        reason = f"expected a document with paragraphs, found {document!r:.60}"
        yield Refused(file, number, reason, kind=NO_OBJECT)
        return
    name = name_in(document.get("id"))
    for place, paragraph in enumerate(paragraphs, start=1):
        lost: list[RefusedPiece] = []
        where = f"paragraph {place}: " if len(paragraphs) > 1 else ""
        try:
            record = _record(paragraph, {} if name is None else {"document": name}, lost)
        except InvalidAnnotation as invalid:
            yield Refused(file, number, f"{where}{invalid}", kind=invalid.kind)
            continue
        named = (replace(one, reason=f"{where}{one.reason}") for one in lost)
        yield from refused_then_record(record, named, file, number)


def _record(paragraph: Any, meta: Mapping[str, Any], lost: list[RefusedPiece]) -> Record:
    """The record of a paragraph; raises InvalidAnnotation if its text or its tokens are unclear."""
    if not isinstance(paragraph, dict):
        raise InvalidAnnotation(f"expected a paragraph, found {paragraph!r:.60}", NO_OBJECT)
    tokens = tokens_in(paragraph)
    raw = paragraph.get("raw")
    text = ExternalText(joined(tokens) if raw is None and tokens else raw)
    refuse_path(text.text)
    tagged = tokens if any(one.is_tagged for one in tokens) else []
    reading = _ParagraphEntities(text, tagged, lost)
    entities = reading.entities(paragraph)
    article = Article(text.text, meta={**_beside(paragraph), **meta})
    record = imported(article, entities)
    if not entities and not reading.is_judged:
        return replace(record, review=ReviewFacts())
    return replace(record, unknown=stretches(reading.unknown, text.text))


def _beside(paragraph: Mapping[str, Any]) -> dict[str, Any]:
    """What else the paragraph says; its categories by label."""
    rest = {key: value for key, value in paragraph.items() if key not in _READ}
    rows = paragraph.get("cats")
    if isinstance(rows, list):
        rows = {
            row["label"]: row.get("value")
            for row in rows
            if isinstance(row, dict) and isinstance(row.get("label"), str)
        }
    return {**rest, "cats": rows} if rows else rest


@dataclass
class _ParagraphEntities:
    """Reads the entities of a paragraph; `tokens` are those with tags. Invalid ones are added to
    `lost`. `unknown` are the words that nobody judged; `is_judged` says whether any word was."""

    text: ExternalText
    tokens: Sequence[Token]
    lost: list[RefusedPiece]
    unknown: list[Span] = field(default_factory=list)
    is_judged: bool = False

    def entities(self, paragraph: Mapping[str, Any]) -> list[Entity]:
        """The entities of the tags, and those of the list `entities` that do not contradict."""
        placed = worded(self.tokens, self.text.raw) if self.tokens else []
        spans = [self.text.span(*place) for _, place in placed]
        told = known_tags([token for token, _ in placed], spans, self.lost)
        self.is_judged = any(tag is not None for tag in told)
        self.unknown += untold(told, spans)
        identities = _identities(paragraph.get("links"), self.text)
        found: dict[tuple[Span, str], Entity] = {}
        for run in runs_of(told):
            span = Span(spans[run.first].start, spans[run.stop - 1].end)
            self._add(found, span, run.label, identities)
        for number, row in enumerate(self._rows(paragraph)):
            try:
                start, end, _ = row_of(row)
                span = self.text.span(start, end)
                label = label_in(row[2] if isinstance(row, list) else first_of(row, LABELS))
            except InvalidAnnotation as invalid:
                self.lost.append(RefusedPiece(f"entities[{number}]: {invalid}", invalid.kind))
                continue
            if (span, label) in found:
                continue
            if is_tagged(span, told, spans):
                reason = f"entities[{number}]: {label} {span.of(self.text.text)!r:.40} differs from"
                reason += " the tags of its tokens"
                self.lost.append(RefusedPiece(reason, _CONTRADICTED, (span,)))
            else:
                self._add(found, span, label, identities)
        return list(found.values())

    def _add(
        self,
        found: dict[tuple[Span, str], Entity],
        span: Span,
        label: str,
        identities: Mapping[Span, str],
    ) -> None:
        entity = entity_read("", span, label, identities.get(span))
        try:
            check(entity, self.text.text)
        except InvalidAnnotation as invalid:
            self.lost.append(RefusedPiece(f"{label:.40}: {invalid}", invalid.kind, (span,)))
        else:
            found[span, label] = entity

    def _rows(self, paragraph: Mapping[str, Any]) -> list[Any]:
        rows = paragraph.get("entities")
        if rows is None or isinstance(rows, list):
            return rows or []
        self.lost.append(RefusedPiece(f"entities: expected a list, found {rows!r:.60}", _LIST))
        return []


def _identities(links: Any, text: ExternalText) -> dict[Span, str]:
    """The likely knowledge base ids of mentions: `{"(0, 7)": {"Q1": 1.0}}`, or a list of such."""
    found: dict[Span, str] = {}
    for group in links if isinstance(links, list) else [links]:
        for key, chances in group.items() if isinstance(group, dict) else ():
            place = _OFFSETS.fullmatch(key)
            if place is None or not isinstance(chances, dict):
                continue
            likely = [name for name, chance in chances.items() if name and _is_likely(chance)]
            with suppress(InvalidAnnotation):
                span = text.span(int(place[1]), int(place[2]))
                if likely:
                    found[span] = likely[0]
    return found


def _is_likely(chance: Any) -> bool:
    return type(chance) in (int, float) and bool(chance > _LIKELY)


FORMAT = Format(
    "spacy-json",
    ".json",
    reader=FormatReader(numbered),
    signs=Signs(
        values=(Sign("spaCy 2's training data", {"paragraphs": [{("sentences", "raw"): ANY}]}),)
    ),
)
