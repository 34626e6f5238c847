"""doccano, Web Annotations, UIMA and TEI: there and back, offsets, and marks that were changed."""

from __future__ import annotations

import json
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from annotator.core.annotations import Claim, Entity, Junk, JunkKind, MadeBy, Stance, Verdict
from annotator.core.article import Span
from annotator.core.claim_ties import Relation, Tie
from annotator.core.decisions import Answer
from annotator.core.record import Record
from annotator.formats import format_named
from annotator.formats.base import Losses, ReadOptions, Refused
from annotator.formats.iob import is_reviewed
from annotator.formats.loss_report import MOVED
from tests.helpers.examples import examples
from tests.helpers.formats import reasons, records_of, unordered
from tests.helpers.items import record_of
from tests.helpers.record_strategies import HARD_RECORDS, MARKED, records

pytest.importorskip("cassis", reason="no dkpro-cassis")
NAMES = ("doccano", "web-annotation", "uima", "tei")
TEXT = (
    "👩‍👩‍👧‍👦 Ada Low said 总统 would call. “No,” Cafe\u0301’s 𝒜𝓁𝓁 & Bo <said>.\nShare this: 👍🏽"
)


def span(words: str, text: str = TEXT) -> Span:
    return Span(text.index(words), text.index(words) + len(words))


ADA = Entity("e1", span("Ada Low"), "PERSON", "ada", MadeBy.PIPELINE, Verdict.ACCEPTED, 0.5, "a\nb")
ALL = Entity("e2", span("𝒜𝓁𝓁 & Bo"), "claim/Content", None, MadeBy.REVIEWER, Verdict.ADDED)
BO = Entity("e3", span("Bo"), "PERSON", "", MadeBy.IMPORT, Verdict.ACCEPTED)
SAID = Claim(
    "c1",
    (span("总统"), span("would call")),
    (span("said"),),
    (ADA.span,),
    stance=Stance.PREDICTS,
    check_worthy=True,
    source_entity="e1",
    made_by=MadeBy.PIPELINE,
    verdict=Verdict.CORRECTED,
)
ALONE = Claim("c2", (span("would call"),), note="the same words", verdict=Verdict.ADDED)
LINE = Junk("j1", span("Share this: 👍🏽"), JunkKind.SHARE_BAR, verdict=Verdict.ACCEPTED)
PLAIN = record_of(TEXT, ADA, ALL, BO, SAID, ALONE, LINE)
SUPPORTS = Tie("c2", Relation.SUPPORTS, PLAIN.article.id, "c1", MadeBy.REVIEWER, Verdict.ADDED)
WHOLE = replace(
    PLAIN, ties=(SUPPORTS,), rejected=(Entity("", BO.span, "ORG", None, MadeBy.PIPELINE),)
)


def write(name: str, place: Path, rows: Sequence[Record]) -> tuple[Path, Losses]:
    """The file or folder of these records in a format."""
    form, losses = format_named(name), Losses(keep=True)
    target = place / f"file{form.suffix}"
    if form.writer:
        with target.open("wb") as stream:
            form.write(rows, stream, losses)
    else:
        target.mkdir()
        form.write_folder(rows, target, losses)
    return target, losses


def read(name: str, target: Path, **how: Any) -> list[Record | Refused]:
    return list(format_named(name).read(target, ReadOptions(**how)))


def there_and_back(name: str, *rows: Record) -> tuple[list[Record | Refused], Losses]:
    with tempfile.TemporaryDirectory() as folder:
        target, losses = write(name, Path(folder), rows)
        return read(name, target), losses


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("one", HARD_RECORDS, ids=range(len(HARD_RECORDS)))
def test_hard_records_come_back(name: str, one: Record) -> None:
    held = format_named(name).expected(one)
    back, losses = there_and_back(name, one)
    assert back == ([] if held is None else [held])
    assert bool(losses) == (held != one or bool(one.unknown))


@pytest.mark.parametrize("name", [*NAMES, "label-studio", "prodigy", "spacy", "hf"])
def test_a_mark_that_a_text_begins_with_is_kept_in_files_of_ours(name: str) -> None:
    back, losses = there_and_back(name, MARKED)
    assert back == [format_named(name).expected(MARKED)] == [MARKED]
    assert not losses


@pytest.mark.parametrize("name", ["offsets", "brat"])
def test_a_mark_that_a_format_cannot_keep_is_a_named_loss(name: str) -> None:
    back, losses = there_and_back(name, MARKED)
    (one,) = records_of(back)
    assert one.entities[0].span.of(one.article.text) == "Ada Low"
    assert losses.counts[MOVED] == 1


@pytest.mark.parametrize("name", NAMES)
@examples(6)
@given(one=records())
def test_any_record_comes_back_or_its_losses_are_named(name: str, one: Record) -> None:
    held = format_named(name).expected(one)
    back, losses = there_and_back(name, one)
    assert list(map(unordered, records_of(back))) == ([unordered(held)] if held else [])
    assert reasons(back) == []
    assert bool(losses) == (held is None or unordered(held) != unordered(one) or bool(one.unknown))


