"""Reads TEI: names in the text, and spans outside it that point to a range of characters.

Our files have the text as it is; in those of others, blanks in a row are one, and paragraphs,
headings and the like are separated by an empty line. A document type is refused, since its entities
can grow without end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from annotator.errors import RecordError
from annotator.formats.base import NumberedRecords, ReadOptions, Refused
from annotator.formats.counting import counting
from annotator.formats.external_text import InvalidAnnotation
from annotator.formats.json_values import value_of
from annotator.formats.marks.read_marks import read_marks
from annotator.formats.marks.shown_marks import (
    ATTRIBUTES,
    IDENTITY,
    NOTE,
    ROLES,
    TITLES,
    MarkedText,
    MarkKind,
    MarkLink,
    SpanMark,
)
from annotator.formats.plain_files import content_of
from annotator.formats.refusals import RefusedPiece
from annotator.formats.tei.tei_names import (
    BLOCKS,
    LABELS,
    XML_ID,
    XML_SPACE,
    glyph_of,
    of_attribute,
)
from annotator.formats.xml_files import refuse_doctype

_UNREAD = "unreadable XML"
_SAYS = ATTRIBUTES | {IDENTITY, NOTE}
_RANGE = re.compile(r"string-range\(#([^,()]+),\s*(\d{1,12}),\s*(\d{1,12})\)")
_BLANK = re.compile(r"\s+")


def numbered(path: Path, options: ReadOptions) -> NumberedRecords:
    """A record for each `TEI` of a file, or of all files of a folder, with its number (from 1);
    yields Refused for invalid files and marks. Raises RecordError for a folder without any."""
    files = [path] if not path.is_dir() else sorted(path.rglob("*.xml"))
    within = (path.resolve() if path.is_dir() else path.resolve().parent,)
    number = 0
    for file in files:
        how = counting(file, None, options.notes)
        try:
            found = list(_texts_in(content_of(file, within)))
        except InvalidAnnotation as invalid:
            yield number, Refused(file.name, None, str(invalid), kind=invalid.kind)
            continue
        except OSError as error:
            reason = f"cannot be read: {error.strerror or error}"
            yield number, Refused(file.name, None, reason, kind=_UNREAD)
            continue
        for tei in found:
            number += 1
            reading = _TeiText()
            told = reading.shown(tei)
            for one in read_marks(told, how, options.means, number, tuple(reading.lost)):
                yield number, one


def _texts_in(content: bytes) -> Iterator[Any]:
    """The `TEI` elements of a file; raises InvalidAnnotation if it cannot be parsed."""
    refuse_doctype(content)
    try:
        from lxml import etree
    except ImportError as error:
        raise RecordError("Reading TEI needs lxml.", hint="pip install lxml") from error
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise InvalidAnnotation(f"not XML ({error})", _UNREAD) from error
    found = list(root.iter("{*}TEI"))
    if not found and _bare(root) != "teiCorpus":
        raise InvalidAnnotation("it has no TEI element", _UNREAD)
    yield from found


def _bare(element: Any) -> str:
    """The name of an element without its namespace; empty for what is no element."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


