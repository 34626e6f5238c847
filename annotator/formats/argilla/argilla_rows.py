"""The rows of Argilla's JSON in one form, whichever of its versions wrote them.

Version 2 has fields, responses and suggestions by question, nested or flattened; version 1 has them
in lists, and its token classification has one annotation and one prediction for each text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from annotator.formats.external_text import NO_OBJECT, InvalidAnnotation, name_in
from annotator.formats.json_values import value_of

NO_FIELD = "text that is not named"
_TEXT = "text"
_RESPONSES, _SUGGESTION, _BESIDE = ".responses", ".suggestion", "-suggestion"
# What Argilla counts, derives or shows of a record.
_OWN = frozenset(
    {"_server_id", "vectors", "status", "metrics", "search_keywords", "event_timestamp", "score"}
    | {"last_updated", "predicted", "predicted_as", "predicted_by", "annotated_as", "annotated_by"}
    | {"explanation", "tokens", "inserted_at", "updated_at", "dataset_id"}
)
_BESIDE_TEXT = _OWN | {"external_id", "metadata"}
_PARTS = frozenset(
    {"fields", "responses", "suggestions", "metadata", "text", "raw_text", "annotation"}
    | {"annotations", "annotation_agent", "prediction", "predictions", "prediction_agent"}
)


class ResponseStatus(Enum):
    """How far a response is; None in its place means that the file does not say it."""

    SUBMITTED = "submitted"
    DRAFT = "draft"
    DISCARDED = "discarded"


_STATUS = {
    **{one.value: one for one in ResponseStatus},
    **dict.fromkeys(("pending", "edited"), ResponseStatus.DRAFT),
    "validated": ResponseStatus.SUBMITTED,
}


@dataclass(frozen=True, slots=True)
class SpanAnswer:
    """A span of an answer: its place in the file, and its row."""

    place: str
    row: Any
    score: Any = None


@dataclass
class Response:
    """What one person answered, or what was suggested. `spans` is None if no question on spans was
    answered; `of_text` are the answers that are about the whole text, by question."""

    reviewer: str | None
    status: ResponseStatus | None = ResponseStatus.SUBMITTED
    spans: list[SpanAnswer] | None = None
    of_text: dict[str, Any] = field(default_factory=dict)

    def take(self, question: str, value: Any, place: str, scores: Any = None) -> None:
        """Add the answer to a question."""
        rows = _span_rows(value)
        if rows is None:
            if value is not None:
                self.of_text[question] = value
            return
        told = scores if isinstance(scores, list) and len(scores) == len(rows) else None
        self.spans = self.spans or []
        self.spans += (
            SpanAnswer(f"{place}[{n}]", row, told[n] if told else scores)
            for n, row in enumerate(rows)
        )


@dataclass(frozen=True)
class ArgillaRow:
    """A text, the responses to it, what was suggested, and what else the row says."""

    text: Any
    responses: Sequence[Response]
    suggested: Response
    meta: Mapping[str, Any]


def row_in(value: Any) -> ArgillaRow:
    """A value of a file as a row; raises InvalidAnnotation if it is none."""
    if not isinstance(value, dict):
        raise InvalidAnnotation(f"expected a record, found {value!r:.60}", NO_OBJECT)
    if isinstance(value.get("fields"), dict):
        return _nested(value)
    if any(key.endswith((_RESPONSES, _SUGGESTION)) for key in value):
        return _nested(_unflattened(value))
    if any(f"{key}{_BESIDE}" in value for key in value):
        return _nested(_from_columns(value))
    return _token_classification(value)


def _span_rows(value: Any) -> list[Any] | None:
    """The spans of an answer, also from columns; None if it is not about spans."""
    if isinstance(value, dict) and all(isinstance(value.get(k), list) for k in ("start", "end")):
        keys = [key for key, column in value.items() if isinstance(column, list)]
        columns = (value[key] for key in keys)
        return [dict(zip(keys, row, strict=False)) for row in zip(*columns, strict=False)]
    if not isinstance(value, list):
        return None
    is_of_spans = all(isinstance(one, dict) and ("start" in one or "end" in one) for one in value)
    return value if is_of_spans else None


# Version 2, and the feedback datasets of version 1


def _nested(value: Mapping[str, Any]) -> ArgillaRow:
    fields = value["fields"]
    suggested = Response(None)
    for question, one, place in _suggestions(value.get("suggestions")):
        suggested.take(question, one.get("value"), place, one.get("score"))
    key = _text_key(fields)
    others = {name: said for name, said in fields.items() if name != key}
    return ArgillaRow(
        fields.get(key),
        tuple(_responses(value.get("responses"))),
        suggested,
        _meta(value, {"fields": others} if others else {}),
    )


def _text_key(fields: Mapping[str, Any]) -> str:
    """The field that is annotated: `text`, or the only one that is a text."""
    if _TEXT in fields:
        return _TEXT
    texts = [key for key, said in fields.items() if isinstance(said, str)]
    if len(texts) > 1:
        raise InvalidAnnotation(
            f"which of the fields {', '.join(texts):.80} is annotated is not said; rename that one "
            f"to `{_TEXT}`",
            NO_FIELD,
        )
    return texts[0] if texts else _TEXT


def _suggestions(value: Any) -> Iterator[tuple[str, Mapping[str, Any], str]]:
    """The question, the suggestion and its place in the file, of each."""
    if isinstance(value, dict):
        for question, one in value.items():
            if isinstance(one, dict):
                yield question, one, f"suggestions.{question}"
    elif isinstance(value, list):
        for n, one in enumerate(value):
            if isinstance(one, dict):
                question = name_in(one.get("question_name")) or f"question {n + 1}"
                yield question, one, f"suggestions[{n}]"


def _responses(value: Any) -> Iterator[Response]:
    """The responses, one for each person."""
    if isinstance(value, dict):
        yield from _by_question(value)
        return
    for n, one in enumerate(value if isinstance(value, list) else ()):
        if not isinstance(one, dict):
            continue
        made = Response(name_in(one.get("user_id")), _status_of(one))
        values = one.get("values")
        for question, said in values.items() if isinstance(values, dict) else ():
            answer = said.get("value") if isinstance(said, dict) else said
            made.take(question, answer, f"responses[{n}].{question}")
        yield made


def _by_question(value: Mapping[str, Any]) -> list[Response]:
    """The responses of a record that has them by question."""
    found: dict[str | None, Response] = {}
    for question, answers in value.items():
        for n, one in enumerate(answers if isinstance(answers, list) else ()):
            if not isinstance(one, dict):
                continue
            who = name_in(one.get("user_id"))
            made = found.setdefault(who, Response(who, _status_of(one)))
            made.take(question, one.get("value"), f"responses.{question}[{n}]")
    return list(found.values())


def _status_of(one: Mapping[str, Any]) -> ResponseStatus | None:
    return _STATUS.get(str(one.get("status")).casefold())


def _unflattened(value: Mapping[str, Any]) -> dict[str, Any]:
    """A flattened record with its questions apart again; what is a field and what is metadata, it
    does not say."""
    responses: dict[str, list[Any]] = {}
    suggestions: dict[str, Any] = {}
    asked = [key.partition(_RESPONSES)[0] for key in value if _RESPONSES in key]
    for question in dict.fromkeys(asked):
        columns = (value.get(question + _RESPONSES + kind) for kind in ("", ".users", ".status"))
        answers, users, status = (one if isinstance(one, list) else [] for one in columns)
        responses[question] = [
            {"value": said, "user_id": _at(users, n), "status": _at(status, n)}
            for n, said in enumerate(answers)
        ]
    for key, said in value.items():
        question, mark, rest = key.partition(_SUGGESTION)
        if mark and not rest:
            suggestions[question] = {"value": said, "score": value.get(f"{key}.score")}
    others = {k: v for k, v in value.items() if _RESPONSES not in k and _SUGGESTION not in k}
    key = _text_key({k: v for k, v in others.items() if k not in _OWN | {"id"}})
    return {
        "fields": {key: others.get(key)},
        "responses": responses,
        "suggestions": suggestions,
        "metadata": {k: v for k, v in others.items() if k not in _OWN | {"id", key}},
        "id": value.get("id"),
    }


def _from_columns(value: Mapping[str, Any]) -> dict[str, Any]:
    """A row of a feedback dataset on the Hugging Face Hub, in which each question is a column."""
    questions = {key: f"{key}{_BESIDE}" for key in value if f"{key}{_BESIDE}" in value}
    answers = tuple(questions.values())
    others = {k: v for k, v in value.items() if k not in questions and not k.startswith(answers)}
    key = _text_key({k: v for k, v in others.items() if k not in _BESIDE_TEXT})
    return {
        "fields": {key: others.get(key)},
        "responses": {question: value[question] for question in questions},
        "suggestions": {one: {"value": value[name]} for one, name in questions.items()},
        **{k: v for k, v in others.items() if k != key},
    }


def _at(column: Sequence[Any], n: int) -> Any:
    return column[n] if n < len(column) else None


# The token classification of version 1


def _token_classification(value: Mapping[str, Any]) -> ArgillaRow:
    text = value.get(_TEXT, value.get("raw_text"))
    status = _STATUS.get(str(value.get("status")).casefold())
    annotated = _of_agents(value, "annotation")
    if not annotated and status in (ResponseStatus.SUBMITTED, ResponseStatus.DISCARDED):
        annotated = [(name_in(value.get("annotation_agent")), [])]
    responses = []
    for who, rows in annotated:
        made = Response(who, status or ResponseStatus.SUBMITTED)
        made.spans = list(_classified(rows, "annotation"))
        responses.append(made)
    suggested = Response(None)
    for _, rows in _of_agents(value, "prediction"):
        suggested.spans = [*(suggested.spans or ()), *_classified(rows, "prediction")]
    return ArgillaRow(text, responses, suggested, _meta(value, {}))


def _of_agents(value: Mapping[str, Any], key: str) -> list[tuple[str | None, Any]]:
    """Who annotated or predicted, and the spans."""
    one = value.get(key)
    if isinstance(one, dict):
        return [(name_in(one.get("agent")), one.get("entities"))]
    if one is not None:
        return [(name_in(value.get(f"{key}_agent")), one)]
    several = value.get(f"{key}s")
    return [
        (agent, said.get("entities"))
        for agent, said in (several.items() if isinstance(several, dict) else ())
        if isinstance(said, dict)
    ]


def _classified(rows: Any, place: str) -> Iterator[SpanAnswer]:
    """The spans of a list: objects, or lists that begin with the label."""
    if rows is None:
        return
    if not isinstance(rows, Iterable) or isinstance(rows, str | dict):
        yield SpanAnswer(place, rows)
        return
    for n, row in enumerate(rows):
        if isinstance(row, list) and len(row) in (3, 4):
            told = dict(zip(("label", "start", "end", "score"), row, strict=False))
            yield SpanAnswer(f"{place}[{n}]", told, told.get("score"))
        else:
            score = row.get("score") if isinstance(row, dict) else None
            yield SpanAnswer(f"{place}[{n}]", row, score)


def _meta(value: Mapping[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    """What a row says beside its text and its answers."""
    rest = {key: said for key, said in value.items() if key not in _OWN | _PARTS}
    rest = {key: said for key, said in rest.items() if said is not None}
    metadata = value.get("metadata")
    if isinstance(metadata, str):  # on the Hugging Face Hub it is JSON within JSON
        with suppress(ValueError):
            metadata = value_of(metadata.encode())
    return {**more, **rest, **(metadata if isinstance(metadata, dict) else {})}
