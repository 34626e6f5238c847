"""Texts with the offsets of their entities, one JSON object a line, as spaCy's and doccano's users
have them.

We write `{"text": ..., "entities": [[start, end, label], ...]}`. Read are also doccano's exports
(`label`, or `entities` and `relations`), spaCy's `Doc.to_json()` and its pairs of a text and its
entities, spans as objects, and a list of all that. What stands beside them becomes `meta`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from annotator.core.annotations import Claim, Entity, Item
from annotator.core.article import Article, Span
from annotator.core.record import Record, ReviewFacts
from annotator.errors import RecordError
from annotator.formats.base import Losses, Refused
from annotator.formats.comparing import count_losses
from annotator.formats.flat import is_reviewed
from annotator.formats.foreign import (
    CONTENT,
    ROLES,
    UNITS,
    ForeignText,
    Misfit,
    check,
    first_spans,
    imported,
    label_in,
    name_in,
    parts_of_claims,
)
from annotator.formats.json_values import values_in
from annotator.formats.losing import claim_read, entity_read, is_open, lose_unknown

KIND = "stream"
SUFFIX = ".jsonl"
_TEXTS = ("text", "data")
_LISTS = ("entities", "label", "labels", "ents", "spans", "annotations")
# What spaCy puts beside the spans and can make again from the text.
_DERIVED = frozenset({"tokens", "sents"})
_STARTS, _ENDS = ("start", "start_offset", "begin"), ("end", "end_offset", "stop")
_LABELS, _WORDS = ("label", "type", "tag"), ("text", "surface")


def write(records: Iterable[Record], target: BinaryIO, losses: Losses) -> int:
    """One line for each record whose article somebody reviewed; how many there were."""
    count = 0
    for record in records:
        held = _held(record)
        if held is None:
            lose_unknown(record, losses)
            continue
        count_losses(record, held, losses)
        for entity in held.entities:
            losses.add(record.article.id, entity.id, "id of an entity", entity.id)
        target.write(_line(held))
        count += 1
    return count


def expected(record: Record) -> Record | None:
    """The text and its entities; None for an article nobody reviewed, or which was put aside."""
    held = _held(record)
    if held is None:
        return None
    return imported(held.article, (replace(entity, id="") for entity in held.entities))


def read(path: Path, offsets: str | None = None) -> Iterator[Record | Refused]:
    """One record for each text; Refused names the line and the span.

    `offsets` says what the offsets count: `codepoints`, `utf16` or `grapheme`. A span that says
    which words it holds is believed where these stand, whatever is counted. Where nobody said what
    is counted it is code points; but of doccano, which counts UTF-16 units or graphemes and does
    not say so, a text whose spans are whole words only if these are counted is refused.
    """
    for _, one in numbered(path, offsets):
        yield one


def numbered(path: Path, offsets: str | None = None) -> Iterator[tuple[int, Record | Refused]]:
    """What `read` gives, each with the number of its line or item (from 1)."""
    if offsets is not None and offsets not in UNITS:
        raise RecordError(
            f"Nothing is counted in {offsets!r}.", hint=f"Offsets count {', '.join(UNITS)}."
        )
    for found in values_in(path):
        if isinstance(found, Refused):
            yield found.line or 0, found
            continue
        problems: list[str] = []
        records: list[Record] = []
        try:
            records = [_record(found.value, offsets, problems)]
        except Misfit as misfit:
            problems = [str(misfit)]
        for problem in problems:
            yield found.number, Refused(path.name, found.number, problem)
        for record in records:
            yield found.number, record


def _held(record: Record) -> Record | None:
    """What a line holds of a record, items by their ids; None if there is no line."""
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


def _record(value: Any, asked: str | None, problems: list[str]) -> Record:
    plain = _as_object(value)
    text_key = next((key for key in _TEXTS if key in plain), "text")
    text = ForeignText(plain.get(text_key))
    lists = [key for key in _LISTS if key in plain]
    beside = {
        key: value
        for key, value in plain.items()
        if key not in (text_key, "relations", "annotation_approver", *_DERIVED, *lists)
    }
    meta = beside.pop("meta") if isinstance(beside.get("meta"), dict) else {}
    title = beside.get("title")
    article = Article(
        text.text, title=title if isinstance(title, str) else None, meta={**beside, **meta}
    )
    if not lists:
        return replace(imported(article, ()), review=ReviewFacts())
    approver = plain.get("annotation_approver")
    review = ReviewFacts(name_in(approver), "import")
    unit = asked or _unit_of(plain, lists, text)
    relations = plain.get("relations")
    relations = relations if isinstance(relations, list) else []
    return imported(article, _items(plain, lists, relations, text, unit, problems), review=review)


def _as_object(value: Any) -> Mapping[str, Any]:
    """A line as an object, also where it is spaCy's pair of a text and what is marked in it."""
    if isinstance(value, list) and len(value) == 2 and isinstance(value[1], dict):
        return {"text": value[0], **value[1]}
    if not isinstance(value, dict):
        raise Misfit(f"expected an object, found {value!r:.60}")
    return value


