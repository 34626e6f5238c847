"""Reads Label Studio's JSON: tasks as it exports them, its short form, and tasks that we wrote.

Each annotation is a record: a finished review of whoever completed it. A task without annotations
is an article that nobody reviewed, with its last prediction as suggestions; one with annotations
keeps its predictions only where we wrote them, as what was left open. Regions of the control
`claim` are pieces of claims, those of `junk` junk lines, all others entities.

Offsets count what the words prove that the regions of a task say they hold, code points where all
fit. Where no region says any, and it matters, it is asked for.
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
from annotator.formats.base import Means, NumberedRecords, ReadOptions, Refused
from annotator.formats.counting import Counting, Row, counting
from annotator.formats.external_text import (
    NO_OBJECT,
    NO_TEXT,
    ForeignText,
    Misfit,
    imported,
    name_in,
)
from annotator.formats.json_values import values_in
from annotator.formats.label_studio.label_studio_results import (
    Results,
    holds_regions,
    regions_of,
    told_in,
)
from annotator.formats.refusals import RefusedPiece, kept_beside, refuse_path, told_of

# What Prodigy, spaCy and doccano call their lists of spans.
_OTHERS_LISTS = ("entities", "label", "labels", "spans", "ents", "tokens")
_TAKEN = frozenset({"data", "annotations", "completions", "predictions", "drafts"})
# Label Studio's own counts, and what it needs to show a task.
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
# Of an annotation of the short form without regions: nobody knows whether there was anything to
# mark, or only questions about the text, whose answers stand there as if they were data.
_UNSAID = "no regions"
_OF_REGION = frozenset(
    {"id", "from_name", "to_name", "type", "value", "score", "origin", "meta", "readonly"}
    | {"hidden", "locked", "original_width", "original_height", "image_rotation"}
)
# Whose an annotation is, of when, and what Label Studio counts and made it from.
_OF_ANNOTATION = LEFT_OUT | frozenset(
    {"id", "result", "completed_by", "was_cancelled", "lead_time", "unique_id", "task", "project"}
    | {"prediction", "parent_prediction", "parent_annotation", "import_id", "result_count"}
    | {"last_action", "last_created_by", "draft_created_at", "bulk_created", "updated_by", _UNSAID}
)
_SHORT_FORM = frozenset(
    {"id", "annotator", "annotation_id", "created_at", "updated_at", "lead_time"}
)


def numbered(path: Path, options: ReadOptions) -> NumberedRecords:
    """One record for each annotation, or task without, with the number of its line or item (from
    1); Refused names the task and the region.

    Regions whose labels are Content, Cue and Source are pieces of claims, unless such a label
    `means` something.
    """
    how = counting(path, options.offsets, options.notes, lambda: _told_in(path))
    for found in values_in(path):
        if isinstance(found, Refused):
            yield found.line or 0, found
            continue
        try:
            made = list(_records(found.value, options.means, how))
        except (Misfit, RecordError) as error:
            kind = error.kind if isinstance(error, Misfit) else record_envelope.OFF
            yield found.number, Refused(path.name, found.number, str(error), kind=kind)
            continue
        for record, lost in made:
            for one in told_of(record, lost, path.name, found.number):
                yield found.number, one


def _told_in(path: Path) -> Iterator[tuple[str, list[Row]]]:
    """Every text of a file, with the offsets of its regions and the words they say they hold."""
    for found in values_in(path):
        if isinstance(found, Refused):
            continue
        try:
            task = _whole(found.value)
            text, _, _ = _article(task)
            yield text.raw, list(told_in(_every_row(task)))
        except (Misfit, RecordError):
            continue


def _whole(task: Any) -> Mapping[str, Any]:
    if not isinstance(task, dict):
        raise Misfit(f"expected a task, found {task!r:.60}", NO_OBJECT)
    return task if "data" in task else _from_short_form(task)


def _every_row(task: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    names = ("annotations", "completions", "predictions")
    return [row for name in names for row in _rows(task, name)]


def _records(task: Any, means: Means, how: Counting) -> Iterator[tuple[Record, list[RefusedPiece]]]:
    """A record for each annotation, or for a task without; with what was refused of it."""
    task = _whole(task)
    text, base, ours = _article(task)
    lost = list(_drafts(task))
    annotations = _rows(task, "annotations") or _rows(task, "completions")
    predictions = _rows(task, "predictions", lost if ours else None)
    if not ours:
        _note_predictions(annotations, predictions, how)
    about = None if ours else _about(task, [*annotations, *predictions])
    told = told_in([*annotations, *predictions])
    spans = how.spans(text, told, doubted=("codepoints", "utf16"), ours=ours)
    left_open: list[Item] = []
    if predictions and (ours or not annotations):
        results = Results(text, spans, lost, Verdict.PENDING, means, ours, about)
        left_open = results.items(predictions[-1])
    if not annotations:
        review = base.review if base.review.kind == "none" else ReviewFacts()
        bare = replace(base, review=review, answer=Answer.ACCEPT)
        yield _with_items(bare, left_open), lost
    for number, annotation in enumerate(annotations):
        cancelled = bool(annotation.get("was_cancelled"))
        known = ours and number == 0 and annotation.get("completed_by") is None
        review = base.review if known else _review(annotation)
        answer = Answer.ACCEPT
        if cancelled:
            answer = base.answer if base.answer is not Answer.ACCEPT else Answer.SKIP
        # What we wrote of a review is not said of another one.
        of_review = (base.notes, base.unknown) if known else ((), ())
        notes, unknown = of_review
        record = replace(base, review=review, answer=answer, notes=notes, unknown=unknown)
        if not cancelled:
            results = Results(text, spans, lost, Verdict.ACCEPTED, means, ours, about)
            decided = results.items(annotation)
            record = _with_items(record, [*decided, *(left_open if number == 0 else ())])
            if annotation.get(_UNSAID) is True:
                record = replace(record, unknown=everything(text.text))
        yield record, lost
        lost = []


def _note_predictions(annotations: list[Any], predictions: list[Any], how: Counting) -> None:
    """Notes which of its predictions are not read."""
    if how.notes is None:
        return
    if annotations and predictions:
        how.notes.add(how.file, "predictions of texts that somebody annotated are not read")
    elif len(predictions) > 1:
        how.notes.add(how.file, "of several predictions of a text the last one is read")


def _about(task: Mapping[str, Any], rows: Iterable[Mapping[str, Any]]) -> str | None:
    """What the text is called in its regions, where these are of several; None if it is not
    known, or there are no others."""
    key = _text_key(task["data"], task)
    named = regions_of(rows)
    return key if len(named) > 1 and key in named else None


def _drafts(task: Mapping[str, Any]) -> Iterator[RefusedPiece]:
    drafts = task.get("drafts")
    if isinstance(drafts, list) and drafts:
        reason = f"drafts: {len(drafts):,} that nobody submitted are not read"
        yield RefusedPiece(reason, "draft of Label Studio", ())


def _with_items(base: Record, items: Iterable[Item]) -> Record:
    made = imported(base.article, items)
    return replace(base, entities=made.entities, claims=made.claims, junk=made.junk)


def _article(task: Mapping[str, Any]) -> tuple[ForeignText, Record, bool]:
    """The task's text, its record without items, and whether we wrote it."""
    shown = task["data"]
    if not isinstance(shown, dict):
        raise Misfit(f"data: expected an object, found {shown!r:.60}", NO_OBJECT)
    key = _text_key(shown, task)
    text = ForeignText(shown[key])
    meta = task.get("meta")
    if isinstance(meta, dict) and record_envelope.KEY in meta:
        return text, record_envelope.record_of(meta[record_envelope.KEY], text.text), True
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
    """What a task says besides its data and what was made of them."""
    return {
        key: value
        for key, value in task.items()
        if key not in _TAKEN and key not in LEFT_OUT and value not in (None, [], {}, "")
    }


