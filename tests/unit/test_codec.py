"""Round trips of items and decisions as plain dicts."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.annotations import Entity, Item
from annotator.core.article import Span
from annotator.core.decisions import Decision, Kind
from annotator.core.records.codec import (
    decision_from_dict,
    decision_to_dict,
    item_from_dict,
    item_to_dict,
    outcome_from_dict,
    outcome_to_dict,
    time_from_text,
    time_to_text,
)
from annotator.errors import RecordError
from tests.helpers.strategies import EPOCH, decisions, items, texts, times

TEXT = "Ada Low left.\n"
PLAIN = item_to_dict(Entity("e1", Span(0, 7), "PERSON", score=0.5), TEXT)
text_and_item = texts.flatmap(lambda text: st.tuples(st.just(text), items(text)))


@given(text_and_item)
def test_an_item_survives_a_round_trip(case: tuple[str, Item]) -> None:
    text, item = case
    plain = json.loads(json.dumps(item_to_dict(item, text)))
    assert item_from_dict(plain, text) == item


@given(text_and_item)
def test_every_span_has_its_surface_text(case: tuple[str, Item]) -> None:
    text, item = case
    plain = item_to_dict(item, text)
    pieces = [plain] if "start" in plain else [*plain["content"], *plain["cue"], *plain["source"]]
    assert all(text[piece["start"] : piece["end"]] == piece["text"] for piece in pieces)


@given(decisions())
def test_a_decision_survives_a_round_trip(case: tuple[Decision, str]) -> None:
    decision, text = case
    plain = json.loads(json.dumps(decision_to_dict(decision, text)))
    assert decision_from_dict(plain) == decision


@pytest.mark.parametrize(
    "plain",
    [
        {"unfolded": False},  # as earlier versions wrote it
        {"unfolded": True, "unknown": [{"start": 0, "end": 3, "text": "Ada"}]},
        {"unfolded": False, "folded": ["c1", "c2"]},
        {"unfolded": True, "folded": [], "speakers": True},
    ],
)
def test_a_finish_keeps_its_stored_values(plain: dict[str, Any]) -> None:
    assert outcome_to_dict(outcome_from_dict(plain), TEXT) == plain


@pytest.mark.parametrize(
    ("wrong", "named"),
    [({"folded": "c1"}, "folded"), ({"folded": [""]}, "folded"), ({"unknown": [{}]}, "unknown")],
)
def test_an_invalid_detail_of_a_finish_is_named(wrong: dict[str, Any], named: str) -> None:
    with pytest.raises(RecordError, match=named):
        outcome_from_dict({"unfolded": False, **wrong})


def test_a_decision_has_the_fields_of_the_contract_in_its_order() -> None:
    fields = "id article reviewer at seq group kind target before after keys seconds"
    decision = Decision("d1", "a1", "ada", EPOCH, 1, "g1", Kind.FINISH)
    assert list(decision_to_dict(decision, TEXT)) == fields.split()


@given(times)
def test_a_time_survives_a_round_trip(at: datetime) -> None:
    assert time_from_text(time_to_text(at)) == at


def test_times_are_written_in_utc_with_a_z() -> None:
    elsewhere = datetime(2018, 12, 19, 10, 30, tzinfo=timezone(timedelta(hours=2)))
    assert time_to_text(elsewhere) == "2018-12-19T08:30:00Z"


@pytest.mark.parametrize("text", ["yesterday", "2018-12-19T08:30:00", ""])
def test_a_time_without_zone_is_refused(text: str) -> None:
    with pytest.raises(RecordError):
        time_from_text(text)


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"start": 7}, "not a valid span"),
        ({"start": -1}, "not a valid span"),
        ({"start": "0"}, "not a valid span"),
        ({"start": True, "end": 2, "text": "d"}, "integers"),
        ({"end": 6}, "reads 'Ada Lo'"),
        ({"text": "Bo"}, "not 'Bo'"),
        ({"id": None}, "item.id"),
        ({"label": 3}, "item.label"),
        ({"verdict": "maybe"}, "is not one of accepted"),
        ({"made_by": "magic"}, "is not one of pipeline"),
        ({"score": 1.5}, "expected 0 to 1"),
        ({"score": True}, "expected 0 to 1"),
        ({"note": 7}, "item.note"),
    ],
)
def test_an_invalid_field_is_named(wrong: dict[str, Any], named: str) -> None:
    with pytest.raises(RecordError, match=named):
        item_from_dict(PLAIN | wrong, TEXT)
