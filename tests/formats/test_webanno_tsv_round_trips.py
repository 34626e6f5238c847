"""What a writer of WebAnno TSV made of our items comes back; damage never stops reading."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from annotator.core.annotations import Claim, Entity, Junk, JunkKind, Stance, Verdict
from annotator.core.article import Span
from annotator.core.claim_ties import Relation, Tie
from annotator.core.record import Record
from annotator.formats.marks.shown_marks import MarkedText, MarkKind, SpanMark, shown
from tests.helpers.examples import examples
from tests.helpers.formats import read_back, records_of
from tests.helpers.items import record_of
from tests.helpers.record_strategies import HARD_RECORDS
from tests.helpers.webanno_lines import FORM
from tests.helpers.webanno_tsv import fits, tsv_of, tsv_of_marks

SCHEMA = Path(__file__).parents[2] / "schema" / "record.schema.json"


TEXT = "👍 Ada Low said Bo would [call]; “No,” she said.\nShare_this | *"


def span(words: str) -> Span:
    return Span(TEXT.index(words), TEXT.index(words) + len(words))


ADA = Entity("e1", span("Ada Low"), "PER|_*->[1]", "id\\;x", verdict=Verdict.ACCEPTED)


SAYS = Claim(
    "c1",
    (span("Bo"), span("would [call]")),
    (span("said"),),
    (ADA.span,),
    stance=Stance.PREDICTS,
    check_worthy=False,
    source_entity="e1",
    verdict=Verdict.ACCEPTED,
)


NO = Claim("c2", (span("“No,”"),), (Span(43, 47),), (span("she"),), verdict=Verdict.ACCEPTED)


LINE = Junk("j1", span("Share_this | *"), JunkKind.SHARE_BAR, verdict=Verdict.ACCEPTED)


def test_claims_of_our_layers_come_back_with_all_they_say() -> None:
    whole = record_of(TEXT, ADA, SAYS, NO, LINE)
    against = Tie("c1", Relation.CONTRADICTS, whole.article.id, "c2")
    found = read_back(FORM, tsv_of(replace(whole, ties=(against,))), means=lambda _: True)
    (one,) = found
    assert isinstance(one, Record)
    assert one.article.text == TEXT
    assert [(e.span, e.label, e.identity) for e in one.entities] == [
        (ADA.span, ADA.label, ADA.identity)
    ]
    first, second = one.claims
    assert (first.content, first.cue, first.source) == (SAYS.content, SAYS.cue, SAYS.source)
    assert (first.stance, first.check_worthy) == (Stance.PREDICTS, False)
    assert first.source_entity == one.entities[0].id
    assert (second.content, second.cue, second.source) == (NO.content, NO.cue, NO.source)
    assert [(j.span, j.kind) for j in one.junk] == [(LINE.span, LINE.kind)]
    assert [(tie.claim, tie.relation, tie.other) for tie in one.ties] == [
        (first.id, Relation.CONTRADICTS, second.id)
    ]


def assert_comes_back(told: MarkedText) -> None:
    """Entities and junk lines come back from a file with these marks."""
    (one,) = read_back(FORM, tsv_of_marks(told), means=lambda _: True)
    assert isinstance(one, Record)
    assert one.article.text == told.text
    assert sorted((m.start, m.end, m.label) for m in told.marks) == sorted(
        [(e.span.start, e.span.end, e.label) for e in one.entities]
        + [(j.span.start, j.span.end, j.kind.value) for j in one.junk]
    )


@pytest.mark.parametrize("one", HARD_RECORDS, ids=range(len(HARD_RECORDS)))
def test_entities_and_junk_of_hard_records_come_back(one: Record) -> None:
    told = shown(replace(one, claims=(), ties=()))
    text = one.article.text
    if text.strip() and "\r" not in text:
        marks = tuple(mark for mark in told.marks if fits(mark, text))
        assert_comes_back(replace(told, marks=marks))


LETTERS = st.sampled_from([*"aB.’é👍𝒜\\|_[]*;#", "->", " ", "  ", "\n", "\n\n", "\t", "\x01"])


@examples(40)
@given(data=st.data(), letters=st.lists(LETTERS, min_size=1, max_size=30))
def test_any_text_with_entities_comes_back(data: st.DataObject, letters: list[str]) -> None:
    text = "".join(letters)
    at = st.integers(0, len(text))
    pairs = data.draw(
        st.lists(st.tuples(at, at, st.sampled_from(["PER", "*", "a|_;"])), max_size=5)
    )
    marks = [
        SpanMark(f"m{n}", MarkKind.ENTITY, label, min(one, other), max(one, other))
        for n, (one, other, label) in enumerate(pairs)
    ]
    if text.strip():
        told = MarkedText(text, tuple(mark for mark in marks if fits(mark, text)))
        assert_comes_back(told)


# Files that are none


WHOLE = tsv_of(record_of(TEXT, ADA, SAYS, NO, LINE)).splitlines(keepends=True)


VALIDATOR = Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


ODD = st.sampled_from(
    [
        *(
            "",
            "_",
            "*",
            "x[1]",
            "1-1",
            "1-1[1_2]",
            "a;b|c",
            "\\",
            "[",
            "*->1-1",
            "9-9",
            "0-3",
            "3-0",
        ),
        *("1-1.1", "#Text=x\n", "#T_SP=a|b\n", "\t", "\r", "\n", "\0", "[99999999999]", "\ud83d"),
    ]
)


@examples(60)
@given(seed=st.integers(0, 2**32), odd=st.lists(ODD, min_size=1, max_size=3))
def test_a_damaged_file_never_stops_reading(seed: int, odd: list[str]) -> None:
    draw, lines = random.Random(seed), list(WHOLE)
    for word in odd:
        place = draw.randrange(len(lines))
        cells = lines[place].split("\t")
        cells[draw.randrange(len(cells))] = word
        change = draw.randrange(3)
        lines[place] = "\t".join(cells) if change else ""
        if change == 2:
            lines.insert(draw.randrange(len(lines)), lines[place])
    content = "".join(lines).encode("utf-8", "surrogatepass")[: draw.choice((None, 400))]
    for record in records_of(read_back(FORM, content)):
        line = record.to_dict()
        faults = [one for one in VALIDATOR.iter_errors(line) if "label" not in one.path]
        assert [one.message for one in faults] == []


@given(content=st.binary(max_size=60) | st.text("#FORMATex=WebAnno TSV3.\t\n1-|\\").map(str.encode))
def test_arbitrary_bytes_never_stop_reading(content: bytes) -> None:
    assert records_of(read_back(FORM, content)) == []
