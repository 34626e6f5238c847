"""Label Studio, Prodigy and texts with offsets: every record is read back as the format expects."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given

from annotator.core.annotations import Claim, Verdict
from annotator.core.article import Span
from annotator.core.record import Record
from annotator.formats import offsets
from annotator.formats.base import Format
from annotator.formats.jsonl import records_in
from annotator.formats.label_studio import label_studio_out
from annotator.formats.prodigy import prodigy_out
from tests.helpers.formats import read_back, unordered, written
from tests.helpers.items import record_of
from tests.helpers.record_strategies import HARD_RECORDS, records

ROOT = Path(__file__).parents[2]
GOLD = [r for path in sorted((ROOT / "seeds/gold").glob("*.jsonl")) for r in records_in(path)]
_TASKS = (label_studio_out.FORMAT, prodigy_out.FORMAT)
each_format = pytest.mark.parametrize("form", [*_TASKS, offsets.FORMAT], ids=lambda form: form.name)
each_format_of_tasks = pytest.mark.parametrize("form", _TASKS, ids=lambda form: form.name)


def expected(form: Format, *rows: Record) -> list[Record]:
    """What reading these records back gives."""
    assert form.reader is not None
    assert form.reader.expected is not None
    return [one for one in map(form.reader.expected, rows) if one is not None]


@each_format
@given(record=records())
def test_records_survive(form: Format, record: Record) -> None:
    content, _ = written(form, [record])
    assert read_back(form, content) == expected(form, record)


@each_format
@pytest.mark.parametrize("record", [*HARD_RECORDS, *GOLD], ids=lambda r: r.article.name[:24])
def test_hard_and_real_records_survive(form: Format, record: Record) -> None:
    content, _ = written(form, [record])
    assert read_back(form, content) == expected(form, record)


@each_format
@pytest.mark.parametrize("ends", [(2, 4), (4, 2)])
def test_claims_of_one_extent_keep_their_order(form: Format, ends: tuple[int, int]) -> None:
    claims = (
        Claim(f"c{n}", (Span(0, end), Span(8, 12)), verdict=Verdict.ADDED)
        for n, end in enumerate(ends)
    )
    record = record_of("Ada Low left.", *claims)
    content, _ = written(form, [record])
    assert read_back(form, content) == expected(form, record)


# Prodigy's tasks of one text are read together, wherever they stand.
@pytest.mark.parametrize(
    "form", [label_studio_out.FORMAT, offsets.FORMAT], ids=lambda form: form.name
)
def test_many_records_keep_their_order(form: Format) -> None:
    content, _ = written(form, [*HARD_RECORDS, *GOLD])
    assert read_back(form, content) == expected(form, *HARD_RECORDS, *GOLD)


@each_format_of_tasks
@given(record=records())
def test_losses_are_counted_exactly_if_there_are_any(form: Format, record: Record) -> None:
    _, losses = written(form, [record])
    (back,) = expected(form, record)
    # What is unknown comes back to us, but nobody else reads it.
    assert bool(losses) == (unordered(record) != unordered(back) or bool(record.unknown))
