"""The shipped pipeline, as used by other programs and by our workers."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc, DocBin

from annotator.core.annotations import Claim, Entity, Item, Junk, MadeBy, Verdict, problems
from annotator.errors import ModelError
from annotator.suggest import pipeline as pipeline_module
from annotator.suggest.pipeline import Pipeline, load, shipped_folder
from annotator.suggest.scores import scores_of

ARTICLE = "\n\n".join(
    (
        "Harbour Wall Leans After Storm",
        "The harbour committee of Velmoor said on Tuesday that 40 families would have to leave.",
        "“The wall will not last the winter,” said Nadia Korrel, an engineer at the University of "
        "Oslo. Korrel denied that the city had been warned.",
        "According to the Orlen Valley Trust (OVT), the repair will cost $2.5 million. The OVT has "
        "asked France for help.",
        "Advertisement",
        "",
    )
)


@pytest.fixture(scope="module")
def items(pipeline: Pipeline) -> tuple[Item, ...]:
    (items,) = pipeline.suggest([ARTICLE])
    return items


def quoted(items: Iterable[Item]) -> set[tuple[str, str]]:
    """Text and label of every entity."""
    return {(item.span.of(ARTICLE), item.label) for item in items if isinstance(item, Entity)}


def summary(doc: Doc) -> tuple[object, ...]:
    """What a Doc says, for comparing two."""
    ents = [(ent.start_char, ent.end_char, ent.label_) for ent in doc.ents]
    words = [(token.text, token.tag_, token.dep_, token.lemma_) for token in doc]
    return ents, words, doc._.claims, scores_of(doc)


def test_names_amounts_and_dates_are_suggested(items: tuple[Item, ...]) -> None:
    assert quoted(items) >= {
        ("Nadia Korrel", "PERSON"),
        ("University of Oslo", "ORG"),
        ("Tuesday", "DATE"),
        ("40", "CARDINAL"),
        ("$2.5 million", "MONEY"),
        ("France", "GPE"),
    }


def test_an_acronym_has_the_label_of_its_name_everywhere(items: tuple[Item, ...]) -> None:
    labels = {label for text, label in quoted(items) if text == "OVT"}
    assert len(labels) == 1


def test_items_are_pending_numbered_and_in_text_order(items: tuple[Item, ...]) -> None:
    for kind, letter in ((Entity, "e"), (Claim, "c"), (Junk, "j")):
        ids = [item.id for item in items if isinstance(item, kind)]
        assert ids == [f"{letter}{n}" for n in range(1, len(ids) + 1)]
        assert ids
    assert {item.made_by for item in items} == {MadeBy.PIPELINE}
    assert {item.verdict for item in items} == {Verdict.PENDING}


def test_every_entity_and_claim_has_a_score(items: tuple[Item, ...]) -> None:
    scores = [item.score for item in items if not isinstance(item, Junk)]
    assert all(score is not None and 0 < score < 1 for score in scores)


def test_a_claim_names_the_entity_that_is_its_source(items: tuple[Item, ...]) -> None:
    claims = [item for item in items if isinstance(item, Claim)]
    sources = {item.id: item for item in items if isinstance(item, Entity)}
    named = {sources[c.source_entity].span.of(ARTICLE) for c in claims if c.source_entity}
    assert "Nadia Korrel" in named


def test_nothing_is_suggested_inside_junk_lines(pipeline: Pipeline) -> None:
    text = ARTICLE + "\nREAD MORE: France Sends Ships To Oslo\n"
    (items,) = pipeline.suggest([text])
    junk = [item.span for item in items if isinstance(item, Junk)]
    assert any(span.of(text).startswith("READ MORE") for span in junk)
    others = [item.span for item in items if not isinstance(item, Junk)]
    assert not any(span.overlaps(line) for span in others for line in junk)


def test_a_doc_has_the_usual_annotations(pipeline: Pipeline) -> None:
    doc = pipeline.nlp(ARTICLE)
    for attribute in ("TAG", "POS", "LEMMA", "DEP", "SENT_START"):
        assert doc.has_annotation(attribute)
    assert [token.lemma_ for token in pipeline.nlp("Children were running.")][:3] == [
        "child",
        "be",
        "run",
    ]


def test_a_line_end_ends_the_sentence(pipeline: Pipeline) -> None:
    sentences = [sentence.text.strip() for sentence in pipeline.nlp(ARTICLE).sents]
    assert not any("\n" in sentence for sentence in sentences)
    assert len(sentences) >= ARTICLE.count("\n\n")


def test_plain_spacy_loads_the_folder() -> None:
    code = (
        "import spacy, sys, json; nlp = spacy.load(sys.argv[1]);"
        "doc = nlp('“We won,” said Ann Lee.');"
        "print(json.dumps([len(doc._.claims), doc.ents[0].text, 'junk' in doc.spans]))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, str(shipped_folder())],
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(run.stdout) == [1, "Ann Lee", True]


def test_a_doc_survives_bytes(pipeline: Pipeline) -> None:
    doc = pipeline.nlp(ARTICLE)
    again = Doc(pipeline.nlp.vocab).from_bytes(doc.to_bytes())
    assert summary(again) == summary(doc)


def test_a_doc_survives_a_docbin(pipeline: Pipeline) -> None:
    doc = pipeline.nlp(ARTICLE)
    stored = DocBin(store_user_data=True, docs=[doc]).to_bytes()
    (again,) = DocBin().from_bytes(stored).get_docs(pipeline.nlp.vocab)
    assert again._.claims == doc._.claims
    assert scores_of(again) == scores_of(doc)


def test_a_pipeline_survives_disk(pipeline: Pipeline, tmp_path: Path) -> None:
    pipeline.nlp.to_disk(tmp_path)
    assert summary(spacy.load(tmp_path)(ARTICLE)) == summary(pipeline.nlp(ARTICLE))


def test_two_processes_give_the_same_suggestions(pipeline: Pipeline) -> None:
    texts = [ARTICLE, "Oslo is cold.", ""]
    alone = [summary(doc) for doc in pipeline.nlp.pipe(texts)]
    assert [summary(doc) for doc in pipeline.nlp.pipe(texts, n_process=2)] == alone


def test_given_tokens_are_kept(pipeline: Pipeline) -> None:
    words = ["Ann", "Lee", "does", "n't", "live", "in", "Oslo", "."]
    (doc,) = pipeline.docs([Doc(pipeline.nlp.vocab, words=words)])
    assert [token.text for token in doc] == words
    assert ("Oslo", "GPE") in {(ent.text, ent.label_) for ent in doc.ents}


def test_suggestions_do_not_depend_on_the_batch(pipeline: Pipeline) -> None:
    (alone,) = pipeline.suggest([ARTICLE])
    *_, among = pipeline.suggest(["Oslo.", "Ships from France came.", ARTICLE])
    assert [(i.id, i.spans, i.score) for i in among] == [(i.id, i.spans, i.score) for i in alone]


def test_a_text_in_pieces_keeps_its_offsets(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline_module, "_PIECE", 300)
    text = "\n".join(f"Ann Lee left Oslo for the {n}th time." for n in range(4, 40))
    (items,) = pipeline.suggest([text])
    assert [i.span.of(text) for i in items if isinstance(i, Entity)].count("Ann Lee") == 36
    assert [i.id for i in items if isinstance(i, Entity)][-1] == f"e{36 * 3}"


@pytest.mark.parametrize("gap", ["\n\n", " "])
def test_a_text_in_pieces_gives_the_same_suggestions(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch, gap: str
) -> None:
    text = gap.join(
        (
            "Kessa Orbin, who runs the ferries of Velmoor, said on Tuesday that none would sail.",
            "“The pier leans,” she told reporters. “Nobody should stand on it,” she said.",
            "Council members denied that they had been warned by the harbour committee.",
            "The sailors of Velmoor have waited for a week, and many sleep in the old market hall.",
            "According to Orbin, the repair will take until Friday.",
        )
    )
    (whole,) = pipeline.suggest([text])
    monkeypatch.setattr(pipeline_module, "_PIECE", 160)
    (in_pieces,) = pipeline.suggest([text])
    assert [without_score(item) for item in in_pieces] == [without_score(item) for item in whole]


def without_score(item: Item) -> Item:
    """The chance of an entity depends on what is read together with it."""
    return replace(item, score=None)


def test_a_name_found_in_one_piece_is_known_in_all(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline_module, "_PIECE", 200)
    rest = "The wards were full all week, and nurses slept in the corridors.\n" * 6
    text = f"Dr. Ilvane Rivers leads the clinic of Oslo.\n{rest}Rivers wants more wards."
    (items,) = pipeline.suggest([text])
    names = [(i.span.of(text), i.label) for i in items if isinstance(i, Entity)]
    assert names[-1] == ("Rivers", "PERSON")


def test_a_text_of_more_than_a_million_characters_is_accepted(pipeline: Pipeline) -> None:
    text = ("x" * 900 + "\n") * 1_200 + "Ann Lee left Oslo."
    (items,) = pipeline.suggest([text])
    assert "Ann Lee" in {item.span.of(text) for item in items}


@pytest.mark.parametrize(
    "text",
    ["", " \n\n ", "\x00\x01\x1b[31m", "\ud800 Oslo", "x" * 150_000, "(“" * 60_000, "İİ Oslo"],
)
def test_strange_texts_are_accepted(pipeline: Pipeline, text: str) -> None:
    (items,) = pipeline.suggest([text])
    assert [problem for item in items for problem in problems(item, text)] == []


@given(
    text=st.text(
        alphabet=st.sampled_from("Oslo said “”\"'.,\n\t\u202e\u200dİß$5 AnnLee-"), max_size=200
    )
)
def test_every_suggestion_is_valid_in_its_text(pipeline: Pipeline, text: str) -> None:
    (items,) = pipeline.suggest([text])
    assert [problem for item in items for problem in problems(item, text)] == []


def test_a_missing_pipeline_is_an_error_with_advice() -> None:
    with pytest.raises(ModelError) as caught:
        load("no_such_pipeline")
    assert "no_such_pipeline" in caught.value.message
    assert "annotator.toml" in caught.value.hint


def test_a_broken_folder_is_an_error_with_advice(tmp_path: Path) -> None:
    (tmp_path / "config.cfg").write_text("[nlp]\nlang = 'en'\n", encoding="utf-8")
    (tmp_path / "meta.json").write_text("{", encoding="utf-8")
    with pytest.raises(ModelError) as caught:
        load(tmp_path)
    assert "annotator.toml" in caught.value.hint


def test_a_folder_without_a_file_is_not_said_to_be_missing(tmp_path: Path) -> None:
    copied = shutil.copytree(shipped_folder(), tmp_path / "own")
    (copied / "annotator_encoder" / "heads.msgpack").unlink()
    with pytest.raises(ModelError, match=r"cannot be loaded: .*heads\.msgpack") as caught:
        load(copied)
    assert "annotator model --use shipped" in caught.value.hint


def test_damage_to_our_pipeline_is_not_blamed_on_the_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annotator.suggest.pipeline.shipped_folder", lambda: tmp_path / "gone")
    with pytest.raises(ModelError, match="missing") as caught:
        load()
    assert "einstall annotator" in caught.value.hint


def test_other_pipelines_get_missing_components(tmp_path: Path) -> None:
    other = spacy.blank("en")
    ruler = other.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "GPE", "pattern": "Velmoor"}])
    other.to_disk(tmp_path)
    pipeline = load(tmp_path)
    text = "Velmoor waits.\n“We will stay,” said Ann Lee.\nAdvertisement\n"
    (items,) = pipeline.suggest([text])
    assert {type(item) for item in items} == {Entity, Claim, Junk}
    assert pipeline.id.name == "pipeline"


def test_the_hash_changes_with_the_folder(tmp_path: Path) -> None:
    spacy.blank("en").to_disk(tmp_path)
    before = load(tmp_path).id.hash
    assert load(tmp_path).id.hash == before
    (tmp_path / "added.txt").write_text("more", encoding="utf-8")
    assert load(tmp_path).id.hash != before


def test_the_pipeline_is_small_and_has_licence_and_notice() -> None:
    folder = shipped_folder()
    assert "CC BY-SA 4.0" in (folder / "LICENSE").read_text(encoding="utf-8")
    assert "WordNet" in (folder / "NOTICE").read_text(encoding="utf-8")
    assert json.loads((folder / "meta.json").read_text(encoding="utf-8"))["performance"]["ents_f"]
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) <= 22_000_000


def test_spacy_evaluates_the_pipeline(pipeline: Pipeline) -> None:
    from spacy.training import Example

    nlp = pipeline.nlp
    text = "Jon Berg met Ann Low in Oslo."
    gold = {"entities": [(0, 8, "PERSON"), (13, 20, "PERSON"), (24, 28, "GPE")]}
    assert nlp.evaluate([Example.from_dict(nlp.make_doc(text), gold)])["ents_f"] == 1.0


def test_our_components_do_not_clash_with_spacys_methods(pipeline: Pipeline) -> None:
    ours = {name: pipe for name, pipe in pipeline.nlp.pipeline if name.startswith("annotator_")}
    taken = ("score", "update", "initialize", "rehearse", "begin_training", "pipe", "get_loss")
    clashes = {(name, method) for name in ours for method in taken if hasattr(ours[name], method)}
    # The encoder's is what spaCy wants of a component that is evaluated.
    assert clashes == {("annotator_encoder", "score")}
