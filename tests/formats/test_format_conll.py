"""CoNLL-2003: output, many input variants, and unknown words never written as outside."""

from __future__ import annotations

import io
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from spacy.training.converters import conll_ner_to_docs

from annotator.core.annotations import Claim, Entity, Junk, JunkKind, Verdict
from annotator.core.article import Span
from annotator.core.record import Record, ReviewFacts
from annotator.core.text.invisible import visible
from annotator.errors import RecordError
from annotator.formats.base import Losses, ReadOptions, Refused
from annotator.formats.conll import conll_out
from annotator.formats.conll.conll_in import numbered
from annotator.formats.decided_items import decided_only
from annotator.formats.iob import without_overlap
from annotator.formats.jsonl import records_in
from tests.helpers.items import record_of, span
from tests.helpers.record_strategies import HARD_RECORDS, records

SEEDS = Path(__file__).parents[2] / "seeds" / "gold"
TEXT = "Ada Low left Port Ellis. She said so."


def written(*given_records: Record) -> tuple[str, Losses]:
    stream, losses = io.BytesIO(), Losses(keep=True)
    conll_out.write(given_records, stream, losses)
    return stream.getvalue().decode(), losses


def entity(text: str, words: str, label: str) -> Entity:
    return Entity(f"{words} {label}", span(text, words), label, verdict=Verdict.ACCEPTED)


def read_lines(lines: str) -> list[Record | Refused]:
    with tempfile.NamedTemporaryFile("wb", suffix=".conll") as file:
        file.write(lines.encode())
        file.flush()
        return list(conll_out.FORMAT.read(Path(file.name)))


def read_back(path: Path, lines: str) -> list[Record | Refused]:
    path.write_text(lines, encoding="utf-8")
    return list(conll_out.FORMAT.read(path))


def entities_of(found: Record | Refused) -> list[tuple[str, str]]:
    assert isinstance(found, Record)
    return [(one.span.of(found.article.text), one.label) for one in found.entities]


def test_rows_have_four_columns_and_sentences_end_with_a_blank_line() -> None:
    lines, _ = written(
        record_of(TEXT, entity(TEXT, "Ada Low", "PERSON"), entity(TEXT, "Port Ellis", "GPE"))
    )
    assert lines == (
        "-DOCSTART- -X- O O\n\n"
        "Ada -X- -X- B-PERSON\nLow -X- -X- I-PERSON\nleft -X- -X- O\n"
        "Port -X- -X- B-GPE\nEllis -X- -X- I-GPE\n. -X- -X- O\n\n"
        "She -X- -X- O\nsaid -X- -X- O\nso -X- -X- O\n. -X- -X- O\n\n"
    )


def test_the_documented_example_is_the_actual_output() -> None:
    page = (Path(__file__).parents[2] / "docs" / "formats.md").read_text(encoding="utf-8")
    example = page.split("## `conll`")[1].split("```")[1].strip("\n")
    text = "Ada Low left."
    assert written(record_of(text, entity(text, "Ada Low", "PERSON")))[0].strip("\n") == example


@given(records())
def test_reading_back_gives_the_expected_record(one: Record) -> None:
    check_there_and_back(one)


@pytest.mark.parametrize("one", HARD_RECORDS, ids=lambda one: one.article.text[:12])
def test_hard_records_survive_a_round_trip(one: Record) -> None:
    check_there_and_back(one)


def check_there_and_back(one: Record) -> None:
    lines, _ = written(one)
    expected = conll_out.expected(one)
    assert read_lines(lines) == ([expected] if expected else [])


def seen(words: str) -> str:
    """The letters of words; characters that nobody sees are no part of a token."""
    return "".join(visible(words).split())


def test_an_invisible_entity_is_counted_as_a_loss() -> None:
    text = "\u202bAda\u202c left."
    shown = Entity("e1", Span(0, 4), "PERSON", verdict=Verdict.ACCEPTED)
    unseen = Entity("e2", Span(4, 5), "GPE", verdict=Verdict.ACCEPTED)
    lines, losses = written(record_of(text, shown, unseen))
    assert losses.counts["entity of which nothing is seen"] == 1
    assert lines.count("B-") == 1