@pytest.mark.parametrize("name", NAMES)
def test_several_records_of_one_article_come_back_with_everything(name: str) -> None:
    second = replace(WHOLE, review=replace(WHOLE.review, reviewer="bo"), claims=())
    second = replace(second, ties=())
    back, losses = there_and_back(name, WHOLE, second)
    assert sorted(records_of(back), key=lambda one: len(one.claims)) == [second, WHOLE]
    assert (len(back), losses.counts) == (2, {})


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "change", [{"answer": Answer.SKIP}, {"answer": Answer.UNUSABLE}, {"review": None}]
)
def test_articles_without_a_finding_are_left_out_and_counted(
    name: str, change: dict[str, Any]
) -> None:
    bare = record_of(TEXT)
    one = replace(
        bare, **{**change, "review": type(bare.review)()} if "review" in change else change
    )
    assert not is_reviewed(one)
    back, losses = there_and_back(name, one)
    assert (back, sum(losses.counts.values())) == ([], 1)


# What other programs see


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def in_utf16(one: Span) -> tuple[int, int]:
    return units(TEXT[: one.start]), units(TEXT[: one.end])


def test_doccano_sees_utf16_units_and_no_bytes_beyond_ascii(tmp_path: Path) -> None:
    target, _ = write("doccano", tmp_path, [WHOLE])
    content = target.read_bytes()
    line = json.loads(content)
    assert content.isascii()
    wide = TEXT.encode("utf-16-le")
    shown = {
        (wide[2 * one["start_offset"] : 2 * one["end_offset"]].decode("utf-16-le"), one["label"])
        for one in line["entities"]
    }
    assert shown >= {
        ("Ada Low", "PERSON"),
        ("𝒜𝓁𝓁 & Bo", "entity/claim/Content"),
        ("总统", "claim/Content"),
        ("Share this: 👍🏽", "junk/share-bar"),
    }
    ids = {one["id"]: one["label"] for one in line["entities"]}
    assert {(ids[one["from_id"]], one["type"]) for one in line["relations"]} == {
        ("claim/Content", "Content"),
        ("claim/Cue", "Cue"),
        ("claim/Source", "Source"),
        ("claim/Content", "Source entity"),
        ("claim/Content", "Supports"),
    }


def test_web_annotations_quote_code_points(tmp_path: Path) -> None:
    target, _ = write("web-annotation", tmp_path, [WHOLE])
    (whole,) = json.loads(target.read_bytes())
    placed = [one for one in whole["first"]["items"] if "selector" in one["target"]]
    assert len(placed) == 9
    for one in placed:
        quote, place = one["target"]["selector"]
        start, end = place["start"], place["end"]
        assert TEXT[start:end] == quote["exact"]
        assert TEXT[:start].endswith(quote["prefix"])
        assert TEXT[end:].startswith(quote["suffix"])
    bodies = {(body["purpose"], body["value"]) for one in placed for body in one["body"]}
    assert bodies >= {
        ("classifying", "PERSON"),
        ("identifying", "ada"),
        ("tagging", "Content"),
        ("assessing", "stance:predicts"),
        ("commenting", "the same words"),
        ("moderating", "share-bar"),
    }


def test_cassis_sees_the_words(tmp_path: Path) -> None:
    import cassis

    target, _ = write("uima", tmp_path, [WHOLE])
    (file,) = target.glob("*.json")
    plain = json.loads(file.read_bytes())
    cas = cassis.load_cas_from_json(file.read_text(encoding="utf-8"))
    layer = "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity"
    found = [(one.get_covered_text(), one.value) for one in cas.select(layer)]
    assert found == [("Ada Low", "PERSON"), ("𝒜𝓁𝓁 & Bo", "claim/Content"), ("Bo", "PERSON")]
    rows = [one for one in plain["%FEATURE_STRUCTURES"] if one["%TYPE"] == layer]
    assert [(one["begin"], one["end"]) for one in rows] == [
        in_utf16(one.span) for one in (ADA, ALL, BO)
    ]
    parts = [
        (one.get_covered_text(), one.role, one.stance)
        for one in cas.select("webanno.custom.ClaimPart")
    ]
    assert ("总统", "Content", "predicts") in parts
    # The file that describes the layers can be read by itself, and by it a CAS as XMI.
    system = cassis.load_typesystem((target / "TypeSystem.xml").open("rb"))
    assert system.contains_type("webanno.custom.ClaimLink")
    xmi = tmp_path / "xmi"
    xmi.mkdir()
    cas.to_xmi(xmi / "one.xmi")
    (xmi / "TypeSystem.xml").write_bytes((target / "TypeSystem.xml").read_bytes())
    assert read("uima", xmi) == [WHOLE]
    assert read("uima", xmi / "one.xmi") == [WHOLE]


