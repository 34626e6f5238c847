"""Writes a folder of UIMA CAS as JSON (0.4), one file for each record, and `TypeSystem.xml`.

Entities are DKPro's named entities, with the label as `value` and the identity as `identifier`.
Each piece of a claim is a span of the layer ClaimPart with its role, the first piece of content
with the attributes; relations of the layer ClaimLink join pieces, and tie claims. Offsets are
UTF-16 units, as in UIMA. The rest of the record is text in a feature structure of its own, which
other programs ignore.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from annotator.core.record import Record
from annotator.errors import ExportError, RecordError
from annotator.formats.base import Format, FormatReader, Losses, Option, counted
from annotator.formats.marks.kept_marks import expected, held_records, numbered_names
from annotator.formats.marks.shown_marks import (
    ATTRIBUTES,
    IDENTITY,
    ROLES,
    SOURCE_ENTITY,
    MarkKind,
    SpanMark,
    shown,
)
from annotator.formats.shapes import ANY
from annotator.formats.signs import Sign, Signs, Strength
from annotator.formats.uima import uima_types as types
from annotator.formats.uima.uima_in import read


def write(
    records: Iterable[Record],
    target: Path,
    losses: Losses,
    labels: Sequence[str] = (),  # noqa: ARG001  # labels are values, not types
) -> int:
    """Write one file for each reviewed record, named by the article's id; returns how many. Raises
    ExportError without dkpro-cassis."""
    try:
        cassis = types.library()
    except RecordError as error:
        raise ExportError(error.message, hint=error.hint) from error
    system, name, count = types.type_system(cassis), numbered_names(), 0
    for count, record in enumerate(held_records(records, losses), start=1):  # noqa: B007  # result
        cas = _cas(record, cassis.Cas(system))
        (target / f"{name(record)}.json").write_bytes(cas.to_json(ensure_ascii=True).encode())
    if count:
        system.to_xml(target / "TypeSystem.xml")
    return count


def _cas(record: Record, cas: Any) -> Any:
    """The record as a CAS."""
    told, article = shown(record), record.article
    cas.sofa_string, cas.sofa_mime = article.text, "text/plain"
    _add(
        cas,
        types.METADATA,
        begin=0,
        end=len(article.text),
        documentId=article.id,
        documentTitle=article.title or article.origin.name or article.id,
        language=article.language or "x-unspecified",
    )
    made = {mark.name: _add_mark(cas, mark) for mark in told.marks}
    for link in told.links:
        one, other = made[link.one], made[link.other]
        if link.label == SOURCE_ENTITY:
            slot = cas.typesystem.get_type(types.SPEAKER)(role="source", target=other)
            one.entity = cas.typesystem.get_type("uima.cas.FSArray")(elements=[slot])
            continue
        ends = {"Dependent": one, "Governor": other, "begin": one.begin, "end": one.end}
        _add(cas, types.LINK, **ends, **{types.LABEL: link.label})
    _add(cas, types.RECORD, **{types.TEXT: json.dumps(told.beside)})
    return cas


def _add_mark(cas: Any, mark: SpanMark) -> Any:
    where = {"begin": mark.start, "end": mark.end}
    match mark.kind:
        case MarkKind.ENTITY:
            identity = mark.said.get(IDENTITY)
            return _add(cas, types.ENTITY, **where, value=mark.label, identifier=identity)
        case MarkKind.JUNK:
            return _add(cas, types.JUNK, **where, kind=mark.label)
    assert mark.kind in ROLES
    said = {name: word for name, word in mark.said.items() if name in ATTRIBUTES}
    return _add(cas, types.PART, **where, **{types.ROLE: mark.label}, **said)


def _add(cas: Any, kind: str, /, **features: Any) -> Any:
    made = cas.typesystem.get_type(kind)(**features)
    cas.add(made)
    return made


FORMAT = Format(
    "uima",
    "",
    folder_writer=write,
    reader=FormatReader(counted(read), expected, takes=frozenset({Option.MEANS})),
    signs=Signs(
        endings=(".xmi",),
        values=(
            Sign(
                "UIMA's CAS as JSON",
                {"%FEATURE_STRUCTURES": ANY, "%VIEWS": ANY},
                strength=Strength.CERTAIN,
            ),
        ),
        heads=(Sign("UIMA's XMI", head=r"<xmi:XMI\b"),),
    ),
)
