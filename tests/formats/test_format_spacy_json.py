"""spaCy 2's JSON for training, against what spaCy itself makes of it."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.lang.en import English
from spacy.tokens import Doc
from spacy.training.converters import json_to_docs
from spacy.training.gold_io import docs_to_json

from annotator.core.article import Span
from annotator.core.record import Record
from annotator.formats import format_named
from annotator.formats.base import Refused
from tests.helpers.examples import examples
from tests.helpers.formats import read_back, reasons, records_of

FORM = format_named("spacy-json")
TEXT = "Ada Low left 👍 Hythe."


def paragraph(*tokens: tuple[str, Any], **more: Any) -> dict[str, Any]:
    """A paragraph of one sentence with these words and tags."""
    rows = [{"orth": word, "ner": tag, "dep": "x", "head": 0} for word, tag in tokens]
    return {"sentences": [{"tokens": rows, "brackets": []}], **more}


def read(*paragraphs: Any) -> list[Record | Refused]:
    return read_back(FORM, json.dumps([{"id": 7, "paragraphs": list(paragraphs)}]))


def one_of(*paragraphs: Any) -> Record:
    (found,) = read(*paragraphs)
    assert isinstance(found, Record)
    return found


def names(record: Record) -> list[tuple[str, str]]:
    return [(one.span.of(record.article.text), one.label) for one in record.entities]


ADA = (("Ada", "B-PERSON"), ("Low", "L-PERSON"))
REST = (("left", "O"), ("👍", "O"), ("Hythe", "U-GPE"), (".", "O"))


def test_tags_are_placed_in_the_text() -> None:
    one = one_of(paragraph(*ADA, *REST, raw=TEXT))
    assert (one.article.text, names(one)) == (TEXT, [("Ada Low", "PERSON"), ("Hythe", "GPE")])
    assert (one.unknown, one.review.kind, one.article.meta) == ((), "import", {"document": "7"})


def test_without_a_text_it_is_made_of_words_and_blanks() -> None:
    without = paragraph(*ADA, *REST)
    assert one_of(without).article.text == "Ada Low left 👍 Hythe ."
    without["sentences"][0]["tokens"][4]["space"] = ""
    assert one_of(without).article.text == "Ada Low left 👍 Hythe."


@pytest.mark.parametrize("missing", [None, "-", ""])
def test_a_missing_tag_means_unknown(missing: Any) -> None:
    one = one_of(paragraph(*ADA, ("left", missing), ("👍", missing), *REST[2:], raw=TEXT))
    assert [span.of(TEXT) for span in one.unknown] == ["left 👍"]
    assert names(one) == [("Ada Low", "PERSON"), ("Hythe", "GPE")]


def test_an_entity_that_goes_on_after_an_unknown_word_is_unknown() -> None:
    one = one_of(paragraph(("Ada", "-"), ("Low", "L-PERSON"), *REST, raw=TEXT))
    assert (names(one), one.unknown) == ([("Hythe", "GPE")], (Span(0, 7),))


@pytest.mark.parametrize(
    "nobody", [paragraph(("Ada", None), ("left", "-")), {"raw": "Ada left", "entities": []}]
)
def test_a_paragraph_without_a_tag_is_not_reviewed(nobody: Any) -> None:
    one = one_of(nobody)
    assert (one.entities, one.review.kind, one.unknown) == ((), "none", ())


@pytest.mark.parametrize("tag", ["PERSON", 3, ["O"], {}, "X-GPE"])
def test_a_tag_that_is_none_is_refused_and_its_word_is_unknown(tag: Any) -> None:
    found = read(paragraph(*ADA, ("left", tag), *REST[1:], raw=TEXT))
    (one,) = records_of(found)
    assert (len(found), names(one)) == (2, [("Ada Low", "PERSON"), ("Hythe", "GPE")])
    assert [span.of(TEXT) for span in one.unknown] == ["left"]
    assert "token 3, 'left'" in reasons(found)[0]


def test_offsets_count_where_there_are_no_tags() -> None:
    rows = [[0, 7, "PERSON"], {"start": 15, "end": 20, "label": "GPE"}, [0, 99, "X"], 3]
    found = read({"raw": TEXT, "entities": rows})
    (one,) = records_of(found)
    assert names(one) == [("Ada Low", "PERSON"), ("Hythe", "GPE")]
    assert [reason[:11] for reason in reasons(found)] == ["entities[2]", "entities[3]"]
    assert one.unknown == (Span(0, len(TEXT)),)


def test_offsets_that_the_tags_contradict_are_refused() -> None:
    rows = [[0, 7, "PERSON"], [0, 3, "PERSON"], [8, 12, "EVENT"]]
    told = paragraph(*ADA, ("left", "-"), *REST[1:], raw=TEXT, entities=rows)
    found = read(told)
    (one,) = records_of(found)
    assert names(one) == [("Ada Low", "PERSON"), ("left", "EVENT"), ("Hythe", "GPE")]
    assert [reason[:11] for reason in reasons(found)] == ["entities[1]"]


def test_links_are_identities_and_categories_are_kept_beside() -> None:
    links = {"(0, 7)": {"Q1": 1.0, "Q2": 0.0}, "x": {"Q3": 1.0}, "(0, 99)": {"Q4": 1.0}}
    told = paragraph(*ADA, *REST, raw=TEXT, links=links, cats=[{"label": "war", "value": 1.0}])
    one = one_of(told)
    assert [entity.identity for entity in one.entities] == ["Q1", None]
    assert one.article.meta == {"cats": {"war": 1.0}, "document": "7"}


@pytest.mark.parametrize(
    ("told", "why"),
    [
        (paragraph(*ADA, raw="Ada Lowe"), "goes on after its last token"),
        (paragraph(*ADA, ("right", "O"), raw=TEXT), "token 3, 'right', reads 'left '"),
        (paragraph(("Ada", "O"), raw=5), "expected a text"),
        (paragraph(raw=None), "there is no text"),
        ({"raw": TEXT, "sentences": 3}, "sentences: expected a list"),
        ({"raw": TEXT, "sentences": [{"tokens": [{"ner": "O"}]}]}, "tokens[0]: there is no `orth`"),
        ({"raw": TEXT, "sentences": [3]}, "sentences[0]"),
        (None, "expected a paragraph"),
    ],
)
def test_a_paragraph_that_contradicts_itself_is_refused_alone(told: Any, why: str) -> None:
    found = read(told, paragraph(*ADA, *REST, raw=TEXT))
    assert len(records_of(found)) == 1
    (reason,) = reasons(found)
    assert reason.startswith("paragraph 1: ")
    assert why in reason


@pytest.mark.parametrize("document", [3, [], {"id": 1}, {"paragraphs": None}])
def test_a_value_that_is_no_document_is_refused_with_its_number(document: Any) -> None:
    whole = {"id": 0, "paragraphs": [paragraph(*ADA, *REST, raw=TEXT)]}
    found = read_back(FORM, json.dumps([whole, document]))
    assert len(records_of(found)) == 1
    assert [one.line for one in found if isinstance(one, Refused)] == [2]


# What spaCy makes


def placed(doc: Doc) -> list[tuple[int, int, str, str | None]]:
    return [(one.start_char, one.end_char, one.label_, one.kb_id_ or None) for one in doc.ents]


def missing(doc: Doc) -> set[int]:
    """The words of a Doc that nobody judged, by offset."""
    return {token.idx for token in doc if token.ent_iob == 0 and not token.is_space}


def as_placed(record: Record) -> list[tuple[int, int, str, str | None]]:
    return [(one.span.start, one.span.end, one.label, one.identity) for one in record.entities]


WORDS = st.sampled_from(["Ada", "Low", "left", "👍", "总统", ".", "e\u0301", "\n"])
TAGS = st.sampled_from(["O", "-", "U-GPE", "B-ORG I-ORG L-ORG", "B-ORG L-ORG"])


@st.composite
def tagged(draw: st.DrawFn) -> list[tuple[str, str]]:
    """Words with BILUO tags; blanks are in no entity, as in spaCy."""
    marks = [tag for run in draw(st.lists(TAGS, min_size=1, max_size=6)) for tag in run.split()]
    return [
        (draw(WORDS if mark == "O" else WORDS.filter(str.strip)), mark)
        for mark in marks  # a blank in an entity would end it
    ]


@examples(12)
@given(words=tagged(), spaces=st.lists(st.sampled_from(["", " "]), min_size=18, max_size=18))
def test_spacy_reads_the_same_of_tokens(words: list[tuple[str, str]], spaces: list[str]) -> None:
    told = paragraph(*words)
    for token, blank in zip(told["sentences"][0]["tokens"], spaces, strict=False):
        token["space"] = blank
        del token["dep"], token["head"]
    (doc,) = json_to_docs(json.dumps([{"id": 1, "paragraphs": [told]}]))
    told["raw"] = doc.text
    for one in (told, {**told, "raw": None}):
        found = read(one)
        if not doc.text.strip():
            assert records_of(found) == []
            continue
        (record,) = records_of(found)
        assert (record.article.text, as_placed(record)) == (doc.text, placed(doc))
        known = [token.idx for token in doc if not token.is_space and token.idx not in missing(doc)]
        if known:
            unknown = {n for span in record.unknown for n in range(span.start, span.end)}
            assert missing(doc) <= unknown
            assert not unknown & set(known)
        else:
            assert record.review.kind == "none"


@cache
def english() -> English:
    language = English()
    language.add_pipe("sentencizer")
    return language


@examples(12)
@given(words=tagged(), links=st.booleans(), untagged=st.sampled_from(["O", "-"]))
def test_a_doc_written_by_spacy_is_read_back(
    words: list[tuple[str, str]], links: bool, untagged: str
) -> None:
    iob = [tag.strip("-").replace("U-", "B-").replace("L-", "I-") for _, tag in words]
    doc = Doc(english().vocab, words=[word for word, _ in words], ents=iob)
    doc = english().get_pipe("sentencizer")(doc)
    if links:
        doc.ents = tuple(doc.char_span(a, b, c, kb_id="Q1") for a, b, c, _ in placed(doc))
    plain = docs_to_json([doc], ner_missing_tag=untagged)
    for one in plain["paragraphs"]:
        one["links"] = [{str(key): said for key, said in row.items()} for row in one["links"]]
    if not doc.text.strip():
        return
    (record,) = read_back(FORM, json.dumps(plain))
    assert isinstance(record, Record)
    assert (record.article.text, as_placed(record)) == (doc.text, placed(doc))
    assert bool(record.unknown) <= (untagged == "-")
