"""Web Annotations, CAS and TEI of other programs, damaged ones, and hostile ones."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.article import Span
from annotator.core.record import Record
from annotator.errors import RecordError
from annotator.formats import format_named
from annotator.formats.base import ReadOptions, Refused
from annotator.importing.detecting import files_in, format_of
from tests.helpers.examples import examples
from tests.helpers.formats import read_back, reasons, records_of

cassis = pytest.importorskip("cassis", reason="no dkpro-cassis")
TEXT = '👍 Ada Low said: "The bridge is shut." Ada Low left.'
ADA = Span(2, 9)
LAUGHS = '<?xml version="1.0"?><!DOCTYPE TEI [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'


def read(file: Path, name: str, **how: Any) -> list[Record | Refused]:
    assert format_of(file) == name
    return list(format_named(name).read(file, ReadOptions(**how)))


def kinds(found: list[Record | Refused]) -> list[str]:
    return [one.kind for one in found if isinstance(one, Refused)]


# Web Annotations


def annotation(exact: str, label: str, where: Span | None = None, **more: Any) -> dict[str, Any]:
    """An annotation as Recogito and Hypothesis export them: UTF-16 units, if any."""
    quote = {"type": "TextQuoteSelector", "exact": exact, **more.pop("around", {})}
    selectors: list[Any] = [quote]
    if where is not None:
        selectors.append({"type": "TextPositionSelector", "start": where.start, "end": where.end})
    body = [{"type": "TextualBody", "purpose": "tagging", "value": label}]
    target = {"source": "https://example.org/a", "selector": selectors}
    return {"type": "Annotation", "body": body, "target": target, **more}


def annotated(tmp_path: Path, *rows: Any, text: str | None = TEXT) -> Path:
    file = tmp_path / "a.json"
    file.write_text(json.dumps(list(rows)), encoding="utf-8")
    if text is not None:
        (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    return file


def test_quotes_prove_the_unit_and_place_targets_without_offsets(tmp_path: Path) -> None:
    rows = (
        annotation("Ada Low", "PERSON", Span(3, 10), creator={"name": "bo"}),
        annotation("Ada Low", "PERSON", around={"prefix": '." '}, creator={"name": "bo"}),
        annotation("Ada Low", "PERSON", creator={"name": "bo"}),
        annotation("Eve", "PERSON", creator={"name": "bo"}),
        annotation("left", "EVENT", Span(47, 51), creator="urn:eve"),
    )
    found = read(annotated(tmp_path, *rows), "web-annotation")
    bo, eve = records_of(found)
    assert [(one.span, one.label) for one in bo.entities] == [
        (ADA, "PERSON"),
        (Span(38, 45), "PERSON"),
    ]
    assert (bo.review.reviewer, eve.review.reviewer) == ("bo", "urn:eve")
    assert [one.span.of(TEXT) for one in eve.entities] == ["left"]
    assert kinds(found) == ["quote without one place"] * 2
    assert bo.unknown == (Span(0, len(TEXT)),)


def test_pieces_in_web_annotations_are_claims(tmp_path: Path) -> None:
    rows = (
        annotation('"The bridge is shut."', "Content", Span(17, 38)),
        annotation("said", "Cue", Span(11, 15)),
        annotation("Ada Low", "Speaker", Span(3, 10)),
    )
    (one,) = read(annotated(tmp_path, *rows), "web-annotation")
    assert isinstance(one, Record)
    (claim,) = one.claims
    assert (claim.source, claim.quotation) == ((ADA,), "direct")


@pytest.mark.parametrize(
    "row",
    [
        3,
        {"body": "x", "target": "https://example.org"},
        {"body": "x", "target": {"selector": {"type": "TextQuoteSelector", "exact": 3}}},
        {"body": "x", "target": {"selector": {"type": {"a": []}, "exact": "Ada Low"}}},
        {"body": "x", "target": {"selector": [{"type": ["TextQuoteSelector"]}]}},
        annotation("Ada Low", "", Span(3, 10)) | {"body": []},
        annotation("Eve", "PERSON", Span(3, 10)),
    ],
)
def test_an_annotation_that_cannot_be_placed_is_refused_alone(tmp_path: Path, row: Any) -> None:
    good = annotation("Ada Low", "PERSON", Span(3, 10))
    found = read(annotated(tmp_path, good, row), "web-annotation")
    (one,) = records_of(found)
    assert ([e.span for e in one.entities], len(found)) == ([ADA], 2)


def test_annotations_without_their_text_are_refused_with_its_name(tmp_path: Path) -> None:
    file = annotated(tmp_path, annotation("Ada", "PERSON"), text=None)
    found = read(file, "web-annotation")
    assert kinds(found) == ["annotations without their text"]
    assert "a.txt" in reasons(found)[0]


# UIMA


@cache
def dkpro_types() -> Any:
    return cassis.load_dkpro_core_typesystem()


def other_cas() -> Any:
    """A CAS as INCEpTION makes one: tokens, a sentence, named entities, a layer of somebody."""
    types = cassis.merge_typesystems(dkpro_types())
    entity = types.get_type("de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity")
    token = types.get_type("de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Token")
    mood = types.create_type("webanno.custom.Mood", "uima.tcas.Annotation")
    cas = cassis.Cas(types)
    cas.sofa_string, cas.sofa_mime = TEXT, "text/plain"
    cas.add(token(begin=2, end=5))
    cas.add(entity(begin=2, end=9, value="PER", identifier="http://www.wikidata.org/entity/Q1"))
    cas.add(entity(begin=38, end=45))
    cas.add_all([mood(begin=0, end=3), mood(begin=2, end=3)])
    return cas


@pytest.mark.parametrize("form", ["json", "xmi"])
def test_a_cas_of_inception_is_read(tmp_path: Path, form: str) -> None:
    cas = other_cas()
    file = tmp_path / f"a.{form}"
    (cas.to_json if form == "json" else cas.to_xmi)(file)
    cas.typesystem.to_xml(tmp_path / "TypeSystem.xml")
    assert list(files_in(tmp_path)) == [file]
    found = read(file, "uima")
    (one,) = records_of(found)
    assert [(e.span, e.label, e.identity) for e in one.entities] == [(ADA, "PER", "wikidata:Q1")]
    assert [(e.name, e.link) for e in one.identities] == [("Ada Low", "wikidata:Q1")]
    assert sorted(kinds(found)) == [
        "annotation without a label",
        "annotations of the layer webanno.custom.Mood",
    ]
    assert "2 annotations" in " ".join(reasons(found))


def test_a_cas_and_tsv_with_the_same_layers_are_one(tmp_path: Path) -> None:
    types = cassis.merge_typesystems(dkpro_types())
    entity = types.get_type("de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity")
    part = types.create_type("webanno.custom.Part", "uima.tcas.Annotation")
    link = types.create_type("webanno.custom.PartLink", "uima.tcas.Annotation")
    mood = types.create_type("webanno.custom.Mood", "uima.tcas.Annotation")
    for one in (part, link, mood):
        types.create_feature(one, "kind", "uima.cas.String")
    for name in ("Governor", "Dependent"):
        types.create_feature(link, name, part)
    cas = cassis.Cas(types)
    cas.sofa_string, cas.sofa_mime = TEXT, "text/plain"
    said, cue = part(begin=16, end=37, kind="Quote"), part(begin=10, end=14, kind="cue")
    cas.add_all([said, cue, part(begin=10, end=14, kind="?"), mood(begin=2, end=5, kind="PER")])
    cas.add(link(begin=16, end=37, kind="by", Governor=cue, Dependent=said))
    cas.add(entity(begin=38, end=45, value="PER", identifier="https://www.wikidata.org/wiki/Q1"))
    cas.to_json(tmp_path / "a.json")
    base = "webanno.custom.Part"
    (tmp_path / "a.tsv").write_text(
        "#FORMAT=WebAnno TSV 3.3\n#T_SP=webanno.custom.Mood|kind\n#T_SP=webanno.custom.Part|kind\n"
        "#T_SP=de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity|identifier|value\n"
        f"#T_RL=webanno.custom.PartLink|kind|BT_{base}\n\n\n#Text={TEXT}\n"
        "1-1\t0-2\t👍\t_\t_\t_\t_\t_\t_\t\n1-2\t3-6\tAda\tPER\t_\t_\t_\t_\t_\t\n"
        "1-3\t11-15\tsaid\t_\tcue[1]|?[2]\t_\t_\t_\t_\t\n"
        '1-4\t17-38\t"The bridge is shut."\t_\tQuote\t_\t_\tby\t1-3[1_0]\t\n'
        "1-5\t39-46\tAda Low\t_\t_\thttp://www.wikidata.org/entity/Q1\tPER\t_\t_\t\n",
        encoding="utf-8",
    )
    of_cas = read(tmp_path / "a.json", "uima", means=lambda label: label == "PER")
    of_tsv = read(tmp_path / "a.tsv", "webanno-tsv", means=lambda label: label == "PER")
    assert records_of(of_cas) == records_of(of_tsv)
    assert (kinds(of_cas), reasons(of_cas)) == (kinds(of_tsv), reasons(of_tsv))
    (one,) = records_of(of_cas)
    assert [claim.content[0].of(TEXT) for claim in one.claims] == ['"The bridge is shut."']
    assert ([e.label for e in one.entities], len(kinds(of_cas))) == (["PER", "PER"], 1)


@pytest.mark.parametrize(("begin", "end"), [(1, 4), (3, 999), (-1, 3), (10, 3)])
def test_offsets_inside_a_character_or_outside_are_refused(
    tmp_path: Path, begin: int, end: int
) -> None:
    file = tmp_path / "a.json"
    other_cas().to_json(file)
    plain = json.loads(file.read_bytes())
    (row,) = (one for one in plain["%FEATURE_STRUCTURES"] if one.get("value") == "PER")
    row["begin"], row["end"] = begin, end
    file.write_text(json.dumps(plain), encoding="utf-8")
    found = read(file, "uima")
    (one,) = records_of(found)
    assert one.entities == ()
    assert "invalid span" in kinds(found)


def test_an_annotation_without_words_leaves_the_rest_known(tmp_path: Path) -> None:
    cas = other_cas()
    entity = "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity"
    cas.remove(next(one for one in cas.select(entity) if one.value is None))
    cas.add(cas.typesystem.get_type(entity)(begin=9, end=9, value="PER"))
    cas.to_json(tmp_path / "a.json")
    found = read(tmp_path / "a.json", "uima")
    (one,) = records_of(found)
    assert "annotation without words" in kinds(found)
    assert ([e.span for e in one.entities], one.unknown) == ([ADA], ())


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"[[[[",
        b"[" * 100_000,
        b'{"%TYPES": 3, "%FEATURE_STRUCTURES": [], "%VIEWS": {}}',
        b'{"%TYPES": {}, "%FEATURE_STRUCTURES": [{"%ID": 1, "%TYPE": "x"}], "%VIEWS": {}}',
        b"<xmi:XMI",
        b"\xff\xfe<\x00x\x00",
        LAUGHS.encode() + b"<xmi:XMI/>",
        b"<a>" * 100_000,
    ],
    ids=lambda one: repr(one[:24]),
)
def test_a_file_that_is_no_cas_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.json").write_bytes(content)
    found = list(format_named("uima").read(tmp_path))
    assert (records_of(found), len(found)) == ([], 1)


@pytest.mark.parametrize("name", ["doccano", "web-annotation", "uima", "tei"])
@examples(10)
@given(content=st.binary(max_size=60) | st.text('[]{}",:\\ \n1a<>&/').map(str.encode))
def test_arbitrary_bytes_never_stop_reading(name: str, content: bytes) -> None:
    form = format_named(name)
    assert records_of(read_back(form, content)) == []


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    other_cas().to_json(tmp_path / "secret.json")
    (tmp_path / "in" / "a.json").symlink_to(tmp_path / "secret.json")
    (found,) = format_named("uima").read(tmp_path / "in")
    assert isinstance(found, Refused)
    assert "out of its folder" in found.reason


# TEI

OTHER = """<?xml version="1.0" encoding="UTF-8"?>
<TEI xmlns="http://www.tei-c.org/ns/1.0">
  <teiHeader><fileDesc><titleStmt><title>x</title></titleStmt></fileDesc></teiHeader>
  <text><body>
    <head>A <hi>fire</hi></head>
    <p><persName ref="#low">Ada
       Low</persName>, of <orgName>the <placeName>Hythe</placeName> Desk</orgName>,<lb/>
       left&#8212;<rs type="event">at once</rs>.</p>
    <p xml:space="preserve">Two  blanks<!-- a comment --> 👍 <name>Bo</name></p>
  </body></text>
  <standOff><spanGrp><span type="mood" from="#x">sad</span></spanGrp></standOff>
