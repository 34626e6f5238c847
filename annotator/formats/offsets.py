"""Texts with the offsets of their entities, one JSON object a line, as spaCy's and doccano's users
have them.

We write `{"text": ..., "entities": [[start, end, label], ...]}`. Read are also doccano's exports
(`label`, or `entities` and `relations`), spaCy's `Doc.to_json()` and its pairs of a text and its
entities, spans as objects, and a list of all that. What stands beside them becomes `meta`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from annotator.core.annotations import Entity, Item
from annotator.core.article import Article, Span
from annotator.core.record import Record, ReviewFacts
from annotator.errors import RecordError
from annotator.formats.base import Losses, Refused
from annotator.formats.comparing import count_losses
from annotator.formats.flat import is_reviewed
from annotator.formats.foreign import (
    UNITS,
    ForeignText,
    Misfit,
    check,
    imported,
    label_in,
    name_in,
    score_in,
)
from annotator.formats.json_values import values_in
from annotator.formats.losing import entity_read, is_open, lose_unknown
from annotator.formats.offset_rows import (
    ENDS,
    LABELS,
    STARTS,
    WORDS,
    SpanRow,
    refuse_labels_of_text,
    spread,
    users_of,
)
from annotator.formats.quotations import Means, claims_in, nothing, role_in
from annotator.formats.refusals import Lost, kept_beside, refuse_path, told_of

KIND = "stream"
SUFFIX = ".jsonl"
_TEXTS = ("text", "data")
_LISTS = ("entities", "label", "labels", "ents", "spans", "annotations")
# What spaCy puts beside the spans and can make again from the text.
_DERIVED = frozenset({"tokens", "sents"})
_MISFIT = "span that does not fit its text"


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


def read(
    path: Path, offsets: str | None = None, means: Means = nothing
) -> Iterator[Record | Refused]:
    """One record for each text, or of doccano for each of its users; Refused names line and span.

    `offsets` says what the offsets count: `codepoints`, `utf16` or `grapheme`. A span that says
    which words it holds is believed where these stand, whatever is counted. Where nobody said what
    is counted it is code points; but of doccano, which counts UTF-16 units or graphemes and does
    not say so, a text whose spans are whole words only if these are counted is refused. Spans whose
    labels are Content, Cue and Source are pieces of claims, unless such a label `means` something.
    """
    for _, one in numbered(path, offsets, means):
        yield one


def numbered(
    path: Path, offsets: str | None = None, means: Means = nothing
) -> Iterator[tuple[int, Record | Refused]]:
    """What `read` gives, each with the number of its line or item (from 1)."""
    if offsets is not None and offsets not in UNITS:
        raise RecordError(
            f"Nothing is counted in {offsets!r}.", hint=f"Offsets count {', '.join(UNITS)}."
        )
    for found in values_in(path):
        if isinstance(found, Refused):
            yield found.line or 0, found
            continue
        values = spread(found.value)
        for number, value in enumerate(values, start=found.number):
            for one in _told(value, offsets, means, path.name, number):
                yield number, one


def _told(
    value: Any, asked: str | None, means: Means, file: str, number: int
) -> Iterator[Record | Refused]:
    """What a line says; what is wrong with a piece of it, before the record."""
    try:
        made = list(_records(value, asked, means))
    except Misfit as misfit:
        yield Refused(file, number, str(misfit), kind=misfit.kind)
        return
    for record, lost in made:
        yield from told_of(record, lost, file, number)


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


def _records(value: Any, asked: str | None, means: Means) -> Iterator[tuple[Record, list[Lost]]]:
    """A record for each who marked something in a text, with what was refused of it."""
    plain = _as_object(value)
    text_key = next((key for key in _TEXTS if key in plain), "text")
    text = ForeignText(plain.get(text_key))
    refuse_path(text.text)
    lists = [key for key in _LISTS if key in plain]
    refuse_labels_of_text(plain, lists)
    lost: list[Lost] = []
    rows = [
        SpanRow(key, number, row)
        for key in lists
        for number, row in enumerate(_rows(plain[key], key, lost))
    ]
    article = _article(plain, text_key, text, rows)
    if not lists:
        yield replace(imported(article, ()), review=ReviewFacts()), lost
        return
    unit = asked or _unit_of(plain, lists, text)
    approver = name_in(plain.get("annotation_approver"))
    users = users_of(rows)
    for user in users:
        own = [row for row in rows if row.user == user]
        reading = _Reading(text, unit, means, lost)
        items = reading.items(own, _relations(plain, own, first=user == users[0]))
        who = approver if len(users) == 1 and approver else user
        yield imported(article, items, review=ReviewFacts(who, "import")), lost
        lost = []


def _article(
    plain: Mapping[str, Any], text_key: str, text: ForeignText, rows: Iterable[SpanRow]
) -> Article:
    """The article, with all that a line says besides its spans in `meta`."""
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


def _relations(plain: Mapping[str, Any], rows: Iterable[SpanRow], *, first: bool) -> list[Any]:
    """The relations of these spans; to the `first` also those that are nobody's."""
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
    """A line as an object, also where it is spaCy's pair of a text and what is marked in it."""
    if isinstance(value, list) and len(value) == 2 and isinstance(value[1], dict):
        return {"text": value[0], **value[1]}
    if not isinstance(value, dict):
        raise Misfit(f"expected an object, found {value!r:.60}")
    return value


