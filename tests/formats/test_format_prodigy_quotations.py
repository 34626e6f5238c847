"""Quotations marked as spans in Prodigy, with or without relations."""

from __future__ import annotations

from typing import Any

import pytest

from annotator.core.article import Span
from annotator.core.record import Record
from annotator.formats.base import Refused
from tests.helpers.formats import reasons
from tests.helpers.prodigy_tasks import (
    ADA,
    BO,
    by_hand,
    new,
    old,
    only,
    read_tasks,
    span,
)

QUOTED = 'Ada Low said: "The bridge is shut." Bob Hay denied it.'


PIECES = [span(Span(0, 7), "Source"), span(Span(8, 12), "Cue"), span(Span(14, 35), "Content")]


@pytest.mark.parametrize("view", ["blocks", "ner_manual", "spans_manual", "relations", None])
@pytest.mark.parametrize("more", [{}, {"relations": []}])
def test_pieces_of_a_quotation_are_a_claim_without_relations(view: str | None, more: Any) -> None:
    task = {"text": QUOTED, "spans": PIECES, "answer": "accept", **more}
    (record,) = read_tasks(task | ({"_view_id": view} if view else {}))
    assert isinstance(record, Record)
    (claim,) = record.claims
    assert (claim.content, claim.cue, claim.source) == (
        (Span(14, 35),),
        (Span(8, 12),),
        (Span(0, 7),),
    )
    assert (claim.quotation, claim.source_kind) == ("direct", "named")
    assert record.entities == ()


def test_entities_beside_pieces_of_a_quotation_stay_entities() -> None:
    task = {"text": QUOTED, "spans": [*PIECES, span(Span(36, 43))], "answer": "accept"}
    (record,) = read_tasks(task)
    assert isinstance(record, Record)
    assert (len(record.claims), [one.span for one in record.entities]) == (1, [Span(36, 43)])


def test_a_rejected_piece_of_a_quotation_is_refused_by_name() -> None:
    task = {"text": QUOTED, "spans": [PIECES[0]], "answer": "reject", "_is_binary": True}
    (reason,) = reasons(read_tasks(task))
    assert "is a rejected source" in reason


@pytest.mark.parametrize(
    "task",
    [
        lambda one: old("accept", one, text=QUOTED),
        lambda one: new("accept", one, text=QUOTED, tokens=[]),
        lambda one: by_hand(one, text=QUOTED, tokens=[]),
    ],
    ids=["binary, old", "binary", "label by label"],
)
def test_pieces_in_separate_tasks_are_one_claim(task: Any) -> None:
    record = only(*(task(piece) for piece in PIECES))
    (claim,) = record.claims
    assert (claim.content, claim.cue, claim.source) == (
        (Span(14, 35),),
        (Span(8, 12),),
        (Span(0, 7),),
    )


def test_a_piece_without_content_is_refused_by_line() -> None:
    refused, record = read_tasks(by_hand(span(ADA)), new("accept", span(BO, "Cue")))
    assert isinstance(refused, Refused)
    assert isinstance(record, Record)
    assert (refused.line, refused.kind) == (2, "cue without content")
    assert record.unknown == (BO,)
