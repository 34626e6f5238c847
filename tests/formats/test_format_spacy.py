"""spaCy's DocBin: exact offsets, all decisions, and open text missing instead of outside."""

from __future__ import annotations

import contextlib
import io
import random
import tempfile
import warnings
import zlib
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
import spacy
from catalogue import Registry
from hypothesis import given
from spacy.tokens import Doc, DocBin, Span
from spacy.training import Corpus
from spacy.vocab import Vocab

from annotator.core.annotations import Claim, Verdict
from annotator.core.article import Span as Characters
from annotator.core.record import Record, ReviewFacts
from annotator.errors import ExportError, RecordError
from annotator.formats import docbin, docbin_docs
from annotator.formats.base import Losses, Refused
from annotator.formats.jsonl import records_in
from tests.helpers.english import english
from tests.helpers.examples import examples
from tests.helpers.items import entity_at, record_of
from tests.helpers.record_strategies import HARD_RECORDS, many_claims, records

SEEDS = Path(__file__).parents[2] / "seeds" / "gold"
TEXT = "Ada Low left Port Ellis. She said so."


def packed(*given_records: Record, losses: Losses | None = None) -> bytes:
    stream = io.BytesIO()
    docbin.write(given_records, stream, Losses() if losses is None else losses)
    return stream.getvalue()


def docs(*given_records: Record) -> list[Doc]:
    return list(DocBin().from_bytes(packed(*given_records)).get_docs(Vocab()))


def read_bytes(content: bytes) -> list[Record | Refused]:
    with tempfile.NamedTemporaryFile(suffix=".spacy") as file:
        file.write(content)
        file.flush()
        return list(docbin.FORMAT.read(Path(file.name)))


@examples(12)
@given(records())
def test_decided_items_survive_a_round_trip(one: Record) -> None:
    assert read_bytes(packed(one)) == [docbin.expected(one)]


@pytest.mark.parametrize("one", HARD_RECORDS, ids=lambda one: one.article.text[:12])
def test_hard_records_survive_a_round_trip(one: Record) -> None:
    assert read_bytes(packed(one)) == [docbin.expected(one)]


@examples(12)
@given(records())
def test_losses_are_exactly_the_differences(one: Record) -> None:
    losses = Losses()
    packed(one, losses=losses)
    assert bool(losses) == (docbin.expected(one) != one)


@examples(12)
@given(records())
def test_the_text_and_every_span_of_it_are_exact(one: Record) -> None:
    (doc,) = docs(one)
    held = [(s.start_char, s.end_char, s.label_) for s in doc.spans.get("sc", ())]
    decided = [e for e in one.entities if e.verdict is not Verdict.PENDING]
    assert doc.text == one.article.text
    assert held == [(e.span.start, e.span.end, e.label) for e in decided]


def test_open_words_are_missing_and_others_outside() -> None:
    (doc,) = docs(
        record_of(
            TEXT, entity_at(0, 7, "PERSON"), entity_at(13, 23, "GPE", verdict=Verdict.PENDING)
        )
    )
    assert [token.ent_iob_ for token in doc] == ["B", "I", "O", "", "", "O", "O", "O", "O", "O"]


def test_no_word_of_an_unreviewed_article_is_outside() -> None:
    (doc,) = docs(replace(record_of(TEXT), review=ReviewFacts()))
    assert {token.ent_iob_ for token in doc} == {""}


def test_ents_has_the_longest_of_overlapping_entities_and_spans_all() -> None:
    (doc,) = docs(record_of(TEXT, entity_at(13, 17, "LOC"), entity_at(13, 23, "GPE")))
    assert [(one.text, one.label_) for one in doc.ents] == [("Port Ellis", "GPE")]
    assert [one.text for one in doc.spans["sc"]] == ["Port", "Port Ellis"]


def test_ents_have_no_blanks_at_their_ends() -> None:
    (doc,) = docs(record_of("On\n Ada \nleft", entity_at(2, 9, "PERSON")))
    assert [one.text for one in doc.ents] == ["Ada"]
    assert doc.spans["sc"][0].text == "\n Ada \n"


def test_an_edge_inside_a_word_splits_the_token() -> None:
    (doc,) = docs(record_of("Anti-Assad rebels", entity_at(5, 9, "PERSON")))
    assert [(one.start_char, one.end_char) for one in doc.ents] == [(5, 9)]


