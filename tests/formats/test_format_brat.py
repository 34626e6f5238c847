"""brat's standoff files: output, and round trips."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from annotator.core.annotations import Claim, Entity, Junk, JunkKind, SourceKind, Verdict
from annotator.core.article import Span
from annotator.core.decisions import Answer
from annotator.core.record import Record, ReviewFacts
from annotator.formats.base import Losses
from annotator.formats.brat import brat_names, brat_out
from annotator.formats.iob import is_reviewed
from annotator.formats.jsonl import records_in
from tests.helpers.items import record_of, span
from tests.helpers.record_strategies import HARD_RECORDS, many_claims, records

SEEDS = Path(__file__).parents[2] / "seeds" / "gold"
TEXT = "Ada Low said on Monday that the bridge, she had heard, was open.\nRead more"


def at(words: str, text: str = TEXT) -> Span:
    return span(text, words)


def record(*items: Entity | Claim | Junk, text: str = TEXT) -> Record:
    return record_of(text, *items)


def entity(words: str, label: str, text: str = TEXT, identity: str | None = None) -> Entity:
    return Entity(words, at(words, text), label, identity, verdict=Verdict.ADDED)


CLAIM = Claim(
    "c",
    (at("the bridge"), at("was open")),
    (at("said"),),
    (at("Ada Low"),),
    verdict=Verdict.ACCEPTED,
)


def lines_of(one: Record) -> list[str]:
    """The lines of the record's file; none if it is left out."""
    with tempfile.TemporaryDirectory() as folder:
        if not brat_out.write([one], Path(folder), Losses()):
            return []
        return (Path(folder) / f"{one.article.id}.ann").read_bytes().decode().split("\n")[:-1]


def check_there_and_back(one: Record) -> None:
    expected = brat_out.expected(one)
    with tempfile.TemporaryDirectory() as folder:
        brat_out.write([one], Path(folder), Losses())
        assert list(brat_out.FORMAT.read(Path(folder))) == ([expected] if expected else [])


def read_as(one: Record) -> Record:
    """What is read back of a record that is not left out."""
    expected = brat_out.expected(one)
    assert expected is not None
    return expected


@given(records())
def test_reading_back_gives_the_expected_record(one: Record) -> None:
    check_there_and_back(one)


@pytest.mark.parametrize("one", HARD_RECORDS, ids=lambda one: one.article.text[:12])
def test_hard_records_survive_a_round_trip(one: Record) -> None:
    check_there_and_back(one)


@given(records())
def test_losses_are_exactly_the_differences(one: Record) -> None:
    losses = Losses()
    with tempfile.TemporaryDirectory() as folder:
        brat_out.write([one], Path(folder), losses)
    assert bool(losses) == (brat_out.expected(one) != one)


@given(records().filter(is_reviewed))
def test_decided_items_keep_their_text_and_label(one: Record) -> None:
    text, back = one.article.text, read_as(one)
    decided = [e for e in one.entities if e.verdict is not Verdict.PENDING]
    assert sorted((e.label, e.span.of(back.article.text).strip()) for e in back.entities) == (
        sorted((e.label, e.span.of(text).strip()) for e in decided)
    )


@given(records().filter(is_reviewed))
def test_every_annotation_quotes_its_text_fragment_by_fragment(one: Record) -> None:
    text = read_as(one).article.text
    for line in lines_of(one):
        if line.startswith("T"):
            _, places, words = line.split("\t", 2)
            spans = [tuple(map(int, at.split())) for at in places.split(" ", 1)[1].split(";")]
            assert " ".join(text[start:end] for start, end in spans) == words
            assert all(before[1] < after[0] for before, after in pairwise(spans))


@given(records())
def test_no_line_contains_a_line_end_of_brat(one: Record) -> None:
    lines = lines_of(one)
    assert "\n".join(lines).splitlines() == lines


LINE_ENDS = "\n\v\f\x1c\x1d\x1e\x85\u2028\u2029"


@pytest.mark.parametrize("end", LINE_ENDS, ids=lambda end: f"U+{ord(end):04X}")
def test_any_line_end_splits_an_entity_into_fragments(end: str) -> None:
    text = f"the Port{end}Ellis Council"
    one = record(entity(f"Port{end}Ellis", "ORG", text), text=text)
    assert lines_of(one) == ["T1\tORG 4 8;9 14\tPort Ellis"]
    assert read_as(one).entities[0].span == Span(4, 14)
    check_there_and_back(one)


def test_a_wrapped_piece_of_a_claim_stays_one_piece() -> None:
    text = "Ada Low said the bridge\u2028was open."
    one = record(replace(CLAIM, content=(at("the bridge\u2028was open", text),)), text=text)
    assert "T3\tContent 13 23;24 32\tthe bridge was open" in lines_of(one)
    assert read_as(one).claims[0].content == (Span(13, 32),)
    check_there_and_back(one)


def test_every_line_has_brats_documented_form() -> None:
    one = record(
        replace(entity("Ada Low", "PERSON", identity="ada low"), note="mayor"),
        replace(CLAIM, source_entity="Ada Low", check_worthy=True),
        Junk("j", at("Read more"), JunkKind.RELATED_LINK, verdict=Verdict.ACCEPTED),
    )
    assert lines_of(one) == [
        "T1\tPERSON 0 7\tAda Low",
        "N1\tReference T1 identity:ada%20low\tAda Low",
        "#1\tAnnotatorNotes T1\tmayor",
        "T2\tJunk 65 74\tRead more",
        "A1\tJunkKind T2 related-link",
        "T3\tSource 0 7\tAda Low",
        "T4\tCue 8 12\tsaid",
        "T5\tContent 28 38;55 63\tthe bridge was open",
        "T6\tAttribution 8 12\tsaid",
        "E1\tAttribution:T6 Content:T5 Cue:T4 Source:T3",
        "A2\tQuotation E1 indirect",
        "A3\tSourceKind E1 unspecified",
        "A4\tStance E1 asserts",
        "A5\tCheckWorthy E1 yes",
        "R1\tSourceEntity Arg1:E1 Arg2:T1",
    ]


