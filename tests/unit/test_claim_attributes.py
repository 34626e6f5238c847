"""The table of a claim's attributes, and everything that follows it."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.adjudicating.differences import DifferenceType, attributes_of, with_value_of
from annotator.core.annotations import Claim
from annotator.core.article import Span
from annotator.core.comparison.subjects import ATTRIBUTES
from annotator.core.records.codec import item_from_dict, item_to_dict
from annotator.core.records.fields import CLAIM_ATTRIBUTES, TIER, Attribute
from annotator.errors import RecordError
from annotator.formats import hf_features, spreadsheet
from annotator.formats.brat import brat_names
from annotator.formats.label_studio import label_studio_out
from annotator.tui.screens.letter_menus import attribute_menu
from annotator.tui.widgets.letter_menu import Choice

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "schema" / "record.schema.json").read_text(encoding="utf-8"))
OF_CLAIM = SCHEMA["$defs"]["claim"]["properties"]
TEXT = "Rain is near.\n"
CLAIM = Claim("c1", (Span(0, 12),))

attribute = pytest.mark.parametrize(
    "attribute", [*CLAIM_ATTRIBUTES, TIER], ids=lambda one: one.name
)


def claim_with(attribute: Attribute, value: Any) -> Claim:
    return dataclasses.replace(CLAIM, **{attribute.name: value})


@attribute
def test_the_schema_allows_exactly_its_values(attribute: Attribute) -> None:
    definition = OF_CLAIM[attribute.name]
    if attribute.choices is None:
        assert definition["type"] == ["boolean", "null"]
    else:
        written = [None if value is None else str(value) for value in attribute.values]
        assert sorted(definition["enum"], key=str) == sorted(written, key=str)


@attribute
def test_absent_attributes_have_the_defaults_of_a_claim(attribute: Attribute) -> None:
    assert getattr(CLAIM, attribute.name) == attribute.default


def test_every_field_of_a_claim_is_part_of_it_or_an_attribute() -> None:
    parts = {
        *("id", "content", "cue", "source", "source_entity"),
        *("made_by", "verdict", "score", "note"),
    }
    attributes = {attribute.name for attribute in (*CLAIM_ATTRIBUTES, TIER)}
    assert {field.name for field in dataclasses.fields(Claim)} == parts | attributes


@attribute
def test_the_schema_requires_it(attribute: Attribute) -> None:
    assert attribute.name in SCHEMA["$defs"]["claim"]["required"]


def test_records_keep_this_order() -> None:
    names = [attribute.name for attribute in (*CLAIM_ATTRIBUTES, TIER)]
    assert [key for key in item_to_dict(CLAIM, TEXT) if key in names] == names


@attribute
def test_every_value_survives_a_round_trip(attribute: Attribute) -> None:
    for value in attribute.values:
        word = attribute.word(claim_with(attribute, value))
        assert (word is None) == (value is None)
        if word is not None:
            assert word in attribute.words
            assert attribute.of_word(word) == value


@attribute
@given(st.text())
def test_other_strings_are_not_values(attribute: Attribute, word: str) -> None:
    if word not in attribute.words:
        with pytest.raises(ValueError, match=r"."):
            attribute.of_word(word)


@attribute
@pytest.mark.parametrize("value", [0, 1, 0.0, "", "yes", "TRUE", [], {}, ["direct"], b"direct"])
def test_other_values_are_refused(attribute: Attribute, value: Any) -> None:
    plain = {**item_to_dict(CLAIM, TEXT), attribute.name: value}
    with pytest.raises(RecordError, match=f"item.{attribute.name}: "):
        item_from_dict(plain, TEXT)


@pytest.mark.parametrize("attribute", CLAIM_ATTRIBUTES, ids=lambda one: one.name)
def test_the_letter_menu_offers_every_value(attribute: Attribute) -> None:
    lines = attribute_menu(title="").by_letter.values()
    chosen = [line.value for line in lines if isinstance(line, Choice)]
    values = {one.value for one in chosen if one.attribute == attribute}
    assert values == set(attribute.values)


@pytest.mark.parametrize("attribute", CLAIM_ATTRIBUTES, ids=lambda one: one.name)
def test_every_format_with_columns_has_a_column_for_it(attribute: Attribute) -> None:
    assert attribute.name in spreadsheet.COLUMNS
    assert attribute.name in hf_features.COLUMNS["claims"][0]
    assert label_studio_out.CHOICES[attribute.name] == attribute.words
    assert attribute in brat_names.ATTRIBUTES.values()


@pytest.mark.parametrize("attribute", CLAIM_ATTRIBUTES, ids=lambda one: one.name)
def test_reviewers_can_differ_on_it_and_one_answer_is_taken(attribute: Attribute) -> None:
    first, *others = (claim_with(attribute, value) for value in attribute.values)
    for other in others:
        assert attributes_of(first) != attributes_of(other)
        assert with_value_of(first, other, DifferenceType.ATTRIBUTE) == other
        assert ATTRIBUTES[attribute.name](first) != ATTRIBUTES[attribute.name](other)