def test_pieces_of_a_claim_share_its_id() -> None:
    claim = Claim(
        "c1",
        (Characters(0, 3), Characters(8, 12)),
        (Characters(29, 33),),
        (Characters(25, 28),),
        verdict=Verdict.ACCEPTED,
    )
    (doc,) = docs(record_of(TEXT, claims=(claim,)))
    assert [(one.text, one.label_, one.id_) for one in doc.spans["claims"]] == [
        ("Ada", "CONTENT", "c1"),
        ("left", "CONTENT", "c1"),
        ("said", "CUE", "c1"),
        ("She", "SOURCE", "c1"),
    ]


@pytest.mark.parametrize("one", HARD_RECORDS[:2], ids=["pile", "joined"])
def test_offsets_after_emoji_are_code_points(one: Record) -> None:
    (doc,) = docs(one)
    assert [e.text for e in doc.ents] in (["annotation"], ["firetrucks"])


def test_a_folder_of_numbered_files_is_read_as_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(docbin, "IN_A_SHARD", 4)
    assert docbin.write_folder(HARD_RECORDS, tmp_path, Losses()) == len(HARD_RECORDS)
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "000001.spacy",
        "000002.spacy",
        "000003.spacy",
        "000004.spacy",
    ]
    assert list(docbin.FORMAT.read(tmp_path)) == [docbin.expected(one) for one in HARD_RECORDS]


def test_one_file_has_a_limit_of_articles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docbin, "MOST_IN_A_FILE", 2)
    assert packed(*HARD_RECORDS[:2])
    with pytest.raises(ExportError, match="More than 2 articles"):
        packed(*HARD_RECORDS[:3])


def test_the_same_records_give_the_same_bytes() -> None:
    assert packed(*HARD_RECORDS) == packed(*HARD_RECORDS)


def test_words_of_a_file_are_forgotten_with_it() -> None:
    packed(HARD_RECORDS[0])
    known = len(docbin_docs._english().vocab.strings)
    packed(record_of("Zyx Wvu left Tsrq.", entity_at(0, 7, "PERSON")))
    assert len(docbin_docs._english().vocab.strings) == known
    assert "Zyx" not in docbin_docs._english().vocab.strings


def test_spacy_trains_an_epoch_on_seeds_and_on_hard_records(tmp_path: Path) -> None:
    gold = [one for path in sorted(SEEDS.glob("*.jsonl")) for one in records_in(path)]
    docbin.write_folder([*gold, *HARD_RECORDS, many_claims(12)], tmp_path, Losses())
    nlp = spacy.blank("en")
    ner = nlp.add_pipe("ner", config={"model": {"tok2vec": {"width": 32, "depth": 1}}})
    corpus = Corpus(tmp_path)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        optimiser = nlp.initialize(lambda: corpus(nlp))
        losses: dict[str, float] = {}
        for example in corpus(nlp):
            nlp.update([example], sgd=optimiser, losses=losses)
    assert {"PERSON", "GPE", "ORG"} <= set(ner.labels)
    assert losses["ner"] > 0


# Files of others


def theirs(*made: Doc) -> list[Record | Refused]:
    return read_bytes(DocBin(docs=made).to_bytes())


def made_elsewhere(text: str = TEXT) -> Doc:
    doc = english()(text)
    doc.ents = [Span(doc, 0, 2, label="PERSON", kb_id="Q1")]
    return doc


def test_entities_of_any_docbin_are_read_with_their_identity() -> None:
    (found,) = theirs(made_elsewhere())
    assert isinstance(found, Record)
    assert [(e.span.of(TEXT), e.label, e.identity) for e in found.entities] == [
        ("Ada Low", "PERSON", "Q1")
    ]


def test_entities_and_spans_are_read_once() -> None:
    doc = made_elsewhere()
    doc.spans["sc"] = [Span(doc, 0, 2, label="PERSON"), Span(doc, 0, 1, label="FIRST")]
    (found,) = theirs(doc)
    assert isinstance(found, Record)
    assert [(e.span.of(TEXT), e.label) for e in found.entities] == [
        ("Ada", "FIRST"),
        ("Ada Low", "PERSON"),
    ]


def test_other_span_groups_are_reported_as_not_read() -> None:
    doc = made_elsewhere()
    doc.spans["mine"] = [Span(doc, 0, 2, label="X")]
    refused, found = theirs(doc)
    assert isinstance(found, Record)
    assert isinstance(refused, Refused)
    assert (refused.line, refused.reason) == (1, "spans of the group 'mine' are not imported")
    assert refused.article == found.article.id
    assert [span.of(TEXT) for span in found.unknown] == [doc.spans["mine"][0].text]


