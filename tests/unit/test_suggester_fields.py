"""Who suggested what, in what is stored and in records, and only there where several were asked."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from annotator.core.annotations import MadeBy, Verdict, called, decided_as, same_content
from annotator.core.article import Article
from annotator.core.item_matching import content_key
from annotator.core.record import Record, SchemeId, record_from_dict
from annotator.core.records.codec import item_from_dict, item_to_dict
from annotator.core.records.suggesters import SuggesterId
from annotator.errors import RecordError
from tests.helpers.items import entity

TEXT = "Ada Low met Bo Marsh in Port Ellis.\n"
SCHEMA = json.loads((Path(__file__).parents[2] / "schema" / "record.schema.json").read_text())
ADA = entity(TEXT, "Ada Low", id="e1")
NAMED = replace(ADA, suggested_by=("pipeline", "desk"), not_suggested_by=("stock",))
DESK = SuggesterId("desk", "desk-en", "2", "beef")
names = st.lists(st.text(min_size=1, max_size=5), max_size=3).map(tuple)


def record(*, suggesters: tuple[SuggesterId, ...] = (DESK,)) -> Record:
    return Record(Article(TEXT), SchemeId("n", "1"), entities=(NAMED,), suggesters=suggesters)


@given(names, names)
def test_stored_entities_are_read_back(by: tuple[str, ...], not_by: tuple[str, ...]) -> None:
    one = replace(ADA, suggested_by=by, not_suggested_by=not_by if by else ())
    assert item_from_dict(json.loads(json.dumps(item_to_dict(one, TEXT))), TEXT) == one


def test_an_entity_of_one_pipeline_is_stored_as_before() -> None:
    assert {"suggested_by", "not_suggested_by"}.isdisjoint(item_to_dict(ADA, TEXT))


def test_a_record_says_who_suggested_but_not_who_did_not() -> None:
    whole = record().to_dict()
    Draft202012Validator(SCHEMA).validate(whole)
    (written,) = whole["entities"]
    assert written["suggested_by"] == ["pipeline", "desk"]
    assert "not_suggested_by" not in written
    back = record_from_dict(whole)
    assert back == replace(record(), entities=(replace(NAMED, not_suggested_by=()),))


def test_a_record_without_suggesters_has_the_same_bytes_as_ever() -> None:
    whole = replace(record(suggesters=()), entities=(ADA,)).to_dict()
    assert "suggesters" not in whole
    assert list(whole["entities"][0])[-1] == "note"


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"entities": [{"suggested_by": "desk"}]}, r"entities\[0\]\.suggested_by: expected names"),
        ({"entities": [{"suggested_by": [""]}]}, r"entities\[0\]\.suggested_by: expected names"),
        ({"suggesters": [{"name": "x"}]}, r"suggesters\[0\]\.suggester: is missing"),
        ({"suggesters": {}}, "suggesters: expected a list"),
    ],
)
def test_a_wrong_field_is_named(wrong: dict[str, Any], where: str) -> None:
    whole = record().to_dict()
    if "entities" in wrong:
        whole["entities"][0] |= wrong["entities"][0]
    else:
        whole |= wrong
    with pytest.raises(RecordError, match=where):
        record_from_dict(whole)


def test_who_suggested_it_is_no_part_of_what_an_entity_says() -> None:
    assert same_content(NAMED, ADA)
    assert content_key(NAMED) == content_key(ADA)
    kept = decided_as(called(NAMED, "x"), Verdict.ACCEPTED, MadeBy.PIPELINE, None)
    assert (kept.id, kept.suggested_by) == ("x", NAMED.suggested_by)  # type: ignore[union-attr]  # an entity