@dataclass
class _TeiText:
    """Reads one `TEI`; marks that are invalid are added to `lost`."""

    lost: list[RefusedPiece] = field(default_factory=list)
    marks: list[SpanMark] = field(default_factory=list)
    _pieces: list[str] = field(default_factory=list)
    _size: int = 0
    _gap: str = ""
    _is_ours: bool = False

    def shown(self, tei: Any) -> MarkedText:
        """What this `TEI` shows."""
        beside = _record_in(tei)
        self._is_ours = beside is not None
        whole = tei.find("{*}text")
        text_id = None
        if whole is not None:
            element = whole.find("{*}body/{*}ab") if self._is_ours else whole
            element = whole if element is None else element
            text_id = element.get(XML_ID)
            self._read(element)
        features = dict(_features_of(tei))
        for span in tei.iterfind("{*}standOff//{*}span"):
            self._take_span(span, text_id, features)
        links = tuple(_links_in(tei))
        says = _SAYS if self._is_ours else frozenset()
        text = "".join(self._pieces)
        return MarkedText(text or None, tuple(self.marks), links, beside, says=says)

    def _read(self, element: Any) -> None:
        """Collect the text of an element and the names in it, without recursion."""
        due: list[tuple[str, Any, int]] = [("open", element, 0)]
        exact = [self._is_ours]
        while due:
            step, one, start = due.pop()
            name = _bare(one)
            if step == "tail":
                self._add(one.tail, exact[-1])
                continue
            if step == "close":
                exact.pop()
                if name in LABELS and self._size > start:
                    self._name(one, name, start)
                if name in BLOCKS and not self._is_ours:
                    self._gap = "\n\n"
                continue
            exact.append(exact[-1] or one.get(XML_SPACE) == "preserve")
            if name in BLOCKS and not self._is_ours:
                self._gap = "\n\n"
            if name == "lb" and not self._is_ours:
                self._gap = self._gap or "\n"
            if name in LABELS and one.text and one.text.strip():
                self._flush()
            due.append(("close", one, self._size))
            if name == "g" and (letter := glyph_of(one.get("ref", ""))):
                self._add(letter, True)
            else:
                self._add(one.text, exact[-1])
            for child in reversed(one):
                due += [("tail", child, 0)]
                if isinstance(child.tag, str):
                    due += [("open", child, 0)]

    def _add(self, text: str | None, exact: bool) -> None:
        if not text:
            return
        if exact:
            self._flush()
            self._put(text)
            return
        bare = _BLANK.sub(" ", text)
        if bare[0] == " " and not self._gap:
            self._gap = " "
        words = bare.strip(" ")
        if words:
            self._flush()
            self._put(words)
            self._gap = " " if bare[-1] == " " else ""

    def _flush(self) -> None:
        """Write the blanks that are due before further words."""
        if self._gap and self._size:
            self._put(self._gap)
        self._gap = ""

    def _put(self, text: str) -> None:
        self._pieces.append(text)
        self._size += len(text)

    def _name(self, one: Any, element: str, start: int) -> None:
        """Add the mark of a name in the text."""
        kind = of_attribute(one.get("type", ""))
        typed = self._is_ours or element in ("name", "rs")
        label = kind if typed and kind else LABELS[element]
        name = one.get(XML_ID) or f"{element} {len(self.marks) + 1}"
        said = _said(one)
        if IDENTITY not in said and (about := one.get("ref")):
            said[IDENTITY] = about
        self.marks.append(SpanMark(name, self._entity, label, start, self._size, said=said))

    @property
    def _entity(self) -> MarkKind | None:
        return MarkKind.ENTITY if self._is_ours else None

    def _take_span(self, span: Any, text_id: str | None, features: dict[str, Any]) -> None:
        where = span.get("from") or span.get("target") or ""
        found = _RANGE.fullmatch(where)
        kind, label = span.get("type", ""), of_attribute(span.get("subtype", ""))
        if found is None or found[1] != text_id or kind not in set(MarkKind):
            reason = f"a span {kind:.40} that points to {where:.60}"
            self.lost.append(RefusedPiece(reason, "span outside the text", None))
            return
        said = _said(span) | features.get(span.get("ana", "").removeprefix("#"), {})
        start = int(found[2])
        known = MarkKind(kind)
        label = TITLES[known] if known in ROLES else label
        name = span.get(XML_ID) or f"span {len(self.marks) + 1}"
        self.marks.append(SpanMark(name, known, label, start, start + int(found[3]), said=said))


def _said(element: Any) -> dict[str, str]:
    """The identity and the note in the attributes of an element."""
    said = {IDENTITY: element.get("key"), NOTE: element.get("n")}
    return {name: of_attribute(value) for name, value in said.items() if value is not None}


def _features_of(tei: Any) -> Iterator[tuple[str, dict[str, str]]]:
    for one in tei.iterfind("{*}standOff/{*}fs"):
        rows = {f.get("name", ""): f.find("{*}symbol") for f in one.iterfind("{*}f")}
        yield (
            one.get(XML_ID, ""),
            {k: of_attribute(v.get("value", "")) for k, v in rows.items() if v is not None},
        )


def _links_in(tei: Any) -> Iterator[MarkLink]:
    for link in tei.iterfind("{*}standOff//{*}link"):
        ends = [end.removeprefix("#") for end in link.get("target", "").split()]
        one, other = ends if len(ends) == 2 else ("", "")
        yield MarkLink(of_attribute(link.get("type", "")), one, other)


def _record_in(tei: Any) -> Any:
    """Our own part; None if there is none, or it is not a JSON object."""
    for one in tei.iterfind("{*}teiHeader/{*}xenoData"):
        if one.get("type") == "annotator":
            try:
                found = value_of((one.text or "").encode())
            except ValueError:
                return None
            return found if isinstance(found, dict) else None
    return None
