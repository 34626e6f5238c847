"""Describes a dataset as Croissant 1.1 (JSON-LD), for programs that find and load datasets.

Files with their checksums, records with their fields, how the data was collected and annotated
(Croissant's vocabulary for responsible AI), and where it came from (PROV-O). Reviewers are
counted, not named. The same dataset gives the same text.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from annotator.core.dataset_facts import DatasetFacts
from annotator.core.labels import LabelScheme
from annotator.core.record import FORMAT
from annotator.core.text.counted import many
from annotator.export.croissant_provenance import derived_from, generated_by, responsible
from annotator.export.figures import Figures
from annotator.export.quality_card import Measured
from annotator.export.splits import SPLITS

NAME = "croissant.json"
CONFORMS_TO = "http://mlcommons.org/croissant/1.1"
Plain = dict[str, Any]
_VERSION = re.compile(r"(0|[1-9]\d*)(\.(?:0|[1-9]\d*)){0,2}")
_KINDS = {
    ".jsonl": "application/jsonlines",
    ".json": "application/json",
    ".md": "text/markdown",
    ".toml": "application/toml",
}
_ROLES = {"train": "cr:TrainingSplit", "dev": "cr:ValidationSplit", "test": "cr:TestSplit"}
# The terms of Croissant by their short names, as its specification lists them.
_TERMS = (
    *("annotation", "arrayShape", "citeAs", "column", "containedIn", "equivalentProperty"),
    *("excludes", "extract", "field", "fileObject", "fileProperty", "fileSet", "format"),
    *("includes", "isArray", "isLiveDataset", "jsonPath", "key", "md5", "parentField", "path"),
    *("readLines", "recordSet", "references", "regex", "repeated", "replace", "samplingRate"),
    *("sdVersion", "separator", "source", "subField", "transform", "unArchive", "value"),
)
CONTEXT: Plain = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "dct": "http://purl.org/dc/terms/",
    "prov": "http://www.w3.org/ns/prov#",
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "description": {"@container": "@language"},
    "name": {"@container": "@language"},
    **{term: f"cr:{term}" for term in _TERMS},
}


@dataclass(frozen=True, slots=True)
class Described:
    """What the description of a dataset is made from: what people say of it, its figures, its
    label scheme, the agreement of its reviewers, articles left out by state, and the schema of its
    records, where it is known."""

    about: DatasetFacts
    figures: Figures
    scheme: LabelScheme
    measured: Measured
    left_out: Mapping[str, int]
    schema: Mapping[str, Any]


def croissant_json(one: Described, folder: Path) -> str:
    """The description of the dataset in this folder, whose other files are complete."""
    about, figures = one.about, one.figures
    title = about.name or f"{one.scheme.name} {one.scheme.version}"
    plain: Plain = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": CONFORMS_TO,
        "name": title,
        "description": about.description or _description(figures),
        "version": _version(one.scheme.version),
        **_rights(about),
        **_dates(figures),
        "inLanguage": sorted(name for name in figures.languages if name),
        "keywords": ["news", "named entities", "attribution", "quotations", "claims"],
        **responsible(figures, one.measured, one.left_out),
        "prov:wasDerivedFrom": derived_from(figures),
        "prov:wasGeneratedBy": generated_by(figures),
        "distribution": list(_files(folder)),
        "recordSet": [*_labels(one.scheme), *_splits(figures), *_records(one)],
    }
    kept = {key: value for key, value in plain.items() if value not in ("", [], {})}
    return json.dumps(kept, ensure_ascii=False, indent=1) + "\n"


def _description(figures: Figures) -> str:
    return (
        "News articles with entities, claims (source, cue, content) and lines that are not part of "
        f"the article, as reviewers left them: {many(figures.records, 'record')} of "
        f"{many(figures.articles, 'article')} in the form {FORMAT}. Offsets are half-open and "
        "count code points."
    )


def _version(version: str) -> str:
    """The version of the label scheme with three numbers, as Croissant wants it."""
    found = _VERSION.fullmatch(version)
    numbers = version.split(".") if found else ["1"]
    return ".".join([*numbers, "0", "0"][:3])


def _rights(about: DatasetFacts) -> Plain:
    creators = [
        {"@type": "sc:Organization" if is_group else "sc:Person", "name": name}
        for name, is_group in about.makers
    ]
    return {
        "license": about.licence_address or about.licence,
        "citeAs": about.citation,
        "creator": creators,
    }


def _dates(figures: Figures) -> Plain:
    """When the first and the last review was finished; nothing says when anybody published it."""
    dates = {"dateCreated": figures.finished.first, "datePublished": figures.finished.last}
    return {name: when[:10] for name, when in dates.items() if when}


def _files(folder: Path) -> Iterator[Plain]:
    """Every file of the folder with its checksum."""
    for path in sorted(file for file in folder.rglob("*") if file.is_file()):
        name = path.relative_to(folder).as_posix()
        with path.open("rb") as stream:
            checksum = hashlib.file_digest(stream, "sha256").hexdigest()
        yield {
            "@type": "cr:FileObject",
            "@id": name,
            "name": name,
            "contentUrl": name,
            "contentSize": f"{path.stat().st_size} B",
            "encodingFormat": _KINDS.get(path.suffix, "text/plain"),
            "sha256": checksum,
        }


def _labels(scheme: LabelScheme) -> Iterator[Plain]:
    """The labels of entities and their meanings."""
    rows = [{"labels/name": label.name, "labels/meaning": label.meaning} for label in scheme]
    if rows:
        yield _record_set(
            "labels",
            "The labels of entities.",
            (_field("labels/name", "The label."), _field("labels/meaning", "What it marks.")),
            key="labels/name",
            dataType="sc:Enumeration",
            data=rows,
        )


def _splits(figures: Figures) -> Iterator[Plain]:
    rows = [
        {"splits/name": split, "splits/url": _ROLES[split], "splits/records": figures.splits[split]}
        for split in SPLITS
        if figures.splits[split]
    ]
    if rows:
        yield _record_set(
            "splits",
            "The parts of the dataset. Revisions, near-duplicates and the articles of one story "
            "are in the same part.",
            (
                _field("splits/name", "The part."),
                _field("splits/url", "Its role.", kind="sc:URL"),
                _field("splits/records", "Its number of records.", kind="sc:Integer"),
            ),
            key="splits/name",
            dataType="cr:Split",
            data=rows,
        )


def _records(one: Described) -> Iterator[Plain]:
    """The records of each part that has any, by field.

    Loaders for Croissant read columns of a file of JSON lines, but no lists of objects in them, so
    lists are described in words.
    """
    lists = "; ".join(f"{name}: {words}" for name, words in _lists_of_records(one.schema))
    for split in SPLITS:
        if one.figures.splits[split]:
            words = f"The records of {split}, by article id and reviewer."
            yield _record_set(
                split,
                f"{words} Beside these fields each has lists of objects, which "
                f"record.schema.json describes. {lists}".strip(),
                _fields_of_records(one.schema, split),
            )


def _lists_of_records(schema: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, row in schema.get("properties", {}).items():
        if "array" in _types(row):
            yield name, row.get("description", "")


def _record_set(name: str, description: str, fields: Iterable[Plain], **more: Any) -> Plain:
    if key := more.pop("key", None):
        more["key"] = {"@id": key}
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "description": description,
        **more,
        "field": list(fields),
    }


def _field(name: str, description: str, *, kind: str = "sc:Text", **more: Any) -> Plain:
    bare = {"@type": "cr:Field", "@id": name, "name": name.rpartition("/")[2]}
    return {**bare, "description": description, "dataType": kind, **more}


def _fields_of_records(schema: Mapping[str, Any], split: str) -> Iterator[Plain]:
    """The fields of a record by its schema, but for lists; those that every record has, so that
    each is a column of the file."""
    rows, required = schema.get("properties", {}), schema.get("required", ())
    for name in required:
        row = _resolved(rows.get(name, {}), schema)
        words, inner = row.get("description", name), row.get("properties", {})
        source = {"fileObject": {"@id": f"records/{split}.jsonl"}, "extract": {"column": name}}
        here = f"{split}/{name}"
        if "array" in _types(row) or name == "meta":
            continue
        if inner:
            parts = [
                _field(
                    f"{here}/{part}",
                    _resolved(what, schema).get("description", part),
                    kind=_kind_of(_resolved(what, schema)),
                    source={**source, "transform": {"jsonPath": part}},
                )
                for part, what in inner.items()
                if part in row.get("required", ())
            ]
            bare = _field(here, words)
            del bare["dataType"]
            yield {**bare, "subField": parts}
        else:
            yield _field(here, words, kind=_kind_of(row), source=source)


def _resolved(row: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """The definition that a row of the schema refers to, with the row's own words."""
    name = str(row.get("$ref", "")).rpartition("/")[2]
    found: Mapping[str, Any] = schema.get("$defs", {}).get(name, {})
    return {**found, **row}


def _types(row: Mapping[str, Any]) -> tuple[str, ...]:
    kinds = row.get("type", "string")
    return tuple(kinds) if isinstance(kinds, list) else (kinds,)


def _kind_of(row: Mapping[str, Any]) -> str:
    kinds = {"integer": "sc:Integer", "number": "sc:Float", "boolean": "sc:Boolean"}
    found = (kinds[one] for one in _types(row) if one in kinds)
    return next(found, "sc:Text")
