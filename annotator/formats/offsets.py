"""Writes and reads texts with offsets of entities, one JSON object per line (spaCy, doccano).

We write `{"text": ..., "entities": [[start, end, label], ...]}`. We also read doccano's exports
(`label`, or `entities` and `relations`), spaCy's `Doc.to_json()` and its pairs of a text and its
entities, spans as objects, and lists of all these. Other fields become `meta`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from annotator.core.annotations import Entity, Item
from annotator.core.article import Article, Span, normalise
from annotator.core.record import Record, ReviewFacts
from annotator.formats.base import (
    Format,
    FormatReader,
    Losses,
    Means,
    NumberedRecords,
    Option,
    ReadOptions,
    Refused,
)
from annotator.formats.counting import Counting, Row, Spans, counting
from annotator.formats.decided_items import is_open
from annotator.formats.external_text import (
    NO_OBJECT,
    ExternalText,
    InvalidAnnotation,
    check,
    imported,
    label_in,
    name_in,
    score_in,
)
from annotator.formats.imported_items import entity_read
from annotator.formats.iob import is_reviewed
from annotator.formats.json_values import Numbered, values_in
from annotator.formats.loss_report import MOVED, LossTerms, count_article, count_losses
from annotator.formats.offset_rows import (
    LABELS,
    SpanRow,
    first_of,
    holds_spans,
    row_of,
    spread,
    users_of,
    without_labels_of_text,
)
from annotator.formats.offset_signs import OFFSET_SIGNS
from annotator.formats.quotation_spans import claims_in, role_in
from annotator.formats.refusals import RefusedPiece, kept_beside, refuse_path, refused_then_records

_TERMS = LossTerms(keeps_ids=False)
_TEXTS = ("text", "data")
_LISTS = ("entities", "label", "labels", "ents", "spans", "annotations")
# Fields that spaCy can derive from the text.
_DERIVED = frozenset({"tokens", "sents"})


def write(records: Iterable[Record], target: BinaryIO, losses: Losses) -> int:
    """Write one line for each reviewed record; returns how many."""
    count = 0
    for record in records:
        held = _representable(record)
        if held is None:
            count_article(record, losses)
            continue
        count_losses(record, held, losses, _TERMS)
        if record.article.text != normalise(record.article.text):
            losses.add(record.article.id, None, MOVED)
        target.write(_line(held))
        count += 1
    return count


def expected(record: Record) -> Record | None:
    """The text and its entities; None for an unreviewed, skipped or unusable article."""
    held = _representable(record)
    if held is None:
        return None
    text = ExternalText(held.article.text)
    return imported(Article(text.text), _moved(held.entities, text))


def _moved(entities: Iterable[Entity], text: ExternalText) -> Iterator[Entity]:
    """The entities where they stand in the text as it is read."""
    for one in entities:
        with suppress(InvalidAnnotation):  # it covers only what the text loses
            yield replace(one, id="", span=text.span(one.span.start, one.span.end))


def numbered(path: Path, options: ReadOptions) -> NumberedRecords:
    """One record for each text, in doccano's files for each annotator of a text, with the number of
    its line or item (from 1); yields Refused for invalid lines and spans.

    `offsets` is the offset unit (see `readings`). Without it, words of spans prove the unit, and
    the default is code points. doccano counts UTF-16 units or graphemes depending on a setting that
    its exports do not contain, so its texts are refused if the unit matters, unless spans cover
    whole words in one unit only. Spans labelled Content, Cue or Source are pieces of claims, unless
    these are known labels.
    """
    how = counting_of(path, options)
    for found in values_in(path):
        if isinstance(found, Refused):
            yield found.line or 0, found
        else:
            yield from read_value(found, how, options.means)


def counting_of(path: Path, options: ReadOptions) -> Counting:
    """The options for the offsets of a file, proved by the words of all its spans."""
    return counting(path, options.offsets, options.notes, lambda: _offsets_in(path))


def read_value(found: Numbered, how: Counting, means: Means) -> NumberedRecords:
    """The records of one value of a file, each with its number and after its refused parts."""
    for number, value in enumerate(spread(found.value), start=found.number):
        for one in _read_text(value, how, means, number):
            yield number, one


def _read_text(value: Any, how: Counting, means: Means, number: int) -> Iterator[Record | Refused]:
    """The records of a line, each after its refused parts."""
    return refused_then_records(lambda: _records(value, how, means), how.file, number)


def _representable(record: Record) -> Record | None:
    """The record as a line represents it, items with their ids; None if it is omitted."""
    if not is_reviewed(record):
        return None
    entities = (entity for entity in record.entities if not is_open(entity))
    bare = imported(Article(record.article.text), ())
    return replace(
        bare, entities=tuple(entity_read(one.id, one.span, one.label) for one in entities)
    )


def _line(record: Record) -> bytes:
    entities = [[one.span.start, one.span.end, one.label] for one in record.entities]
    plain = {"text": record.article.text, "entities": entities}
    return orjson.dumps(plain, option=orjson.OPT_APPEND_NEWLINE)


def _records(
    value: Any, how: Counting, means: Means
) -> Iterator[tuple[Record, list[RefusedPiece]]]:
    """A record for each annotator of a text, with its refused parts."""
    plain = _as_object(value)
    text_key = _text_key(plain)
    text = ExternalText(plain.get(text_key))
    refuse_path(text.text)
    lost: list[RefusedPiece] = []
    named = [key for key in _LISTS if key in plain]
    lists = without_labels_of_text(plain, named, lost)
    rows = [
        SpanRow(key, number, row, row_of(row))
        for key in lists
        for number, row in enumerate(_rows(plain[key], key, lost))
    ]
    article = _article(plain, text_key, text, rows)
    lost += _elsewhere(article) if not rows else ()
    if not lists:
        yield replace(imported(article, ()), review=ReviewFacts()), lost
        return
    spans = _spans(rows, text, how)
    approver = name_in(plain.get("annotation_approver"))
    users = users_of(rows)
    for user in users:
        own = [row for row in rows if row.user == user]
        reading = _SpansToItems(text, spans, means, lost)
        items = reading.items(own, _relations(plain, own, first=user == users[0]))
        who = approver if len(users) == 1 and approver else user
        yield imported(article, items, review=ReviewFacts(who, "import")), lost
        lost = []


def _offsets_in(path: Path) -> Iterator[tuple[str, list[Row]]]:
    """All texts of a file, with the offsets and words of their spans."""
    for found in values_in(path):
        if isinstance(found, Refused):
            continue
        for value in spread(found.value):
            try:
                plain = _as_object(value)
            except InvalidAnnotation:
                continue
            raw = plain.get(_text_key(plain))
            rows = [row for key in _LISTS for row in _rows(plain.get(key), key, [])]
            if isinstance(raw, str):
                yield raw, [row_of(row) for row in rows]


def _spans(rows: Iterable[SpanRow], text: ExternalText, how: Counting) -> Spans:
    """The converter for the offsets of a text; the unit of doccano is in doubt without words."""
    found = [(one.told, _is_of_doccano(one)) for one in rows]
    of_doccano = [row for row, is_so in found if is_so]
    if of_doccano and all(words is None for (_, _, words), _ in found):
        return how.spans(text, of_doccano, doubted=("codepoints", "utf16", "grapheme"))
    return how.spans(text, (row for row, _ in found))


def _is_of_doccano(one: SpanRow) -> bool:
    """Whether a row is in doccano's form, which has no words."""
    row = one.value
    if isinstance(row, dict):
        return "start_offset" in row and not isinstance(row.get("text"), str)
    return one.key in ("label", "labels") and isinstance(row, list) and len(row) == 3