def _of_annotations(task: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """What annotations say besides their results, and whose and of when they are."""
    for row in (*_rows(task, "annotations"), *_rows(task, "completions")):
        said = {
            key: value
            for key, value in row.items()
            if key not in _OF_ANNOTATION and value not in (None, False, [], {}, "")
        }
        if said:
            yield {"id": row.get("id"), **said}


def _of_regions(task: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """What the regions of annotations say besides where they stand and what is there."""
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
    """What the text is called: `text`, or the only one in which the words of all regions stand."""
    if "text" in shown:
        return "text"
    texts = [key for key, value in shown.items() if isinstance(value, str)]
    if len(texts) > 1:
        rows = [*_rows(task, "annotations"), *_rows(task, "predictions")]
        texts = [key for key in texts if holds_regions(shown[key], rows)]
    if len(texts) != 1:
        raise Misfit(
            f"data: which is the text? expected `text`, found {', '.join(shown)!r:.80}", NO_TEXT
        )
    return texts[0]


def _rows(
    task: Mapping[str, Any], name: str, lost: list[RefusedPiece] | None = None
) -> list[Mapping[str, Any]]:
    """The annotations or predictions of a task; what is only named goes to `lost`."""
    rows = task.get(name) or []
    if not isinstance(rows, list):
        raise Misfit(f"{name}: expected a list of objects, found {rows!r:.60}", NO_OBJECT)
    # An export that is no snapshot names predictions by their numbers.
    whole = [row for row in rows if name != "predictions" or type(row) is not int]
    if len(whole) < len(rows) and lost is not None:
        reason = (
            f"{name}: only the numbers of {len(rows) - len(whole)} are there, so that what was open"
            " is lost; a snapshot exports them whole"
        )
        lost.append(RefusedPiece(reason, "prediction that is only a number"))
    if not all(isinstance(row, dict) for row in whole):
        raise Misfit(f"{name}: expected a list of objects, found {rows!r:.60}", NO_OBJECT)
    return whole


def _from_short_form(task: Mapping[str, Any]) -> Mapping[str, Any]:
    """A whole task from one of the short form (`JSON_MIN`): results stand beside the data."""
    controls = {
        name: value
        for name, value in task.items()
        if isinstance(value, list) and any(map(_kind_of, value))
    }
    if foreign := [name for name in _OTHERS_LISTS if task.get(name) and name not in controls]:
        raise Misfit(
            f"no task of Label Studio, but one of another program, with {foreign[0]!r}",
            "task of another program",
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
    """Of which type a region of the short form is; None if it is none, or does not say so."""
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
