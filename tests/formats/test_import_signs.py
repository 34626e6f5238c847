"""By what formats are recognised, each by a file of its own; what is said of those not read."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.errors import RecordError
from annotator.formats import format_named
from annotator.importing.detecting import files_in, format_of
from annotator.importing.shapes import ABSENT, ANY, EMPTY, SOME, fits, row
from annotator.importing.signs import HEAD_SIGNS, JSON_SIGNS, head_sign, json_sign

TEXT = "Ada met Bob."

# One value of a file of each format that is not read, with what its name must hold and what the way
# out must.
NOT_READ: list[tuple[Any, str, str]] = [
    (
        {"id": 0, "paragraphs": [{"raw": TEXT, "sentences": [{"tokens": []}]}]},
        "spaCy 2",
        "spacy convert",
    ),
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
        {
            "id": "a",
            "fields": {"text": TEXT},
            "suggestions": {},
            "responses": {"s": [{"value": []}]},
        },
        "Argilla",
        "to_list",
    ),
    ({"fields": {"text": TEXT}, "responses": [], "metadata": {}}, "Argilla", "to_list"),
    (
        {"text": TEXT, "tokens": ["Ada"], "prediction": None, "annotation": [["PER", 0, 3]]},
        "Argilla's or Rubrix's token",
        ".spacy",
    ),
    (
        {"text": TEXT, "inputs": {}, "annotation": "war", "annotation_agent": "x"},
        "Rubrix's text classification",
        "annotator add",
    ),
    ({"%TYPES": {}, "%FEATURE_STRUCTURES": [{"%ID": 1}]}, "INCEpTION", "brat"),
    ({"_context": {}, "_views": {"_InitialView": {}}}, "UIMA", "CoNLL"),
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
    ({"data_row": {"row_data": TEXT}, "projects": {}}, "Labelbox", "last letter"),
    ({"metadata": {"name": "a"}, "instances": [], "tags": []}, "SuperAnnotate", "entities"),
    ({"content": TEXT, "labels": [{"jsonResponse": {}}]}, "Kili", "entities"),
    ({"text": TEXT, "annotations": [{"start_char": 0, "end_char": 3}]}, "labelbuddy", "label_name"),
    ({"projects": [{"documents": [{"text": TEXT, "annotations": []}]}]}, "MedCAT", "cui"),
    ({"text": TEXT, "denotations": [{"span": {"begin": 0}}]}, "PubAnnotation", "denotations"),
    ({"source": "a", "documents": [{"passages": []}]}, "BioC", "entities"),
    ({"sentences": [{"tokens": [{"originalText": "Ada"}]}]}, "CoreNLP", "no text"),
    ({"@context": "anno", "body": {}, "target": {"source": "a"}}, "Web Annotations", "entities"),
    ({"text": TEXT, "label": {"name": {"Ada": [[0, 2]]}}}, "CLUENER", "+ 1"),
    ({"label": "PERSON", "pattern": [{"lower": "ada"}]}, "entity ruler", "rules"),
    ({"data": [{"title": "x", "paragraphs": []}]}, "SQuAD", "entities"),
    ({"messages": [{"role": "user", "content": "x"}]}, "chats", "entities"),
    ({"entity": "B-PER", "word": "Ada", "start": 0, "end": 3}, "pipeline", "no text"),
    ({"entity_group": "PER", "word": "Ada"}, "pipeline", "no text"),
    ({"quoteID": "1", "quotation": "x", "speaker": "Ada"}, "Quotebank", "without the texts"),
    ([TEXT, {"cats": {"WAR": 1.0}}], "spaCy's text classification", "annotator add"),
    ({"image": "a.png", "spans": [], "answer": "accept"}, "pictures", "no text"),
    (
        {"input": {}, "accept": {"text": "a"}, "reject": {"text": "b"}, "answer": "accept"},
        "comparisons",
        "better",
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
        "texts for texts",
        "add",
    ),
]

NOT_READ_HEADS = [
    ("a.zip", "PK\x03\x04...", "ZIP", "Unpack"),
    ("prodigy.db", "SQLite format 3\0", "SQLite", "db-out"),
    ("a.xmi", '<?xml version="1.0"?>\n<xmi:XMI xmlns:cas="x">', "XMI", "brat"),
    ("a.tsv", "#FORMAT=WebAnno TSV 3.3\n", "WebAnno", "CoNLL"),
    ("a.xml", '<?xml version="1.0"?>\n<GateDocument version="3">', "GATE", "JSON"),
    ("a.xml", '<?xml version="1.0"?>\n<!DOCTYPE collection SYSTEM "BioC.dtd">', "BioC", "entities"),
    ("a.xml", '<?xml version="1.0"?>\n<TEI xmlns="x">', "TEI", "entities"),
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
    ("a.yml", 'version: "3.1"\n\nnlu:\n- intent: greet\n', "Rasa", "entities"),
]


@pytest.mark.parametrize(("value", "name", "out"), NOT_READ, ids=lambda one: str(one)[:40])
def test_what_is_not_read_is_named_with_the_way_out(
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
def test_what_is_no_json_is_named_with_the_way_out(
    tmp_path: Path, name: str, content: str, called: str, out: str
) -> None:
    (tmp_path / name).write_text(content)
    for path in (tmp_path / name, tmp_path):
        with pytest.raises(RecordError) as caught:
            [format_of(file) for file in files_in(path)]
        assert called in caught.value.message
        assert out in caught.value.hint


def test_every_sign_has_an_example_and_none_is_hidden_by_another() -> None:
    shown = [json_sign([value]) for value, _, _ in NOT_READ]
    assert {id(sign) for sign in JSON_SIGNS if not sign.reads} == {id(sign) for sign in shown}
    heads = {id(head_sign(content)) for _, _, content in ((0, 0, "\x1f\x8b"),)}
    heads |= {id(head_sign(content)) for _, content, _, _ in NOT_READ_HEADS}
    assert {id(sign) for sign in HEAD_SIGNS if not sign.reads} == heads


def test_every_sign_leads_on() -> None:
    for sign in (*JSON_SIGNS, *HEAD_SIGNS):
        assert bool(sign.out) != bool(sign.reads), sign.name
        assert (sign.shape is None) == bool(sign.head), sign.name
        if sign.reads:
            assert hasattr(format_named(sign.reads), "read")


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
        ([{"data": {"image": "a.png"}}], "label-studio"),
        (
            [{"id": 1, "text": TEXT, "tone": "calm"}, {"id": 2, "text": TEXT, "annotation_id": 4}],
            "label-studio",
        ),
    ],
    ids=lambda one: str(one)[:60],
)
def test_a_file_is_what_its_first_values_together_say(
    tmp_path: Path, rows: list[Any], format: str
) -> None:
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(one) + "\n" for one in rows))
    assert format_of(tmp_path / "a.jsonl") == format


@pytest.mark.parametrize(
    "rows",
    [[{"text": TEXT}], [{"text": TEXT, "id": 3, "meta": {"a": [1]}, "authors": ["Ada"]}]],
)
def test_texts_alone_are_sent_to_the_verb_that_takes_them(tmp_path: Path, rows: list[Any]) -> None:
    (tmp_path / "a.json").write_text(json.dumps(rows))
    with pytest.raises(RecordError, match="nothing that was said") as caught:
        format_of(tmp_path / "a.json")
    assert "annotator add" in caught.value.hint


@pytest.mark.parametrize("key", ["marks", "Entities_v2", "category", "sentiment"])
def test_what_is_said_in_no_known_way_is_not_called_nothing(tmp_path: Path, key: str) -> None:
    (tmp_path / "a.json").write_text(json.dumps([{"text": TEXT, key: [{"from": 0}]}]))
    with pytest.raises(RecordError) as caught:
        format_of(tmp_path / "a.json")
    assert key in caught.value.message
    assert "nothing that was said" not in caught.value.message
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


def test_brat_in_utf_16_is_still_brats(tmp_path: Path) -> None:
    (tmp_path / "a.ann").write_text("T1\tPERSON 0 3\tAda\n", encoding="utf-16")
    assert format_of(tmp_path / "a.ann") == "brat"


@pytest.mark.parametrize(
    "content", ["PERSON 0 3 Ada\n", "T1 PERSON 0 3 Ada\n", "Ada B-PER\nleft O\n"]
)
def test_other_lines_in_an_ann_file_are_not_brats(tmp_path: Path, content: str) -> None:
    (tmp_path / "a.ann").write_text(content)
    (tmp_path / "a.txt").write_text("Ada")
    for name in ("a.ann", "a.txt", "."):
        with pytest.raises(RecordError, match=r"a\.ann holds no line of brat's"):
            format_of(tmp_path / name)


def test_a_folder_in_which_one_file_is_brats_is_brats(tmp_path: Path) -> None:
    (tmp_path / "a.ann").write_text("[@Ada#Person*]\n")
    (tmp_path / "b.ann").write_text("T1\tPERSON 0 3\tAda\n")
    assert format_of(tmp_path) == "brat"


@pytest.mark.parametrize("name", ["a.tsv", "a.txt", "train.data", "train"])
def test_columns_of_words_and_tags_are_known_under_any_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("Ada\tB-PER\nLow\tI-PER\nleft\tO\n")
    assert format_of(tmp_path / name) == "conll"


@pytest.mark.parametrize("field", ["NER=B-PER", "SpaceAfter=No|ner=S-PER", "NE=O"])
def test_conll_u_with_names_in_its_last_column_is_columns(tmp_path: Path, field: str) -> None:
    row = "1\tAda\tAda\tPROPN\t_\t_\t0\troot\t_\t"
    (tmp_path / "a.conllu").write_text(f"# text = Ada\n{row}{field}\n")
    assert format_of(tmp_path / "a.conllu") == "conll"


def test_a_text_that_ends_in_something_like_a_tag_is_a_text(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("They flew a B-52\n\nAnd then there were none.\n")
    with pytest.raises(RecordError) as caught:
        format_of(tmp_path / "a.txt")
    assert "annotator add" in caught.value.hint


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["text", "data", "label", "annotations", "spans", "tokens", "entities", "options"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


@given(st.lists(JSON, max_size=3))
def test_whatever_a_file_holds_has_one_answer(values: list[Any]) -> None:
    sign = json_sign(values)
    assert sign is None or sign.reads or all(fits(value, sign.shape) for value in values)


@pytest.mark.parametrize(
    ("value", "shape", "expected"),
    [
        ({"a": 1}, {"a": int}, True),
        ({"a": True}, {"a": int}, False),
        ({"a": 1}, {"b": ANY}, False),
        ({"a": 1}, {"b": ABSENT}, True),
        ({"a": 1}, {("a", "b"): int}, True),
        ({"a": 1, "b": "x"}, {("a", "b"): str}, True),
        ({"a": []}, {"a": EMPTY}, True),
        ({"a": [1]}, {"a": EMPTY}, False),
        ({"a": [None, {"b": 1}]}, {"a": [{"b": int}]}, True),
        ({"a": {"x": [1]}}, {SOME: {SOME: [int]}}, True),
        (["x", {}], row(str, dict), True),
        (["x"], row(str, dict), False),
        ("accept", ("accept", "reject"), True),
        ({}, {"spans": (ABSENT, EMPTY)}, True),
    ],
)
def test_shapes(value: Any, shape: Any, expected: bool) -> None:
    assert fits(value, shape) is expected


def test_the_documentation_names_every_format_that_is_not_read() -> None:
    page = (Path(__file__).parents[2] / "docs" / "formats.md").read_text(encoding="utf-8")
    told = " ".join(page.split("## What is not read")[1].split())
    assert [
        one.name for one in (*JSON_SIGNS, *HEAD_SIGNS) if not one.reads and one.name not in told
    ] == []


OFFSETS_OF = {
    "GATE": {"text": TEXT, "entities": {"P": [{"indices": [0, 3]}]}},
    "LightTag": {
        "example_id": "a",
        "content": TEXT,
        "annotations": [{"tag": "P", "start": 0, "end": 3}],
    },
    "LightTag, whole": {
        "examples": [{"content": TEXT, "annotations": [{"tag": "P", "start": 0, "end": 3}]}]
    },
    "Ground Truth": {
        "source": TEXT,
        "job": {"annotations": {"entities": [{"label": "P", "startOffset": 0, "endOffset": 3}]}},
        "job-metadata": {"entities": [{"confidence": 0.9}], "type": "groundtruth/text-span"},
    },
    "AutoML": {
        "annotations": [
            {"text_extraction": {"text_segment": {"end_offset": 3}}, "display_name": "P"}
        ],
        "text_snippet": {"content": TEXT},
    },
    "Vertex": {
        "textSegmentAnnotations": [{"endOffset": 3, "displayName": "P"}],
        "textContent": TEXT,
    },
    "Rasa": {
        "rasa_nlu_data": {
            "common_examples": [{"text": TEXT, "entities": [{"start": 0, "end": 3, "entity": "P"}]}]
        }
    },
    "Knowledge Studio": {"text": TEXT, "mentions": [{"begin": 0, "end": 3, "type": "P"}]},
    "UBIAI": {"document": TEXT, "tokens": [{"start": 0, "end": 3, "entityLabel": "P"}]},
    "labelbuddy": {
        "text": TEXT,
        "annotations": [{"start_char": 0, "end_char": 3, "label_name": "P"}],
    },
    "MedCAT": {
        "projects": [
            {"documents": [{"text": TEXT, "annotations": [{"start": 0, "end": 3, "cui": "P"}]}]}
        ]
    },
    "PubAnnotation": {"text": TEXT, "denotations": [{"span": {"begin": 0, "end": 3}, "obj": "P"}]},
    "CLUENER": {"text": TEXT, "label": {"P": {"Ada": [[0, 2]]}}},
}
COLUMNS_OF = {
    key: {words: ["Ada", "met", "Bob", "."], key: ["B-P", "O", "O", "O"]}
    for key, words in (
        ("ner_tags", "tokens"),
        ("tags", "tokens"),
        ("tags", "words"),
        ("ner", "words"),
    )
}


@pytest.mark.skipif(shutil.which("jq") is None, reason="no jq")
@pytest.mark.parametrize(
    "value", [*OFFSETS_OF.values(), *COLUMNS_OF.values()], ids=[*OFFSETS_OF, *COLUMNS_OF]
)
def test_the_way_out_leads_to_what_is_read(tmp_path: Path, value: Any) -> None:
    """Every command line that is told is one: it is run, on lines and on a list, and what it makes
    is imported."""
    for content in (
        json.dumps(value) + "\n" + json.dumps(value),
        json.dumps([value, value], indent=1),
    ):
        (tmp_path / "a.json").write_text(content)
        with pytest.raises(RecordError) as caught:
            format_of(tmp_path / "a.json")
        command = caught.value.hint[caught.value.hint.index("jq ") :].split(" (where")[0]
        subprocess.run(command, shell=True, check=True, cwd=tmp_path)
        made = tmp_path / command.rpartition("> ")[2]
        records = list(format_named(format_of(made)).read(made))
        told = [[one.span.of(record.article.text) for one in record.entities] for record in records]
        assert told == ([["Ada"], ["Ada"]] if made.suffix == ".jsonl" else [["Ada", "Ada"]])
