"""CSV: one row per item, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
import re

import pytest
from hypothesis import given

from annotator.core.annotations import Claim, Entity, Verdict
from annotator.core.article import Article, Span
from annotator.core.record import Record
from annotator.formats import spreadsheet
from annotator.formats.decided_items import is_open
from tests.helpers.formats import written
from tests.helpers.record_strategies import HARD_RECORDS, REVIEWED, SCHEME, many_claims, records


def rows_of(*records: Record) -> list[dict[str, str]]:
    content, _ = written(spreadsheet.FORMAT, records)
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def with_entity(text: str) -> Record:
    entity = Entity("a", Span(0, len(text)), "X", verdict=Verdict.ADDED)
    return Record(Article(text), SCHEME, review=REVIEWED, entities=(entity,))


@given(records())
def test_every_decided_item_has_a_row_with_its_offsets(record: Record) -> None:
    decided = {item.id: item for item in record.items if not is_open(item)}
    rows = rows_of(record)
    assert len(rows) == len(decided)
    for row in rows:
        item = decided[row["id"].removeprefix("'") if row["id"] not in decided else row["id"]]
        spans = item.content if isinstance(item, Claim) else (item.span,)
        pieces = [(int(a), int(b)) for a, b in re.findall(r"\[(\d+), (\d+)\)", row["pieces"])]
        assert pieces == [(span.start, span.end) for span in spans]
        words = " … ".join(span.of(record.article.text) for span in spans)
        assert row["text"] in (words, f"'{words}")


@given(records())
def test_no_cell_is_a_formula(record: Record) -> None:
    for row in rows_of(record):
        assert not [cell for cell in row.values() if cell.startswith(tuple("=+-@\t\r\n＝＋－＠"))]


@given(records())
def test_omissions_are_counted(record: Record) -> None:
    _, losses = written(spreadsheet.FORMAT, [record])
    if all(is_open(item) for item in record.items):
        assert losses.counts == {"article without items": 1}
    else:
        opened = sum(losses.counts[f"open {kind}"] for kind in ("entity", "claim", "junk line"))
        assert opened == sum(map(is_open, record.items))
        assert losses.counts["text"] == 1
        assert losses.counts["offered claim"] == len(record.offered)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@cmd", "\t=1", "＝1"])
def test_formula_like_text_is_escaped_and_counted(text: str) -> None:
    record = with_entity(text)
    _, losses = written(spreadsheet.FORMAT, [record])
    assert rows_of(record)[0]["text"] == f"'{text}"
    assert losses.counts["cell like a formula"] == 1


def test_quotes_commas_and_line_ends_stay_in_their_cell() -> None:
    text = 'Ada, "the" boss;\nof all'
    assert rows_of(with_entity(text))[0]["text"] == text


def test_the_file_is_utf_8_with_a_mark_and_crlf() -> None:
    content, _ = written(spreadsheet.FORMAT, [HARD_RECORDS[0]])
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\r\n") == 2
    assert content.endswith(b"\r\n")


def test_without_records_there_is_only_the_header() -> None:
    content, _ = written(spreadsheet.FORMAT, [])
    assert content.decode("utf-8-sig") == ",".join(spreadsheet.COLUMNS) + "\r\n"


def test_a_claim_has_its_parts_and_attributes_in_columns() -> None:
    row = rows_of(many_claims(1))[1]
    assert {
        name: row[name] for name in ("item", "start", "text", "cue", "source", "source_entity")
    } == {
        "item": "claim",
        "start": "16",
        "text": "the bridge at kilometre 0 was open",
        "cue": "said",
        "source": "Official 0",
        "source_entity": "e0",
    }
    assert (row["quotation"], row["certainty"], row["verdict"]) == ("indirect", "", "accepted")


def test_content_in_pieces_is_one_row() -> None:
    row = next(row for row in rows_of(HARD_RECORDS[3]) if row["id"] == "inner")
    assert row["pieces"] == "[13, 51) [66, 75)"
    assert row["text"] == "Bo Marsh of the Port Ellis Council had … left town"
