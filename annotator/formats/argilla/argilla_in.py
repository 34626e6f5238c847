"""Reads Argilla's records: those of version 2, and the feedback and token classification of 1.

Each submitted response becomes a finished review by its responder, a discarded one a skipped
article; a draft is read as suggestions, since nobody finished it. A record without responses is an
unreviewed article with its suggestions. Answers about the whole text are refused by name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from annotator.core.annotations import Entity, Item, Verdict
from annotator.core.article import Article, Span
from annotator.core.decisions import Answer
from annotator.core.record import Record, ReviewFacts
from annotator.formats.argilla.argilla_rows import (
    ArgillaRow,
    Response,
    ResponseStatus,
    SpanAnswer,
    row_in,
)
from annotator.formats.base import (
    Format,
    FormatReader,
    Means,
    NumberedRecords,
    Option,
    ReadOptions,
    Refused,
)
from annotator.formats.counting import Counting, Row, Spans, counting
from annotator.formats.external_text import (
    ExternalText,
    InvalidAnnotation,
    check,
    imported,
    label_in,
    score_in,
)
from annotator.formats.imported_items import entity_read
from annotator.formats.json_values import Numbered, records_of_values, values_in
from annotator.formats.offset_rows import row_of
from annotator.formats.quotation_spans import claims_in, role_in
from annotator.formats.refusals import (
    OF_THE_TEXT,
    RefusedPiece,
    refuse_path,
    refused_then_records,
)
from annotator.formats.shapes import ABSENT, ANY, SOME
from annotator.formats.signs import ADD, Sign, Signs

_UNITS = ("codepoints", "utf16")
_UNSAID = (
    "responses do not say whether they were submitted, and all are read as submitted; "
    "records.to_list(flatten=True) says it"
)


def numbered(path: Path, options: ReadOptions) -> NumberedRecords:
    """A record for each response, or for each text without one, with the number of its line or
    item (from 1); yields Refused for invalid records and spans.

    Spans labelled Content, Cue or Source are pieces of claims, unless these are known labels.
    """
    how = counting(path, options.offsets, options.notes, lambda: _offsets_in(path))

    def read(found: Numbered) -> Iterator[Record | Refused]:
        return refused_then_records(
            lambda: _records(row_in(found.value), how, options.means), path.name, found.number
        )

    return records_of_values(path, read)


def _offsets_in(path: Path) -> Iterator[tuple[str, list[Row]]]:
    """All texts of a file, with the offsets and words of their spans."""
    for found in values_in(path):
        if isinstance(found, Numbered):
            with suppress(InvalidAnnotation):
                row = row_in(found.value)
                if isinstance(row.text, str):
                    yield row.text, _told(row)


def _told(row: ArgillaRow) -> list[Row]:
    every = (*row.responses, row.suggested)
    return [row_of(span.row) for one in every for span in one.spans or ()]


def _records(
    row: ArgillaRow, how: Counting, means: Means
) -> Iterator[tuple[Record, list[RefusedPiece]]]:
    """A record for each response with spans, or for the suggestions, with its refused parts."""
    text = ExternalText(row.text)
    refuse_path(text.text)
    spans = how.spans(text, _told(row), doubted=_UNITS)
    article = Article(text.text, meta=dict(row.meta))
    answered = [one for one in row.responses if one.spans is not None or _is_over(one)]
    _note(row, answered, how)
    lost = list(_of_the_text((*row.responses, row.suggested)))
    if lost and not answered and row.suggested.spans is None:
        raise InvalidAnnotation(
            f"its answers are about the whole text ({lost[0].reason:.60}), which records do not "
            "support; to import only the text: annotator add",
            OF_THE_TEXT,
        )
    for one in answered or [row.suggested]:
        reading = _SpansToRecord(spans, means, lost)
        yield reading.record(article, one, is_suggested=one is row.suggested), lost
        lost = []


def _is_over(one: Response) -> bool:
    return one.status is ResponseStatus.DISCARDED


def _of_the_text(responses: Iterable[Response]) -> Iterator[RefusedPiece]:
    """The answers that are about the whole text, each once."""
    said = {f"{q}: {v!r:.40}": None for one in responses for q, v in one.of_text.items()}
    for reason in said:
        yield RefusedPiece(f"{reason} is an answer about the whole text", OF_THE_TEXT, ())


def _note(row: ArgillaRow, answered: Sequence[Response], how: Counting) -> None:
    if how.notes is None:
        return
    if answered and row.suggested.spans:
        how.notes.add(how.file, "suggestions beside responses are not imported")
    if any(one.status is None for one in answered):
        how.notes.add(how.file, _UNSAID)
    if any(one.status is ResponseStatus.DRAFT for one in answered):
        how.notes.add(how.file, "drafts are read as suggestions, since nobody submitted them")
    if any(_is_over(one) and one.spans for one in answered):
        how.notes.add(how.file, "spans of discarded responses are left out")


class _SpansToRecord:
    """Makes the record of one response; invalid spans are added to `lost`."""

    def __init__(self, spans: Spans, means: Means, lost: list[RefusedPiece]) -> None:
        self.spans, self.means, self.lost = spans, means, lost

    def record(self, article: Article, one: Response, *, is_suggested: bool) -> Record:
        """The record: a review, a skipped article, or suggestions."""
        if _is_over(one):
            facts = ReviewFacts(one.reviewer, "import")
            return imported(article, (), answer=Answer.SKIP, review=facts)
        items = self._items(one.spans or ())
        if is_suggested or one.status is ResponseStatus.DRAFT:
            opened = (replace(item, verdict=Verdict.PENDING) for item in items)
            return imported(article, opened, review=ReviewFacts())
        return imported(article, items, review=ReviewFacts(one.reviewer, "import"))

    def _items(self, spans: Iterable[SpanAnswer]) -> list[Item]:
        entities: list[Entity] = []
        pieces: dict[str, tuple[str, Span]] = {}
        for one in spans:
            try:
                entity = self._entity(one)
            except InvalidAnnotation as invalid:
                self.lost.append(RefusedPiece(f"{one.place}: {invalid}", invalid.kind))
                continue
            if role := role_in(entity.label, self.means):
                pieces[one.place] = role, entity.span
            else:
                entities.append(entity)
        return [*entities, *claims_in(pieces, (), self.spans.text.text, self.lost)]

    def _entity(self, one: SpanAnswer) -> Entity:
        if not isinstance(one.row, dict):
            raise InvalidAnnotation(
                f"expected a span with start, end and label, found {one.row!r:.60}", "invalid span"
            )
        label: Any = one.row.get("label")
        entity = entity_read("", self.spans.at(*row_of(one.row)), label_in(label))
        check(entity, self.spans.text.text)
        return replace(entity, score=score_in(one.score))


FORMAT = Format(
    "argilla",
    ".json",
    reader=FormatReader(numbered, takes=frozenset({Option.OFFSETS, Option.MEANS})),
    signs=Signs(
        values=(
            Sign(
                "Argilla's records",
                (
                    {"fields": dict, "responses": ANY},
                    {"fields": dict, "suggestions": ANY},
                    {"_server_id": ANY, "id": ANY, "data": ABSENT, "fields": ABSENT},
                    {SOME: [{"user_id": ANY, "value": ANY, "status": str}], "text": str},
                ),
            ),
            Sign(
                "Argilla's or Rubrix's token classification",
                {("text", "raw_text"): str, "tokens": [str], ("annotation", "prediction"): ANY},
            ),
            Sign(
                "Argilla's or Rubrix's text classification",
                {("annotation", "prediction"): ANY, "annotation_agent": ANY},
                out=f"It labels whole texts. {ADD}",
            ),
        )
    ),
)
