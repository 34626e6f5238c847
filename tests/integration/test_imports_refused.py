"""Invalid content is refused with place and reason; labels are mapped; the rest is imported."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest

from annotator.core.article import Article
from annotator.core.record import Record, ReviewFacts
from annotator.errors import RecordError, SchemeError
from annotator.formats.jsonl import line_of
from annotator.store.store import Store
from tests.helpers.building import open_
from tests.helpers.importing import SCHEME, bring_in, record, write
from tests.helpers.items import entity


def test_refusals_are_listed_by_line_and_the_rest_is_imported(store: Store, tmp_path: Path) -> None:
    moved = record(2).to_dict()
    moved["entities"][0]["start"] += 1
    lines = [line_of(record(1)), b"\n", orjson.dumps(moved) + b"\n", b"{\n", line_of(record(3))]
    (tmp_path / "a.jsonl").write_bytes(b"".join(lines))
    done = bring_in(store, tmp_path / "a.jsonl")
    assert done.imported == 2
    assert [(one.file, one.line) for one in done.refused] == [("a.jsonl", 3), ("a.jsonl", 4)]
    assert "reads 'da Low' in the text" in done.refused[0].reason
    assert "not JSON" in done.refused[1].reason


def test_a_number_that_would_change_refuses_its_line(store: Store, tmp_path: Path) -> None:
    lines = [line_of(record(n)) for n in (1, 2)]
    lines[0] = lines[0].replace(b'"meta":{}', b'"meta":{"id":123456789012345678901234567890}')
    (tmp_path / "a.jsonl").write_bytes(b"".join(lines))
    done = bring_in(store, tmp_path / "a.jsonl")
    assert (done.imported, done.refused[0].line) == (1, 1)
    assert "put it in quotes" in done.refused[0].reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Ada\0Low", "the text contains a NUL character"),
        (" \n", "the text is empty"),
        ("Ada\r\nLow", "line ends other than LF"),
        ("\ufeffAda", "byte order mark"),
    ],
)
def test_impossible_texts_are_refused(store: Store, tmp_path: Path, text: str, reason: str) -> None:
    bare = Record(Article(text), SCHEME, review=ReviewFacts("ada", "review"))
    done = bring_in(store, write(tmp_path / "a.jsonl", [bare]), reviewer="bo")
    assert reason in done.refused[0].reason
    assert store.queue.counts().articles == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"title": 5},
        {"origin": {"outlet": ["x"]}},
        {"meta": []},
        {"entities": [record(1).to_dict()["entities"][0] | {"id": "a\0b"}]},
        {"entities": [record(1).to_dict()["entities"][0] | {"id": ""}]},
        {"review": {"keys": 2**40}},
        {"review": {"seconds": "long"}},
        {"review": {"finished": "0001-01-01T00:00:00+09:00"}},
    ],
)
def test_an_invalid_value_affects_only_its_record(
    store: Store, tmp_path: Path, changes: dict[str, Any]
) -> None:
    odd = record(1).to_dict()
    for name, value in changes.items():
        odd[name] = odd[name] | value if isinstance(value, dict) else value
    (tmp_path / "a.jsonl").write_bytes(orjson.dumps(odd) + b"\n" + line_of(record(2)))
    done = bring_in(store, tmp_path / "a.jsonl", reviewer="bo")
    assert (done.imported, len(done.refused), done.refused[0].line) == (1, 1, 1)


def test_unknown_labels_are_all_listed_and_nothing_is_stored(store: Store, tmp_path: Path) -> None:
    one = replace(record(1), entities=(entity(record(1).article.text, "Ada Low", "PER"),))
    two = replace(record(2), entities=(entity(record(2).article.text, "Bo Marsh", "MISC"),))
    file = write(tmp_path / "a.jsonl", [record(3), one, two, two])
    with pytest.raises(SchemeError, match=r"MISC \(2\), PER \(1\)") as caught:
        bring_in(store, file)
    assert "PER=PERSON" in caught.value.hint
    assert store.queue.counts().articles == 0


def test_labels_are_mapped(store: Store, tmp_path: Path) -> None:
    one = replace(record(1), entities=(entity(record(1).article.text, "Ada Low", "PER"),))
    bring_in(store, write(tmp_path / "a.jsonl", [one]), names={"PER": ("PERSON",)})
    assert open_(store, one.article.id).review.entities[0].label == "PERSON"


def test_an_ambiguous_map_is_refused(store: Store, tmp_path: Path) -> None:
    one = replace(record(1), entities=(entity(record(1).article.text, "Ada Low", "PER"),))
    file = write(tmp_path / "a.jsonl", [one])
    with pytest.raises(SchemeError, match="PER \\(1, PERSON or NORP\\?\\)"):
        bring_in(store, file, names={"PER": ("PERSON", "NORP")})


def test_a_map_to_no_label_of_ours_is_refused(store: Store, tmp_path: Path) -> None:
    with pytest.raises(SchemeError, match="PERSONA, which is not a label here"):
        bring_in(store, write(tmp_path / "a.jsonl", []), names={"PER": ("PERSONA",)})


def test_a_missing_file_stops_the_import_first(store: Store, tmp_path: Path) -> None:
    file = write(tmp_path / "a.jsonl", [record()])
    with pytest.raises(RecordError, match="does not exist"):
        bring_in(store, file, tmp_path / "b.jsonl")
    assert store.queue.counts().articles == 0
