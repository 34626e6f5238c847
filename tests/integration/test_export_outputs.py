"""Records into formats: losses are counted, the output is verified, or nothing is written."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from annotator.core.annotations import Entity, Verdict
from annotator.core.article import Article, Span
from annotator.core.decisions import Answer
from annotator.core.record import Record, ReviewFacts, SchemeId
from annotator.errors import ExportError
from annotator.export.outputs import LossError, Output, write_companions
from annotator.export.verify import Differs, differences_of
from annotator.formats import jsonl
from annotator.formats.base import Format, FormatReader, Losses, ReadOptions, Refused, counted
from annotator.formats.jsonl import line_of

SCHEME = SchemeId("news", "1")


def record(text: str, *labels: str, reviewer: str = "ada") -> Record:
    """A finished review of `text`, its first word marked once with each label."""
    return Record(
        Article(text),
        SCHEME,
        review=ReviewFacts(reviewer=reviewer, kind="review"),
        entities=tuple(
            Entity(f"e{n}", Span(0, len(text.split()[0])), label, verdict=Verdict.ACCEPTED)
            for n, label in enumerate(labels)
        ),
    )


ROWS = (record("Varnholm said no.", "GPE"), record("Ostby said yes.", "GPE", "PERSON"))


def one_label_each(record: Record) -> Record:
    return replace(record, entities=record.entities[:1])


def write_one_label(rows: Iterable[Record], target: BinaryIO, losses: Losses) -> int:
    """A format that holds one entity and no more."""
    rows = list(rows)
    for row in rows:
        for entity in row.entities[1:]:
            losses.add(row.article.id, entity.id, "second entity", entity.label)
    return jsonl.write(map(one_label_each, rows), target, losses)


def form(**parts: Any) -> Format:
    """A format that is JSONL but for these parts."""
    return replace(jsonl.FORMAT, **parts)


def reading(read: Any = None, expected: Any = None) -> FormatReader:
    """How JSONL is read, but for these parts."""
    usual = jsonl.FORMAT.reading()
    return FormatReader(counted(read) if read else usual.numbered, expected or usual.expected)


POOR = form(writer=write_one_label, reader=reading(expected=one_label_each))
CARELESS = form(writer=write_one_label)


def write_in_parts(
    rows: Iterable[Record], target: Path, losses: Losses, _labels: Sequence[str]
) -> int:
    """A format with one file for each record."""
    count = 0
    for count, row in enumerate(rows, start=1):  # noqa: B007
        with (target / f"{row.article.id}.jsonl").open("wb") as stream:
            jsonl.write((row,), stream, losses)
    return count


def read_parts(path: Path, _options: ReadOptions) -> Iterator[Record | Refused]:
    for part in sorted(path.glob("*.jsonl")):
        yield from jsonl.FORMAT.read(part)


FOLDER = form(suffix="", writer=None, folder_writer=write_in_parts, reader=reading(read_parts))


# What is lost


def test_losses_are_counted_and_the_rest_is_written(tmp_path: Path) -> None:
    how = Output(POOR)
    assert how.write(ROWS, tmp_path / "out.jsonl") == 2
    assert how.losses.counts == {"second entity": 1}
    assert how.losses.each == []


def test_strict_refuses_any_loss_and_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "out.jsonl"
    target.write_text("old\n")
    with pytest.raises(LossError, match="1 loss"):
        Output(POOR, strict=True).write(ROWS, target)
    assert target.read_text() == "old\n"
    assert os.listdir(tmp_path) == ["out.jsonl"]


def test_strict_allows_an_export_without_losses(tmp_path: Path) -> None:
    assert Output(POOR, strict=True).write(ROWS[:1], tmp_path / "out.jsonl") == 1


def test_strict_writes_nothing_to_standard_output_on_a_loss(
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    with pytest.raises(LossError):
        Output(POOR, strict=True).write(ROWS, "-")
    assert capfdbinary.readouterr().out == b""


# Read back


def test_verification_compares_with_the_expected_records(tmp_path: Path) -> None:
    assert Output(POOR, verified=True).write(ROWS, tmp_path / "out.jsonl") == 2
    assert Output(FOLDER, verified=True).write(ROWS, tmp_path / "parts") == 2


def test_a_failed_verification_keeps_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "out.jsonl"
    target.write_text("old\n")
    with pytest.raises(Differs) as caught:
        Output(CARELESS, verified=True).write(ROWS, target)
    (difference,) = caught.value.differences
    assert difference == f"{ROWS[1].article.id[:12]}: entities: 2 written, 1 read back"
    assert target.read_text() == "old\n"


def test_a_failed_verification_keeps_the_old_folder(tmp_path: Path) -> None:
    Output(FOLDER).write(ROWS[:1], tmp_path / "out")
    before = sorted(os.listdir(tmp_path / "out"))
    empty = replace(FOLDER, reader=reading(lambda _path, _options: iter(())))
    with pytest.raises(Differs):
        Output(empty, verified=True).write(ROWS, tmp_path / "out")
    assert sorted(os.listdir(tmp_path / "out")) == before


def test_output_to_standard_output_is_verified_first(
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    assert Output(POOR, verified=True).write(ROWS, "-") == 2
    assert len(capfdbinary.readouterr().out.splitlines()) == 2
    with pytest.raises(Differs):
        Output(CARELESS, verified=True).write(ROWS, "-")
    assert capfdbinary.readouterr().out == b""


def test_a_write_only_format_cannot_be_verified(tmp_path: Path) -> None:
    blind = form(suffix=".x", reader=None)
    with pytest.raises(ExportError, match="cannot be read back") as caught:
        Output(blind, verified=True).write(ROWS, tmp_path / "out.x")
    assert "--verify" in caught.value.hint
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (ROWS, []),
        (ROWS[::-1], []),
        (ROWS[:1], [": is missing"]),
        ((*ROWS, ROWS[0]), [": was not written"]),
        ((ROWS[0], replace(ROWS[1], answer=Answer.SKIP)), ["answer: 'accept' written"]),
        ((ROWS[0], Refused("out", 2, "no record")), ["line 2: cannot be read", ": is missing"]),
        ((Refused("out", 1, "no record"), *ROWS), ["line 1: cannot be read back: no record"]),
        (
            (ROWS[0], replace(ROWS[1], entities=(*ROWS[0].entities, *ROWS[1].entities[1:]))),
            ["entities[0].end: 5 written, 8 read back", "entities[0].text: 'Ostby' written"],
        ),
    ],
    ids=["same", "order", "missing", "twice", "field", "refused", "and more", "deep"],
)
def test_every_difference_is_named(found: Iterable[Record | Refused], said: list[str]) -> None:
    named = list(differences_of(map(line_of, ROWS), found, name="out"))
    assert len(named) == len(said)
    assert all(part in line for part, line in zip(said, named, strict=True))


# Where to


def test_a_folder_cannot_go_to_standard_output() -> None:
    with pytest.raises(ExportError, match="is a folder"):
        Output(FOLDER).write(ROWS, "-")


def test_a_pipe_is_written_to(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append((tmp_path / "pipe").read_bytes()))
    reader.start()
    assert Output(jsonl.FORMAT, strict=True).write(ROWS, tmp_path / "pipe") == 2
    reader.join(10)
    assert len(read[0].splitlines()) == 2


def test_a_folder_format_gets_the_labels(tmp_path: Path) -> None:
    told = []

    def write(rows: Iterable[Record], target: Path, losses: Losses, labels: Sequence[str]) -> int:
        told.append(labels)
        return write_in_parts(rows, target, losses, labels)

    how = Output(replace(FOLDER, folder_writer=write), labels=("GPE", "PERSON"))
    how.write(ROWS, tmp_path / "out")
    assert told == [("GPE", "PERSON")]


@pytest.mark.parametrize(("name", "is_folder"), [("out.jsonl", False), ("out", True)])
def test_the_target_name_chooses_between_file_and_folder(
    tmp_path: Path, name: str, is_folder: bool
) -> None:
    Output(form(folder_writer=write_in_parts)).write(ROWS, tmp_path / name)
    assert (tmp_path / name).is_dir() == is_folder


def test_a_manually_changed_companion_file_is_left_alone(tmp_path: Path) -> None:
    target = tmp_path / "out.json"
    assert write_companions({".xml": b"<a/>", ".txt": b"b"}, target) == ()
    (tmp_path / "out.json.xml").write_text("<mine/>")
    assert write_companions({".xml": b"<a/>", ".txt": b"b"}, target) == (tmp_path / "out.json.xml",)
    assert (tmp_path / "out.json.xml").read_text() == "<mine/>"