def _text_key(plain: Mapping[str, Any]) -> str:
    return next((key for key in _TEXTS if key in plain), "text")


def _article(
    plain: Mapping[str, Any], text_key: str, text: ExternalText, rows: Iterable[SpanRow]
) -> Article:
    """The article, with further fields of its line in `meta`."""
    taken = {text_key, "relations", "annotation_approver", *_DERIVED, *_LISTS}
    beside = {key: said for key, said in plain.items() if key not in taken}
    meta = beside.pop("meta") if isinstance(beside.get("meta"), dict) else {}
    more = [{"of": row.place, **said} for row in rows if (said := row.beside())]
    title = beside.get("title")
    return Article(
        text.text,
        title=title if isinstance(title, str) else None,
        meta=kept_beside({**beside, **meta}, "spans", more),
    )


def _elsewhere(article: Article) -> Iterator[RefusedPiece]:
    """Spans under unsupported keys, in a line without other spans."""
    for key, said in article.meta.items():
        if holds_spans(said):
            reason = f"{key}: spans under an unsupported name; rename it to entities"
            yield RefusedPiece(reason, "spans under an unsupported name")


def _relations(plain: Mapping[str, Any], rows: Iterable[SpanRow], *, first: bool) -> list[Any]:
    """The relations between these spans; for the `first` annotator all relations."""
    relations = plain.get("relations")
    relations = relations if isinstance(relations, list) else []
    if first:
        return relations
    names = {row.name for row in rows}
    return [
        row
        for row in relations
        if isinstance(row, dict)
        and {name_in(row.get("from_id")), name_in(row.get("to_id"))} & names
    ]


