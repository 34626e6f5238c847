"""Texts with offsets, one per line: ours, spaCy's and doccano's, in every unit."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from annotator.core.annotations import MadeBy, Verdict
from annotator.core.article import Span
from annotator.core.record import Record, ReviewFacts
from annotator.errors import RecordError
from annotator.formats import offsets
from annotator.formats.base import Refused
from tests.helpers.formats import read_back, reasons, records_of, written
from tests.helpers.record_strategies import HARD_RECORDS, SCRIPTS, many_claims, records

TEXT = "Ada Low said Bo Marsh had left."


def read_rows(*rows: Any, **how: Any) -> list[Record | Refused]:
    return read_back(offsets.FORMAT, "".join(json.dumps(row) + "\n" for row in rows), **how)


def spans_in(row: Any, **how: Any) -> list[tuple[str, str]]:
    """The words and labels of the entities that one line holds, none of it refused."""
    (record,) = read_rows(row, **how)
    assert isinstance(record, Record)
    return [(entity.span.of(record.article.text), entity.label) for entity in record.entities]


@given(records())
def test_everything_but_entities_is_counted_as_lost(record: Record) -> None:
    _, losses = written(offsets.FORMAT, [record])
    if offsets.expected(record) is None:
        assert losses.counts.total() == 1
    else:
        assert losses.counts["claim"] + losses.counts["open claim"] == len(record.claims)
        assert losses.counts["junk line"] + losses.counts["open junk line"] == len(record.junk)
        assert losses.counts["offered claim"] == len(record.offered)
        assert losses.counts["id of an entity"] + losses.counts["open entity"] == len(
            record.entities
        )


def test_a_line_has_the_usual_spacy_form() -> None:
    content, _ = written(offsets.FORMAT, [HARD_RECORDS[0]])
    assert json.loads(content) == {"text": SCRIPTS[0], "entities": [[12, 22, "NORP"]]}


def test_claims_are_counted_as_lost() -> None:
    _, losses = written(offsets.FORMAT, [many_claims()])
    assert losses.counts["claim"] == 214


def test_unreviewed_articles_are_left_out_and_counted() -> None:
    content, losses = written(offsets.FORMAT, [HARD_RECORDS[5], HARD_RECORDS[6]])
    assert (content, losses.counts) == (b"", {"unreviewed article": 1, "article put aside": 1})


@pytest.mark.parametrize(
    "row",
    [
        {"text": TEXT, "entities": [[0, 7, "PERSON"]]},
        {"text": TEXT, "label": [[0, 7, "PERSON"]]},
        {"text": TEXT, "labels": [[0, 7, "PERSON"]]},
        {"data": TEXT, "label": [[0, 7, "PERSON"]]},
        {"text": TEXT, "entities": [{"label": "PERSON", "start_offset": 0, "end_offset": 7}]},
        {"text": TEXT, "spans": [{"start": 0, "end": 7, "label": "PERSON"}]},
        {"text": TEXT, "spans": {"sc": [{"start": 0, "end": 7, "label": "PERSON", "kb_id": ""}]}},
        {"text": TEXT, "ents": [{"start": 0, "end": 7, "label": "PERSON"}], "spans": {}},
        {"text": TEXT, "entities": [{"begin": 0, "end": 7, "type": "PERSON", "text": "Ada Low"}]},
        [TEXT, {"entities": [[0, 7, "PERSON"]]}],
        {"text": TEXT, "ents": [[0, 7, "PERSON"]], "spans": [[0, 7, "PERSON"]]},
    ],
    ids=lambda row: " ".join(row)[:30] if isinstance(row, dict) else "pair",
)  # fmt: skip
def test_common_shapes_are_read(row: Any) -> None:
    assert spans_in(row) == [("Ada Low", "PERSON")]


def test_a_list_of_pairs_is_read() -> None:
    content = json.dumps([[TEXT, {"entities": [[0, 7, "PERSON"]]}], ["Bo.", {"entities": []}]])
    assert len(records_of(read_back(offsets.FORMAT, content))) == 2


@pytest.mark.parametrize(
    ("number", "unit", "start", "end", "words"),
    [
        (0, "codepoints", 12, 22, "annotation"),
        (0, "utf16", 13, 23, "annotation"),
        (0, "grapheme", 12, 22, "annotation"),
        (1, "codepoints", 19, 29, "firetrucks"),
        (1, "utf16", 22, 32, "firetrucks"),
        (1, "grapheme", 16, 26, "firetrucks"),
    ],
)
def test_offsets_are_read_in_the_given_unit(
    number: int, unit: str, start: int, end: int, words: str
) -> None:
    row = {"text": SCRIPTS[number], "label": [[start, end, "X"]]}
    assert spans_in(row, offsets=unit) == [(words, "X")]


@pytest.mark.parametrize("unit", ["codepoints", "utf16", "grapheme"])
def test_the_text_of_a_span_decides_its_unit(unit: str) -> None:
    span = {"start": 22, "end": 32, "label": "X", "text": "firetrucks"}
    assert spans_in({"text": SCRIPTS[1], "spans": [span]}, offsets=unit) == [("firetrucks", "X")]


@pytest.mark.parametrize(
    ("number", "span", "unit"),
    [
        (0, [13, 23, "X"], "utf16"),
        (1, [22, 32, "X"], "utf16"),
        (1, [16, 26, "X"], "grapheme"),
        (0, {"start_offset": 13, "end_offset": 23, "label": "X"}, "utf16"),
    ],
)
def test_doccano_spans_in_another_unit_are_refused_with_its_name(
    number: int, span: Any, unit: str
) -> None:
    row = {"text": SCRIPTS[number], "label": [span]}
    (reason,) = reasons(read_rows(row))
    assert f"--offsets {unit}" in reason
    assert len(spans_in(row, offsets=unit)) == 1


@pytest.mark.parametrize(
    "row",
    [
        {"label": [[12, 22, "X"]]},
        {"entities": [[13, 23, "X"]]},
    ],
    ids=["words", "not doccano's"],
)
def test_code_points_are_the_default_unit(row: Any) -> None:
    assert len(spans_in({"text": SCRIPTS[0], **row})) == len(*row.values())


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        (SCRIPTS[0], [[13, 22, "X"]]),
        (SCRIPTS[0], [[13, 23, "X"], [2, 4, "X"]]),
        ("🔥🔥 a b c d", [[5, 6, "X"]]),
        ("One.\r\nAda left. Ada stayed", [[5, 8, "X"]]),
        ("\ufeffAda left", [[0, 3, "X"]]),
        ("A.\r\nB.\r\na b c d e", [[10, 11, "X"]]),
    ],
    ids=["in no unit", "not all", "in two", "CRLF as one", "mark not counted", "in two ways"],
)
def test_an_ambiguous_unit_of_doccano_is_asked_for(text: str, spans: list[Any]) -> None:
    (reason,) = reasons(read_rows({"text": text, "label": spans}))
    assert "choose with --offsets" in reason
    said = reason.rpartition("--offsets ")[0].split("--offsets ")[1].split(" ")[0]
    assert len(spans_in({"text": text, "label": spans}, offsets=said)) == len(spans)


def test_an_offset_inside_a_character_is_refused() -> None:
    found = read_rows({"text": SCRIPTS[0], "label": [[1, 5, "X"]]}, offsets="utf16")
    assert reasons(found) == ["label[0]: [1, 5) is not a range of its 24 UTF-16 units"]


def test_an_unknown_unit_is_an_error() -> None:
    with pytest.raises(RecordError, match="words"):
        read_rows({"text": TEXT}, offsets="words")


@pytest.mark.parametrize(
    ("span", "reason"),
    [
        ([0, 99, "X"], "is not a range of its 31 code points"),
        ([-1, 4, "X"], "is not a range"),
        ([4, 4, "X"], "is not a range"),
        ([7, 8, "X"], "only blanks"),
        ([0, "7", "X"], "integers"),
        ([0, True, "X"], "integers"),
        ([0, 7, 4.5], "a label must be a name"),
        ([0, 7, True], "a label must be a name"),
        ([0, 7, " "], "a label must be a name"),
        ([0, 7], "expected [start, end, label]"),
        ("PERSON", "expected [start, end, label]"),
        ({"start": 0, "end": 7}, "a label must be a name"),
        ({"start": 0, "end": 7, "label": "X", "text": "Bo"}, "reads 'Ada Low'"),
    ],
)
def test_an_invalid_span_is_refused_and_the_rest_is_read(span: Any, reason: str) -> None:
    found = read_rows({"text": TEXT, "entities": [[13, 21, "PERSON"], span]})
    assert len(reasons(found)) == 1
    assert reasons(found)[0].startswith("entities[1]: ")
    assert reason in reasons(found)[0]
    assert len(records_of(found)[0].entities) == 1


@pytest.mark.parametrize("line", ["{", "3", "[1, 2]", '{"label": []}', '{"text": 3}', "null"])
def test_an_invalid_line_is_refused_by_number(line: str) -> None:
    good = json.dumps({"text": TEXT, "label": []})
    found = read_back(offsets.FORMAT, f"{good}\n\n{line}\n{good}\n")
    assert [one.line for one in found if isinstance(one, Refused)] == [3]
    assert len(records_of(found)) == 2


def test_a_text_without_list_is_unreviewed_and_with_an_empty_one_not() -> None:
    alone, empty = records_of(read_rows({"text": TEXT}, {"text": TEXT, "label": []}))
    assert (alone.review, empty.review.kind) == (ReviewFacts(), "import")


def test_other_fields_are_kept() -> None:
    row = {"id": 4, "text": TEXT, "label": [], "title": "T", "meta": {"desk": 1}, "Comments": ["x"]}
    (record,) = records_of(read_rows(row | {"annotation_approver": "bo"}))
    assert record.article.title == "T"
    assert record.article.meta == {"id": 4, "title": "T", "Comments": ["x"], "desk": 1}
    assert record.review.reviewer == "bo"


def test_relations_between_parts_are_claims() -> None:
    parts = [("Content", 13, 30), ("Cue", 8, 12), ("Source", 0, 7), ("PERSON", 0, 7)]
    row = {
        "text": TEXT,
        "entities": [
            {"id": n, "label": label, "start_offset": start, "end_offset": end}
            for n, (label, start, end) in enumerate(parts)
        ],
        "relations": [
            {"id": 1, "from_id": 1, "to_id": 0, "type": "Cue"},
            {"id": 2, "from_id": 2, "to_id": 0, "type": "Source"},
            {"id": 3, "from_id": 3, "to_id": 0, "type": "Other"},
        ],
    }
    found = read_rows(row)
    assert reasons(found) == ["relations: 1 between spans that are not parts of claims"]
    (record,) = records_of(found)
    (claim,) = record.claims
    assert (claim.content, claim.cue, claim.source) == (
        (Span(13, 30),),
        (Span(8, 12),),
        (Span(0, 7),),
    )
    assert (claim.made_by, claim.verdict) == (MadeBy.IMPORT, Verdict.ACCEPTED)
    assert len(record.entities) == 1


def test_line_ends_and_marks_become_ours_and_offsets_follow() -> None:
    text = "\ufeff\r\nAda Low\r\rleft.\r\n"
    (record,) = records_of(read_rows({"text": text, "label": [[3, 10, "X"], [12, 16, "X"]]}))
    assert record.article.text == "\nAda Low\n\nleft.\n"
    assert [entity.span for entity in record.entities] == [Span(1, 8), Span(10, 14)]


def test_many_entities_are_named_in_linear_time() -> None:
    def seconds(count: int) -> float:
        rows = [[5 * n, 5 * n + 4, "GPE"] for n in range(count)]
        line = json.dumps({"text": "word " * count, "label": rows})
        started = time.process_time()
        (record,) = records_of(read_back(offsets.FORMAT, line))
        assert record.entities[-1].id == f"e{count}"
        return time.process_time() - started

    # Each name tried from the first takes the square: four hundred times as long, not twenty.
    few, many = (min(seconds(count) for _ in range(3)) for count in (500, 10_000))
    assert many < 100 * few


def test_a_byte_order_mark_alone_is_not_a_text() -> None:
    (reason,) = reasons(read_back(offsets.FORMAT, '{"text": "\ufeff", "label": []}'))
    assert reason == "the text contains only blanks"


def test_an_unpaired_surrogate_is_refused() -> None:
    found = read_back(offsets.FORMAT, '[{"text": "a\\ud83d", "label": []}]')
    assert len(reasons(found)) == 1
    assert records_of(found) == []


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="cannot be read"):
        list(offsets.FORMAT.read(tmp_path / "none.jsonl"))


@pytest.mark.parametrize("lists", [{}, {"entities": []}, {"entities": [], "label": []}])
@pytest.mark.parametrize(
    "row", [[0, 7, "PERSON"], ["PERSON", 0, 7], {"start": 0, "end": 7, "type": "PERSON"}]
)
def test_spans_under_an_unknown_name_are_refused(lists: Any, row: Any) -> None:
    found = read_rows({"text": TEXT, "ner": [row], **lists})
    (record,) = records_of(found)
    expected = "ner: spans under an unsupported name; rename it to entities"
    assert reasons(found) == [expected]
    assert record.unknown == ((Span(0, len(TEXT)),) if lists else ())


def test_other_lists_are_kept_as_data() -> None:
    more = {"ner": [[1, 2, 3]], "links": ["a"], "sents": [{"start": 0, "end": 9}]}
    (record,) = read_rows({"text": TEXT, "entities": [], **more})
    assert isinstance(record, Record)
    assert record.article.meta == {key: more[key] for key in ("ner", "links")}
    both = {"entities": [[0, 7, "PERSON"]], "model": [[0, 3, "PERSON"]]}
    assert spans_in({"text": TEXT, **both}) == [("Ada Low", "PERSON")]
