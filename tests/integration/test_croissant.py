"""The description of a dataset for programs: its files, fields, rights and provenance."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from annotator.core.annotations import Entity, Verdict
from annotator.core.article import Article, Origin, Span
from annotator.core.dataset_facts import DatasetFacts
from annotator.core.labels import scheme_from
from annotator.core.record import PipelineId, Record
from annotator.export.croissant import CONFORMS_TO, CONTEXT, NAME
from annotator.export.dataset_folder import Dataset
from annotator.export.quality_card import Measured
from annotator.export.records import in_order
from annotator.export.splits import SPLITS
from tests.helpers.items import record_of
from tests.helpers.record_strategies import REVIEWED

ROOT = Path(__file__).parents[2]
LABELS = [{"name": "PERSON", "key": "p", "color": "#336699", "meaning": "a person"}]
SCHEME = scheme_from({"name": "news", "version": "2", "label": LABELS})
PAPERS = {
    "labels.toml": b"name = 'news'\n",
    "record.schema.json": (ROOT / "schema" / "record.schema.json").read_bytes(),
}
ABOUT = DatasetFacts(
    "Hythe news",
    'About "the bridge".',
    "CC-BY-4.0",
    "@misc{low,\n  title={News}}",
    ("Ada Low", "organisation: The Hythe Desk"),
)
_OF = {"of": "entities", "low": 0.8, "high": 1.0, "units": 6, "unit": "items", "articles": 3}
F1 = {"measure": "f1", "value": 0.9, "enough": True, **_OF}
ALPHA = {"measure": "alpha", "value": None, "enough": False, **_OF}
MODEL = PipelineId("news", "1", "beef" * 16)
# What mlcroissant requires, and what we promise, as a schema.
FIELD = {
    "type": "object",
    "required": ["@type", "@id", "name", "description"],
    "properties": {
        "@type": {"const": "cr:Field"},
        "dataType": {"enum": ["sc:Text", "sc:Integer", "sc:Float", "sc:Boolean", "sc:URL"]},
        "source": {"type": "object", "required": ["fileObject", "extract"]},
        "subField": {"type": "array", "items": {"$ref": "#/$defs/field"}, "minItems": 1},
    },
    "oneOf": [{"required": ["dataType"]}, {"required": ["subField"]}],
}
WANTED = {
    "$defs": {"field": FIELD},
    "type": "object",
    "required": [
        *("@context", "@type", "conformsTo", "name", "description", "version", "distribution"),
        *("rai:dataCollection", "rai:annotationsPerItem", "prov:wasGeneratedBy"),
    ],
    "properties": {
        "@type": {"const": "sc:Dataset"},
        "conformsTo": {"const": CONFORMS_TO},
        "version": {"pattern": r"^\d+\.\d+\.\d+$"},
        "distribution": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["@type", "@id", "contentUrl", "encodingFormat", "contentSize"],
                "properties": {
                    "@type": {"const": "cr:FileObject"},
                    "sha256": {"pattern": "^[0-9a-f]{64}$"},
                },
            },
        },
        "recordSet": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["@type", "@id", "name", "description", "field"],
                "properties": {"field": {"items": {"$ref": "#/$defs/field"}, "minItems": 1}},
            },
        },
    },
}


def article(number: int, reviewer: str = "ada") -> Record:
    one = record_of(
        f"Ada Low spoke on day {number}.",
        Entity("e1", Span(0, 7), "PERSON", verdict=Verdict.ACCEPTED),
        pipeline=MODEL,
    )
    where = Article(one.article.text, origin=Origin(outlet="Hythe | Times"))
    return replace(one, article=where, review=replace(REVIEWED, reviewer=reviewer, bulk=0))


def written(target: Path, *rows: Record, about: DatasetFacts = ABOUT) -> dict[str, Any]:
    dataset = Dataset(
        SCHEME, PAPERS, left_out={"in review": 2}, about=about, measured=Measured(None, [F1, ALPHA])
    )
    dataset.write(in_order(rows), target)
    plain: dict[str, Any] = json.loads((target / NAME).read_bytes())
    return plain


MANY = [article(n) for n in range(30)] + [article(n, "bo") for n in range(3)]


def objects_in(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    for one in value if isinstance(value, list) else ():
        yield from objects_in(one)


def check(plain: dict[str, Any], folder: Path) -> None:
    """The description fits the schema, every name in it is known, and every file is as it says."""
    Draft202012Validator(WANTED).validate(plain)
    body = {key: value for key, value in plain.items() if key != "@context"}
    every = list(objects_in(body))
    named = [one["@id"] for one in every if "@type" in one and "@id" in one]
    assert len(named) == len(set(named))
    assert {one["@id"] for one in every if set(one) == {"@id"}} <= {*named}
    prefixes = {key.partition(":")[0] for one in every for key in one if ":" in key}
    assert prefixes <= set(CONTEXT)
    files = {one["contentUrl"]: one for one in plain["distribution"]}
    there = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    assert set(files) == there - {NAME, "manifest-sha256.txt"}
    for name, one in files.items():
        content = (folder / name).read_bytes()
        assert one["sha256"] == hashlib.sha256(content).hexdigest()
        assert one["contentSize"] == f"{len(content)} B"


def test_every_file_and_field_of_all_splits_is_described(tmp_path: Path) -> None:
    plain = written(tmp_path / "set", *MANY)
    check(plain, tmp_path / "set")
    sets = {one["@id"]: one for one in plain["recordSet"]}
    assert set(sets) == {"labels", "splits", *SPLITS}
    assert sets["labels"]["data"] == [{"labels/name": "PERSON", "labels/meaning": "a person"}]
    counts = {row["splits/name"]: row["splits/records"] for row in sets["splits"]["data"]}
    assert sum(counts.values()) == 33
    required = json.loads(PAPERS["record.schema.json"])["required"]
    for split in SPLITS:
        fields = {one["@id"].partition("/")[2] for one in sets[split]["field"]}
        told = [
            name for name in required if name in fields or f"{name}: " in sets[split]["description"]
        ]
        assert set(required) - set(told) == {"meta"}
    assert (plain["license"], plain["citeAs"]) == (
        "https://spdx.org/licenses/CC-BY-4.0",
        ABOUT.citation,
    )
    assert [(one["@type"], one["name"]) for one in plain["creator"]] == [
        ("sc:Person", "Ada Low"),
        ("sc:Organization", "The Hythe Desk"),
    ]


def test_provenance_is_counted_and_names_no_reviewer(tmp_path: Path) -> None:
    plain = written(tmp_path / "set", *MANY)
    assert '"ada"' not in json.dumps(plain)
    assert plain["rai:annotatorDemographics"] == ["2 reviewers; nothing else is recorded of them"]
    assert (
        plain["rai:annotationsPerItem"] == "Articles: 3 reviewed by two or more, 27 reviewed by one"
    )
    assert plain["rai:machineAnnotationTools"] == ["news 1 (beefbeefbeef)"]
    assert plain["rai:dataCollectionMissingData"] == "2 articles: in review"
    assert "0 of 33 accepted items (0.0%)" in plain["rai:dataBiases"][0]
    assert plain["rai:dataAnnotationAnalysis"] == [
        "Agreement on entities, f1: 0.900 (95 %: 0.800 to 1.000)"
    ]
    assert "33 entities are labelled PERSON" in plain["rai:personalSensitiveInformation"][0]
    assert plain["prov:wasDerivedFrom"] == [
        {"@type": "prov:Entity", "prov:label": "30 articles of Hythe | Times"}
    ]
    activity = plain["prov:wasGeneratedBy"]
    assert activity["prov:startedAtTime"] <= activity["prov:endedAtTime"]
    agents = [one["prov:label"] for one in activity["prov:wasAssociatedWith"]]
    assert agents == ["news 1 (beefbeefbeef)", "2 reviewers"]


@pytest.mark.parametrize("rows", [[], [article(1)]], ids=["none", "one"])
def test_small_datasets_without_rights_are_described_too(
    tmp_path: Path, rows: list[Record]
) -> None:
    plain = written(tmp_path / "set", *rows, about=DatasetFacts())
    check(plain, tmp_path / "set")
    assert plain["name"] == "news 2"
    assert not {"license", "citeAs", "creator"} & set(plain)
    assert "license: unknown\n" in (tmp_path / "set" / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("licence", "head", "address"),
    [
        ("CC-BY-4.0", 'license: "cc-by-4.0"\n', "https://spdx.org/licenses/CC-BY-4.0"),
        (
            "https://example.org/l",
            'license: other\nlicense_name: "https://example.org/l"\n'
            'license_link: "https://example.org/l"\n',
            "https://example.org/l",
        ),
        ("ask: us\n*now*", 'license: other\nlicense_name: "ask: us\\n*now*"\n', "ask: us\n*now*"),
    ],
)
def test_a_licence_stands_on_the_card_as_hubs_want_it(
    tmp_path: Path, licence: str, head: str, address: str
) -> None:
    plain = written(tmp_path / "set", article(1), about=replace(ABOUT, licence=licence))
    card = (tmp_path / "set" / "README.md").read_text(encoding="utf-8")
    assert head in card
    assert plain["license"] == address
    assert 'pretty_name: "Hythe news"' in card
    assert "Made by Ada Low, The Hythe Desk.\n" in card
    assert "    @misc{low,\n      title={News}}\n" in card
    assert 'About "the bridge".' in card


def test_mlcroissant_finds_no_fault_and_reads_the_records(tmp_path: Path) -> None:
    mlc = pytest.importorskip("mlcroissant", reason="no mlcroissant")
    written(tmp_path / "set", *MANY)
    dataset = mlc.Dataset(jsonld=tmp_path / "set" / NAME)
    issues = dataset.metadata.ctx.issues
    assert (issues.errors, issues.warnings) == (set(), set())
    assert dataset.metadata.ctx.conforms_to.value == CONFORMS_TO
    assert dataset.metadata.data_annotation_platform == ["annotator"]
    read = [one for split in SPLITS for one in dataset.records(split)]
    assert len(read) == len(MANY)
    texts = {value.decode() for one in read for key, value in one.items() if key.endswith("/text")}
    assert texts == {one.article.text for one in MANY}
