"""The signs of every format, each with an example file; advice for unsupported formats."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.errors import RecordError
from annotator.formats.shapes import fits
from annotator.importing.detecting import files_in, format_of
from annotator.importing.sign_tables import (
    Recognised,
    by_head,
    by_values,
    formats,
    head_signs,
    value_signs,
)

TEXT = "Ada met Bob."
EVERY: tuple[Recognised, ...] = (*value_signs(), *head_signs())

# One value of a file of each format that is not read, with what its name must hold and what the way
# out must.
NOT_READ: list[tuple[Any, str, str]] = [
    ({"tokenized_text": ["Ada"], "ner": [[0, 0, "P"]]}, "GLiNER", "entities"),
    ({"doc_key": "a", "sentences": [["Ada"]], "ner": [[[0, 0, "P"]]]}, "DyGIE", "characters"),
    ({"id": "0", "tokens": ["Ada"], "ner_tags": ["B-PER"]}, "Hugging Face", ".conll"),
    ({"id": "0", "tokens": ["Ada"], "ner_tags": [1]}, "Hugging Face", "names"),
    (
        {"text": TEXT, "tokens": ["Ada"], "tags": ["B-PER"], "spans": ["PER: Ada"]},
        "Hugging Face",
        "conll",
    ),
    ({"words": ["Ada"], "ner": ["B-PER"]}, "tokens with tags", ".conll"),
    (
        {"text": TEXT, "inputs": {}, "annotation": "war", "annotation_agent": "x"},
        "Rubrix's text classification",
        "annotator add",
    ),
    ({"_context": {}, "_views": {"_InitialView": {}}}, "UIMA", "XMI"),
    ({"text": TEXT, "entities": {"Person": [{"indices": [0, 3]}]}}, "GATE", "jq"),
    ({"text": TEXT, "annotation_sets": {"": {}}}, "GATE", "jq"),
    ({"text": TEXT, "entities": [["T1", "Person", [[0, 3]]]]}, "brat's JSON", ".ann"),
    ({"annotatable": {"parts": ["s1"]}, "entities": []}, "tagtog", "entitiestsv"),
    ({"examples": [{"content": TEXT, "annotations": []}]}, "LightTag", "jq"),
    (
        {"example_id": "a", "content": TEXT, "annotations": [{"tag": "P", "start": 0}]},
        "LightTag",
        "jq",
    ),
    (
        {"source": TEXT, "job": {"annotations": {"entities": [{"label": "P", "startOffset": 0}]}}},
        "SageMaker Ground Truth",
        "startOffset",
    ),
    ({"source-ref": "s3://bucket/a.txt", "job": 1}, "Ground Truth", "jq"),
    ({"Entities": [{"BeginOffset": 0, "EndOffset": 3}], "File": "a"}, "Comprehend", "no text"),
    (
        {
            "annotations": [{"text_extraction": {"text_segment": {}}}],
            "text_snippet": {"content": TEXT},
        },
        "AutoML",
        "text_snippet",
    ),
    ({"textSegmentAnnotations": [], "textContent": TEXT}, "Vertex", "textContent"),
    ({"projectFileVersion": "1", "assets": {"documents": []}}, "Azure", "lengths"),
    ({"rasa_nlu_data": {"common_examples": []}}, "Rasa", "common_examples"),
    (
        {"text": TEXT, "docLength": 12, "mentions": [{"begin": 0, "end": 3}]},
        "Knowledge Studio",
        "jq",
    ),
    (
        {"entities": [{"text": "Ada", "mentions": [{"location": [0, 3]}]}]},
        "Watson's Natural",
        "no text",
    ),
    ({"labelSets": [], "sentences": []}, "Datasaur", "IOB"),
    ({"version": 1, "data": {"spanLabels": [], "rows": []}}, "Datasaur", "conll"),
    ({"document": TEXT, "tokens": [{"start": 0, "entityLabel": "P"}]}, "UBIAI", "jq"),
    ({"data_row": {"row_data": TEXT}, "projects": {}}, "Labelbox", "inclusive"),
    ({"metadata": {"name": "a"}, "instances": [], "tags": []}, "SuperAnnotate", "entities"),
    ({"content": TEXT, "labels": [{"jsonResponse": {}}]}, "Kili", "entities"),
    ({"text": TEXT, "annotations": [{"start_char": 0, "end_char": 3}]}, "labelbuddy", "label_name"),
    ({"projects": [{"documents": [{"text": TEXT, "annotations": []}]}]}, "MedCAT", "cui"),
    ({"text": TEXT, "denotations": [{"span": {"begin": 0}}]}, "PubAnnotation", "denotations"),
    ({"source": "a", "documents": [{"passages": []}]}, "BioC", "entities"),
    ({"sentences": [{"tokens": [{"originalText": "Ada"}]}]}, "CoreNLP", "no text"),
    ({"text": TEXT, "label": {"name": {"Ada": [[0, 2]]}}}, "CLUENER", "+ 1"),
    ({"label": "PERSON", "pattern": [{"lower": "ada"}]}, "entity ruler", "rules"),
    ({"data": [{"title": "x", "paragraphs": []}]}, "SQuAD", "entities"),
    ({"messages": [{"role": "user", "content": "x"}]}, "chats", "entities"),
    ({"entity": "B-PER", "word": "Ada", "start": 0, "end": 3}, "pipeline", "no text"),
    ({"entity_group": "PER", "word": "Ada"}, "pipeline", "no text"),
    ({"quoteID": "1", "quotation": "x", "speaker": "Ada"}, "Quotebank", "without their texts"),
    ([TEXT, {"cats": {"WAR": 1.0}}], "spaCy's text classification", "annotator add"),
    ({"image": "a.png", "spans": [], "answer": "accept"}, "pictures", "no text"),
    (
        {"input": {}, "accept": {"text": "a"}, "reject": {"text": "b"}, "answer": "accept"},
        "comparisons",
        "compare answers",
    ),
    (
        {"text": TEXT, "label": "INSULT", "_task_hash": 8, "answer": "accept"},
        "Prodigy's text class",
        "annotator add",
    ),
    (
        {
            "text": TEXT,
            "label": "INSULT",
            "answer": "reject",
            "spans": [{"start": 0, "end": 3, "pattern": 1}],
        },
        "Prodigy's text class",
        "annotator add",
    ),
    (
        {"text": TEXT, "options": [{"id": 1}], "accept": [1], "answer": "accept"},
        "choices",
        "annotator add",
    ),
    ({"id": 1, "text": TEXT, "label": ["war"]}, "doccano's text class", "annotator add"),
    (
        {"id": 1, "text": TEXT, "labels": ["war", "talks"], "meta": {}},
        "doccano's text class",
        "annotator add",
    ),
    ({"id": 1, "text": TEXT, "label": "war"}, "doccano's text class", "annotator add"),
    (
        {"id": 1, "text": TEXT, "annotations": [{"label": 3, "user": 1}]},
        "doccano's text class",
        "add",
    ),
    (
        {"id": 1, "text": TEXT, "annotations": [{"text": "Shorter.", "user": 1}]},
        "sequence to sequence",
        "add",
    ),
]

NOT_READ_HEADS = [
    ("a.zip", "PK\x03\x04...", "ZIP", "Unpack"),
    ("prodigy.db", "SQLite format 3\0", "SQLite", "db-out"),
    ("a.tsv", "#FORMAT=WebAnno TSV 2.0\n", "WebAnno", "TSV v3"),
    ("a.xml", '<?xml version="1.0"?>\n<GateDocument version="3">', "GATE", "JSON"),
    ("a.xml", '<?xml version="1.0"?>\n<!DOCTYPE collection SYSTEM "BioC.dtd">', "BioC", "entities"),
    ("a.naf", '<?xml version="1.0"?>\n<NAF xml:lang="en">', "NAF", "entities"),
    ("a.apf.xml", '<?xml version="1.0"?>\n<source_file URI="a">', "ACE", "entities"),
    ("a.html", "<!DOCTYPE html>\n<html>", "web page", "annotator add"),
    ("a.xml", '<?xml version="1.0"?>\n<other>', "XML", "entities"),
    ("a.pdf", "%PDF-1.7\n", "PDF", "annotator add"),
    ("a.ann", "[@Ada Low#Person*] met [$Bob#Person*].\n", "YEDDA", "conll"),
    ("a.train", "<START:person> Ada Low <END> left .\n", "OpenNLP", "entities"),
    ("a.PubTator", "123|t|A title\n123|a|A text\n", "PubTator", "entities"),
    ("a.conllu", "1\tAda\tAda\tPROPN\t_\t_\t0\troot\t_\t_\n", "CoNLL-U", "--format conll"),
    ("a.csv", "File,Line,Begin Offset,End Offset,Type\na.txt,0,0,3,P\n", "Comprehend", "no text"),
    ("a.csv", "text,id,label,annotator,annotation_id,created_at\n", "Label Studio", "JSON"),
    (
        "a.csv",
        "article,title,file,outlet,published,reviewer,review,item\n",
        "annotator writes",
        "format",
    ),
    ("a.csv", "Word,Tag\nAda,B-P\nmet,O\n", "with `,` between", "python3"),
    ("a.csv", '"Ada";"B-P"\n"met";"O"\n', "with `;` between", "python3"),
    ("a.csv", "Ada,P_B\nLow,P_I\n", "with `,` between", "python3"),
    ("a.yml", 'version: "3.1"\n\nnlu:\n- intent: greet\n', "Rasa", "entities"),
]


@pytest.mark.parametrize(("value", "name", "out"), NOT_READ, ids=lambda one: str(one)[:40])
def test_an_unsupported_format_is_named_with_advice(
    tmp_path: Path, value: Any, name: str, out: str
) -> None:
    for content in (json.dumps(value), json.dumps([value, value], indent=1)):
        (tmp_path / "a.json").write_text(content)
        with pytest.raises(RecordError) as caught:
            format_of(tmp_path / "a.json")
        assert name in caught.value.message
        assert out in caught.value.hint
        assert "FILE" not in caught.value.hint
    assert "--format NAME" not in caught.value.hint


@pytest.mark.parametrize(("name", "content", "called", "out"), NOT_READ_HEADS)
def test_a_file_other_than_json_is_named_with_advice(
    tmp_path: Path, name: str, content: str, called: str, out: str
) -> None:
    (tmp_path / name).write_text(content)
    for path in (tmp_path / name, tmp_path):
        with pytest.raises(RecordError) as caught:
            [format_of(file) for file in files_in(path)]
        assert called in caught.value.message
        assert out in caught.value.hint


def test_every_sign_has_an_example_and_is_reachable() -> None:
    shown = [by_values([value]) for value, _, _ in NOT_READ]
    assert {id(one) for one in value_signs() if not one.form} == {id(one) for one in shown}
    heads = {id(by_head(content)) for _, _, content in ((0, 0, "\x1f\x8b"),)}
    heads |= {id(by_head(content)) for _, content, _, _ in NOT_READ_HEADS}
    assert {id(one) for one in head_signs() if not one.form} == heads


def test_every_sign_leads_to_a_format_or_advice() -> None:
    for one in EVERY:
        assert bool(one.sign.out) != bool(one.form), one.sign.name
        assert (one.sign.shape is None) == bool(one.sign.head), one.sign.name
        if one.form:
            assert one.form.reader, one.sign.name


def test_a_more_specific_sign_comes_first() -> None:
    for signs in (value_signs(), head_signs()):
        strengths = [one.sign.strength for one in signs]
        assert strengths == sorted(strengths)


def test_every_readable_format_has_its_own_signs() -> None:
    known = {id(one.form) for one in EVERY if one.form}
    known |= {id(form) for form in formats() if form.signs.endings}
    assert known == {id(form) for form in formats() if form.reader}
    endings = [ending for form in formats() for ending in form.signs.endings]
    assert len(endings) == len(set(endings))
    openings = [form.signs.opening for form in formats() if form.signs.opening]
    assert len(openings) == len(set(openings))


def test_a_format_is_recognised_without_loading_a_large_library(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"text": TEXT, "entities": []}))
    code = (
        "import pathlib, sys\nfrom annotator.importing.detecting import format_of\n"
        f"print(format_of(pathlib.Path({str(tmp_path / 'a.jsonl')!r})))\n"
        "print(*({'spacy', 'srsly', 'pyarrow'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["offsets"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    *("text", "data", "label", "annotations", "spans", "tokens", "entities"),
                    *("options", "fields", "responses", "paragraphs", "annotation", "id"),
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


@given(st.lists(JSON, max_size=3))
def test_every_file_has_one_result(values: list[Any]) -> None:
    one = by_values(values)
    assert one is None or one.form or all(fits(value, one.sign.shape) for value in values)


def test_the_documentation_names_every_format_that_is_not_read() -> None:
    page = (Path(__file__).parents[2] / "docs" / "formats.md").read_text(encoding="utf-8")
    told = " ".join(page.split("## What is not read")[1].split())
    assert [one.sign.name for one in EVERY if not one.form and one.sign.name not in told] == []
