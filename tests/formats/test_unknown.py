"""Unknown spans of a record: in its line, in the log of its review, in every format."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.annotations import Entity, Tier, Verdict
from annotator.core.article import Article, Span
from annotator.core.decisions import (
    Answer,
    Change,
    DecisionGroup,
    accept,
    add,
    finish,
    reject,
    reopen,
    to_decisions,
)
from annotator.core.record import Record, ReviewFacts, SchemeId, record_from_dict
from annotator.core.records.codec import outcome_from_dict, outcome_to_dict
from annotator.core.records.record_to_decisions import review_steps
from annotator.core.records.unknown import apart_from, everything, stretches
from annotator.core.review import Review
from annotator.errors import RecordError
from annotator.formats import docbin, docbin_docs, hf, offsets, spreadsheet
from annotator.formats.base import Format, Losses
from annotator.formats.conll import conll_out
from annotator.formats.label_studio import label_studio_out
from annotator.formats.prodigy import prodigy_out
from tests.helpers.english import english
from tests.helpers.examples import examples
from tests.helpers.formats import read_back, records_of, written
from tests.helpers.record_strategies import records
from tests.helpers.strategies import EPOCH, spans, texts

TEXT = "Bob saw Ada.\nCy met Dee in Oslo."
SCHEME = SchemeId("news", "1")
BOB, OSLO = Span(0, 3), Span(27, 31)


def _record(unknown: tuple[Span, ...], *found: Span) -> Record:
    return Record(
        Article(TEXT),
        SCHEME,
        review=ReviewFacts("ada", "import", EPOCH, EPOCH),
        entities=tuple(
            Entity(f"e{n}", span, "PERSON", verdict=Verdict.ACCEPTED)
            for n, span in enumerate(found, 1)
        ),
        unknown=unknown,
    )


def _review(record: Record) -> Review:
    steps = review_steps(record)
    ids = (f"d{n}" for n in range(1, 99))
    decisions = to_decisions(
        (*steps.changes, steps.finish),
        DecisionGroup(
            id="g",
            article=record.article.id,
            reviewer="ada",
            at=EPOCH,
            first_seq=1,
        ),
        ids=ids,
    )
    return Review.of(record.article.id, "ada", steps.suggestions, decisions)


def _more(review: Review, *changes: Change, group: str) -> Review:
    made = to_decisions(
        changes,
        DecisionGroup(
            id=group,
            article=review.article,
            reviewer="ada",
            at=EPOCH,
            first_seq=review.next_seq,
        ),
        ids=(f"{group}{n}" for n in range(9)),
    )
    return review.decide(*made)


def _some(change: Change | None) -> Change:
    assert change is not None
    return change


# The record


def test_a_record_without_unknown_spans_has_unchanged_bytes() -> None:
    assert "unknown" not in _record((), BOB).to_dict()


@examples(15)
@given(records())
def test_unknown_spans_survive_a_round_trip(record: Record) -> None:
    assert record_from_dict(record.to_dict()).unknown == record.unknown


@given(texts.flatmap(lambda text: st.tuples(st.just(text), st.lists(spans(text)))))
def test_unknown_spans_cover_exactly_the_given_ones(
    given: tuple[str, list[Span]],
) -> None:
    text, found = given
    held = stretches(found, text)
    covered = {n for span in held for n in range(span.start, span.end)}
    asked = {n for span in found for n in range(span.start, span.end)}
    assert covered <= asked
    assert all(text[n].isspace() for n in asked - covered)
    assert all(one.end < other.start for one, other in pairwise(held))


@pytest.mark.parametrize(
    "rows",
    [
        [{"start": 0, "end": 3, "text": "Bib"}],
        [{"start": 0, "end": 99, "text": TEXT}],
        [{"start": 3, "end": 3, "text": ""}],
        [{"start": True, "end": 3, "text": "ob"}],
        [{"start": 3, "end": 4, "text": " "}],
        [{"start": 4, "end": 7, "text": "saw"}, {"start": 0, "end": 3, "text": "Bob"}],
        [{"start": 0, "end": 3, "text": "Bob"}, {"start": 2, "end": 5, "text": "b s"}],
        ["Bob"],
        {"start": 0},
    ],
)
def test_an_invalid_unknown_span_is_named(rows: object) -> None:
    with pytest.raises(RecordError, match="unknown"):
        record_from_dict({**_record((), BOB).to_dict(), "unknown": rows})


# The review


@examples(15)
@given(records().filter(lambda record: record.answer is Answer.ACCEPT))
def test_a_review_of_a_record_keeps_its_unknown_spans(record: Record) -> None:
    review = _review(record)
    assert review.unknown == record.unknown
    again = Record.of(record.article, review, scheme=SCHEME, pipeline=None)
    assert again.unknown == record.unknown


@examples(15)
@given(records().filter(lambda record: record.answer is Answer.ACCEPT))
def test_unknown_spans_are_in_the_log(record: Record) -> None:
    finished = _review(record).decisions[-1].after
    plain = outcome_to_dict(finished, record.article.text)
    assert plain is not None
    assert ("unknown" in plain) == bool(record.unknown)
    assert outcome_from_dict(plain) == finished


def test_finishing_a_reopened_review_leaves_nothing_unknown() -> None:
    review = _review(_record((BOB,), OSLO))
    opened = _more(review, reopen(), group="r")
    assert opened.unknown == ()
    assert _more(opened, finish(), group="f").unknown == ()


def test_undo_restores_unknown_spans() -> None:
    review = _review(_record((BOB,), OSLO))
    opened = _more(review, reopen(), group="r")
    back = _more(opened, _some(opened.undo()), group="u")
    assert back.unknown == (BOB,)
    unfinished = _more(back, _some(back.undo()), group="v")
    assert unfinished.unknown == ()
    assert _more(unfinished, _some(unfinished.redo()), group="w").unknown == (BOB,)


# Folded entities


def _folded(*changes: Change, shown: bool = False) -> Record:
    """The record of a finished review with folded suggestions: Ada, and a name around Oslo."""
    bob = Entity("b", BOB, "PERSON")
    folded = [
        Entity(name, span, "ORG", tier=Tier.B)
        for name, span in (("a", Span(8, 11)), ("o", Span(24, 31)))
    ]
    article = Article(TEXT)
    review = Review.of(article.id, "ada", [bob, *folded])
    review = _more(review, accept(bob), *changes, finish(showed_low_confidence=shown), group="g")
    return Record.of(article, review, scheme=SCHEME, pipeline=None)


def test_words_that_stayed_folded_are_unknown() -> None:
    record = _folded()
    assert record.unknown == (Span(8, 11), Span(24, 31))
    assert [one.span for one in record.entities] == [BOB]
    assert record_from_dict(record.to_dict()).unknown == record.unknown


def test_words_that_were_shown_or_decided_are_known() -> None:
    assert _folded(shown=True).unknown == ()
    ada = Entity("a", Span(8, 11), "ORG", tier=Tier.B)
    assert _folded(reject(ada)).unknown == (Span(24, 31),)
    assert _folded(accept(ada)).unknown == (Span(24, 31),)
    oslo = Entity("n", OSLO, "GPE")
    assert _folded(add(oslo)).unknown == (Span(8, 11), Span(24, 27))


def test_words_that_stayed_folded_are_never_outside() -> None:
    added = add(Entity("n", OSLO, "GPE"))
    content, losses = written(conll_out.FORMAT, [_folded(reject(Entity("o", OSLO, "ORG")))])
    words = [line.split()[0] for line in content.decode().splitlines() if line.strip()]
    assert words == ["-DOCSTART-", "Cy", "met", "Dee", "in", "Oslo", "."]
    assert losses.counts["sentence that is not decided throughout"] == 1
    doc = docbin_docs.doc_of(_folded(added), english())
    missing = [token.text for token in doc if token.ent_iob == 0 and not token.is_space]
    assert missing == ["Ada", "in"]
    assert [ent.text for ent in doc.ents] == ["Bob", "Oslo"]


@given(st.lists(spans(TEXT), max_size=6), st.lists(spans(TEXT), max_size=6))
def test_unknown_spans_lose_exactly_the_known_characters(
    unknown: list[Span], known: list[Span]
) -> None:
    left = apart_from(unknown, known)
    assert _characters(left) == _characters(unknown) - _characters(known)


def _characters(some: Iterable[Span]) -> set[int]:
    return {at for one in some for at in range(one.start, one.end)}


# The formats


def test_conll_leaves_out_sentences_with_unknown_spans() -> None:
    content, losses = written(conll_out.FORMAT, [_record((Span(8, 11),), BOB, OSLO)])
    words = [line.split()[0] for line in content.decode().splitlines() if line.strip()]
    assert words == ["-DOCSTART-", "Cy", "met", "Dee", "in", "Oslo", "."]
    assert losses.counts["sentence that is not decided throughout"] == 1


def test_conll_leaves_out_an_article_that_is_all_unknown() -> None:
    content, losses = written(conll_out.FORMAT, [_record(everything(TEXT), BOB)])
    assert content == b""
    assert losses.counts["article without a sentence that is decided throughout"] == 1


def test_unknown_words_are_missing_tokens_in_spacys_format() -> None:
    doc = docbin_docs.doc_of(_record((Span(8, 11), Span(16, 23)), BOB), english())
    missing = [token.text for token in doc if token.ent_iob == 0 and not token.is_space]
    assert missing == ["Ada", "met", "Dee"]


def test_an_item_inside_an_unknown_span_is_known() -> None:
    doc = docbin_docs.doc_of(_record(everything(TEXT), BOB), english())
    assert [ent.text for ent in doc.ents] == ["Bob"]
    assert all(token.ent_iob == 0 for token in doc[1:])


def test_missing_tokens_of_other_docbins_are_unknown() -> None:
    from spacy.tokens import DocBin

    doc = english()(TEXT)
    doc.set_ents([doc.char_span(0, 3, "PERSON")], missing=[doc[2:3], doc[5:7]], default="outside")
    packed = DocBin(store_user_data=True)
    packed.add(doc)
    (back,) = records_of(read_back(docbin.FORMAT, packed.to_bytes()))
    assert [span.of(TEXT) for span in back.unknown] == ["Ada", "Cy met"]


def test_unknown_words_have_the_ignored_tag_in_hf() -> None:
    classes = hf._Classes(["PERSON"])
    row = hf._row(_record((Span(8, 11),), BOB), classes)
    tags = dict(zip(row["tokens"], row["ner_tags"], strict=True))
    assert tags["Ada"] == hf.UNKNOWN
    assert tags["Bob"] == classes.number("B-PERSON")
    assert tags["saw"] == classes.number("O")


@pytest.mark.parametrize("form", [prodigy_out.FORMAT, label_studio_out.FORMAT])
def test_formats_with_our_part_restore_and_count_unknown_spans(form: Format) -> None:
    record = _record((Span(8, 11), Span(16, 23)), BOB)
    content, losses = written(form, [record])
    (back,) = records_of(read_back(form, content))
    assert back.unknown == record.unknown
    assert losses.counts["stretch that nobody decided on"] == 2


@pytest.mark.parametrize("form", [offsets.FORMAT, spreadsheet.FORMAT])
def test_other_formats_count_unknown_spans_as_lost(form: Format) -> None:
    _, losses = written(form, [_record((Span(8, 11), Span(16, 23)), BOB)])
    assert losses.counts["stretch that nobody decided on"] == 2


def test_brat_counts_unknown_spans_as_lost(tmp_path: Path) -> None:
    from annotator.formats.brat import brat_out

    losses = Losses()
    brat_out.write([_record((Span(8, 11),), BOB)], tmp_path, losses)
    assert losses.counts["stretch that nobody decided on"] == 1


def test_an_answer_in_prodigy_makes_the_text_known() -> None:
    import json

    content, _ = written(prodigy_out.FORMAT, [_record((Span(8, 11),), BOB)])
    lines = [json.loads(line) for line in content.splitlines()]
    answered = [{**line, "_annotator_id": "bo", "_timestamp": 2_000_000_000} for line in lines]
    (back,) = records_of(read_back(prodigy_out.FORMAT, "\n".join(map(json.dumps, answered))))
    assert back.unknown == ()


def test_a_skipped_article_has_no_unknown_spans() -> None:
    record = replace(_record((BOB,)), answer=Answer.SKIP, entities=())
    again = Record.of(record.article, _review(record), scheme=SCHEME, pipeline=None)
    assert again.unknown == ()