def test_the_documented_example_is_the_actual_output() -> None:
    page = (Path(__file__).parents[2] / "docs" / "formats.md").read_text(encoding="utf-8")
    example = page.split("## `brat`")[1].split("```")[1].strip("\n")
    one = record(
        replace(entity("Ada Low", "PERSON", identity="ada-low"), note="the mayor"),
        replace(CLAIM, source_entity="Ada Low", source_kind=SourceKind.NAMED),
    )
    assert "\n".join(lines_of(one)) == example


def test_without_a_cue_the_first_piece_of_the_content_is_the_trigger() -> None:
    lines = lines_of(record(replace(CLAIM, cue=(), source=())))
    assert lines[1:3] == ["T2\tAttribution 28 38\tthe bridge", "E1\tAttribution:T2 Content:T1"]


def test_adjacent_pieces_are_one_fragment_and_reported_as_a_loss(tmp_path: Path) -> None:
    losses = Losses(keep=True)
    one = record(replace(CLAIM, content=(at("the "), at("bridge"))))
    brat_out.write([one], tmp_path, losses)
    assert "Content 28 38\tthe bridge\n" in (tmp_path / f"{one.article.id}.ann").read_text()
    assert [loss.item for loss in losses.each if loss.kind.startswith("pieces that touch")] == ["c"]


def test_a_span_over_a_line_end_is_split_there_and_joined_again() -> None:
    text = "Port\nEllis lies north."
    one = record(entity("Port\nEllis", "GPE", text), text=text)
    assert lines_of(one) == ["T1\tGPE 0 4;5 10\tPort Ellis"]
    assert read_as(one).entities[0].span == Span(0, 10)


@pytest.mark.parametrize(
    ("label", "written"),
    [
        ("WORK_OF_ART", "WORK_OF_ART"),
        ("work of art", "work_x20_of_x20_art"),
        ("Cue", "_x43_ue"),
        ("a_x20_b", "a_x5f_x20_b"),
        ("Ünit", "_xdc_nit"),
    ],
)
def test_labels_survive_as_types_of_brat(label: str, written: str) -> None:
    assert brat_names.to_type(label) == written
    assert brat_names.from_type(written) == label


@pytest.mark.parametrize(
    ("changed", "kind"),
    [
        ({"review": ReviewFacts()}, "unreviewed article"),
        ({"answer": Answer.SKIP}, "article put aside"),
        ({"answer": Answer.UNUSABLE}, "article put aside"),
    ],
)
def test_unreviewed_articles_are_left_out_and_counted(
    tmp_path: Path, changed: dict[str, Any], kind: str
) -> None:
    losses = Losses()
    assert brat_out.write([replace(record(), **changed), record()], tmp_path, losses) == 1
    assert losses.counts[kind] == 1
    assert len(list(tmp_path.glob("*.ann"))) == 1


def test_reviews_of_one_text_have_separate_files(tmp_path: Path) -> None:
    one = record(entity("Ada Low", "PERSON"))
    assert brat_out.write([one, replace(one, entities=())], tmp_path, Losses()) == 2
    assert {path.name for path in tmp_path.glob("*.ann")} == {
        f"{one.article.id}.ann",
        f"{one.article.id}-2.ann",
    }
    assert [
        len(each.entities) for each in brat_out.FORMAT.read(tmp_path) if isinstance(each, Record)
    ] == [
        0,
        1,
    ]


def test_the_configuration_names_all_labels(tmp_path: Path) -> None:
    brat_out.write([record(entity("Ada Low", "PERSON"))], tmp_path, Losses(), labels=("GPE", "ORG"))
    settings = (tmp_path / "annotation.conf").read_text()
    assert settings.startswith("[entities]\nGPE\nORG\nPERSON\nSource\nCue\nContent\nJunk\n")
    assert "Attribution\tContent+:Content, Cue*:Cue, Source*:Source\n" in settings
    assert (tmp_path / "visual.conf").exists()
    assert "splitter:newline" in (tmp_path / "tools.conf").read_text()


def test_seeds_and_a_text_with_many_claims_survive_a_round_trip(tmp_path: Path) -> None:
    gold = [one for path in sorted(SEEDS.glob("*.jsonl")) for one in records_in(path)]
    gold = sorted([*gold, many_claims()], key=lambda one: one.article.id)
    brat_out.write(gold, tmp_path, Losses())
    found = list(brat_out.FORMAT.read(tmp_path))
    assert found == [brat_out.expected(one) for one in gold]
    assert [len(one.claims) for one in found if isinstance(one, Record)] == [
        len(one.claims) for one in gold
    ]


@pytest.mark.parametrize("one", HARD_RECORDS[:2], ids=["pile", "joined"])
def test_offsets_after_emoji_are_code_points(one: Record) -> None:
    (line,) = lines_of(one)
    (found,) = one.entities
    assert f" {found.span.start} {found.span.end}\t" in line
    assert line.endswith(("\tannotation", "\tfiretrucks"))
