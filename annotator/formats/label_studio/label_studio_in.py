"""Reads Label Studio's JSON: tasks as it exports them, its short form, and tasks that we wrote.

Each annotation becomes a record: a finished review by its annotator. A task without annotations
becomes an unreviewed article with its last prediction as suggestions; in a task with annotations,
predictions are kept only if we wrote them, as open items. Regions of the control `claim` are pieces
of claims, those of `junk` junk lines, all others entities.

The offset unit is proved by the `text` of regions; code points are preferred. If no region has a
`text` and the unit matters, the task is refused until it is given.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from annotator.core.annotations import Item, Verdict
from annotator.core.article import Article
from annotator.core.decisions import Answer
from annotator.core.record import Record, ReviewFacts
from annotator.core.records.codec import time_from_text
from annotator.core.records.unknown import everything
from annotator.errors import RecordError
from annotator.formats import record_envelope
from annotator.formats.across_rows import with_ties
from annotator.formats.base import Means, NumberedRecords, ReadOptions, Refused
from annotator.formats.counting import Counting, Row, counting
from annotator.formats.external_text import (
    NO_OBJECT,
    NO_TEXT,
    ExternalText,
    InvalidAnnotation,
    imported,
    name_in,
)
from annotator.formats.json_values import Numbered, records_of_values, values_in
from annotator.formats.label_studio.label_studio_results import (
    Results,
    holds_regions,
    region_rows,
    regions_of,
)
from annotator.formats.refusals import RefusedPiece, kept_beside, refuse_path, refused_then_records
from annotator.formats.tie_relations import Drawn, settled

# Keys of span lists in Prodigy, spaCy and doccano.
_OTHERS_LISTS = ("entities", "label", "labels", "spans", "ents", "tokens")
_TAKEN = frozenset({"data", "annotations", "completions", "predictions", "drafts"})
# Label Studio's own counts and settings for showing a task.
LEFT_OUT = frozenset(
    {"created_at", "updated_at", "updated_by", "inner_id", "allow_skip", "comment_authors"}
    | {"total_annotations", "cancelled_annotations", "total_predictions", "comment_count"}
    | {
        "unresolved_comment_count",
        "last_comment_updated_at",
        "is_labeled",
        "overlap",
        "avg_lead_time",
    }
    | {"precomputed_agreement"}
)
# Marks an annotation in short form without regions: either there was nothing to mark, or there were
# only questions about the text, whose answers look like data.
_UNSAID = "no regions"
_OF_REGION = frozenset(
    {"id", "from_name", "to_name", "type", "value", "score", "origin", "meta", "readonly"}
    | {"hidden", "locked", "original_width", "original_height", "image_rotation"}
)
# Author and time of an annotation, and Label Studio's own fields.
_OF_ANNOTATION = LEFT_OUT | frozenset(
    {"id", "result", "completed_by", "was_cancelled", "lead_time", "unique_id", "task", "project"}
    | {"prediction", "parent_prediction", "parent_annotation", "import_id", "result_count"}
    | {"last_action", "last_created_by", "draft_created_at", "bulk_created", "updated_by", _UNSAID}
)
_SHORT_FORM = frozenset(
    {"id", "annotator", "annotation_id", "created_at", "updated_at", "lead_time"}
)


def numbered(path: Path, options: ReadOptions) -> NumberedRecords:
    """One record for each annotation, or for each task without one, with the number of its line or
    item (from 1); yields Refused for invalid tasks and regions.

    Regions labelled Content, Cue or Source are pieces of claims, unless these are known labels.
    """
    how = counting(path, options.offsets, options.notes, lambda: _region_rows_in(path))

    def read(found: Numbered) -> Iterator[Record | Refused]:
        return refused_then_records(
            lambda: _records(found.value, options.means, how), path.name, found.number
        )

    return records_of_values(path, read)


def _region_rows_in(path: Path) -> Iterator[tuple[str, list[Row]]]:
    """All texts of a file, with the offsets and the `text` of their regions."""
    for found in values_in(path):
        if isinstance(found, Refused):
            continue
        try:
            task = _whole(found.value)
            text, _, _ = _article(task, [])
            yield text.raw, list(region_rows(_every_row(task)))
        except (InvalidAnnotation, RecordError):
            continue


def _whole(task: Any) -> Mapping[str, Any]:
    if not isinstance(task, dict):
        raise InvalidAnnotation(f"expected a task, found {task!r:.60}", NO_OBJECT)
    return task if "data" in task else _from_short_form(task)


def _every_row(task: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    names = ("annotations", "completions", "predictions")
    return [row for name in names for row in _rows(task, name)]


def _records(task: Any, means: Means, how: Counting) -> Iterator[tuple[Record, list[RefusedPiece]]]:
    """A record for each annotation, or for a task without one, with the refused parts."""
    task = _whole(task)
    lost: list[RefusedPiece] = []
    text, base, ours = _article(task, lost)
    written = record_envelope.ties_in(task["meta"][record_envelope.KEY], lost) if ours else ()
    lost += _drafts(task)
    annotations = _rows(task, "annotations") or _rows(task, "completions")
    predictions = _rows(task, "predictions", lost if ours else None)
    if not ours:
        _note_predictions(annotations, predictions, how)
    about = None if ours else _about(task, [*annotations, *predictions])
    told = region_rows([*annotations, *predictions])
    spans = how.spans(text, told, doubted=("codepoints", "utf16"), ours=ours)
    left_open: list[Item] = []
    tied_open: list[Drawn] = []
    if predictions and (ours or not annotations):
        results = Results(text, spans, lost, Verdict.PENDING, means, ours, about)
        left_open, tied_open = results.items(predictions[-1]), results.tied
    if not annotations:
        review = base.review if base.review.kind == "none" else ReviewFacts()
        bare = replace(base, review=review, answer=Answer.ACCEPT)
        record = _with_items(bare, left_open)
        yield with_ties(record, settled(written, tied_open, record.article.id), lost), lost
    for number, annotation in enumerate(annotations):
        cancelled = bool(annotation.get("was_cancelled"))
        known = ours and number == 0 and annotation.get("completed_by") is None
        review = base.review if known else _review(annotation)
        answer = Answer.ACCEPT
        if cancelled:
            answer = base.answer if base.answer is not Answer.ACCEPT else Answer.SKIP
        # Notes and unknown words that we wrote belong to that review only.
        of_review = (base.notes, base.unknown) if known else ((), ())
        notes, unknown = of_review
        record = replace(base, review=review, answer=answer, notes=notes, unknown=unknown)
        if not cancelled:
            results = Results(text, spans, lost, Verdict.ACCEPTED, means, ours, about)
            decided = results.items(annotation)
            drawn, said = results.tied, written
            if number == 0:
                decided, drawn = [*decided, *left_open], [*drawn, *tied_open]
            else:
                said = ()  # what we wrote belongs to the first annotation
            record = _with_items(record, decided)
            record = with_ties(record, settled(said, drawn, record.article.id), lost)
            if annotation.get(_UNSAID) is True:
                record = replace(record, unknown=everything(text.text))
        yield record, lost
        lost = []


def _note_predictions(annotations: list[Any], predictions: list[Any], how: Counting) -> None:
    """Add a note on predictions that are ignored."""
    if how.notes is None:
        return
    if annotations and predictions:
        how.notes.add(how.file, "predictions for annotated texts are not imported")
    elif len(predictions) > 1:
        how.notes.add(how.file, "the last of several predictions for a text is imported")


def _about(task: Mapping[str, Any], rows: Iterable[Mapping[str, Any]]) -> str | None:
    """The name of the text in its regions, if they are on several texts; None otherwise, or if it
    is unknown."""
    key = _text_key(task["data"], task)
    named = regions_of(rows)
    return key if len(named) > 1 and key in named else None


def _drafts(task: Mapping[str, Any]) -> Iterator[RefusedPiece]:
    drafts = task.get("drafts")
    if isinstance(drafts, list) and drafts:
        reason = f"drafts: {len(drafts):,} not submitted, so not imported"
        yield RefusedPiece(reason, "Label Studio draft", ())


def _with_items(base: Record, items: Iterable[Item]) -> Record:
    made = imported(base.article, items)
    return replace(base, entities=made.entities, claims=made.claims, junk=made.junk)


def _article(
    task: Mapping[str, Any], lost: list[RefusedPiece]
) -> tuple[ExternalText, Record, bool]:
    """The text of a task, its record without items, and whether we wrote it."""
    shown = task["data"]
    if not isinstance(shown, dict):
        raise InvalidAnnotation(f"data: expected an object, found {shown!r:.60}", NO_OBJECT)
    key = _text_key(shown, task)
    meta = task.get("meta")
    ours = meta if isinstance(meta, dict) and record_envelope.KEY in meta else None
    text = ExternalText(shown[key], keeps_mark=ours is not None)
    if ours is not None:
        return text, record_envelope.record_of(ours[record_envelope.KEY], text.text, lost), True
    refuse_path(text.text)
    title = shown.get("title")
    more = {
        name: value
        for name, value in shown.items()
        if name != key and not (name == "title" and isinstance(title, str))
    }
    more = kept_beside(more, "task", [beside] if (beside := _beside(task)) else [])
    more = kept_beside(more, "regions", list(_of_regions(task)))
    more = kept_beside(more, "annotations", list(_of_annotations(task)))
    article = Article(text.text, title=title if isinstance(title, str) else None, meta=more)
    return text, imported(article, ()), False


def _beside(task: Mapping[str, Any]) -> dict[str, Any]:
    """Further fields of a task besides its data, annotations and predictions."""
    return {
        key: value
        for key, value in task.items()
        if key not in _TAKEN and key not in LEFT_OUT and value not in (None, [], {}, "")
    }


def _of_annotations(task: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Further fields of annotations besides results, author and time."""
    for row in (*_rows(task, "annotations"), *_rows(task, "completions")):
        said = {
            key: value
            for key, value in row.items()
            if key not in _OF_ANNOTATION and value not in (None, False, [], {}, "")
        }
        if said:
            yield {"id": row.get("id"), **said}