@given(records())
def test_every_kept_entity_has_its_text_and_label(one: Record) -> None:
    back = conll_out.expected(one)
    _, losses = written(one)
    if back is None or losses.counts["sentence that is not decided throughout"]:
        return
    text = one.article.text
    unseen = {loss.item for loss in losses.each if loss.kind == "entity of which nothing is seen"}
    kept = [e for e in without_overlap(decided_only(one).entities) if e.id not in unseen]
    assert [(e.label, seen(e.span.of(back.article.text))) for e in back.entities] == [
        (e.label, seen(e.span.of(text))) for e in kept
    ]


@given(records())
def test_every_loss_is_counted(one: Record) -> None:
    _, losses = written(one)
    back = conll_out.expected(one)
    assert bool(losses) == (back is None or back != one)


def test_sentences_with_an_open_entity_are_left_out() -> None:
    open_one = replace(entity(TEXT, "Ada Low", "PERSON"), verdict=Verdict.PENDING)
    lines, losses = written(record_of(TEXT, open_one))
    assert lines.startswith("-DOCSTART- -X- O O\n\nShe ")
    assert losses.counts["sentence that is not decided throughout"] == 1
    assert losses.counts["open entity"] == 1


def test_an_unreviewed_article_is_left_out() -> None:
    untouched = replace(record_of(TEXT), review=ReviewFacts())
    lines, losses = written(untouched)
    assert lines == ""
    assert dict(losses.counts) == {"unreviewed article": 1}


def test_the_longest_of_overlapping_entities_is_kept() -> None:
    outer, inner = entity(TEXT, "Port Ellis", "ORG"), entity(TEXT, "Ellis", "GPE")
    lines, losses = written(record_of(TEXT, outer, inner))
    assert "Port -X- -X- B-ORG\nEllis -X- -X- I-ORG\n" in lines
    assert [(one.item, one.detail) for one in losses.each if one.kind == "overlapping entity"] == [
        ("Ellis GPE", "[18, 23) GPE")
    ]


def test_claims_and_junk_are_losses() -> None:
    claim = Claim("c", (Span(0, 3),), verdict=Verdict.ACCEPTED)
    line = Junk("j", Span(25, 28), JunkKind.FOOTNOTE, verdict=Verdict.ACCEPTED)
    _, losses = written(record_of(TEXT, claims=(claim,), junk=(line,)))
    assert losses.counts["claim"] == losses.counts["junk line"] == 1


def test_an_edge_inside_a_word_splits_it() -> None:
    text = "Anti-Assad rebels"
    lines, _ = written(record_of(text, entity(text, "Assa", "PERSON")))
    assert "Assa -X- -X- B-PERSON\nd -X- -X- O\n" in lines


def test_labels_with_blanks_survive() -> None:
    one = record_of(TEXT, entity(TEXT, "Ada Low", "WORK OF ART"))
    lines, _ = written(one)
    assert "B-WORK%20OF%20ART" in lines
    assert entities_of(read_lines(lines)[0]) == [("Ada Low", "WORK OF ART")]


def test_seeds_keep_every_entity_without_overlap() -> None:
    for path in sorted(SEEDS.glob("*.jsonl")):
        for one in records_in(path):
            lines, _ = written(one)
            (back,) = read_lines(lines)
            kept = without_overlap(one.entities)
            assert [label for _, label in entities_of(back)] == [e.label for e in kept]


def test_spacys_own_converter_finds_the_same_entities() -> None:
    gold = [one for path in sorted(SEEDS.glob("*.jsonl")) for one in records_in(path)]
    lines, _ = written(*gold)
    docs = list(conll_ner_to_docs(lines, no_print=True))
    found = [[("".join(e.text.split()), e.label_) for e in doc.ents] for doc in docs]
    assert found == [
        [("".join(words.split()), label) for words, label in entities_of(one)]
        for one in read_lines(lines)
    ]


