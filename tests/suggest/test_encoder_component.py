"""The encoder in the pipeline that we ship: a component like any other of spaCy."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example

from annotator.errors import ModelError
from annotator.suggest.encoder.encoder_pipe import EncoderPipe
from annotator.suggest.encoder.runtime import Runtime, Vectors, encoder_of
from annotator.suggest.pipeline import shipped_folder
from tests.helpers.claim_docs import shipped

TEXTS = (
    "Nadia Korrel left Oslo on Monday with the Orlen Valley Trust. She did not say why.",
    "The engineers of Velmoor Airways said that France would pay US$ 40 million for the wall.",
    "Officials in Berlin denied it, and Somsak Adeyemi told reporters to wait.\n\nNobody did.",
)
Found = tuple[object, ...]
Norm = Callable[[object, Vectors, str], Vectors]


def found(doc: Doc) -> list[Found]:
    """All that the encoder says of a text."""
    words: list[Found] = [
        (token.tag_, token.pos_, str(token.morph), token.head.i, token.dep_, token.is_sent_start)
        for token in doc
    ]
    return [*words, *((ent.start, ent.end, ent.label_) for ent in doc.ents)]


def the_pipe(nlp: Language) -> EncoderPipe:
    pipe = nlp.get_pipe("annotator_encoder")
    assert isinstance(pipe, EncoderPipe)
    return pipe


@pytest.fixture(scope="module")
def expected() -> list[list[Found]]:
    return [found(doc) for doc in map(shipped(), TEXTS)]


def test_names_tags_trees_and_sentences_are_found() -> None:
    doc = shipped()(TEXTS[0])
    assert ("Nadia Korrel", "PERSON") in [(ent.text, ent.label_) for ent in doc.ents]
    assert [sent.text.strip() for sent in doc.sents][1:] == ["She did not say why."]
    left = doc[2]
    assert (left.text, left.pos_, left.dep_, left.lemma_) == ("left", "VERB", "ROOT", "leave")
    assert doc[0].is_ancestor(doc[1]) or doc[1].is_ancestor(doc[0])


def test_answers_do_not_depend_on_the_batch(expected: list[list[Found]]) -> None:
    nlp = shipped()
    for size in (1, 2, 3):
        assert [found(doc) for doc in nlp.pipe(TEXTS, batch_size=size)] == expected


def test_several_processes_give_the_same(expected: list[list[Found]]) -> None:
    assert [found(doc) for doc in shipped().pipe(TEXTS, n_process=2)] == expected


def test_ready_made_docs_keep_their_words() -> None:
    nlp = shipped()
    words = ["Nadia", "Korrel", "left", "Oslo", "."]
    doc = nlp(Doc(nlp.vocab, words=words))
    assert [token.text for token in doc] == words
    assert "Nadia Korrel" in [ent.text for ent in doc.ents]


@pytest.mark.parametrize("words", [[], [" "], ["\n", "\n"], ["\u200b"], ["."], ["x" * 5000]])
def test_odd_docs_are_read(words: list[str]) -> None:
    nlp = shipped()
    doc = nlp(Doc(nlp.vocab, words=words))
    assert len(doc) == len(words)


def test_it_survives_bytes_and_disk(expected: list[list[Found]], tmp_path: Path) -> None:
    nlp = shipped()
    again = EncoderPipe(nlp.vocab).from_bytes(the_pipe(nlp).to_bytes())
    again.to_disk(tmp_path / "encoder")
    files = [file.name for file in sorted((tmp_path / "encoder").iterdir())]
    assert files == ["classes.json", "encoder.onnx", "heads.msgpack"]
    fresh = EncoderPipe(nlp.vocab).from_disk(tmp_path / "encoder")
    doc = nlp.make_doc(TEXTS[0])
    assert [token.tag_ for token in fresh(doc)] == [row[0] for row in expected[0][: len(doc)]]


def test_an_encoder_without_weights_says_so() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("annotator_encoder")
    with pytest.raises(ModelError, match="no weights"):
        nlp("Oslo")


def test_spacy_can_evaluate_it() -> None:
    nlp = shipped()
    # spaCy counts the blanks of the gold alone, so the texts here have none but spaces.
    examples = [Example(nlp.make_doc(text), nlp(text)) for text in TEXTS[:2]]
    scores = nlp.evaluate(examples)
    assert {scores[name] for name in ("tag_acc", "dep_las", "ents_f", "sents_f")} == {1.0}


def test_numpy_gives_the_same_answers_as_onnxruntime(expected: list[list[Found]]) -> None:
    folder = shipped_folder() / "annotator_encoder"
    pipe = EncoderPipe(shipped().vocab, Runtime.NUMPY).from_disk(folder)
    for text, row in zip(TEXTS, expected, strict=True):
        doc = shipped().make_doc(text)
        shipped().get_pipe("annotator_paragraphs")(doc)
        assert found(pipe(doc))[: len(doc)] == row[: len(doc)]


def nudged(norm: Norm, seed: int) -> Norm:
    """A norm whose last digits are others, as they are on another processor."""
    random = np.random.default_rng(seed)

    def other(encoder: object, x: Vectors, name: str) -> Vectors:
        scaled = norm(encoder, x, name)
        return scaled * (1 + random.normal(scale=3e-7, size=scaled.shape)).astype(np.float32)

    return other


def test_both_runtimes_give_the_same_vectors(monkeypatch: pytest.MonkeyPatch) -> None:
    # Activations are rounded to whole numbers. Where one lies on the border of two, the last digit
    # of a norm decides, and that depends on library and processor; so we try several last digits.
    data = (shipped_folder() / "annotator_encoder" / "encoder.onnx").read_bytes()
    one, other = (encoder_of(data, runtime) for runtime in (Runtime.ONNX, Runtime.NUMPY))
    norms = [type(other)._norm, *(nudged(type(other)._norm, seed) for seed in range(8))]  # type: ignore[attr-defined]
    for text in TEXTS:
        for window in the_pipe(shipped()).windows(shipped().make_doc(text)):
            wanted, differences = one(window), []
            for norm in norms:
                monkeypatch.setattr(type(other), "_norm", norm)
                differences.append(np.abs(other(window) - wanted).max())
            assert min(differences) < 1e-4


@pytest.fixture(params=["raise ImportError('wrong libc')", "raise OSError('no such file')", ""])
def unusable_library(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An onnxruntime that is found, but does not fit the machine, or is something else."""
    (tmp_path / "onnxruntime.py").write_text(request.param)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "onnxruntime", raising=False)


