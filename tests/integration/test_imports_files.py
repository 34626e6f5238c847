"""Folders to import: one bad file does not affect the others; links, pipes and devices are safe."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from annotator.errors import RecordError, SchemeError
from annotator.formats.jsonl import records_in
from annotator.importing.surveying import UnknownLabels
from annotator.store.store import Store
from tests.helpers.importing import bring_in, record, write

TASK = {"text": "Ada left.", "entities": [[0, 3, "PERSON"]]}


def brat(folder: Path, name: str, text: str = "Ada left.") -> None:
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.txt").write_text(text)
    (folder / f"{name}.ann").write_text(f"T1\tPERSON 0 3\t{text[:3]}\n")


def texts(store: Store) -> set[str]:
    return {one.text for one, _, _ in store.articles.unreviewed()}


# One file of many


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("zz.jsonl", b"not json\n"),
        ("aa.jsonl", b"not json\n"),
        ("zz.json", b"{"),
        ("zz.spacy", b"no DocBin"),
        ("zz.conll", b"\xff\xfe\xfa Ada B-PER\n"),
        ("zz.parquet.jsonl", b"\x00\x01"),
        ("zz.jsonl", b'{"text": "x"}\n'),
        ("zz.jsonl", '{"text": "Café"}'.encode("utf-16")),
    ],
)
def test_an_unreadable_file_does_not_affect_the_others(
    store: Store, tmp_path: Path, name: str, content: bytes
) -> None:
    for number in range(3):
        write(tmp_path / f"gold{number}.jsonl", [record(number)])
    (tmp_path / name).write_bytes(content)
    done = bring_in(store, tmp_path)
    assert (done.imported, {one.file for one in done.refused}) == (3, {name})


def test_an_unreadable_named_file_does_not_affect_the_others(store: Store, tmp_path: Path) -> None:
    (tmp_path / "bad.jsonl").write_text("not json")
    good = write(tmp_path / "good.jsonl", [record()])
    done = bring_in(store, tmp_path / "bad.jsonl", good)
    assert (done.imported, [one.file for one in done.refused]) == (1, ["bad.jsonl"])


def test_a_single_unreadable_file_is_an_error_with_advice(store: Store, tmp_path: Path) -> None:
    (tmp_path / "bad.jsonl").write_text("not json")
    with pytest.raises(RecordError, match="has no valid JSON"):
        bring_in(store, tmp_path / "bad.jsonl")


def test_unknown_labels_of_one_file_do_not_hide_other_errors(store: Store, tmp_path: Path) -> None:
    for name, label in (("a", "PER"), ("b", "MISC")):
        row = TASK | {"entities": [[0, 3, label]]}
        (tmp_path / f"{name}.jsonl").write_text(json.dumps(row))
    (tmp_path / "c.jsonl").write_text("not json")
    (tmp_path / "d.jsonl").write_text(json.dumps(TASK | {"entities": [[0, 99, "PERSON"]]}))
    with pytest.raises(SchemeError, match=r"MISC \(1\), PER \(1\)") as caught:
        bring_in(store, tmp_path)
    assert isinstance(caught.value, UnknownLabels)
    assert {one.file for one in caught.value.refused} == {"c.jsonl", "d.jsonl"}


# Links, pipes, devices


def test_a_link_out_of_a_brat_folder_is_refused_by_name(store: Store, tmp_path: Path) -> None:
    folder, secret = tmp_path / "brat", tmp_path / "secret"
    secret.write_text("Ada hid this.")
    brat(folder, "a")
    (folder / "b.txt").symlink_to(secret)
    (folder / "b.ann").write_text("T1\tPERSON 0 3\tAda\n")
    done = bring_in(store, folder)
    assert [(one.file, "link" in one.reason) for one in done.refused] == [("b.txt", True)]
    assert texts(store) == {"Ada left."}


def test_links_to_annotations_and_folders_are_refused_too(store: Store, tmp_path: Path) -> None:
    folder, outside = tmp_path / "corpus" / "ann", tmp_path / "outside"
    folder.mkdir(parents=True)
    brat(outside, "a", "Ada hid this.")
    brat(folder, "c", "Ada is in.")
    (folder / "a.ann").symlink_to(outside / "a.ann")
    (folder / "a.txt").write_text("Ada left.")
    (folder / "d.ann").write_text("T1\tPERSON 0 3\tAda\n")
    (outside / "d.txt").write_text("Ada hid that.")
    (tmp_path / "corpus" / "text").symlink_to(outside)
    done = bring_in(store, folder)
    assert {"d.txt", "a.txt"} <= {one.file for one in done.refused}
    assert texts(store) == {"Ada is in."}


def test_links_within_the_folder_are_followed(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "brat"
    brat(folder, "a")
    (folder / "b.txt").symlink_to("a.txt")
    (folder / "b.ann").write_text("T1\tPERSON 0 3\tAda\n")
    assert bring_in(store, folder).refused == []


def test_a_link_in_a_folder_of_files_is_refused_by_name(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    write(folder / "a.jsonl", [record(1)])
    (folder / "b.jsonl").symlink_to(write(tmp_path / "elsewhere.jsonl", [record(2)]))
    done = bring_in(store, folder)
    assert (done.imported, [one.file for one in done.refused]) == (1, ["b.jsonl"])


def test_a_named_link_is_followed(store: Store, tmp_path: Path) -> None:
    (tmp_path / "b.jsonl").symlink_to(write(tmp_path / "elsewhere.jsonl", [record(2)]))
    assert bring_in(store, tmp_path / "b.jsonl").imported == 1


@pytest.mark.parametrize("name", ["b.txt", "b.ann"])
def test_pipes_in_a_brat_folder_are_not_opened(store: Store, tmp_path: Path, name: str) -> None:
    folder = tmp_path / "brat"
    brat(folder, "a")
    brat(folder, "b")
    (folder / name).unlink()
    os.mkfifo(folder / name)
    done = bring_in(store, folder)
    assert (done.imported, len(done.refused)) == (1, 1)
    assert "pipe" in done.refused[0].reason


def test_a_named_pipe_or_device_is_not_opened(store: Store, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.jsonl")
    for path in (tmp_path / "a.jsonl", Path("/dev/zero")):
        with pytest.raises(RecordError, match="not a regular file"):
            bring_in(store, path)


def test_a_too_large_text_is_not_read(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "brat"
    brat(folder, "a")
    brat(folder, "b")
    with (folder / "b.txt").open("wb") as file:
        file.truncate(2**40)  # it takes no room on the disk
    done = bring_in(store, folder)
    assert (done.imported, "larger than" in done.refused[0].reason) == (1, True)


def test_the_suggested_command_is_quoted_for_a_shell(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "a;touch PWN;$(id).jsonl"
    file.write_text(json.dumps([record().to_dict()], indent=1))
    with pytest.raises(RecordError) as caught:
        bring_in(store, file)
    assert "'a;touch PWN;$(id).jsonl'" in caught.value.hint


# Holes


@pytest.mark.parametrize("name", ["a.jsonl", "a.json", "a.spacy", "a.conll"])
def test_a_sparse_file_is_refused_unread(store: Store, tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    os.truncate(tmp_path / name, 1 << 40)
    with pytest.raises(
        RecordError, match=f"{name} is sparse: only [0-9,]+ of its 1,099,511,627,776 bytes"
    ):
        bring_in(store, tmp_path / name)
    write(tmp_path / "good.jsonl", [record()])
    done = bring_in(store, tmp_path)
    assert (done.imported, [one.file for one in done.refused]) == (1, [name])


def test_sparse_records_are_refused_unread(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").touch()
    os.truncate(tmp_path / "a.jsonl", 1 << 40)
    with pytest.raises(RecordError, match="sparse"):
        list(records_in(tmp_path / "a.jsonl"))