def test_iob1_is_read(tmp_path: Path) -> None:
    lines = "U.N. I-ORG\nchief O\nPort I-LOC\nEllis I-LOC\nNorth B-LOC\n"
    (found,) = read_back(tmp_path / "a.iob", lines)
    assert entities_of(found) == [("U.N.", "ORG"), ("Port Ellis", "LOC"), ("North", "LOC")]


def test_biluo_and_bioes_are_read(tmp_path: Path) -> None:
    lines = "Ada\tB-PER\nLow\tL-PER\nBo\tU-PER\nCy\tS-PER\nDee\tB-PER\nEll\tI-PER\nFay\tE-PER\n"
    (found,) = read_back(tmp_path / "a.bio", lines)
    assert [words for words, _ in entities_of(found)] == ["Ada Low", "Bo", "Cy", "Dee Ell Fay"]


@pytest.mark.parametrize("mark", ["-DOCSTART- -X- O O", "-DOCSTART- -X- -X- O", "-DOCSTART-"])
def test_document_marks_split_articles(tmp_path: Path, mark: str) -> None:
    lines = f"{mark}\n\nAda NNP I-NP I-PER\n\n{mark}\n\nBo NNP I-NP I-PER\nleft VBD I-VP O\n"
    found = read_back(tmp_path / "eng.train", lines)
    assert [one.article.text for one in found if isinstance(one, Record)] == ["Ada", "Bo left"]


def test_sentences_are_lines_of_the_text(tmp_path: Path) -> None:
    (found,) = read_back(tmp_path / "a.conll", "One O\n. O\n\n\nTwo O\r\n. O\r\n")
    assert isinstance(found, Record)
    assert found.article.text == "One .\nTwo ."


def test_a_line_without_a_tag_is_refused_by_number(
    tmp_path: Path,
) -> None:
    found = read_back(tmp_path / "a.conll", "Ada B-PER\n\nlost\nhere O\n\nBo B-PER\n")
    (refused, one) = found
    assert isinstance(one, Record)
    assert isinstance(refused, Refused)
    assert (refused.line, refused.kind) == (3, "row without a tag")
    assert refused.article == one.article.id
    assert entities_of(one) == [("Ada", "PER"), ("Bo", "PER")]
    assert [span.of(one.article.text) for span in one.unknown] == ["lost"]


def test_an_article_is_identified_by_its_first_line(tmp_path: Path) -> None:
    path = tmp_path / "a.conll"
    path.write_text("Ada O\n\n-DOCSTART- O\n\nlost\n\nBo O\n\n-DOCSTART- O\n\nCy O\n")
    lines = [(number, type(one).__name__) for number, one in numbered(path, ReadOptions())]
    assert lines == [(1, "Record"), (5, "Refused"), (3, "Record"), (9, "Record")]


def test_a_byte_order_mark_is_not_part_of_the_text(tmp_path: Path) -> None:
    (found,) = read_back(tmp_path / "a.conll", "-DOCSTART- O\n\n\ufeffAda B-PER\nLow I-PER\n")
    assert isinstance(found, Record)
    assert found.article.text == "Ada Low"
    assert entities_of(found) == [("Ada Low", "PER")]


def test_comments_are_ignored(tmp_path: Path) -> None:
    (found,) = read_back(tmp_path / "a.conll", "# id 7 domain=en\nAda _ _ B-PER\n# _ _ O\n")
    assert isinstance(found, Record)
    assert found.article.text == "Ada #"


def test_an_article_without_words_is_refused(tmp_path: Path) -> None:
    found = read_back(tmp_path / "a.conll", "-DOCSTART- -X- O O\n\n-DOCSTART- -X- O O\n\nAda O\n")
    reason = "an article without words"
    assert found[0] == Refused("a.conll", 1, reason, kind=reason)


def test_an_undecodable_file_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "a.conll"
    path.write_bytes(b"Ada O\n\xff\xfe O\n")
    with pytest.raises(RecordError, match="not UTF-8"):
        list(conll_out.FORMAT.read(path))


def test_the_same_records_give_the_same_bytes() -> None:
    assert written(*HARD_RECORDS)[0] == written(*HARD_RECORDS)[0]