def test_a_doc_with_only_missing_tokens_is_unreviewed() -> None:
    (words,) = theirs(english()(TEXT))
    assert isinstance(words, Record)
    assert (words.review.kind, words.entities) == ("none", ())
    nothing = english()(TEXT)
    nothing.ents = []
    (reviewed,) = theirs(nothing)
    assert isinstance(reviewed, Record)
    assert reviewed.review.kind == "import"


def test_spans_without_tags_are_a_review() -> None:
    doc = english()(TEXT)
    doc.spans["sc"] = [Span(doc, 0, 2, label="PERSON")]
    (found,) = theirs(doc)
    assert isinstance(found, Record)
    assert (found.review.kind, len(found.entities)) == ("import", 1)


def test_missing_tokens_are_unknown() -> None:
    doc = english()("Ada Low  left town.")
    doc.set_ents([Span(doc, 0, 2, label="PERSON")], default="missing")
    (found,) = theirs(doc)
    assert isinstance(found, Record)
    assert [entity.label for entity in found.entities] == ["PERSON"]
    assert [span.of(found.article.text) for span in found.unknown] == ["left town."]


def test_line_ends_of_other_systems_become_ours_and_offsets_follow() -> None:
    doc = english()("One\r\ntwo Ada")
    (ada,) = [token.i for token in doc if token.text == "Ada"]
    doc.ents = [Span(doc, ada, ada + 1, label="PERSON")]
    (found,) = theirs(doc)
    assert isinstance(found, Record)
    assert found.article.text == "One\ntwo Ada"
    assert found.entities[0].span.of(found.article.text) == "Ada"


def test_a_span_added_to_our_doc_is_read_with_ours() -> None:
    (doc,) = docs(record_of(TEXT, entity_at(0, 7, "PERSON")))
    doc.spans["sc"].append(Span(doc, 3, 5, label="GPE"))
    content = DocBin(store_user_data=True, docs=[doc]).to_bytes()
    (found,) = read_bytes(content)
    assert isinstance(found, Record)
    assert [(e.id, e.label) for e in found.entities] == [
        ("0-7-PERSON", "PERSON"),
        ("span-2", "GPE"),
    ]


def test_a_claim_without_its_content_is_refused() -> None:
    claim = Claim("c1", (Characters(0, 3),), (Characters(29, 33),), verdict=Verdict.ACCEPTED)
    (doc,) = docs(record_of(TEXT, entity_at(0, 7, "PERSON"), claims=(claim,)))
    doc.spans["claims"] = [span for span in doc.spans["claims"] if span.label_ == "CUE"]
    problem, found = read_bytes(DocBin(store_user_data=True, docs=[doc]).to_bytes())
    assert isinstance(found, Record)
    assert (len(found.entities), found.claims) == (1, ())
    assert isinstance(problem, Refused)
    assert problem.reason == "claim 'c1' has no content"


@pytest.mark.parametrize(
    "content",
    [b"", b"no DocBin", zlib.compress(b"\xc1"), zlib.compress(b"\x80"), zlib.compress(b"\x93\x01")],
)
def test_a_file_other_than_a_docbin_is_an_error(content: bytes) -> None:
    with pytest.raises(RecordError, match="not a DocBin"):
        read_bytes(content)


@cache
def sound_content() -> bytes:
    """What is compressed in a file of two records."""
    return zlib.decompress(packed(*HARD_RECORDS[3:5]))


@pytest.mark.parametrize("seed", range(40))
def test_a_damaged_file_is_an_error_or_refused_and_never_a_crash(seed: int) -> None:
    whole = bytearray(sound_content())
    chance = random.Random(seed)
    whole[chance.randrange(len(whole))] = chance.randrange(256)
    with contextlib.suppress(RecordError):
        found = read_bytes(zlib.compress(bytes(whole)))
        assert all(isinstance(one, Record | Refused) for one in found)


def test_a_folder_without_such_files_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match=r"no \.spacy file"):
        list(docbin.FORMAT.read(tmp_path))


def test_reading_articles_looks_for_no_plugins(monkeypatch: pytest.MonkeyPatch) -> None:
    content, looked = packed(*HARD_RECORDS[:3]), list[Registry]()

    def look(registry: Registry) -> list[object]:
        looked.append(registry)
        return []

    monkeypatch.setattr(Registry, "_get_entry_points", look)
    assert len(read_bytes(content)) == 3
    assert looked == []
