"""Whatever a format reads back is a record like any other: by the codec, and by the schema."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator, FormatChecker

from annotator.core.record import Record, record_from_dict
from annotator.formats import FORMATS, format_named
from annotator.formats.base import Losses
from annotator.formats.jsonl import line_of
from tests.helpers.examples import examples
from tests.helpers.record_strategies import records

SCHEMA = Path(__file__).parents[2] / "schema" / "record.schema.json"
VALIDATOR = Draft202012Validator(
    json.loads(SCHEMA.read_text(encoding="utf-8")), format_checker=FormatChecker()
)
WRITTEN = [name for name in FORMATS if hasattr(format_named(name), "write")]
READABLE = [name for name in FORMATS if hasattr(format_named(name), "expected")]


@pytest.mark.parametrize("name", READABLE)
@examples(12)
@given(one=records())
def test_what_reading_gives_back_is_a_record(name: str, one: Record) -> None:
    back = format_named(name).expected(one)
    if back is not None:
        plain = json.loads(line_of(back))
        VALIDATOR.validate(plain)
        assert record_from_dict(plain) == back


@pytest.mark.parametrize("name", WRITTEN)
def test_nothing_to_write_is_something_that_can_be_read(name: str, tmp_path: Path) -> None:
    form = format_named(name)
    target = tmp_path / f"none{form.SUFFIX}"
    if form.KIND == "folder":
        target.mkdir()
        assert form.write([], target, Losses()) == 0
    else:
        with target.open("wb") as stream:
            assert form.write([], stream, Losses()) == 0
    if hasattr(form, "read"):
        assert list(form.read(target)) == []
