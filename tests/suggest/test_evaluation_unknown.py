"""In unknown spans a pipeline is neither right nor wrong, and learns nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc

from annotator.core.annotations import Entity, Verdict
from annotator.core.article import Article, Span
from annotator.core.record import Record, ReviewFacts, SchemeId
from annotator.core.records.unknown import apart_from, everything
from annotator.formats.jsonl import line_of
from annotator.training.corpora import record_docs
from annotator.training.evaluation import entity_figures
from annotator.training.gold import _of_doc, gold_of
from tests.helpers.english import english
from tests.helpers.strategies import EPOCH

TEXT = "Bob saw Ada. Cy met Dee."
ADA, BOB, CY = Span(8, 11), Span(0, 3), Span(13, 15)


def record(*unknown: Span) -> Record:
    return Record(
        Article(TEXT),
        SchemeId("news", "1"),
        review=ReviewFacts("ada", "import", EPOCH, EPOCH),
        entities=(Entity("e1", BOB, "PERSON", verdict=Verdict.ACCEPTED),),
        unknown=unknown,
    )


def found(*spans: Span) -> Doc:
    doc = english()(TEXT)
    doc.set_ents([doc.char_span(one.start, one.end, "PERSON") for one in spans])
    return doc


def test_items_in_unknown_spans_are_neither_right_nor_wrong() -> None:
    pair = (gold_of(record(ADA)), found(BOB, ADA, CY))
    figures = entity_figures([pair])
    assert (figures["gold"], figures["found"], figures["precision"]) == (1, 2, 0.5)


def test_items_inside_unknown_spans_are_known() -> None:
    pair = (gold_of(record(*everything(TEXT))), found(BOB, ADA))
    figures = entity_figures([pair])
    assert (figures["found"], figures["precision"], figures["recall"]) == (1, 1.0, 1.0)


def test_missing_tokens_of_a_docbin_are_unknown_too() -> None:
    gold = found(BOB)
    gold.set_ents(list(gold.ents), missing=[gold[2:3]], default="outside")
    figures = entity_figures([(_of_doc(gold), found(BOB, ADA))])
    assert (figures["found"], figures["precision"]) == (1, 1.0)


def test_nothing_is_learnt_from_unknown_spans(tmp_path: Path) -> None:
    open_ = Entity("e2", Span(8, 15), "ORG")
    mixed = replace(record(ADA, Span(13, 19)), entities=(*record().entities, open_))
    (tmp_path / "a.jsonl").write_bytes(line_of(mixed))
    (doc,) = record_docs(tmp_path / "a.jsonl", english())
    tags = [(token.text, token.ent_iob_) for token in doc]
    assert tags == [
        ("Bob", "B"),
        ("saw", "O"),
        ("Ada", ""),
        (".", ""),
        ("Cy", ""),
        ("met", ""),
        ("Dee", "O"),
        (".", "O"),
    ]


@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(1, 9)), max_size=4),
    st.lists(st.tuples(st.integers(0, 30), st.integers(1, 9)), max_size=4),
)
def test_only_unknown_words_are_left(
    unknown: list[tuple[int, int]], known: list[tuple[int, int]]
) -> None:
    def letters(spans: list[Span] | tuple[Span, ...]) -> set[int]:
        return {n for one in spans for n in range(one.start, one.end)}

    lost = [Span(start, start + size) for start, size in unknown]
    there = [Span(start, start + size) for start, size in known]
    assert letters(apart_from(lost, there)) == letters(lost) - letters(there)