def _items(
    plain: Mapping[str, Any],
    lists: list[str],
    relations: Any,
    text: ForeignText,
    unit: str,
    problems: list[str],
) -> list[Item]:
    entities: dict[Any, Entity] = {}
    pieces: dict[Any, tuple[str, Span]] = {}
    seen: set[tuple[Span, str]] = set()
    for key in lists:
        known = frozenset(seen)
        for number, row in enumerate(_rows(plain[key], key, problems)):
            name = (name_in(row.get("id")) if isinstance(row, dict) else None) or (key, number)
            try:
                span, label = _span(row, text, unit)
                entity = entity_read("", span, label)
                check(entity, text.text)
            except Misfit as misfit:
                problems.append(f"{key}[{number}]: {misfit}")
                continue
            # The same span under two names of a list is one; twice in one list it is two.
            if (span, label) in known:
                continue
            seen.add((span, label))
            if relations and label.casefold() in ROLES:
                pieces[name] = (label.casefold(), span)
            else:
                entities[(key, number)] = entity
    return [*entities.values(), *_claims(pieces, relations, text, problems)]


def _unit_of(plain: Mapping[str, Any], lists: list[str], text: ForeignText) -> str:
    """Code points; Misfit if doccano's spans are whole words only if something else is counted."""
    if not text.raw.isascii():
        rows = [(key, row) for key in lists for row in _rows(plain[key], key, [])]
        places = [place for key, row in rows if (place := _of_doccano(key, row)) is not None]
        if not _are_words(places, text, "codepoints"):
            for unit in ("utf16", "grapheme"):
                if _are_words(places, text, unit):
                    raise Misfit(
                        f"its offsets seem to count {UNITS[unit]}: only so are they those of whole "
                        f"words; say what they count with --offsets {unit}, or codepoints"
                    )
    return "codepoints"


def _of_doccano(key: str, row: Any) -> tuple[Any, Any] | None:
    """The offsets of a row that is one of doccano's, which never says which words it holds."""
    if key in ("label", "labels") and isinstance(row, list) and len(row) == 3:
        return row[0], row[1]
    if isinstance(row, dict) and "start_offset" in row and not isinstance(row.get("text"), str):
        return row["start_offset"], row.get("end_offset")
    return None


def _are_words(places: Iterable[tuple[Any, Any]], text: ForeignText, unit: str) -> bool:
    """Whether every place is one of the text and none begins or ends within a word."""
    return all(text.cuts_no_word(start, end, unit=unit) for start, end in places)


def _rows(value: Any, key: str, problems: list[str]) -> list[Any]:
    """The spans of one list; of spaCy's groups of spans, those of every group."""
    if isinstance(value, dict):
        return [row for group in value.values() for row in _rows(group, key, problems)]
    if isinstance(value, list):
        return value
    if value is not None:
        problems.append(f"{key}: expected a list of spans, found {value!r:.60}")
    return []


def _span(row: Any, text: ForeignText, unit: str) -> tuple[Span, str]:
    """Where a row's span stands, and its label."""
    words = None
    if isinstance(row, list) and len(row) >= 3:
        start, end, label = row[:3]
    elif isinstance(row, dict):
        start, end, label, words = (_first(row, k) for k in (_STARTS, _ENDS, _LABELS, _WORDS))
    else:
        raise Misfit(f"expected [start, end, label], found {row!r:.60}")
    if isinstance(label, list) and len(label) == 1:
        label = label[0]
    if isinstance(words, str):
        counted = [unit, *(other for other in UNITS if other != unit)]
        unit = next((one for one in counted if text.reads(start, end, words, unit=one)), unit)
    return text.span(start, end, unit=unit, words=words), label_in(label)


def _first(row: Mapping[str, Any], keys: Iterable[str]) -> Any:
    return next((row[key] for key in keys if key in row), None)


def _claims(
    pieces: Mapping[Any, tuple[str, Span]], relations: Any, text: ForeignText, problems: list[str]
) -> Iterator[Claim]:
    """Claims from doccano's relations between entities called Content, Cue and Source."""
    links, lost = [], 0
    for row in relations:
        row = row if isinstance(row, dict) else {}
        one, other = name_in(row.get("from_id")), name_in(row.get("to_id"))
        if one in pieces and other in pieces:
            links.append((one, other))
        else:
            lost += 1
    if lost:
        problems.append(f"relations: {lost:,} between spans that are no parts of claims")
    used: set[Any] = set()
    for parts in parts_of_claims(pieces, links):
        used.update((*parts.content, *parts.cue, *parts.source))
        claim = claim_read(
            "",
            first_spans(pieces, parts.content),
            first_spans(pieces, parts.cue),
            first_spans(pieces, parts.source),
        )
        try:
            yield check(claim, text.text)  # type: ignore[misc]  # what went in comes out
        except Misfit as misfit:
            problems.append(f"claim: {misfit}")
    for name, (role, span) in pieces.items():
        if name not in used and role != CONTENT:
            problems.append(f"[{span.start}, {span.end}): a {role} that belongs to no content")
