"""Identities, stories, ties and suggesters: which formats keep them, and what others lose."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from spacy.tokens import DocBin
from spacy.tokens import Span as DocSpan
from spacy.vocab import Vocab

from annotator.core.across.identity_log import Identity
from annotator.core.annotations import Claim, Entity, MadeBy, Verdict
from annotator.core.article import Span
from annotator.core.claim_ties import Relation, Tie
from annotator.core.record import Record
from annotator.core.records.suggesters import SuggesterId
from annotator.formats import FORMATS, format_named
from annotator.formats.base import Format, Loss, Losses, Refused
from annotator.formats.hf import FORMAT as HF
from annotator.formats.iob import is_reviewed
from tests.helpers.examples import examples
from tests.helpers.formats import reasons, records_of, written
from tests.helpers.items import record_of
from tests.helpers.record_strategies import records

# Those of marks leave out unreviewed, skipped and unusable articles.
MARKS = ("doccano", "web-annotation", "uima", "tei")
KEEPING = ("jsonl", "spacy", "hf", "label-studio", "prodigy", *MARKS)
LOSING = tuple(name for name in FORMATS if name not in KEEPING and format_named(name).is_written)
TEXT = "Ada Low said it burned. Bo Marsh said it did not. She left."
ADA = Entity("e1", Span(0, 7), "PERSON", "ada", verdict=Verdict.ACCEPTED)
BO = Entity("e2", Span(24, 32), "PERSON", "bo", verdict=Verdict.ACCEPTED)
BURNED = Claim("c1", (Span(13, 22),), (Span(8, 12),), (ADA.span,), verdict=Verdict.ACCEPTED)
NOT = Claim("c2", (Span(38, 48),), (Span(33, 37),), (BO.span,), verdict=Verdict.ACCEPTED)
PLAIN = record_of(TEXT, ADA, BO, BURNED, NOT)
HERE, ELSEWHERE = PLAIN.article.id, "f" * 64
AGAINST = Tie("c1", Relation.CONTRADICTS, HERE, "c2", MadeBy.PIPELINE, Verdict.ACCEPTED, 0.75)
BEYOND = Tie("c1", Relation.SAME, ELSEWHERE, "c9")
WHOLE = replace(
    PLAIN,
    entities=(replace(ADA, suggested_by=("pipeline", "desk")), BO),
    identities=(
        Identity("ada", "Ada Low", "PERSON", "wikidata:Q1"),
        Identity("bo", "Bo A. Marsh", "ORG", "no scheme"),
    ),
    story="the fire",
    ties=(AGAINST, BEYOND),
    suggesters=(SuggesterId("desk", "desk-en", "2", "beef"),),
)


def there_and_back(form: Format, one: Record) -> tuple[list[Record | Refused], list[Loss]]:
    """What is read of a record that was written, and what was lost."""
    losses = Losses(keep=True)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / f"file{form.suffix}"
        if form.writer:
            with place.open("wb") as stream:
                form.write([one], stream, losses)
        else:
            place.mkdir()
            form.write_folder([one], place, losses)
        return list(form.read(place)) if form.reader else [], losses.each


def kinds(losses: Iterable[Loss]) -> dict[str, int]:
    """What was lost of the fields about more than the text."""
    words = ("tie", "identity", "story", "suggest")
    of = [one.kind for one in losses if any(word in one.kind for word in words)]
    return {kind: of.count(kind) for kind in of}


@pytest.mark.parametrize("name", KEEPING)
def test_formats_with_a_place_for_it_lose_nothing(name: str) -> None:
    assert there_and_back(format_named(name), WHOLE) == ([WHOLE], [])


@pytest.mark.parametrize("name", KEEPING)
@examples(12)
@given(one=records())
def test_names_stories_and_suggesters_come_back_whatever_was_left_open(
    name: str, one: Record
) -> None:
    held = format_named(name).expected(one)
    if held is None:
        assert name in MARKS
        assert not is_reviewed(one)
        return
    for field in ("identities", "story", "suggesters"):
        assert getattr(held, field) == getattr(one, field)
    kept = {claim.id for claim in held.claims}
    assert {tie.claim for tie in held.ties} <= kept
    assert [tie for tie in one.ties if tie.claim in kept and tie.article != one.article.id] == [
        tie for tie in held.ties if tie.article != one.article.id
    ]


BY_FORMAT = {
    "brat": {
        "tie of a claim": 1,
        "made_by of a tie": 1,
        "score of a tie": 1,
        "link of an identity": 1,
    },
    "csv": {"made_by of a tie": 2, "verdict of a tie": 1, "score of a tie": 1},
    "conll": {
        "tie of a claim": 2,
        "name of an identity": 2,
        "story": 1,
        "identity of an entity": 2,
    },
    "offsets": {
        "tie of a claim": 2,
        "name of an identity": 2,
        "story": 1,
        "identity of an entity": 2,
    },
}
BY_FORMAT["brat"] |= {"story": 1}


@pytest.mark.parametrize("name", LOSING)
def test_losses_of_other_formats_are_counted_once(name: str) -> None:
    _, losses = there_and_back(format_named(name), WHOLE)
    suggesters = {"suggested_by of an entity": 1, "suggesters": 1}
    assert kinds(losses) == BY_FORMAT[name] | suggesters


@pytest.mark.parametrize("name", LOSING)
def test_a_record_without_them_loses_none_of_them(name: str) -> None:
    bare = record_of(TEXT, replace(ADA, identity=None), BURNED, NOT)
    assert kinds(there_and_back(format_named(name), bare)[1]) == {}


@pytest.mark.parametrize("name", KEEPING[1:])
def test_ties_go_with_claims_that_are_left_out(name: str) -> None:
    """An open claim of a finished review is in no training data; Label Studio has it apart."""
    one = replace(WHOLE, claims=(BURNED, replace(NOT, verdict=Verdict.PENDING)))
    (back,), losses = there_and_back(format_named(name), one)
    assert isinstance(back, Record)
    keeps = name == "label-studio"
    assert back.ties == ((AGAINST, BEYOND) if keeps else (BEYOND,))
    assert kinds(losses) == ({} if keeps else {"tie of a claim": 1})


@pytest.mark.parametrize("name", KEEPING[1:])
def test_a_tie_to_a_rejected_claim_of_the_text_is_lost_alone(name: str) -> None:
    gone = replace(AGAINST, other="c7")
    (back,), losses = there_and_back(format_named(name), replace(WHOLE, ties=(gone, BEYOND)))
    assert isinstance(back, Record)
    assert (back.ties, kinds(losses)) == ((BEYOND,), {"tie of a claim": 1})


# Edited by hand


def edited_doc(change: Any) -> list[Record | Refused]:
    """What is read of WHOLE as a Doc that somebody changed."""
    form = format_named("spacy")
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "file.spacy"
        with place.open("wb") as stream:
            form.write([WHOLE], stream, Losses())
        (doc,) = DocBin().from_disk(place).get_docs(Vocab())
        change(doc)
        DocBin(store_user_data=True, docs=[doc]).to_disk(place)
        return list(form.read(place))


def without_the_second_claim(doc: Any) -> None:
    doc.spans["claims"] = [one for one in doc.spans["claims"] if one.id_ != "c2"]


def with_damaged_rows(doc: Any) -> None:
    ours = doc.user_data["annotator"]
    ours["ties"] = [*DAMAGED["ties"], *ours["ties"]]
    ours["identities"] = [*ours["identities"], *DAMAGED["identities"]]
    ours["story"], ours["suggesters"] = DAMAGED["story"], DAMAGED["suggesters"]


DAMAGED: dict[str, Any] = {
    "ties": [
        {"claim": "c1", "relation": "opposes"},
        {"claim": "c8", "relation": "same", "article": ELSEWHERE, "other": "c1"}
        | {"made_by": "import", "verdict": "accepted", "score": None},
    ],
    "identities": [
        {"id": "ada", "name": "Another", "type": "PERSON", "link": None},
        {"id": "x"},
    ],
    "story": "",
    "suggesters": [{"suggester": "", "name": "", "version": "", "hash": ""}],
}
WRONG = [
    "identities[2].id: 'ada' is the id of another identity too",
    "identities[3].name: is missing",
    "suggesters[0].suggester: is empty",
    "ties[0].relation: 'opposes' is not one of same, supports, contradicts, unrelated",
    "story: expected an id, found ''",
    "tie of 'c8': the claim 'c8' is not there",
]


def test_a_doc_whose_claim_was_deleted_is_read_without_its_tie() -> None:
    _, refused, back = edited_doc(without_the_second_claim)
    # The article is complete without the tie of a claim that somebody deleted.
    assert refused == Refused(
        "file.spacy",
        1,
        "tie of 'c1': the claim 'c2' is not there",
        kind="tie of a claim that is not there",
    )
    assert isinstance(back, Record)
    assert (back.ties, back.identities) == ((BEYOND,), WHOLE.identities)


def test_damaged_rows_of_a_doc_are_refused_one_by_one() -> None:
    found = edited_doc(with_damaged_rows)
    (back,) = records_of(found)
    assert reasons(found) == WRONG
    assert back == replace(WHOLE, story=None, suggesters=())


def test_a_changed_kb_id_is_the_identity() -> None:
    def change(doc: Any) -> None:
        names = ("eve", "")
        doc.spans["sc"] = [
            DocSpan(doc, one.start, one.end, one.label_, kb_id=name, span_id=one.id_)
            for one, name in zip(doc.spans["sc"], names, strict=True)
        ]

    (back,) = records_of(edited_doc(change))
    assert [one.identity for one in back.entities] == ["eve", None]


def test_damaged_rows_of_a_dataset_are_refused_one_by_one(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    (tmp_path / "set").mkdir()
    HF.write_folder([WHOLE], tmp_path / "set", Losses())
    (file,) = (tmp_path / "set" / "data").iterdir()
    table = parquet.read_table(file)
    (row,) = table.to_pylist()
    row["ties"] = [*DAMAGED["ties"], *row["ties"]]
    row["story"] = ""
    parquet.write_table(pyarrow.Table.from_pylist([row], table.schema), file)
    found = list(HF.read(tmp_path / "set"))
    assert records_of(found) == [replace(WHOLE, story=None)]
    assert reasons(found) == [
        "ties[0].relation: 'opposes' is not one of same, supports, contradicts, unrelated",
        "story: expected an id, found ''",
        "tie of 'c8': the claim 'c8' is not there",
    ]


def test_datasets_written_before_are_read(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    (tmp_path / "set").mkdir()
    HF.write_folder([PLAIN], tmp_path / "set", Losses())
    (file,) = (tmp_path / "set" / "data").iterdir()
    table = parquet.read_table(file)
    parquet.write_table(table.drop(["identities", "story", "ties", "suggesters"]), file)
    assert list(HF.read(tmp_path / "set")) == [PLAIN]


def test_a_spreadsheet_has_names_and_ties_in_columns() -> None:
    content, _ = written(format_named("csv"), [WHOLE])
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    named = {row["id"]: row for row in rows}
    assert {row["story"] for row in rows} == {"the fire"}
    columns = ("identity_name", "identity_type", "identity_link")
    assert [named["e1"][one] for one in columns] == ["Ada Low", "PERSON", "wikidata:Q1"]
    assert named["c1"]["ties"] == f"contradicts c2 of {HERE}; same c9 of {ELSEWHERE}"
    assert named["c2"]["ties"] == ""


def test_envelopes_are_as_before_without_them() -> None:
    for name in ("label-studio", "prodigy"):
        content = written(format_named(name), [PLAIN])[0].decode()
        words = ("identities", "story", "ties", "suggest", "drawn")
        assert not [word for word in words if json.dumps(word) in content]