</TEI>
"""


def test_tei_of_others_is_read(tmp_path: Path) -> None:
    file = tmp_path / "a.xml"
    file.write_text(OTHER, encoding="utf-8")
    found = read(file, "tei")
    (one,) = records_of(found)
    text = one.article.text
    assert text == ("A fire\n\nAda Low, of the Hythe Desk,\nleft—at once.\n\nTwo  blanks 👍 Bo")
    assert [(e.span.of(text), e.label, e.identity) for e in one.entities] == [
        ("Ada Low", "PERSON", "#low"),
        ("the Hythe Desk", "ORG", None),
        ("Hythe", "GPE", None),
        ("at once", "event", None),
        ("Bo", "NAME", None),
    ]
    assert kinds(found) == ["span outside the text"]
    assert one.unknown == (Span(0, len(text)),)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (LAUGHS + OTHER.partition("?>")[2].replace("x</title>", "&b;</title>"), "DOCTYPE"),
        (OTHER.replace("<TEI", '<!DOCTYPE TEI SYSTEM "/etc/passwd"><TEI'), "DOCTYPE"),
        (OTHER.replace("UTF-8", "UTF-7"), "UTF-8"),
        (OTHER.replace("</p>", "", 1), "not XML"),
        (OTHER.replace("<text>", "<text>" + "<p>" * 5000), "not XML"),
        ("<TEI xmlns='http://www.tei-c.org/ns/1.0'/>", "there is no text"),
        ("<teiHeader/>", "no TEI"),
        ("", "not XML"),
    ],
    ids=lambda one: one[-12:],
)
def test_hostile_and_broken_tei_is_refused(tmp_path: Path, content: str, why: str) -> None:
    (tmp_path / "a.xml").write_text(content, encoding="utf-8")
    (found,) = format_named("tei").read(tmp_path / "a.xml")
    assert isinstance(found, Refused)
    assert why in found.reason


def test_a_folder_without_a_file_of_marks_is_no_dataset(tmp_path: Path) -> None:
    (tmp_path / "TypeSystem.xml").write_text("<typeSystemDescription/>")
    with pytest.raises(RecordError, match="holds no file that can be imported"):
        list(files_in(tmp_path))
