"""Fields of Prodigy tasks other than spans: kept in `meta`, or refused as unsupported."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from annotator.formats.external_text import InvalidAnnotation
from annotator.formats.offset_rows import holds_spans
from annotator.formats.prodigy.prodigy_tasks import ANSWERS, Task
from annotator.formats.refusals import OF_THE_TEXT, RefusedPiece, kept_beside

# Views that never annotate spans of a text, and what they show.
_OTHERS = {
    "image": "pictures",
    "image_manual": "pictures",
    "audio": "sounds",
    "audio_manual": "sounds",
    "video": "films",
    "video_manual": "films",
    "pos": "parts of speech",
    "pos_manual": "parts of speech",
    "dep": "grammar",
    "diff": "differences",
    "compare": "differences",
}
# Fields about the whole text.
_JUDGEMENTS = {"label": "label", "accept": "choice", "user_input": "answer"}
# Keys of span lists in other tools.
_SPANS_ELSEWHERE = ("entities", "ents", "label", "labels", "annotations", "ner")
_TAKEN = frozenset(
    {"text", "spans", "relations", "answer", "meta", "_view_id", "view_id", "_session_id"}
    | {"_annotator_id", "_timestamp", "_is_binary", *_JUDGEMENTS}
)
# Fields that Prodigy derives: tokens, hashes, configuration; and the compared answers in the recipe
# `review`.
LEFT_OUT = frozenset(("tokens", "_input_hash", "_task_hash", "config", "versions"))
_OF_SPAN = frozenset(
    {"start", "end", "token_start", "token_end", "text", "label", "answer", "score", "note", "id"}
    | {"identity", "made_by", "verdict", "suggested_by", "ws"}
)


def refuse_unreadable(task: Task) -> None:
    """Raises InvalidAnnotation if the answer or the spans of a task are not in Prodigy's form,
    since its annotations would otherwise be ignored silently."""
    answer, spans = task.plain.get("answer"), task.plain.get("spans")
    if answer is not None and answer not in ANSWERS:
        raise InvalidAnnotation(
            f"{answer!r:.40} is not one of Prodigy's answers: {', '.join(ANSWERS)}",
            "invalid answer",
        )
    if spans is not None and not isinstance(spans, list):
        raise InvalidAnnotation(
            f"spans: expected a list, found {spans!r:.60}", "not a list of spans"
        )
    for name in _SPANS_ELSEWHERE:
        if not spans and holds_spans(task.plain.get(name)):
            raise InvalidAnnotation(
                f"its spans are under {name!r}, not 'spans'; rename the key, or if the whole file "
                "is like this, import it with --format offsets",
                "spans under another name",
            )
    pages = task.plain.get("pages")
    if isinstance(pages, list) and any(isinstance(one, dict) and one.get("spans") for one in pages):
        raise InvalidAnnotation(
            "its spans are in pages, which are not supported; make a task of each page",
            "task of several pages",
        )
    if _may_count_tokens(task):
        raise InvalidAnnotation(
            "its tokens have no offsets and its spans no words, so spans may count tokens or "
            "characters; give each span its `text`",
            "spans that may count tokens",
        )


def _may_count_tokens(task: Task) -> bool:
    tokens = task.plain.get("tokens")
    if not isinstance(tokens, list) or not any(isinstance(one, str) for one in tokens):
        return False
    return any(isinstance(one, dict) and one.get("text") is None for one in task.spans)


def refuse_other_tasks(task: Task) -> None:
    """Raises InvalidAnnotation for a task that does not annotate spans of a text."""
    said = ", ".join(f"a {what} ({value:.60})" for what, value in _judgements(task))
    if task.view in _OTHERS:
        about = _OTHERS[task.view]
        raise InvalidAnnotation(
            f"a task of the view {task.view}, which is about {about}", f"view {task.view}"
        )
    of_spans = any(isinstance(one, dict) and "label" in one for one in task.spans)
    whole = task.view in ("classification", "choice", "text_input")
    # Spans found by patterns are only highlighted; the answer is about the label.
    shown = task.view == "classification" or _is_of_patterns(task)
    if task.is_ours or (of_spans and not shown and not (whole and task.answer == "reject")):
        return
    if whole:
        raise InvalidAnnotation(
            f"a task of the view {task.view}, with {said or 'an answer'} for the whole text, which "
            "no record holds; the text alone is taken in by: annotator add",
            OF_THE_TEXT,
        )
    if said and (shown or not of_spans):
        raise InvalidAnnotation(
            f"{said} for the whole text, which records do not support; to import only the text: "
            "annotator add",
            OF_THE_TEXT,
        )


def _is_of_patterns(task: Task) -> bool:
    """Whether a task without a view asks for a label of the text and highlights patterns in it."""
    found = all(isinstance(one, dict) and "pattern" in one for one in task.spans)
    return task.view is None and bool(task.plain.get("label")) and bool(task.spans) and found


def judgements_lost(tasks: Iterable[Task]) -> Iterator[RefusedPiece]:
    """The fields about the whole text in tasks that annotate spans, as refused parts."""
    for task in tasks:
        if not task.is_ours:
            for what, value in _judgements(task):
                reason = f"the {what} ({value:.60}) for the whole text is not imported"
                yield RefusedPiece(reason, OF_THE_TEXT, (), task.number)


def meta_of(tasks: Iterable[Task]) -> dict[str, Any]:
    """The `meta` of an article from the other fields of its tasks: those with equal values, and a
    list of the others by task."""
    said = [(task, _beside(task)) for task in tasks]
    common = dict(said[0][1])
    for _, one in said[1:]:
        common = {key: value for key, value in common.items() if key in one and one[key] == value}
    rows = []
    for task, one in said:
        own = {key: value for key, value in one.items() if key not in common}
        rows += [{"line": task.number, **own}] if own else []
    if len(said) == 1 or not rows:
        return common
    return kept_beside(common, "tasks", rows)


def _beside(task: Task) -> dict[str, Any]:
    own = task.plain.get("meta")
    meta: Mapping[str, Any] = own if isinstance(own, dict) else {} if own is None else {"meta": own}
    more = {
        key: value for key, value in task.plain.items() if key not in _TAKEN and key not in LEFT_OUT
    }
    twice = {key: value for key, value in more.items() if key in meta and meta[key] != value}
    kept = {**more, **meta}
    kept = kept_beside(kept, "task", [twice] if twice else [])
    return kept_beside(kept, "spans", list(_of_spans(task)))


def _of_spans(task: Task) -> Iterator[dict[str, Any]]:
    """Further fields of spans besides offsets and label."""
    for row in task.spans:
        if isinstance(row, dict):
            more = {key: value for key, value in row.items() if key not in _OF_SPAN}
            if more:
                where = {key: row[key] for key in ("start", "end", "label") if key in row}
                yield {**where, **more}


def _judgements(task: Task) -> Iterator[tuple[str, str]]:
    for key, what in _JUDGEMENTS.items():
        value = task.plain.get(key)
        if isinstance(value, list):
            value = ", ".join(map(str, value))
        if value not in (None, ""):
            yield what, str(value)
