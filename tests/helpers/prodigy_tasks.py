"""Prodigy tasks for tests: one text with its tokens, written and read back."""

from __future__ import annotations

import json
from typing import Any

from annotator.core.article import Span
from annotator.core.record import Record
from annotator.formats.prodigy import prodigy_out
from tests.helpers.formats import read_back, written

TEXT = "Ada Low said Bo Marsh had left."
WORDS = [(0, 3), (4, 7), (8, 12), (13, 15), (16, 21), (22, 25), (26, 30), (30, 31)]
TOKENS = [
    {"text": TEXT[start:end], "start": start, "end": end, "id": number}
    for number, (start, end) in enumerate(WORDS)
]
ALL = (Span(0, len(TEXT)),)
ADA, BO = Span(0, 7), Span(13, 21)


def tasks_of(*rows: Record) -> list[dict[str, Any]]:
    content, _ = written(prodigy_out.FORMAT, rows)
    return [json.loads(line) for line in content.splitlines()]


def read_tasks(*tasks: dict[str, Any]) -> list[Any]:
    return read_back(prodigy_out.FORMAT, "".join(json.dumps(task) + "\n" for task in tasks))


def span(where: Span, label: str = "PERSON", **more: Any) -> dict[str, Any]:
    return {"start": where.start, "end": where.end, "label": label, **more}


def old(answer: str, *spans: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A task as ner.teach saved it before tasks had views: each span with the answer too."""
    model = {"score": 0.9, "rank": 0, "source": "core_web", "input_hash": 1}
    rows = [{**model, "answer": answer, **one} for one in spans]
    return {
        "text": TEXT,
        "_input_hash": 1,
        "_task_hash": 2,
        "spans": rows,
        "answer": answer,
        **more,
    }


def new(answer: str, *spans: dict[str, Any], view: str = "ner", **more: Any) -> dict[str, Any]:
    """A binary task as it is saved today."""
    about = {"_view_id": view, "_is_binary": True, "_input_hash": 1}
    return {"text": TEXT, "tokens": TOKENS, "spans": list(spans), "answer": answer, **about, **more}


def by_hand(*spans: dict[str, Any], answer: str = "accept", **more: Any) -> dict[str, Any]:
    about = {"_view_id": "ner_manual", "tokens": TOKENS}
    return {"text": TEXT, "spans": list(spans), "answer": answer, **about, **more}


def only(*tasks: dict[str, Any]) -> Record:
    """The only record of the tasks, with nothing refused."""
    (record,) = read_tasks(*tasks)
    assert isinstance(record, Record)
    return record


def said(record: Record) -> tuple[list[Span], list[Span], tuple[Span, ...]]:
    """Items, rejected items and unknown spans of a record."""
    rejected = [piece for item in record.rejected for piece in item.spans]
    return [entity.span for entity in record.entities], rejected, record.unknown
