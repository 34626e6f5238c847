"""The format of a file by its content; the meaning of `--as reviewer NAME`."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator.cli.import_ import in_one_word
from annotator.errors import RecordError
from annotator.importing.detecting import files_in, format_of
from annotator.importing.found_records import Sources


@pytest.mark.parametrize(
    ("name", "content", "format"),
    [
        ("a.jsonl", '{"format":"annotator.record/1","id":""}', "jsonl"),
        ("a.jsonl", '\n\n{"text": "x", "format": "annotator.record/1"}', "jsonl"),
        ("a.jsonl", "", "jsonl"),
        ("a.jsonl", '{"text": "x", "spans": []}', "prodigy"),
        ("a.ndjson", '{"text": "x", "_task_hash": 1, "entities": []}', "prodigy"),
        ("a.jsonl", '{"text": "x", "entities": [[0, 1, "A"]]}', "offsets"),
        ("a.jsonl", '{"text": "x", "label": []}', "offsets"),
        ("a.json", '[{"data": {"text": "x"}}]', "label-studio"),
        ("a.json", '\ufeff [{"data": {"text": "x"}}]', "label-studio"),
        ("a.json", '{"text": "x", "labels": []}', "offsets"),
        ("a.json", '[{"text": "x", "spans": []}]', "prodigy"),
        ("a.json", '[\n  {\n    "text": "x",\n    "spans": []\n  }\n]', "prodigy"),
        ("a.json", '[{"text": "x", "entities": [[0, 1, "A"]]}]', "offsets"),
        ("a.json", '{\n "text": "x",\n "label": []\n}', "offsets"),
        ("a.jsonl", '\ufeff{"text": "x", "label": []}', "offsets"),
        ("a.jsonl", '{"id": 1, "text": "x", "entities": [], "relations": []}', "offsets"),
        ("a.jsonl", '{"text": "x", "tokens": [], "relations": []}', "prodigy"),
        ("a.jsonl", '{"text": "x", "relations": []}', "prodigy"),
        ("a.jsonl", '["x", {"entities": []}]', "offsets"),
        ("a.json", '[["x", {"entities": []}]]', "offsets"),
        ("a.jsonl", '{"data": "x", "label": []}', "offsets"),
        ("a.jsonl", '{"text": "x", "ents": [], "tokens": []}', "offsets"),
        ("a.jsonl", '{"text": "x", "spans": {"sc": []}, "tokens": []}', "offsets"),
        ("a.jsonl", '{"data": {"text": "x"}, "annotations": []}', "label-studio"),
        ("a.json", '[{"text": "x", "label": [{"labels": ["A"]}]}]', "label-studio"),
        ("a.json", '[{"text": "x", "annotation_id": 1}]', "label-studio"),
        ("a.jsonl", 'broken\n{"text": "x", "label": []}', "offsets"),
        ("a.SPACY", "", "spacy"),
        ("a.bio", "Ada B-PER", "conll"),
        ("a.ann", "", "brat"),
        ("a.parquet", "", "hf"),
    ],
)
def test_formats_are_recognised(tmp_path: Path, name: str, content: str, format: str) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    assert format_of(tmp_path / name) == format


def test_our_long_first_line_is_recognised_by_its_start(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"format":"annotator.record/1","text":"' + "x" * 2_000_000)
    assert format_of(tmp_path / "a.jsonl") == "jsonl"


def test_a_text_with_an_annotation_file_is_brat(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Ada")
    (tmp_path / "a.ann").write_text("")
    assert format_of(tmp_path / "a.txt") == "brat"
    assert list(files_in(tmp_path)) == [tmp_path]
    assert format_of(tmp_path) == "brat"


@pytest.mark.parametrize(
    ("name", "content"), [("a.jsonl", "1"), ("a.jsonl", "[1]"), ("a.doc", "x"), ("a", "{}")]
)
def test_an_unclear_format_is_asked_for(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content)
    with pytest.raises(RecordError, match="is unclear") as caught:
        format_of(tmp_path / name)
    assert "--format" in caught.value.hint


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('{"text": "Café", "label": []}\n'.encode("latin-1"), "line 1: not UTF-8"),
        ('{"text": "x", "label": []}\n'.encode("utf-16"), "line 1: not UTF-8"),
        (b"no JSON", "line 1: not JSON"),
        (b'\n{"text": "x", "label": [NaN]}\n', "line 2: not JSON"),
    ],
    ids=["latin", "utf-16", "none", "nan"],
)
def test_a_file_without_json_is_refused_with_a_reason(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    (tmp_path / "a.jsonl").write_bytes(content)
    with pytest.raises(RecordError, match=reason) as error:
        format_of(tmp_path / "a.jsonl")
    assert "UTF-8" in error.value.hint


@pytest.mark.parametrize("content", ["[]", "[\n]\n"])
def test_an_empty_list_has_no_format(tmp_path: Path, content: str) -> None:
    (tmp_path / "a.json").write_text(content)
    sources = Sources((tmp_path / "a.json",))
    (source,) = sources.files()
    assert list(sources.read(*source)) == []


def test_texts_without_annotations_are_referred_to_add(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "x"}')
    with pytest.raises(RecordError) as caught:
        format_of(tmp_path / "a.jsonl")
    assert "annotator add" in caught.value.hint


def test_a_folder_stands_for_its_files(tmp_path: Path) -> None:
    for name in ("b.jsonl", "a.spacy", "notes.txt"):
        (tmp_path / name).write_text("")
    assert [path.name for path in files_in(tmp_path)] == ["a.spacy", "b.jsonl"]


def test_a_folder_without_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="holds no file that can be imported"):
        list(files_in(tmp_path))


def test_a_write_only_format_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("")
    with pytest.raises(RecordError, match="can be written, not read"):
        Sources((tmp_path / "a.csv",), "csv").files()


def test_an_unsupported_unit_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.spacy").write_text("")
    with pytest.raises(RecordError, match="always code points"):
        Sources((tmp_path / "a.spacy",), offsets="utf16").files()
    assert Sources((tmp_path / "a.spacy",), offsets="codepoints").files()


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (["--as", "reviewer", "bo", "a"], ["--as", "reviewer bo", "a"]),
        (["a", "--as=reviewer", "bo"], ["a", "--as=reviewer bo"]),
        (["--as", "reviewer", "--reviewer", "bo"], ["--as", "reviewer", "--reviewer", "bo"]),
        (["--as", "reviewer bo", "a"], ["--as", "reviewer bo", "a"]),
        (["a", "--as", "reviewer"], ["a", "--as", "reviewer"]),
        (["reviewer", "bo"], ["reviewer", "bo"]),
        (["--", "--as", "reviewer", "bo"], ["--", "--as", "reviewer", "bo"]),
        (["--as", "suggestions", "a"], ["--as", "suggestions", "a"]),
    ],
)
def test_a_name_after_reviewer_belongs_to_it(words: list[str], meant: list[str]) -> None:
    assert in_one_word(words) == meant


def test_a_file_to_import_is_not_a_reviewers_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bo").mkdir()
    (tmp_path / "bo" / "gold.jsonl").touch()
    for words in (["--as", "reviewer", "bo/gold.jsonl"], ["--as", "reviewer", "bo"]):
        assert in_one_word(words) == words
    both = ["--as", "reviewer", "bo", "bo/gold.jsonl"]
    assert in_one_word(both) == ["--as", "reviewer bo", "bo/gold.jsonl"]


@pytest.mark.parametrize(
    "content", ['[{"format": "annotator.record/1"}]', '{\n"format": "annotator.record/1"\n}']
)
def test_multi_line_records_are_refused_with_a_command(tmp_path: Path, content: str) -> None:
    (tmp_path / "a.json").write_text(content)
    with pytest.raises(RecordError, match="not one per line") as caught:
        format_of(tmp_path / "a.json")
    assert "jq" in caught.value.hint


def test_leftovers_of_a_killed_export_are_ignored(tmp_path: Path) -> None:
    (tmp_path / ".annotator-writing-x.jsonl").write_text('{"format":"annotator.record/1"')
    (tmp_path / "a.jsonl").write_text("")
    assert [path.name for path in files_in(tmp_path)] == ["a.jsonl"]


def test_a_mixed_folder_is_not_read_in_part(tmp_path: Path) -> None:
    for name in ("a.ann", "a.txt", "b.jsonl"):
        (tmp_path / name).write_text("")
    with pytest.raises(RecordError, match=r"brat and others \(b.jsonl\)"):
        list(files_in(tmp_path))
