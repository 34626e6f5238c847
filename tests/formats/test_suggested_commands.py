"""Every suggested command works, and makes a readable file."""

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


@pytest.mark.skipif(
    shutil.which("jq") is None, reason="jq is not installed, with which the command is tried"
)
@pytest.mark.parametrize(
    "value", [*OFFSETS_OF.values(), *COLUMNS_OF.values()], ids=[*OFFSETS_OF, *COLUMNS_OF]
)
def test_a_suggested_command_makes_a_readable_file(tmp_path: Path, value: Any) -> None:
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
        records = records_of(format_named(format_of(made)).read(made))
        told = [[one.span.of(record.article.text) for one in record.entities] for record in records]
        assert told == ([["Ada"], ["Ada"]] if made.suffix == ".jsonl" else [["Ada", "Ada"]])
