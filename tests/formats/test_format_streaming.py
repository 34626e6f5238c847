"""Single-file formats are written and read as streams, however long they are."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from annotator.core.annotations import Entity, Verdict
from annotator.core.article import Article, Span
from annotator.core.record import Record
from annotator.formats import offsets, spreadsheet
from annotator.formats.base import Format, Losses
from annotator.formats.label_studio import label_studio_out
from annotator.formats.prodigy import prodigy_out
from tests.helpers.record_strategies import REVIEWED, SCHEME

FEW, MANY = 10, 100
# A record that is held takes 8 kB and more.
ROOM = 300_000
TEXT = "Ada Low said the bridge was open. " * 25


def row(number: int) -> Record:
    entities = tuple(
        Entity(f"e{n}", Span(34 * n + 6, 34 * n + 13), "PERSON", verdict=Verdict.ADDED)
        for n in range(20)
    )
    return Record(Article(f"{number:05} {TEXT}"), SCHEME, review=REVIEWED, entities=entities)


def peak(work: Callable[[], object]) -> int:
    """How much memory `work` held at most, in bytes."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def write(form: Format, path: Path, count: int) -> None:
    with path.open("wb") as target:
        assert form.write(map(row, range(count)), target, Losses()) == count


def assert_reads(form: Format, path: Path, count: int) -> None:
    assert sum(1 for _ in form.read(path)) == count


FORMS = [label_studio_out.FORMAT, prodigy_out.FORMAT, offsets.FORMAT, spreadsheet.FORMAT]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_writing_ten_times_as_many_takes_no_more_memory(form: Format, tmp_path: Path) -> None:
    few = peak(lambda: write(form, tmp_path / "few", FEW))
    many = peak(lambda: write(form, tmp_path / "many", MANY))
    assert (tmp_path / "many").stat().st_size > 9 * (tmp_path / "few").stat().st_size
    assert many < few + ROOM


@pytest.mark.parametrize("form", FORMS[:3], ids=lambda form: form.name)
def test_reading_ten_times_as_many_takes_no_more_memory(form: Format, tmp_path: Path) -> None:
    sizes = {}
    for count in (FEW, MANY):
        path = tmp_path / f"{count}{form.suffix}"
        write(form, path, count)
        sizes[count] = peak(partial(assert_reads, form, path, count))
    assert sizes[MANY] < sizes[FEW] + ROOM