@dataclass
class _Reading:
    """Makes items of the spans of one text; what does not fit goes to `lost`."""

    text: ForeignText
    unit: str
    means: Means
    lost: list[Lost]

    def items(self, rows: Iterable[SpanRow], relations: Iterable[Any]) -> list[Item]:
        """The entities and claims of these rows."""
        entities: list[Entity] = []
        pieces: dict[Any, tuple[str, Span]] = {}
        seen: dict[tuple[Span, str], str] = {}
        for row in rows:
            try:
                entity = self._entity(row)
            except Misfit as misfit:
                self.lost.append(Lost(f"{row.place}: {misfit}", misfit.kind or _MISFIT))
                continue
            # The same span under two names of a list is one; twice in one list it is two.
            if seen.setdefault((entity.span, entity.label), row.key) != row.key:
                continue
            if role := role_in(entity.label, self.means):
                pieces[row.name] = (role, entity.span)
            else:
                entities.append(entity)
        links = self._links(pieces, relations)
        return [*entities, *claims_in(pieces, links, self.text.text, self.lost)]

    def _entity(self, row: SpanRow) -> Entity:
        span, label = _span(row.value, self.text, self.unit)
        score = row.value.get("score") if isinstance(row.value, dict) else None
        entity = replace(entity_read("", span, label, row.identity), score=score_in(score))
        check(entity, self.text.text)
        return entity

    def _links(
        self, pieces: Mapping[Any, tuple[str, Span]], relations: Iterable[Any]
    ) -> list[tuple[Any, Any]]:
        """What doccano's relations between pieces of claims link; others are told of."""
        links, others = [], 0
        for row in relations:
            row = row if isinstance(row, dict) else {}
            one, other = name_in(row.get("from_id")), name_in(row.get("to_id"))
            if one in pieces and other in pieces:
                links.append((one, other))
            else:
                others += 1
        if others:
            reason = f"relations: {others:,} between spans that are no parts of claims"
            self.lost.append(Lost(reason, "relation between other spans than those of claims", ()))
        return links


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


def _rows(value: Any, key: str, lost: list[Lost]) -> list[Any]:
    """The spans of one list; of spaCy's groups of spans, those of every group."""
    if isinstance(value, dict):
        return [row for group in value.values() for row in _rows(group, key, lost)]
    if isinstance(value, list):
        return value
    if value is not None:
        lost.append(
            Lost(f"{key}: expected a list of spans, found {value!r:.60}", "no list of spans")
        )
    return []


def _span(row: Any, text: ForeignText, unit: str) -> tuple[Span, str]:
    """Where a row's span stands, and its label."""
    words = None
    if isinstance(row, list) and len(row) >= 3:
        start, end, label = row[:3]
    elif isinstance(row, dict):
        start, end, label, words = (_first(row, k) for k in (STARTS, ENDS, LABELS, WORDS))
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
