"""Quotations marked as spans are imported as claims from every format."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from annotator.core.article import identity_of
from annotator.store.store import Store
from tests.helpers.building import open_
from tests.helpers.importing import bring_in
from tests.helpers.strategies import LABELS

TEXT = 'Ada Low said: "The bridge is shut." Bob Hay denied it.'
PIECES = [(0, 7, "Source"), (8, 12, "Cue"), (14, 35, "Content")]
COLUMNS = (
    "Ada B-Source\nLow I-Source\nsaid B-Cue\n: O\nthe B-Content\nbridge I-Content\n"
    "is I-Content\nshut I-Content\n. O\n"
)


def files(folder: Path) -> dict[str, Path]:
    """The same quotation as several tools mark it."""
    spans = [{"start": start, "end": end, "label": label} for start, end, label in PIECES]
    regions = [
        {
            "id": str(n),
            "from_name": "x",
            "type": "labels",
            "value": {**one, "labels": [one["label"]]},
        }
        for n, one in enumerate(spans)
    ]
    contents: dict[str, Any] = {
        "prodigy.jsonl": {"text": TEXT, "spans": spans, "answer": "accept"},
        "offsets.jsonl": {"text": TEXT, "entities": PIECES},
        "tasks.json": [{"data": {"text": TEXT}, "annotations": [{"result": regions}]}],
    }
    for name, content in contents.items():
        (folder / name).write_text(json.dumps(content))
    (folder / "columns.conll").write_text(COLUMNS)
    return {name: folder / name for name in (*contents, "columns.conll")}


NAMES = ["prodigy.jsonl", "offsets.jsonl", "tasks.json", "columns.conll"]


@pytest.mark.parametrize("name", NAMES)
def test_a_quotation_is_a_claim(store: Store, tmp_path: Path, name: str) -> None:
    done = bring_in(store, files(tmp_path)[name], reviewer="ada")
    assert (done.imported, done.refused) == (1, [])
    article = _only(name)
    review = open_(store, article, reviewer="ada").review
    (claim,) = review.claims
    assert (len(claim.content), len(claim.cue), len(claim.source)) == (1, 1, 1)
    assert review.entities == ()


@pytest.mark.parametrize("name", NAMES)
def test_a_map_makes_entities_of_its_pieces(store: Store, tmp_path: Path, name: str) -> None:
    names = {"Source": ("PERSON",), "CUE": ("ORG",), "Cue": ("ORG",), "Content": ("GPE",)}
    done = bring_in(store, files(tmp_path)[name], reviewer="ada", names=names)
    review = open_(store, _only(name), reviewer="ada").review
    assert ([one.label for one in review.entities], review.claims) == (["PERSON", "ORG", "GPE"], ())
    assert done.imported == 1


@pytest.mark.parametrize("name", NAMES)
def test_a_label_of_the_scheme_of_that_name_keeps_its_meaning(
    store: Store, tmp_path: Path, name: str
) -> None:
    labels = (*LABELS, "Source", "Cue", "Content")
    bring_in(store, files(tmp_path)[name], reviewer="ada", labels=labels)
    review = open_(store, _only(name), reviewer="ada").review
    assert (len(review.entities), review.claims) == (3, ())


def _only(name: str) -> str:
    return identity_of("Ada Low said : the bridge is shut ." if name == "columns.conll" else TEXT)