@pytest.mark.usefixtures("unusable_library")
def test_where_onnxruntime_is_unusable_numpy_takes_over_and_says_so(
    caplog: pytest.LogCaptureFixture,
) -> None:
    data = (shipped_folder() / "annotator_encoder" / "encoder.onnx").read_bytes()
    chosen, by_numpy = (encoder_of(data, runtime) for runtime in (Runtime.AUTO, Runtime.NUMPY))
    (window,) = the_pipe(shipped()).windows(shipped().make_doc(TEXTS[0]))
    assert np.array_equal(chosen(window), by_numpy(window))
    assert "onnxruntime is installed but unusable" in caplog.text
    with pytest.raises(ModelError, match="unusable") as caught:
        encoder_of(data, Runtime.ONNX)
    assert "set encoder_runtime to auto or numpy" in caught.value.hint


def test_without_onnxruntime_numpy_is_used_by_itself(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("annotator.suggest.encoder.runtime.find_spec", lambda _: None)
    data = (shipped_folder() / "annotator_encoder" / "encoder.onnx").read_bytes()
    chosen, by_numpy = (encoder_of(data, runtime) for runtime in (Runtime.AUTO, Runtime.NUMPY))
    (window,) = the_pipe(shipped()).windows(shipped().make_doc(TEXTS[0]))
    assert np.array_equal(chosen(window), by_numpy(window))
    assert caplog.text == ""
    with pytest.raises(ModelError, match="onnxruntime is not installed"):
        encoder_of(data, Runtime.ONNX)


LONG = (
    "The harbour board of the old town wrote in a letter on Tuesday to the council of New York "
    "that the wall would be repaired before the winter by Velmoor Airways and by the engineers of "
    "the Orlen Valley Trust, which has its seat in the Northern Territories. The minister, Somsak "
    "Adeyemi, met the envoys of Saudi Arabia on Friday and left the town after the storm had "
    "passed the coast, as Nadia Korrel had told reporters in Berlin and in Rio de Janeiro."
)


@pytest.mark.parametrize("width", range(60, 80))
def test_hard_wrapped_text_is_read_as_its_paragraphs(width: int) -> None:
    wrapped = textwrap.fill(LONG, width)
    assert wrapped != LONG
    assert [(ent.text.replace("\n", " "), ent.label_) for ent in shipped()(wrapped).ents] == [
        (ent.text, ent.label_) for ent in shipped()(LONG).ents
    ]


def test_no_name_goes_on_into_another_paragraph() -> None:
    doc = shipped()("The ship sailed from New\n\nYork is far away, said Nadia\nKorrel left Oslo.")
    assert not any("\n" in ent.text for ent in doc.ents)


def test_junk_lines_before_an_article_do_not_change_how_it_is_read() -> None:
    doc = shipped()(f"Advertisement\n\nREAD MORE: France Sends Ships To Oslo\n\n{TEXTS[0]}")
    alone = shipped()(TEXTS[0])
    assert [span.text.split()[0] for span in doc.spans["junk"]] == ["Advertisement", "READ"]
    among = doc[len(doc) - len(alone) :]
    assert [(t.text, t.tag_, t.dep_) for t in among] == [(t.text, t.tag_, t.dep_) for t in alone]
    ents = [(ent.text, ent.label_, ent.start_char - among.start_char) for ent in among.ents]
    assert ents == [(ent.text, ent.label_, ent.start_char) for ent in alone.ents]
