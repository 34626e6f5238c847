"""The format of a file is detected from its whole content."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from annotator.errors import RecordError
from annotator.formats import format_named
from annotator.importing.detecting import format_of
from tests.helpers.formats import records_of

TEXT = "Ada met Bob."


_TASK = [{"text": TEXT, "_task_hash": 1, "spans": [], "answer": "accept"}]


@pytest.mark.parametrize(
    ("rows", "format"),
    [
        ([{"text": TEXT}, {"text": TEXT, "label": [[0, 3, "P"]]}], "offsets"),
        ([{"text": TEXT, "label": ["war"]}, {"text": TEXT, "label": [[0, 3, "P"]]}], "offsets"),
        ([{"id": 15, "text": TEXT, "annotations": [{"label": "P", "start_offset": 0}]}], "offsets"),
        ([{"id": 15, "text": TEXT, "annotations": [{"label": 7, "start_offset": 0}]}], "offsets"),
        ([{"id": 15, "text": TEXT, "annotations": []}], "offsets"),
        ([{"text": TEXT, "cats": ["war"], "entities": [[0, 3, "P"]]}], "offsets"),
        ([{"classes": ["P"], "annotations": [[TEXT, {"entities": []}]]}], "offsets"),
        ([{"classes": ["P"], "annotations": []}], "offsets"),
        ([{"classes": ["P"], "annotations": [None, [TEXT, {"entities": []}]]}], "offsets"),
        ([{"text": TEXT, "label": "X", "_task_hash": 1}, {"text": TEXT, "spans": []}], "prodigy"),
        (
            [
                {
                    "text": TEXT,
                    "label": "X",
                    "spans": [{"start": 0, "label": "P"}],
                    "answer": "accept",
                }
            ],
            "prodigy",
        ),
        ([{"text": TEXT, "options": [], "spans": [{"label": "P"}], "answer": "accept"}], "prodigy"),
        ([{"text": TEXT, "answer": "accept"}], "prodigy"),
        ([{"text": TEXT, "spans": {"0": {}}, "answer": "reject"}, *_TASK], "prodigy"),
        ([*_TASK, {"text": TEXT, "spans": {"0": {}}, "_task_hash": 2}], "prodigy"),
        ([{"text": TEXT, "spans": {"sc": [{"start": 0, "end": 3, "label": "P"}]}}], "offsets"),
        ([{"text": TEXT}, {"text": TEXT, "_view_id": "ner_manual"}], "prodigy"),
        ([{"image": "a.png", "answer": "accept"}, {"text": TEXT, "spans": []}], "prodigy"),
        ([{"id": "a", "fields": {"text": TEXT}, "suggestions": {}, "responses": {}}], "argilla"),
        ([{"fields": {"text": TEXT}, "responses": [], "metadata": {}}], "argilla"),
        ([{"id": "a", "_server_id": "b", "text": TEXT, "s.suggestion": None}], "argilla"),
        ([{"text": TEXT, "tokens": ["Ada"], "prediction": None, "annotation": None}], "argilla"),
        ([{"text": TEXT, "tokens": [{"text": "Ada"}], "spans": [], "answer": "accept"}], "prodigy"),
        ([{"text": TEXT, "ents": [], "tokens": [{"id": 0, "start": 0}]}], "offsets"),
        ([{"id": 0, "paragraphs": [{"raw": TEXT, "sentences": [{"tokens": []}]}]}], "spacy-json"),
        ([{"id": 0, "paragraphs": [{"sentences": [{"tokens": [{"orth": "x"}]}]}]}], "spacy-json"),
        ([{"data": {"image": "a.png"}}], "label-studio"),
        (
            [{"id": 1, "text": TEXT, "tone": "calm"}, {"id": 2, "text": TEXT, "annotation_id": 4}],
            "label-studio",
        ),
    ],
    ids=lambda one: str(one)[:60],
)
def test_the_first_values_together_decide_the_format(
    tmp_path: Path, rows: list[Any], format: str
) -> None:
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(one) + "\n" for one in rows))
    assert format_of(tmp_path / "a.jsonl") == format


@pytest.mark.parametrize(
    "rows",
    [[{"text": TEXT}], [{"text": TEXT, "id": 3, "meta": {"a": [1]}, "authors": ["Ada"]}]],
)
def test_texts_without_annotations_are_referred_to_add(tmp_path: Path, rows: list[Any]) -> None:
    (tmp_path / "a.json").write_text(json.dumps(rows))
    with pytest.raises(RecordError, match="contain no annotations") as caught:
        format_of(tmp_path / "a.json")
    assert "annotator add" in caught.value.hint


@pytest.mark.parametrize("key", ["marks", "Entities_v2", "category", "sentiment"])
def test_unknown_annotations_are_not_called_none(tmp_path: Path, key: str) -> None:
    (tmp_path / "a.json").write_text(json.dumps([{"text": TEXT, key: [{"from": 0}]}]))
    with pytest.raises(RecordError) as caught:
        format_of(tmp_path / "a.json")
    assert key in caught.value.message
    assert "contain no annotations" not in caught.value.message
    assert '"entities": [[start, end, label]' in caught.value.hint


@pytest.mark.parametrize(
    "content",
    [
        "T1\tPERSON 0 3\tAda\n",
        "#1\tAnnotatorNotes T1\tthe mayor\n",
        "junk first\nR1\tKnows Arg1:T1 Arg2:T2\n",
        "*\tEquiv T1 T2\n",
        "",
        "\n \n",
    ],
)
def test_brat_is_recognised_by_its_lines(tmp_path: Path, content: str) -> None:
    (tmp_path / "a.ann").write_text(content)
    (tmp_path / "a.txt").write_text("Ada")
    assert {format_of(tmp_path / name) for name in ("a.ann", "a.txt", ".")} == {"brat"}


def test_brat_in_utf_16_is_recognised(tmp_path: Path) -> None:
    (tmp_path / "a.ann").write_text("T1\tPERSON 0 3\tAda\n", encoding="utf-16")
    assert format_of(tmp_path / "a.ann") == "brat"


@pytest.mark.parametrize(
    "content", ["PERSON 0 3 Ada\n", "T1 PERSON 0 3 Ada\n", "Ada B-PER\nleft O\n"]
)
def test_an_ann_file_with_other_lines_is_not_brat(tmp_path: Path, content: str) -> None:
    (tmp_path / "a.ann").write_text(content)
    (tmp_path / "a.txt").write_text("Ada")
    for name in ("a.ann", "a.txt", "."):
        with pytest.raises(RecordError, match=r"a\.ann contains no brat lines"):
            format_of(tmp_path / name)


def test_a_folder_with_one_brat_file_is_brat(tmp_path: Path) -> None:
    (tmp_path / "a.ann").write_text("[@Ada#Person*]\n")
    (tmp_path / "b.ann").write_text("T1\tPERSON 0 3\tAda\n")
    assert format_of(tmp_path) == "brat"


@pytest.mark.parametrize("name", ["a.tsv", "a.txt", "train.data", "train"])
def test_columns_of_words_and_tags_are_recognised_under_any_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("Ada\tB-PER\nLow\tI-PER\nleft\tO\n")
    assert format_of(tmp_path / name) == "conll"


@pytest.mark.parametrize("name", ["a.tsv", "a.txt", "ada"])
@pytest.mark.parametrize("layers", ["", "#T_SP=webanno.custom.Tag|value\n"])
def test_webanno_tsv_is_recognised_under_any_name(tmp_path: Path, name: str, layers: str) -> None:
    rows = "#Text=Ada O\n1-1\t0-3\tAda\tB-PER\t\n1-2\t4-5\tO\tO\t\n"
    (tmp_path / name).write_text(f"#FORMAT=WebAnno TSV 3.3\n{layers}\n\n{rows}")
    assert format_of(tmp_path / name) == "webanno-tsv"


@pytest.mark.parametrize("field", ["NER=B-PER", "SpaceAfter=No|ner=S-PER", "NE=O"])
def test_conll_u_with_names_in_its_last_column_is_recognised(tmp_path: Path, field: str) -> None:
    row = "1\tAda\tAda\tPROPN\t_\t_\t0\troot\t_\t"
    (tmp_path / "a.conllu").write_text(f"# text = Ada\n{row}{field}\n")
    assert format_of(tmp_path / "a.conllu") == "conll"


def test_a_text_that_ends_like_a_tag_is_a_text(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("They flew a B-52\n\nAnd then there were none.\n")
    with pytest.raises(RecordError) as caught:
        format_of(tmp_path / "a.txt")
    assert "annotator add" in caught.value.hint


SPANS = {"text": TEXT, "entities": [[0, 3, "PERSON"]]}


@pytest.mark.parametrize(
    "whole",
    [
        {"data": [SPANS]},
        {"version": 1, "documents": [SPANS, SPANS]},
        {"a.txt": SPANS, "b.txt": SPANS},
        {"export of May": [SPANS]},
    ],
)
def test_one_object_with_all_texts_is_refused_with_a_command(tmp_path: Path, whole: Any) -> None:
    (tmp_path / "a.json").write_text(json.dumps(whole))
    with pytest.raises(RecordError, match=r"The texts of a\.json are in") as caught:
        format_of(tmp_path / "a.json")
    command = caught.value.hint.partition(": ")[2]
    if shutil.which("jq"):
        subprocess.run(command, shell=True, check=True, cwd=tmp_path)
        assert format_of(tmp_path / "a.jsonl") == "offsets"


@pytest.mark.parametrize("name", ["sentence", "content", "body text"])
def test_texts_under_another_name_are_refused_with_a_command(tmp_path: Path, name: str) -> None:
    rows = [{"id": "7", name: TEXT, "entities": SPANS["entities"]}]
    (tmp_path / "a.json").write_text(json.dumps(rows))
    with pytest.raises(RecordError, match="not `text`") as caught:
        format_of(tmp_path / "a.json")
    if shutil.which("jq"):
        command = caught.value.hint.partition(": ")[2]
        subprocess.run(command, shell=True, check=True, cwd=tmp_path)
        assert format_of(tmp_path / "texts.jsonl")


@pytest.mark.parametrize("cut", [",", ";"])
def test_a_table_of_words_and_tags_is_refused_with_a_command(tmp_path: Path, cut: str) -> None:
    rows = [("Word", "Tag"), ("Ada", "B-P"), (f'"{cut}"', "O"), ("met", "O"), ("Bob", "B-P")]
    (tmp_path / "a.csv").write_text("".join(cut.join(row) + "\n" for row in rows))
    with pytest.raises(RecordError, match="a table of words and tags") as caught:
        format_of(tmp_path / "a.csv")
    command = caught.value.hint.partition(": ")[2]
    subprocess.run(command, shell=True, check=True, cwd=tmp_path)
    (record,) = records_of(format_named("conll").read(tmp_path / "table.conll"))
    assert [one.span.of(record.article.text) for one in record.entities] == ["Ada", "Bob"]
