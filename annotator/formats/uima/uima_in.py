"""Reads UIMA CAS, as JSON (0.4) or as XMI with its `TypeSystem.xml` beside, by dkpro-cassis.

Named entities, our own layers, and layers that the scheme knows are read (see `layer_marks`).
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from annotator.core.record import Record
from annotator.formats.base import ReadOptions, Refused
from annotator.formats.counting import Counting, counting
from annotator.formats.external_text import InvalidAnnotation
from annotator.formats.json_values import value_of
from annotator.formats.marks.read_marks import read_marks
from annotator.formats.marks.shown_marks import (
    ATTRIBUTES,
    IDENTITY,
    SOURCE_ENTITY,
    MarkedText,
)
from annotator.formats.plain_files import content_of
from annotator.formats.refusals import RefusedPiece, kept_beside
from annotator.formats.uima import uima_types as types
from annotator.formats.uima.layer_marks import LayerMarks, LayerSpan, is_derived, with_links
from annotator.formats.xml_files import refuse_doctype

_UNREAD = "unreadable CAS"
_SAYS = ATTRIBUTES | {IDENTITY}
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
    reading = _CasToMarks(unplaced, LayerMarks(options.means))
    try:
        told = reading.shown(cas)
    except InvalidAnnotation as invalid:
        yield Refused(how.file, None, str(invalid), kind=invalid.kind)
        return
    for one in read_marks(told, how, options.means, 1, reading.layers.refusals()):
        if isinstance(one, Record) and not reading.layers.ours:
            yield with_links(one)
        else:
            yield one


@dataclass
class _CasToMarks:
    """Reads the annotations of one CAS. `unplaced` are offsets that are not at a character."""

    unplaced: set[int]
    layers: LayerMarks

    def shown(self, cas: Any) -> MarkedText:
        """What the CAS shows; raises InvalidAnnotation if it has no text."""
        found = list(cas.select_all_fs())
        records = [one for one in found if one.type.name == types.RECORD]
        beside = _record_in(records[-1]) if records else None
        self.layers.ours = beside is not None
        spans = [one for one in found if one.type.name != types.RECORD and not _is_link(one)]
        for one in spans:
            self._take(one)
        for one in found:
            if _is_link(one):
                self._join(one)
        for one in spans:
            self._join_slots(one)
        says = _SAYS if beside is not None else frozenset()
        layers = self.layers
        meta = kept_beside({}, "features", layers.beside)
        return MarkedText(
            cas.sofa_string, tuple(layers.marks), tuple(layers.links), beside, says=says, meta=meta
        )

    def _take(self, one: Any) -> None:
        layer = one.type.name
        if layer == types.METADATA or is_derived(layer) or _is_beside(one):
            return
        begin, end = getattr(one, "begin", None), getattr(one, "end", None)
        if begin is None and end is None:
            self.layers.pass_over(layer)
        elif {begin, end} & self.unplaced:
            reason = f"[{begin}, {end}) is not a range of its UTF-16 units"
            self.layers.lost.append(RefusedPiece(reason, "invalid span"))
        else:
            self.layers.take(LayerSpan(one.xmiID, layer, begin, end, _said(one)))

    def _join(self, one: Any) -> None:
        ends = (getattr(end, "xmiID", None) for end in (one.Dependent, one.Governor))
        self.layers.join(one.type.name, _said(one).values(), *ends)

    def _join_slots(self, one: Any) -> None:
        """Add the slots of an annotation; that of our claims is the entity of the source."""
        is_part = one.type.name == types.PART
        for name in _features(one):
            slots = getattr(one, name, None)
            slots = getattr(slots, "elements", slots)
            for slot in slots if isinstance(slots, list) else ():
                target = getattr(getattr(slot, "target", None), "xmiID", None)
                label = SOURCE_ENTITY if is_part else _word(slot, "role") or name
                if target is not None:
                    self.layers.join(one.type.name, (label,), one.xmiID, target)


def _features(one: Any) -> list[str]:
    return [feature.name for feature in one.type.all_features]


def _is_link(one: Any) -> bool:
    """Whether this is a relation between two annotations."""
    return {"Governor", "Dependent"} <= set(_features(one))


def _is_beside(one: Any) -> bool:
    """Whether this only joins annotations, which are read from these: slots, and chains."""
    names = set(_features(one))
    return "begin" not in names and bool({"target", "first"} & names)


def _said(one: Any) -> dict[str, str]:
    """The values of an annotation as words."""
    found = {name: _word(one, name) for name in _features(one)}
    return {name: word for name, word in found.items() if word is not None}


def _record_in(one: Any) -> Any:
    """Our own part; None if it is not JSON."""
    try:
        return value_of((_word(one, types.TEXT) or "").encode())
    except ValueError:
        return None


def _word(one: Any, name: str) -> str | None:
    value = getattr(one, name, None)
    return value if isinstance(value, str) else None