def _as_object(value: Any) -> Mapping[str, Any]:
    """A line as an object; also from spaCy's pair of a text and its annotations."""
    if isinstance(value, list) and len(value) == 2 and isinstance(value[1], dict):
        return {"text": value[0], **value[1]}
    if not isinstance(value, dict):
        raise InvalidAnnotation(f"expected an object, found {value!r:.60}", NO_OBJECT)
    return value


@dataclass
class _SpansToItems:
    """Makes items from the spans of one text; adds invalid ones to `lost`."""

    text: ExternalText
    spans: Spans
    means: Means
    lost: list[RefusedPiece]

    def items(self, rows: Iterable[SpanRow], relations: Iterable[Any]) -> list[Item]:
        """The entities and claims of these rows."""
        entities: list[Entity] = []
        pieces: dict[Any, tuple[str, Span]] = {}
        seen: dict[tuple[Span, str], str] = {}
        for row in rows:
            try:
                entity = self._entity(row)
            except InvalidAnnotation as invalid:
                self.lost.append(RefusedPiece(f"{row.place}: {invalid}", invalid.kind))
                continue
            # A span in two lists is one entity; twice in one list, it is two.
            if seen.setdefault((entity.span, entity.label), row.key) != row.key:
                continue
            if role := role_in(entity.label, self.means):
                pieces[row.name] = (role, entity.span)
            else:
                entities.append(entity)
        links = self._links(pieces, relations)
        return [*entities, *claims_in(pieces, links, self.text.text, self.lost)]

    def _entity(self, row: SpanRow) -> Entity:
        span, label = _span(row, self.spans)
        entity = entity_read("", span, label, row.identity)
        if isinstance(row.value, dict) and (score := score_in(row.value.get("score"))) is not None:
            entity = replace(entity, score=score)
        check(entity, self.text.text)
        return entity

    def _links(
        self, pieces: Mapping[Any, tuple[str, Span]], relations: Iterable[Any]
    ) -> list[tuple[Any, Any]]:
        """The pairs of pieces that relations of doccano join; others are added to `lost`."""
        links, others = [], 0
        for row in relations:
            row = row if isinstance(row, dict) else {}
            one, other = name_in(row.get("from_id")), name_in(row.get("to_id"))
            if one in pieces and other in pieces:
                links.append((one, other))
            else:
                others += 1
        if others:
            reason = f"relations: {others:,} between spans that are not parts of claims"
            self.lost.append(
                RefusedPiece(reason, "relation between other spans than parts of claims", ())
            )
        return links


def _rows(value: Any, key: str, lost: list[RefusedPiece]) -> list[Any]:
    """The spans of one list, or of all of spaCy's span groups."""
    if isinstance(value, dict):
        return [row for group in value.values() for row in _rows(group, key, lost)]
    if isinstance(value, list):
        return value
    if value is not None:
        lost.append(
            RefusedPiece(
                f"{key}: expected a list of spans, found {value!r:.60}", "not a list of spans"
            )
        )
    return []


def _span(one: SpanRow, spans: Spans) -> tuple[Span, str]:
    """The span and the label of a row."""
    row = one.value
    if isinstance(row, list) and len(row) >= 3:
        label = row[2]
    elif isinstance(row, dict):
        label = first_of(row, LABELS)
    else:
        raise InvalidAnnotation(f"expected [start, end, label], found {row!r:.60}", "invalid span")
    if isinstance(label, list) and len(label) == 1:
        label = label[0]
    return spans.at(*one.told), label_in(label)


FORMAT = Format(
    "offsets",
    ".jsonl",
    writer=write,
    reader=FormatReader(numbered, expected, takes=frozenset({Option.OFFSETS, Option.MEANS})),
    signs=OFFSET_SIGNS,
)
