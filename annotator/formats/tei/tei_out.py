"""Writes TEI P5: a `teiCorpus` with one `TEI` for each record, or a folder with a file for each.

The text stands as it is in an `ab`; entities that do not overlap are `persName`, `placeName`,
`orgName` or `name` in it, with the label as `type` and the identity as `key`. Other entities, the
pieces of claims and junk lines are `span`s in `standOff`, which point into the text by
`string-range`, in characters; attributes of a claim are a feature structure, links are `link`s. The
rest of the record is in `xenoData`. A character that XML cannot hold is a `g`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from annotator.core.article import Article
from annotator.core.record import Record
from annotator.formats.base import Format, FormatReader, Losses, Option
from annotator.formats.iob import without_overlap
from annotator.formats.marks.kept_marks import expected, held_records, numbered_names
from annotator.formats.marks.shown_marks import (
    ATTRIBUTES,
    IDENTITY,
    NOTE,
    MarkedText,
    MarkKind,
    SpanMark,
    shown,
)
from annotator.formats.signs import Sign, Signs
from annotator.formats.tei.tei_in import numbered
from annotator.formats.tei.tei_names import (
    ELEMENTS,
    SPACE,
    glyph_id,
    glyphs_in,
    in_attribute,
    in_element,
)

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_CORPUS = (
    f'{_HEAD}<teiCorpus xmlns="{SPACE}">\n<teiHeader><fileDesc><titleStmt><title>Reviewed articles'
    "</title></titleStmt><publicationStmt><p>Exported by annotator</p></publicationStmt>"
    "<sourceDesc><p>News articles</p></sourceDesc></fileDesc></teiHeader>\n"
)


def write(records: Iterable[Record], target: BinaryIO, losses: Losses) -> int:
    """Write a corpus with one text for each reviewed record; returns how many."""
    count = 0
    target.write(_CORPUS.encode())
    for count, record in enumerate(held_records(records, losses), start=1):
        target.write(_tei(record, f"a{count}-", "<TEI>").encode())
    target.write(b"</teiCorpus>\n")
    return count


def write_folder(
    records: Iterable[Record],
    target: Path,
    losses: Losses,
    labels: Sequence[str] = (),  # noqa: ARG001  # labels are values, not declared
) -> int:
    """Write one file for each reviewed record, named by the article's id; returns how many."""
    name, count = numbered_names(), 0
    for count, record in enumerate(held_records(records, losses), start=1):  # noqa: B007  # result
        whole = _HEAD + _tei(record, "", f'<TEI xmlns="{SPACE}">')
        (target / f"{name(record)}.xml").write_bytes(whole.encode())
    return count


def _tei(record: Record, prefix: str, opening: str) -> str:
    """One text; ids in it begin with the prefix."""
    told, article = shown(record), record.article
    inline = {id(one) for one in without_overlap(record.entities)}
    # `shown` has one mark for each entity, first and in order.
    within = [
        mark
        for mark, entity in zip(told.marks, record.entities, strict=False)
        if id(entity) in inline
    ]
    names = {mark.name for mark in within}
    apart = [mark for mark in told.marks if mark.name not in names]
    return "\n".join(
        (
            opening,
            *_header(article, told),
            *_stand_off(told, apart, prefix),
            f'<text><body><ab xml:id="{prefix}text" xml:space="preserve">'
            f"{''.join(_running(article.text, within, prefix))}</ab></body></text>",
            "</TEI>\n",
        )
    )


