"""Writes W3C Web Annotations (JSON-LD): a list with one AnnotationCollection for each record.

Each mark is an annotation whose target has a TextQuoteSelector (`exact`, `prefix`, `suffix`) and a
TextPositionSelector in code points, as the recommendation counts. Bodies say what it is: an entity
*classifying*, a piece of a claim *tagging*, a junk line *moderating*; the attributes of a claim are
*assessing* its first piece of content, an identity *identifying*, a note *commenting*. Links are
annotations *linking*: the body is the mark that the link starts from, the target the other. The
text and the rest of the record are in our own part, a JSON literal for other programs.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO

import orjson

from annotator.core.record import Record
from annotator.core.records.codec import Plain
from annotator.formats import record_envelope
from annotator.formats.base import Format, FormatReader, Losses, Option
from annotator.formats.marks.kept_marks import expected, held_records, numbered_names
from annotator.formats.marks.shown_marks import IDENTITY, NOTE, MarkKind, MarkLink, SpanMark, shown
from annotator.formats.shapes import ANY
from annotator.formats.signs import Sign, Signs, Strength
from annotator.formats.web_annotation.web_annotation_in import numbered

CONTEXT = (
    "http://www.w3.org/ns/anno.jsonld",
    {record_envelope.KEY: {"@id": "urn:annotator:record", "@type": "@json"}},
)
PURPOSES = {MarkKind.ENTITY: "classifying", MarkKind.JUNK: "moderating"}
"""The motivation of each kind of mark; that of a piece of a claim is tagging."""
_AROUND = 32  # characters of prefix and suffix


def write(records: Iterable[Record], target: BinaryIO, losses: Losses) -> int:
    """Write a list with one collection for each reviewed record, one per line; returns how many."""
    count, name = 0, numbered_names()
    target.write(b"[")
    for count, record in enumerate(held_records(records, losses), start=1):
        target.write(b",\n" if count > 1 else b"\n")
        target.write(orjson.dumps(_collection(record, f"urn:annotator:{name(record)}")))
    target.write(b"\n]\n")
    return count


def _collection(record: Record, iri: str) -> Plain:
    told, article = shown(record), record.article
    items = [_annotation(mark, iri, article.id, article.text) for mark in told.marks]
    items += [_linking(link, n, iri) for n, link in enumerate(told.links, start=1)]
    return {
        "@context": CONTEXT,
        "id": iri,
        "type": "AnnotationCollection",
        "label": article.title or article.origin.name or article.id,
        "total": len(items),
        "first": {"id": f"{iri}#page", "type": "AnnotationPage", "startIndex": 0, "items": items},
        record_envelope.KEY: {"text": article.text, "record": told.beside},
    }


def _annotation(mark: SpanMark, iri: str, article: str, text: str) -> Plain:
    assert mark.kind is not None
    purpose = PURPOSES.get(mark.kind, "tagging")
    named = mark.kind is MarkKind.ENTITY
    facts = [
        _body(_purpose_of(name), said if name in (IDENTITY, NOTE) else f"{name}:{said}")
        for name, said in mark.said.items()
        if named or name != IDENTITY
    ]
    quote = {
        "type": "TextQuoteSelector",
        "exact": mark.words,
        "prefix": text[max(mark.start - _AROUND, 0) : mark.start],
        "suffix": text[mark.end : mark.end + _AROUND],
    }
    place = {"type": "TextPositionSelector", "start": mark.start, "end": mark.end}
    return {
        "id": f"{iri}#{mark.name}",
        "type": "Annotation",
        "motivation": purpose,
        "body": [_body(purpose, mark.label), *facts],
        "target": {"source": f"urn:sha256:{article}", "selector": [quote, place]},
    }


def _purpose_of(name: str) -> str:
    return {IDENTITY: "identifying", NOTE: "commenting"}.get(name, "assessing")


def _body(purpose: str, value: str) -> Plain:
    return {"type": "TextualBody", "purpose": purpose, "value": value}


def _linking(link: MarkLink, number: int, iri: str) -> Plain:
    return {
        "id": f"{iri}#link{number}",
        "type": "Annotation",
        "motivation": "linking",
        "body": [
            {"type": "SpecificResource", "purpose": "linking", "source": f"{iri}#{link.one}"},
            _body("tagging", link.label),
        ],
        "target": f"{iri}#{link.other}",
    }


FORMAT = Format(
    "web-annotation",
    ".jsonld",
    writer=write,
    reader=FormatReader(numbered, expected, takes=frozenset({Option.OFFSETS, Option.MEANS})),
    signs=Signs(
        endings=(".jsonld",),
        values=(
            Sign(
                "collections of Web Annotations",
                {"type": ("AnnotationCollection", "AnnotationPage")},
                strength=Strength.CERTAIN,
            ),
            Sign("Web Annotations", {("body", "bodyValue"): ANY, "target": (str, dict, [])}),
        ),
    ),
)
