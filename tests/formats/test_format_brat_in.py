"""brat's standoff files by other programs: attribution corpora, and invalid content."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator.core.annotations import Quotation
from annotator.core.article import Span
from annotator.core.record import Record
from annotator.errors import RecordError
from annotator.formats.base import ReadOptions, Refused
from annotator.formats.brat import brat_out
from tests.helpers.brat_files import read_pair, refused, the_record

SAID = "“It is open,” Ada Low said. “And wide.”"


def attribution(folder: Path, *more: str) -> Record:
    """As attribution corpora write it, two contents and no attributes among them."""
    return the_record(
        read_pair(
            folder,
            SAID,
            "T1\tSource 14 21\tAda Low",
            "T2\tCue 22 26\tsaid",
            "T3\tContent 0 13\t“It is open,”",
            "T4\tAttribution 22 26\tsaid",
            "T5\tContent 28 39\t“And wide.”",
            "E1\tAttribution:T4 Content:T3 Cue:T2 Source:T1 Content2:T5",
            *more,
        )
    )


def test_an_attribution_is_a_claim_with_all_its_contents(tmp_path: Path) -> None:
    (found,) = attribution(tmp_path).claims
    assert [span.of(SAID) for span in found.content] == ["“It is open,”", "“And wide.”"]
    assert [span.of(SAID) for span in (*found.cue, *found.source)] == ["said", "Ada Low"]


def test_missing_attributes_are_derived_from_the_words(tmp_path: Path) -> None:
    assert attribution(tmp_path).claims[0].quotation is Quotation.DIRECT


def test_given_attributes_are_kept(tmp_path: Path) -> None:
    (found,) = attribution(tmp_path, "A1\tQuotation E1 mixed").claims
    assert found.quotation is Quotation.MIXED


def test_fragments_become_pieces_in_text_order(tmp_path: Path) -> None:
    found = the_record(
        read_pair(
            tmp_path,
            SAID,
            "T1\tContent 28 39;0 13\t“And wide.” “It is open,”",
            "T2\tAttribution 22 26\tsaid",
            "E1\tAttribution:T2 Content:T1",
        )
    )
    assert found.claims[0].content == (Span(0, 13), Span(28, 39))


def test_an_entity_that_is_a_source_is_linked(tmp_path: Path) -> None:
    found = the_record(
        read_pair(
            tmp_path,
            SAID,
            "T1\tPERSON 14 21\tAda Low",
            "T2\tContent 0 13\t“It is open,”",
            "T3\tAttribution 22 26\tsaid",
            "E1\tAttribution:T3 Content:T2 Source:T1",
        )
    )
    assert found.claims[0].source_entity == "T1"
    assert found.entities[0].label == "PERSON"


def test_a_corpus_with_its_texts_in_another_folder_is_read_by_annotator(tmp_path: Path) -> None:
    for folder in ("text", "attributions"):
        (tmp_path / folder).mkdir()
    (tmp_path / "text" / "paper_1.txt").write_text(SAID, encoding="utf-8")
    for who, cue in (("ab12", "said"), ("cd34", "Ada Low said")):
        start = SAID.index(cue)
        (tmp_path / "attributions" / f"paper_1_{who}.ann").write_text(
            f"T1\tContent 0 13\t“It is open,”\nT2\tCue {start} 26\t{cue}\n"
            f"T3\tAttribution {start} 26\t{cue}\nE1\tAttribution:T3 Content:T1 Cue:T2\n",
            encoding="utf-8",
        )
    found = [one for one in brat_out.FORMAT.read(tmp_path) if isinstance(one, Record)]
    assert [(one.review.reviewer, one.article.origin.name) for one in found] == [
        ("ab12", "paper_1.txt"),
        ("cd34", "paper_1.txt"),
    ]


def test_line_ends_of_other_systems_become_ours_and_offsets_follow(tmp_path: Path) -> None:
    found = the_record(read_pair(tmp_path, "One\r\ntwo Ada", "T1\tPERSON 9 12\tAda\r"))
    assert found.article.text == "One\ntwo Ada"
    assert found.entities[0].span.of(found.article.text) == "Ada"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("T9\tGPE 0 4\tPort", "[0, 4) reads '“It ' in the text, not 'Port'"),
        ("T9\tGPE 36 99\twide", "[36, 99) is not a range of its 39 code points"),
        ("T9\tGPE 4 4\t", "[4, 4) is not a range of its 39 code points"),
        ("T9\tGPE 0,4\tPort", "missing type or offsets: 'GPE 0,4'"),
        ("T9\tGPE 4 6;14 17\tis Ada", "T9 (GPE) is discontinuous, which only claims may be"),
        ("T9\tCue 22 26\tsaid", "[22, 26): a cue without content"),
        ("T9\tJunk 0 13\t“It is open,”", "T9 has no JunkKind"),
        ("T1\tGPE 0 4\t“It ", "T1 occurs twice"),
        ("E9\tAttribution:T4 Content:T77", "E9 refers to T77, which is missing or not imported"),
        ("E9\tAttribution:T4 Cue:T2", "a claim needs content"),
        ("E9\tAttribution:T4 Content:T3 Topic:T5", "E9 has the role Topic, which is not"),
        ("E9\tMerger:T4 Who:T1", "events of the type Merger are not imported"),
        ("E9\tAttribution", "not an event: 'Attribution'"),
        ("R9\tFamily Arg1:T1 Arg2:T2", "it refers to T1, which is missing or not imported"),
        ("R9\tFamily Arg1:E1 Arg2:T2", "Family is not imported"),
        ("R9\tSourceEntity Arg1:E1 Arg2:T2", "T2 is not an entity"),
        ("A9\tNegation E1", "Negation is not imported"),
        ("A9\tQuotation E1 oblique", "'oblique' is not one of indirect, direct, mixed"),
        ("A9\tQuotation", "it refers to no annotation: 'Quotation'"),
        ("A9", "it refers to no annotation: ''"),
        ("#9\t\ta note", "it refers to no annotation"),
        ("*\tEquiv T1 T2", "equivalence sets (*) are not imported"),
        ("what is this", "not a brat line: 'what is this'"),
    ],
)
def test_invalid_lines_are_refused_and_the_rest_is_read(
    tmp_path: Path, line: str, reason: str
) -> None:
    lines = [
        "T1\tSource 14 21\tAda Low",
        "T2\tCue 22 26\tsaid",
        "T3\tContent 0 13\t“It is open,”",
        "T4\tAttribution 22 26\tsaid",
        "T5\tContent 28 39\t“And wide.”",
        "E1\tAttribution:T4 Content:T3 Content2:T5 Cue:T2 Source:T1",
    ]
    found = read_pair(tmp_path, SAID, *lines, line)
    ((number, why),) = refused(found)
    assert (number, why[: len(reason)]) == (7, reason)
    assert len(the_record(found).claims) == 1


def test_texts_and_annotations_without_one_another_are_refused(tmp_path: Path) -> None:
    (tmp_path / "lonely.ann").write_text("")
    (tmp_path / "silent.txt").write_text("Words.")
    kind = "text without annotations, or annotations without text"
    assert list(brat_out.FORMAT.read(tmp_path)) == [
        Refused("lonely.ann", None, "there is no .txt file with its text", kind=kind),
        Refused("silent.txt", None, "there is no .ann file for it", kind=kind),
    ]


def test_hidden_files_are_ignored(tmp_path: Path) -> None:
    (tmp_path / ".notes.txt").write_text("Words.")
    assert refused(read_pair(tmp_path, "Ada", "T1\tPERSON 0 3\tAda")) == []


def test_a_pair_is_read_by_the_name_of_either_file(tmp_path: Path) -> None:
    read_pair(tmp_path, "Ada", "T1\tPERSON 0 3\tAda")
    assert list(brat_out.FORMAT.read(tmp_path / "a.ann")) == list(
        brat_out.FORMAT.read(tmp_path / "a.txt")
    )
    assert the_record(list(brat_out.FORMAT.read(tmp_path / "a.ann"))).entities[0].label == "PERSON"


def test_a_byte_order_mark_before_the_first_annotation_is_ignored(tmp_path: Path) -> None:
    found = read_pair(tmp_path, "Ada", "\ufeffT1\tPERSON 0 3\tAda")
    assert refused(found) == []
    assert the_record(found).entities[0].id == "T1"


def test_undecodable_bytes_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"\xff\xfd")
    (tmp_path / "a.ann").write_text("")
    (found,) = brat_out.FORMAT.read(tmp_path)
    assert isinstance(found, Refused)
    assert found.reason.startswith("not UTF-8 text")


def test_a_folder_without_such_files_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match=r"no \.ann file"):
        list(brat_out.FORMAT.read(tmp_path))


QUOTED = 'Ada Low said: "The bridge is shut." Bob Hay denied it.'
LOOSE = (
    "T1\tSource 0 7\tAda Low",
    "T2\tCue 8 12\tsaid",
    'T3\tContent 14 35\t"The bridge is shut."',
)


@pytest.mark.parametrize(
    "relations",
    [(), ("R1\tsays Arg1:T1 Arg2:T2", "R2\tof Arg1:T3 Arg2:T2"), ("R1\tx Arg1:T2 Arg2:T3",)],
    ids=["none", "all", "one"],
)
def test_pieces_without_an_event_become_a_claim(tmp_path: Path, relations: tuple[str, ...]) -> None:
    found = read_pair(tmp_path, QUOTED, *LOOSE, "T4\tPERSON 36 43\tBob Hay", *relations)
    record = the_record(found)
    (claim,) = record.claims
    assert (claim.content, claim.cue) == ((Span(14, 35),), (Span(8, 12),))
    assert (claim.quotation, len(record.entities)) == ("direct", 1)
    assert (claim.source, refused(found)) == ((Span(0, 7),), [])


def test_fragments_of_a_piece_without_an_event_stay_together(tmp_path: Path) -> None:
    text = '"We stayed," Ada said, "and slept."'
    lines = ("T1\tContent 0 12;23 35", "T2\tSource 13 16\tAda", "T3\tCue 17 21\tsaid")
    (claim,) = the_record(read_pair(tmp_path, text, *lines)).claims
    assert [piece.of(text) for piece in claim.content] == ['"We stayed,"', '"and slept."']
    assert (claim.cue, claim.source) == ((Span(17, 21),), (Span(13, 16),))


def test_pieces_with_names_of_labels_are_entities(tmp_path: Path) -> None:
    read_pair(tmp_path, QUOTED, *LOOSE)
    (record,) = brat_out.FORMAT.read(tmp_path, ReadOptions(means=lambda label: label == "Source"))
    assert isinstance(record, Record)
    assert [entity.label for entity in record.entities] == ["Source"]
    assert [claim.source for claim in record.claims] == [()]


def test_a_foreign_file_in_a_brat_folder_is_refused(tmp_path: Path) -> None:
    found = read_pair(tmp_path, "Ada left.", "[@Ada#Person*] left.", "And so on.")
    ((_, reason),) = refused(found)
    assert "no brat lines" in reason
    assert len(found) == 1