def _header(article: Article, told: MarkedText) -> Iterator[str]:
    origin = article.origin
    source = "; ".join(
        one for one in (origin.outlet, origin.author, origin.url, origin.name) if one
    )
    yield "<teiHeader><fileDesc>"
    yield f"<titleStmt><title>{in_element(article.title or article.id)}</title></titleStmt>"
    yield "<publicationStmt><p>Exported by annotator</p></publicationStmt>"
    yield f"<sourceDesc><p>{in_element(source or 'A news article')}</p></sourceDesc></fileDesc>"
    if glyphs := glyphs_in(article.text):
        rows = (
            f'<char xml:id="{glyph_id(one)}"><desc>U+{ord(one):04X}</desc></char>' for one in glyphs
        )
        yield f"<encodingDesc><charDecl>{''.join(rows)}</charDecl></encodingDesc>"
    beside = in_element(json.dumps(told.beside))
    yield f'<xenoData type="annotator">{beside}</xenoData></teiHeader>'


def _stand_off(told: MarkedText, apart: Iterable[SpanMark], prefix: str) -> Iterator[str]:
    """The spans outside the text, the attributes of claims, and the links; nothing without them."""
    spans = [_span(mark, prefix) for mark in apart]
    facts = [one for mark in told.marks if (one := _features(mark, prefix))]
    links = [
        f"<link type={in_attribute(link.label)} "
        f'target="#{prefix}{link.one} #{prefix}{link.other}"/>'
        for link in told.links
    ]
    if not spans and not links:
        return
    yield "<standOff>"
    if spans:
        yield f"<spanGrp>{''.join(spans)}</spanGrp>"
    yield from facts
    if links:
        yield f"<linkGrp>{''.join(links)}</linkGrp>"
    yield "</standOff>"


def _span(mark: SpanMark, prefix: str) -> str:
    assert mark.kind is not None
    label = mark.label if mark.kind in (MarkKind.ENTITY, MarkKind.JUNK) else ""
    subtype = f" subtype={in_attribute(label)}" if label else ""
    ana = f' ana="#{prefix}{mark.name}-fs"' if _features(mark, prefix) else ""
    where = f"string-range(#{prefix}text,{mark.start},{mark.end - mark.start})"
    return (
        f'<span xml:id="{prefix}{mark.name}" type="{mark.kind}"{subtype}{ana}'
        f"{_facts(mark)} from={in_attribute(where)}>{in_element(mark.words or '')}</span>"
    )


def _features(mark: SpanMark, prefix: str) -> str:
    """The feature structure with the attributes of a claim; empty for other marks."""
    rows = (
        f"<f name={in_attribute(name)}><symbol value={in_attribute(word)}/></f>"
        for name, word in mark.said.items()
        if name in ATTRIBUTES
    )
    inside = "".join(rows)
    return f'<fs xml:id="{prefix}{mark.name}-fs">{inside}</fs>' if inside else ""


def _facts(mark: SpanMark) -> str:
    """The identity and the note of a mark, as attributes."""
    said = {"key": mark.said.get(IDENTITY), "n": mark.said.get(NOTE)}
    return "".join(f" {name}={in_attribute(v)}" for name, v in said.items() if v is not None)


def _running(text: str, within: Iterable[SpanMark], prefix: str) -> Iterator[str]:
    """The text with these marks as elements."""
    place = 0
    for mark in sorted(within, key=lambda mark: int(mark.start)):
        yield in_element(text[place : mark.start])
        element = ELEMENTS.get(mark.label, "name")
        yield (
            f'<{element} xml:id="{prefix}{mark.name}" type={in_attribute(mark.label)}'
            f"{_facts(mark)}>{in_element(text[mark.start : mark.end])}</{element}>"
        )
        place = mark.end
    yield in_element(text[place:])


FORMAT = Format(
    "tei",
    ".xml",
    writer=write,
    folder_writer=write_folder,
    reader=FormatReader(numbered, expected, takes=frozenset({Option.MEANS})),
    signs=Signs(
        endings=(".xml",),
        line=r"<(?:\w+:)?(?:TEI|teiCorpus|teiHeader)\b",
        example='<TEI xmlns="http://www.tei-c.org/ns/1.0">',
        heads=(Sign("TEI", head=r"<(?:\w+:)?(?:TEI|teiCorpus|teiHeader)\b"),),
    ),
)