def test_tei_has_names_in_the_text(tmp_path: Path) -> None:
    target, _ = write("tei", tmp_path, [WHOLE])
    root = ET.parse(target).getroot()
    space = {"t": "http://www.tei-c.org/ns/1.0"}
    (ab,) = root.iterfind(".//t:ab", space)
    assert "".join(ab.itertext()) == TEXT
    assert [(name.text, name.get("type"), name.get("key")) for name in ab] == [
        ("Ada Low", "PERSON", "ada"),
        ("𝒜𝓁𝓁 & Bo", "claim/Content", None),
    ]
    spans = {(one.get("type"), one.text) for one in root.iterfind(".//t:span", space)}
    assert spans >= {("entity", "Bo"), ("content", "总统"), ("junk", "Share this: 👍🏽")}


def test_characters_that_xml_cannot_hold_come_back(tmp_path: Path) -> None:
    text = "Ada \x01Low\x0b left\ufffe.\x7f \\u0001"
    ada = Entity("e1", Span(0, 8), "P\x02\\u0003", "i\x04\t", verdict=Verdict.ACCEPTED, note="\\\n")
    one = record_of(text, ada)
    assert there_and_back("tei", one)[0] == [one]
    form = format_named("tei")
    (tmp_path / "set").mkdir()
    form.write_folder([one, one], tmp_path / "set", Losses())
    assert read("tei", tmp_path / "set") == [one, one]


# Changed by people in the other program


def edited(name: str, change: Callable[[Any], None]) -> list[Record | Refused]:
    """What is read of WHOLE after a change of what the file holds."""
    with tempfile.TemporaryDirectory() as folder:
        target, _ = write(name, Path(folder), [WHOLE])
        file = target if target.is_file() else next(target.glob("*.json"))
        plain = json.loads(file.read_bytes())
        change(plain)
        file.write_text(json.dumps(plain))
        return read(name, target)


def test_a_label_changed_in_doccano_corrects_its_entity() -> None:
    def change(line: Any) -> None:
        line["entities"][0]["label"] = "ORG"
        del line["entities"][2]
        line["entities"].append({"id": 99, "label": "GPE", "start_offset": 12, "end_offset": 15})

    (back,) = records_of(edited("doccano", change))
    new, ada, every = back.entities
    assert ada == replace(ADA, label="ORG", verdict=Verdict.CORRECTED)
    assert every == ALL
    assert (new.label, new.made_by, new.id) == ("GPE", MadeBy.IMPORT, "e4")
    assert back.claims == WHOLE.claims


def test_a_claim_without_its_cue_is_corrected_and_keeps_what_was_said() -> None:
    def change(line: Any) -> None:
        (cue,) = (one["id"] for one in line["entities"] if one["label"] == "claim/Cue")
        line["entities"] = [one for one in line["entities"] if one["id"] != cue]
        line["relations"] = [
            one
            for one in line["relations"]
            if cue not in (one["from_id"], one["to_id"]) and one["type"] != "Supports"
        ]

    (back,) = records_of(edited("doccano", change))
    assert back.claims[0] == replace(SAID, cue=())
    assert back.ties == ()


def test_facts_said_in_web_annotations_count() -> None:
    def change(rows: Any) -> None:
        for one in rows[0]["first"]["items"]:
            for body in one["body"]:
                if body["value" if "value" in body else "source"] == "stance:predicts":
                    body["value"] = "stance:denies"
                elif body.get("value") in ("ada", "the same words"):
                    body["value"] += " 2"
            one["body"] = [b for b in one["body"] if b.get("value") != "check_worthy:true"]

    found = edited("web-annotation", change)
    (back,) = records_of(found)
    assert reasons(found) == []
    assert back.claims[0] == replace(SAID, stance=Stance.DENIES, check_worthy=None)
    assert back.claims[1].note == "the same words 2"
    assert back.entities[0].identity == "ada 2"


def test_a_tie_drawn_in_a_cas_counts() -> None:
    def change(cas: Any) -> None:
        for one in cas["%FEATURE_STRUCTURES"]:
            if one.get("label") == "Supports":
                one["label"] = "Contradicts"

    (back,) = records_of(edited("uima", change))
    assert [(one.relation, one.verdict) for one in back.ties] == [
        (Relation.CONTRADICTS, Verdict.CORRECTED)
    ]


@pytest.mark.parametrize("name", ["doccano", "web-annotation"])
def test_a_damaged_part_of_ours_costs_only_what_was_in_it(name: str) -> None:
    def change(plain: Any) -> None:
        ours = plain["annotator"] if name == "doccano" else plain[0]["annotator"]["record"]
        ours["entities"][0]["verdict"] = "x"
        ours["claims"][0]["id"] = ours["claims"][1]["id"]
        ours["junk"].append(3)
        ours["rejected"] = {}

    found = edited(name, change)
    (back,) = records_of(found)
    assert [one.id for one in back.entities] == ["e1", "e2", "e3"]
    assert back.entities[0].score is None
    assert [(one.content, one.cue) for one in back.claims] == [
        (one.content, one.cue) for one in WHOLE.claims
    ]
    assert back.rejected == ()
    assert {one.kind for one in found if isinstance(one, Refused)} >= {"invalid annotator record"}