def _of_regions(task: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Further fields of regions besides offsets and labels."""
    for row in (*_rows(task, "annotations"), *_rows(task, "completions")):
        result = row.get("result")
        for region in result if isinstance(result, list) else ():
            if isinstance(region, dict) and region.get("type") == "labels":
                said = {k: v for k, v in region.items() if k not in _OF_REGION and v is not None}
                meta = region.get("meta")
                if isinstance(meta, dict) and (more := {k: meta[k] for k in meta if k != "text"}):
                    said["meta"] = more
                if said:
                    yield {"id": region.get("id"), **said}


def _text_key(shown: Mapping[str, Any], task: Mapping[str, Any]) -> str:
    """The key of the text: `text`, or the only one that has the words of all regions at their
    offsets. Raises InvalidAnnotation if there is no single one."""
    if "text" in shown:
        return "text"
    texts = [key for key, value in shown.items() if isinstance(value, str)]
    if len(texts) > 1:
        rows = [*_rows(task, "annotations"), *_rows(task, "predictions")]
        texts = [key for key in texts if holds_regions(shown[key], rows)]
    if len(texts) != 1:
        raise InvalidAnnotation(
            f"data: the text is unclear: expected `text`, found {', '.join(shown)!r:.80}", NO_TEXT
        )
    return texts[0]


def _rows(
    task: Mapping[str, Any], name: str, lost: list[RefusedPiece] | None = None
) -> list[Mapping[str, Any]]:
    """The annotations or predictions of a task; those given only by id are added to `lost`."""
    rows = task.get(name) or []
    if not isinstance(rows, list):
        raise InvalidAnnotation(
            f"{name}: expected a list of objects, found {rows!r:.60}", NO_OBJECT
        )
    # An export other than a snapshot gives predictions only by id.
    whole = [row for row in rows if name != "predictions" or type(row) is not int]
    if len(whole) < len(rows) and lost is not None:
        reason = (
            f"{name}: {len(rows) - len(whole)} are given only by id, so open items are"
            " lost; export a snapshot to keep them"
        )
        lost.append(RefusedPiece(reason, "prediction given only by id"))
    if not all(isinstance(row, dict) for row in whole):
        raise InvalidAnnotation(
            f"{name}: expected a list of objects, found {rows!r:.60}", NO_OBJECT
        )
    return whole


def _from_short_form(task: Mapping[str, Any]) -> Mapping[str, Any]:
    """A full task from the short form (`JSON_MIN`), in which results are beside the data."""
    controls = {
        name: value
        for name, value in task.items()
        if isinstance(value, list) and any(map(_kind_of, value))
    }
    if foreign := [name for name in _OTHERS_LISTS if task.get(name) and name not in controls]:
        raise InvalidAnnotation(
            f"a task of another tool, not of Label Studio: it has {foreign[0]!r}",
            "task of another tool",
        )
    result = [
        {"id": f"{name}/{n}", "from_name": name, "type": _kind_of(row) or "labels", "value": row}
        for name, rows in controls.items()
        for n, row in enumerate(rows)
    ]
    shown = {k: v for k, v in task.items() if k not in controls and k not in _SHORT_FORM}
    whole: dict[str, Any] = {"data": shown, "id": task.get("id")}
    if "annotation_id" in task:
        facts = {name: task.get(name) for name in ("created_at", "updated_at", "lead_time")}
        completed = {"completed_by": task.get("annotator")}
        whole["annotations"] = [{**facts, **completed, "result": result, _UNSAID: not result}]
    elif result:
        whole["annotations"] = [{"result": result}]
    return whole


def _kind_of(row: Any) -> str | None:
    """The type of a region in short form; None if it is not a region, or has no type."""
    if not isinstance(row, dict):
        return None
    if "labels" in row:
        return "labels"
    if "start" not in row:
        return None
    kinds = (key for key in row if key.endswith("labels") or key in ("choices", "taxonomy"))
    return next(kinds, None)


def _review(annotation: Mapping[str, Any]) -> ReviewFacts:
    who = annotation.get("completed_by")
    if isinstance(who, dict):
        who = who.get("email") or who.get("username") or who.get("id")
    seconds = annotation.get("lead_time")
    return ReviewFacts(
        name_in(who),
        "import",
        _time(annotation.get("created_at")),
        _time(annotation.get("updated_at")),
        float(seconds) if isinstance(seconds, int | float) and seconds >= 0 else 0.0,
    )


def _time(value: Any) -> datetime | None:
    if isinstance(value, str):
        with suppress(RecordError):
            return time_from_text(value)
    return None
