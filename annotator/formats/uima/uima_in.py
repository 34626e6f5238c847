"""Reads UIMA CAS, as JSON (0.4) or as XMI with its `TypeSystem.xml` beside, by dkpro-cassis.

Named entities and our own layers are read; tokens, sentences and grammar can be derived from the
text; annotations of other layers are refused, grouped by layer.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from annotator.formats.base import ReadOptions, Refused
from annotator.formats.counting import Counting, counting
from annotator.formats.external_text import InvalidAnnotation
from annotator.formats.json_values import value_of
from annotator.formats.marks.read_marks import read_marks
from annotator.formats.marks.shown_marks import (
    ATTRIBUTES,
    IDENTITY,
    ROLES,
    SOURCE_ENTITY,
    TITLES,
    MarkedText,
    MarkKind,
    MarkLink,
    SpanMark,
)
from annotator.formats.plain_files import content_of
from annotator.formats.refusals import RefusedPiece
from annotator.formats.uima import uima_types as types
from annotator.formats.xml_files import refuse_doctype

_UNREAD = "unreadable CAS"
_SAYS = ATTRIBUTES | {IDENTITY}
_ROLES = {TITLES[role]: role for role in ROLES}
# Layers that can be derived from the text, or describe the document.
_DERIVED = ("de.tudarmstadt.ukp.dkpro.core.api.", "uima.", "de.tudarmstadt.ukp.clarin.webanno.api.")
_KEPT = "de.tudarmstadt.ukp.dkpro.core.api.ner."
_SUFFIXES = (".json", ".xmi")


def read(path: Path, options: ReadOptions) -> Iterator[Any]:
    """The records of a CAS, or of all in a folder; yields Refused for invalid files and
    annotations. Raises RecordError without dkpro-cassis, or if there is no such file."""
    cassis = types.library()
    files = [path] if not path.is_dir() else sorted(_files_in(path))
    within = (path.resolve() if path.is_dir() else path.resolve().parent,)
    for file in files:
        how = counting(file, None, options.notes)
        try:
            content = content_of(file, within)
            with types.unplaced_offsets() as unplaced:
                cas = _loaded(cassis, file, content, within)
        except InvalidAnnotation as invalid:
            yield Refused(file.name, None, str(invalid), kind=invalid.kind)
        except OSError as error:
            yield Refused(file.name, None, f"cannot be read: {error.strerror}", kind=_UNREAD)
        else:
            yield from _read_cas(cas, how, options, unplaced)


def _files_in(folder: Path) -> Iterator[Path]:
    for file in folder.rglob("*"):
        if file.suffix.lower() in _SUFFIXES and not file.name.startswith("."):
            yield file


def _loaded(cassis: Any, file: Path, content: bytes, within: tuple[Path, ...]) -> Any:
    """The CAS of a file; raises InvalidAnnotation, whatever the library raises for invalid ones."""
    try:
        if file.suffix.lower() == ".xmi" or content.lstrip()[:1] == b"<":
            refuse_doctype(content)
            beside = file.with_name("TypeSystem.xml")
            if beside.exists():
                described = content_of(beside, within)
                refuse_doctype(described)
                system = cassis.load_typesystem(io.BytesIO(described))
            else:
                system = types.type_system(cassis)
            return cassis.load_cas_from_xmi(io.BytesIO(content), typesystem=system, lenient=True)
        return cassis.load_cas_from_json(content.decode())
    except InvalidAnnotation:
        raise
    except (MemoryError, OSError):
        raise
    except Exception as error:  # a hostile file meets any part of the library
        why = f"{type(error).__name__}: {error}"
        raise InvalidAnnotation(f"not a CAS ({why:.200})", _UNREAD) from error


def _read_cas(cas: Any, how: Counting, options: ReadOptions, unplaced: set[int]) -> Iterator[Any]:
    reading = _CasToMarks(unplaced)
    try:
        told = reading.shown(cas)
    except InvalidAnnotation as invalid:
        yield Refused(how.file, None, str(invalid), kind=invalid.kind)
        return
    yield from read_marks(told, how, options.means, 1, tuple(reading.lost))


@dataclass
class _CasToMarks:
    """Reads the annotations of one CAS; those that are invalid, or of other layers, are added to
    `lost`. `unplaced` are offsets that are not at a character."""

    unplaced: set[int]
    names: dict[int, str] = field(default_factory=dict)
    marks: list[SpanMark] = field(default_factory=list)
    links: list[MarkLink] = field(default_factory=list)
    lost: list[RefusedPiece] = field(default_factory=list)

    def shown(self, cas: Any) -> MarkedText:
        """What the CAS shows; raises InvalidAnnotation if it has no text."""
        found = list(cas.select_all_fs())
        others: Counter[str] = Counter()
        beside = None
        for one in found:
            kind = one.type.name
            if kind == types.RECORD:
                beside = _record_in(one)
            elif kind in (types.ENTITY, types.PART, types.JUNK):
                self._take(one, kind)
            elif kind not in (types.LINK, types.SPEAKER, types.METADATA):
                is_derived = kind.startswith(_DERIVED) and not kind.startswith(_KEPT)
                others[kind] += not is_derived
        for one in found:
            if one.type.name == types.LINK:
                self._join(one.Dependent, one.Governor, one.label)
            elif one.type.name == types.PART:
                self._join_entities(one)
        for kind, times in (+others).items():
            reason = f"{times:,} annotations of the layer {kind:.80} are not imported"
            self.lost.append(RefusedPiece(reason, f"annotations of the layer {kind:.80}", ()))
        says = _SAYS if beside is not None else frozenset()
        return MarkedText(cas.sofa_string, tuple(self.marks), tuple(self.links), beside, says=says)

    def _take(self, one: Any, kind: str) -> None:
        if {one.begin, one.end} & self.unplaced:
            reason = f"[{one.begin}, {one.end}) is not a range of its UTF-16 units"
            self.lost.append(RefusedPiece(reason, "invalid span"))
            return
        label = {types.ENTITY: "value", types.JUNK: "kind", types.PART: types.ROLE}[kind]
        named = _word(one, label)
        role = _ROLES.get(named or "")
        if named is None or (kind == types.PART and role is None):
            reason = f"a {kind.rpartition('.')[2]} has no {label}: {named!r:.40}"
            self.lost.append(RefusedPiece(reason, "annotation without a label"))
            return
        self.names[one.xmiID] = name = f"m{len(self.names) + 1}"
        mark = {types.ENTITY: MarkKind.ENTITY, types.JUNK: MarkKind.JUNK}.get(kind, role)
        facts = ATTRIBUTES if kind == types.PART else ()
        said = {fact: word for fact in facts if (word := _word(one, fact)) is not None}
        if (identity := _word(one, "identifier")) is not None:
            said[IDENTITY] = identity
        self.marks.append(SpanMark(name, mark, named, one.begin, one.end, said=said))

    def _join_entities(self, one: Any) -> None:
        slots = getattr(one, "entity", None)
        slots = getattr(slots, "elements", slots)
        for slot in slots if isinstance(slots, list) else ():
            self._join(one, getattr(slot, "target", None), SOURCE_ENTITY)

    def _join(self, one: Any, other: Any, label: Any) -> None:
        ends = (self.names.get(getattr(end, "xmiID", -1), "") for end in (one, other))
        self.links.append(MarkLink(label if isinstance(label, str) else "", *ends))


def _record_in(one: Any) -> Any:
    """Our own part; None if it is not JSON."""
    try:
        return value_of((_word(one, types.TEXT) or "").encode())
    except ValueError:
        return None


def _word(one: Any, name: str) -> str | None:
    value = getattr(one, name, None)
    return value if isinstance(value, str) else None
