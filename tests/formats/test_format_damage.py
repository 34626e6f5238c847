"""Damaged files: the rest is read, and is valid."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from annotator.core.record import record_from_dict
from annotator.formats import offsets
from annotator.formats.argilla import argilla_in
from annotator.formats.base import Format
from annotator.formats.label_studio import label_studio_out
from annotator.formats.prodigy import prodigy_out
from annotator.formats.spacy_json import spacy_json_in
from annotator.formats.web_annotation import web_annotation_out
from tests.helpers.examples import examples
from tests.helpers.formats import read_back, records_of, written
from tests.helpers.record_strategies import HARD_RECORDS, many_claims

SCHEMA = json.loads((Path(__file__).parents[2] / "schema/record.schema.json").read_text("utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)
ROWS = (HARD_RECORDS[3], HARD_RECORDS[8], many_claims(2), HARD_RECORDS[-1])
ODD = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 60)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5)
    | st.sampled_from(["labels", "relation", "Content", "accept", "claim", "\r\n", "x" * 300])
    | st.sampled_from(["same", "Supports", "c1", "ties"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=4,
)


FORMS = (
    label_studio_out.FORMAT,
    prodigy_out.FORMAT,
    offsets.FORMAT,
    web_annotation_out.FORMAT,
)
LISTS = (label_studio_out.FORMAT, web_annotation_out.FORMAT)


def values_of(form: Format) -> list[Any]:
    """What a format writes of some records, as plain values."""
    content = written(form, ROWS)[0].decode()
    if form in LISTS:
        whole: list[Any] = json.loads(content)
        return whole
    return [json.loads(line) for line in content.splitlines()]


# What the programs write whose formats are only read.
_SPAN = {"label": "PERSON", "start": 0, "end": 3, "score": 0.5}
_ANSWER = {"value": [_SPAN], "user_id": "ada", "status": "submitted"}
_TOKENS = [{"orth": "Ada", "ner": "U-PERSON", "space": " "}, {"orth": "left", "ner": "-"}]
READ_ONLY: dict[Format, list[Any]] = {
    spacy_json_in.FORMAT: [
        {
            "id": 1,
            "paragraphs": [
                {
                    "raw": "Ada left",
                    "sentences": [{"tokens": _TOKENS, "brackets": []}],
                    "entities": [[0, 3, "PERSON"]],
                    "cats": [{"label": "war", "value": 1.0}],
                    "links": [{"(0, 3)": {"Q1": 1.0}}],
                },
                {"sentences": [{"tokens": _TOKENS}]},
            ],
        }
    ],
    argilla_in.FORMAT: [
        {
            "fields": {"text": "Ada left"},
            "responses": {"spans": [_ANSWER], "tone": [{"value": "calm", "user_id": "bo"}]},
            "suggestions": {"spans": {"value": [_SPAN], "score": [0.5]}},
            "metadata": {"desk": "news"},
        },
        {
            "fields": {"text": "Ada left"},
            "responses": [{"user_id": "ada", "status": "draft", "values": {"s": _ANSWER}}],
            "suggestions": [{"question_name": "s", "value": [_SPAN]}],
        },
        {"id": "a", "text": "Ada left", "s.responses": [[_SPAN]], "s.responses.users": ["ada"]},
        {
            "text": "Ada left",
            "tokens": ["Ada"],
            "annotation": [["PERSON", 0, 3]],
            "status": "Edited",
        },
    ],
}
WHOLE = {**{form: values_of(form) for form in FORMS}, **READ_ONLY}


def damaged(value: Any, draw: Any) -> Any:
    """`value` with something in it replaced or taken away."""
    place = value = copy.deepcopy(value)
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        if not keys:
            return value
        key = draw(st.sampled_from(keys))
        if isinstance(place[key], dict | list) and draw(st.integers(0, 3)):
            place = place[key]
            continue
        if draw(st.booleans()):
            place[key] = draw(ODD)
        else:
            del place[key]
        return value


@pytest.mark.parametrize("form", WHOLE, ids=lambda form: form.name)
@settings(examples(40), phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(data=st.data())
def test_a_damaged_value_never_stops_reading(form: Format, data: Any) -> None:
    values = WHOLE[form]
    for _ in range(data.draw(st.integers(1, 4))):
        values = damaged(values, data.draw)
    found = read_back(form, "\n".join(json.dumps(value) for value in values))
    for record in records_of(found):
        line = record.to_dict()
        assert record_from_dict(line).to_dict() == line
        # A foreign label may have blanks in it: it is mapped to one of ours before it is kept.
        faults = [fault for fault in VALIDATOR.iter_errors(line) if "label" not in fault.path]
        assert [fault.message for fault in faults] == []


@pytest.mark.parametrize("form", WHOLE, ids=lambda form: form.name)
@given(content=st.binary(max_size=60) | st.text('[]{}",:\\ \n1a').map(str.encode))
def test_arbitrary_bytes_never_stop_reading(form: Format, content: bytes) -> None:
    assert records_of(read_back(form, content)) == []
