"""`memory` as users call it: lists of names out, for spaCy's entity ruler, and in."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import spacy

from annotator.core.decisions import add, reject
from annotator.store.store import Store
from tests.e2e.conftest import Annotator
from tests.helpers.building import open_, press, ready
from tests.helpers.items import entity

pytestmark = pytest.mark.usefixtures("forked", "database")
TEXT = "Ada Low met the Harbour Board in Port Ellis.\n"


def test_names_go_out_as_patterns_that_spacy_reads(annotator: Annotator, tmp_path: Path) -> None:
    file = tmp_path / "names.jsonl"
    learn(tmp_path / "desk")
    done = annotator("memory", "--output", str(file), "--json")
    assert (done.result["forms"], done.result["patterns"]) == (2, 1)
    nlp = spacy.blank("en")
    nlp.add_pipe("entity_ruler").from_disk(file)
    assert [(ent.text, ent.label_) for ent in nlp(TEXT).ents] == [("Harbour Board", "ORG")]
    printed = annotator("memory", "--output", "-")
    assert printed.out == file.read_text(encoding="utf-8")


def test_a_list_counts_until_it_is_removed(annotator: Annotator, tmp_path: Path) -> None:
    names = tmp_path / "names.jsonl"
    names.write_text('{"label": "GPE", "pattern": "Port Ellis"}\n{"label": "SHIP"}\n')
    added = annotator("memory", "--add", str(names), "--json")
    assert (added.status, added.result["added"]) == (1, 1)
    assert added.result["refused"] == [
        {"file": "names.jsonl", "line": 2, "reason": "the label scheme has no 'SHIP'"}
    ]
    names.write_text('{"label": "GPE", "pattern": "Port Ellis"}\n')
    known = annotator("memory", "--add", str(names), "--json")
    assert (known.status, known.result["added"]) == (0, 0)
    printed = annotator("memory", "--output", "-").out.splitlines()
    assert list(map(json.loads, printed)) == [{"label": "GPE", "pattern": "Port Ellis"}]
    assert annotator("memory", "--remove", str(names), "--json").result["removed"] == 1
    assert annotator("memory", "--output", "-").out == ""


def learn(workspace: Path) -> None:
    """A review in which a name was added and another rejected."""
    store = Store.open(f"sqlite:///{workspace}/annotator.db")
    opened = open_(store, ready(store, TEXT, [entity(TEXT, "Ada Low", "ORG", id="e1")]))
    press(
        store,
        press(store, opened, add(entity(TEXT, "Harbour Board", "ORG", id="mine"))),
        reject(opened.review.items[0]),
    )
    store.close()
