"""What every format promises: what it reads back is a record by the codec and the schema, and its
parts fit together."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator, FormatChecker

from annotator.core.record import Record, record_from_dict
from annotator.errors import ExportError, RecordError
from annotator.formats import FORMATS, format_named
from annotator.formats.base import Losses
from annotator.formats.jsonl import line_of
from tests.helpers.examples import examples
from tests.helpers.record_strategies import records

SCHEMA = Path(__file__).parents[2] / "schema" / "record.schema.json"
VALIDATOR = Draft202012Validator(
    json.loads(SCHEMA.read_text(encoding="utf-8")), format_checker=FormatChecker()
)
WRITTEN = [name for name in FORMATS if format_named(name).is_written]
READABLE = [name for name in WRITTEN if format_named(name).reader]


@pytest.mark.parametrize("name", READABLE)
@examples(12)
@given(one=records())
def test_reading_gives_valid_records(name: str, one: Record) -> None:
    back = format_named(name).expected(one)
    if back is not None:
        plain = json.loads(line_of(back))
        VALIDATOR.validate(plain)
        assert record_from_dict(plain) == back


@pytest.mark.parametrize("name", WRITTEN)
def test_an_empty_export_can_be_read(name: str, tmp_path: Path) -> None:
    form = format_named(name)
    if form.writer:
        with (tmp_path / f"none{form.suffix}").open("wb") as stream:
            assert form.write([], stream, Losses()) == 0
    if form.folder_writer:
        (tmp_path / "none").mkdir()
        assert form.write_folder([], tmp_path / "none", Losses()) == 0
    for target in tmp_path.iterdir():
        if form.reader:
            assert list(form.read(target)) == []


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_has_its_name_and_can_be_read_or_written(name: str) -> None:
    form = format_named(name)
    assert form.name == name
    assert form.reader or form.is_written
    assert form.suffix.startswith(".") == (form.folder_writer is None or form.writer is not None)
    if form.reader:
        assert (form.reader.expected is not None) == form.is_written


def test_unsupported_uses_of_a_format_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="csv can be written, not read"):
        format_named("csv").read(tmp_path)
    with pytest.raises(ExportError, match="is a single file"):
        format_named("csv").write_folder([], tmp_path, Losses())
    with pytest.raises(ExportError, match="spacy-json can be read, not written"):
        format_named("spacy-json").write([], (tmp_path / "x").open("wb"), Losses())
    with pytest.raises(ExportError, match="can be read, not written"):
        format_named("spacy-json").write_folder([], tmp_path, Losses())
    with pytest.raises(ExportError, match="is a folder"):
        format_named("hf").write([], (tmp_path / "x").open("wb"), Losses())


def test_a_format_loads_large_libraries_only_when_used() -> None:
    code = (
        "import sys\nfrom annotator.formats import FORMATS, format_named\n"
        "for name in FORMATS: format_named(name)\n"
        "print(*({'spacy', 'srsly', 'pyarrow'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
