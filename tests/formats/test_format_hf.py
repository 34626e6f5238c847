"""A Hugging Face dataset: loading it with `datasets`, and round trips."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from annotator.core.annotations import Verdict
from annotator.core.record import Record, ReviewFacts
from annotator.errors import ExportError, RecordError
from annotator.formats import hf
from annotator.formats.base import Losses, Refused
from annotator.formats.jsonl import records_in
from tests.helpers.items import entity_at, record_of
from tests.helpers.record_strategies import HARD_RECORDS, records

SEEDS = Path(__file__).parents[2] / "seeds" / "gold"
TEXT = "Ada Low left Port Ellis."


def dataset(folder: Path, given_records: Sequence[Record], labels: Sequence[str] = ()) -> Path:
    target = folder / "dataset"
    target.mkdir()
    assert hf.write(given_records, target, Losses(), labels) == len(given_records)
    return target


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Writes records and loads them as anybody would, without a network."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_HOME", str(tmp_path / "home"))
    datasets = pytest.importorskip("datasets")
    datasets.disable_progress_bars()

    def loaded(given_records: Sequence[Record], labels: Sequence[str] = ()) -> Any:
        target = dataset(tmp_path, given_records, labels)
        cache = str(tmp_path / "cache")
        return datasets.load_dataset(str(target), cache_dir=cache)["train"]

    return loaded


def check_there_and_back(given_records: Sequence[Record]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        target = dataset(Path(folder), given_records)
        assert list(hf.FORMAT.read(target)) == [hf.expected(one) for one in given_records]


@given(records())
def test_decided_items_survive_a_round_trip(one: Record) -> None:
    check_there_and_back([one])


def test_hard_records_survive_a_round_trip_in_order() -> None:
    check_there_and_back(HARD_RECORDS)


@given(records())
def test_losses_are_exactly_the_differences(one: Record) -> None:
    losses = Losses()
    with tempfile.TemporaryDirectory() as folder:
        hf.write([one], Path(folder), losses)
    assert bool(losses) == (hf.expected(one) != one)


def test_datasets_loads_it_and_every_offset_is_exact(load: Any) -> None:
    gold = [one for path in sorted(SEEDS.glob("*.jsonl")) for one in records_in(path)]
    for row, one in zip(load([*gold, *HARD_RECORDS]), [*gold, *HARD_RECORDS], strict=True):
        text = one.article.text
        assert row["text"] == text
        assert [text[at["start"] : at["end"]] for at in row["offsets"]] == row["tokens"]
        decided = [e for e in one.entities if e.verdict is not Verdict.PENDING]
        assert [(e["start"], e["end"], e["label"]) for e in row["entities"]] == [
            (e.span.start, e.span.end, e.label) for e in decided
        ]
        assert [[(p["start"], p["end"]) for p in c["content"]] for c in row["claims"]] == [
            [(p.start, p.end) for p in c.content]
            for c in one.claims
            if c.verdict is not Verdict.PENDING
        ]


def test_classes_are_those_of_the_scheme_in_its_order_then_others_by_name(load: Any) -> None:
    one = record_of(
        TEXT, entity_at(0, 7, "PERSON"), entity_at(13, 17, "ZONE"), entity_at(18, 23, "AREA")
    )
    rows = load([one], labels=("GPE", "PERSON"))
    names = rows.features["ner_tags"].feature.names
    assert names == [
        "O",
        "B-GPE",
        "I-GPE",
        "B-PERSON",
        "I-PERSON",
        "B-AREA",
        "I-AREA",
        "B-ZONE",
        "I-ZONE",
    ]
    tags = [names[tag] for tag in rows[0]["ner_tags"]]
    assert tags == ["B-PERSON", "I-PERSON", "O", "B-ZONE", "B-AREA", "O"]


def test_classes_are_known_without_the_readme(tmp_path: Path, load: Any) -> None:
    datasets = pytest.importorskip("datasets")
    load([record_of(TEXT, entity_at(0, 7, "PERSON"))])
    file = str(tmp_path / "dataset" / "data" / "*.parquet")
    alone = datasets.load_dataset("parquet", data_files=file, cache_dir=str(tmp_path / "other"))
    assert alone["train"].features["ner_tags"].feature.names == ["O", "B-PERSON", "I-PERSON"]


def test_words_of_open_items_are_ignored_by_training(load: Any) -> None:
    one = record_of(TEXT, entity_at(0, 7, "PERSON"), entity_at(13, 23, "GPE", Verdict.PENDING))
    assert load([one])[0]["ner_tags"] == [1, 2, 0, -100, -100, 0]


def test_no_word_of_an_unreviewed_article_is_outside(load: Any) -> None:
    assert set(load([replace(record_of(TEXT), review=ReviewFacts())])[0]["ner_tags"]) == {-100}


def test_the_longest_of_overlapping_entities_has_the_tags(load: Any) -> None:
    row = load([record_of(TEXT, entity_at(13, 23, "GPE"), entity_at(18, 23, "ORG"))])[0]
    assert row["ner_tags"] == [0, 0, 0, 1, 2, 0]
    assert [one["label"] for one in row["entities"]] == ["GPE", "ORG"]


def test_the_card_names_language_and_task(tmp_path: Path) -> None:
    yaml = pytest.importorskip("yaml")
    one = record_of(TEXT, entity_at(0, 7, 'WORK: of "art"'))
    english = replace(one, article=replace(one.article, language="en"))
    card = (dataset(tmp_path, [english]) / "README.md").read_text(encoding="utf-8")
    head = yaml.safe_load(card.split("---\n")[1])
    assert head["language"] == ["en"]
    assert head["task_categories"] == ["token-classification"]
    tags = next(one for one in head["dataset_info"]["features"] if one["name"] == "ner_tags")
    assert tags["sequence"]["class_label"]["names"] == {
        "0": "O",
        "1": 'B-WORK: of "art"',
        "2": 'I-WORK: of "art"',
    }


def test_late_labels_renumber_rows_already_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hf, "_ROWS_AT_ONCE", 2)
    made = [record_of(TEXT, entity_at(0, 7, label)) for label in ("Z", "Y", "X", "Z", "A")]
    target = dataset(tmp_path, made)
    parquet = pytest.importorskip("pyarrow.parquet")
    tags = parquet.read_table(target / "data" / hf._NAME).column("ner_tags").to_pylist()
    assert [row[:2] for row in tags] == [[7, 8], [5, 6], [3, 4], [7, 8], [1, 2]]
    assert [file.name for file in (target / "data").iterdir()] == [hf._NAME]


def test_the_same_records_give_the_same_bytes(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "other").mkdir()
    one, other = dataset(tmp_path / "one", HARD_RECORDS), dataset(tmp_path / "other", HARD_RECORDS)
    for name in ("README.md", f"data/{hf._NAME}"):
        assert (one / name).read_bytes() == (other / name).read_bytes()


@pytest.mark.parametrize("how", ["write", "read"])
def test_without_pyarrow_the_error_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    with pytest.raises(ExportError if how == "write" else RecordError) as caught:
        hf.write([], tmp_path, Losses()) if how == "write" else list(hf.FORMAT.read(tmp_path))
    assert "pip install pyarrow" in caught.value.hint


def test_an_invalid_row_is_refused_and_the_rest_is_read(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    pyarrow = pytest.importorskip("pyarrow")
    file = dataset(tmp_path, HARD_RECORDS[:3]) / "data" / hf._NAME
    table = parquet.read_table(file)
    texts = ["another", *table.column("text").to_pylist()[1:]]
    place = table.column_names.index("text")
    parquet.write_table(table.set_column(place, "text", pyarrow.array(texts)), file)
    found = list(hf.FORMAT.read(file))
    assert found[0] == Refused(
        hf._NAME, 1, "id: not the SHA-256 of the text", kind="invalid record"
    )
    assert found[1:] == [hf.expected(one) for one in HARD_RECORDS[1:3]]


@pytest.mark.parametrize("content", [b"", b"PAR1 no Parquet PAR1"])
def test_a_file_other_than_parquet_is_an_error(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.parquet").write_bytes(content)
    with pytest.raises(RecordError, match="not a readable Parquet file"):
        list(hf.FORMAT.read(tmp_path))


def test_other_peoples_columns_are_an_error(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    pyarrow = pytest.importorskip("pyarrow")
    parquet.write_table(pyarrow.table({"id": ["1"], "text": ["x"]}), tmp_path / "a.parquet")
    with pytest.raises(RecordError, match="no column 'tokens'"):
        list(hf.FORMAT.read(tmp_path))
