"""The header of a WebAnno TSV file: its version, its layers and their columns."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from annotator.formats.external_text import InvalidAnnotation

NO_HEADER = "no header of WebAnno TSV 3"
_FORMAT = re.compile(r"#FORMAT=WebAnno TSV (?P<major>\d{1,4})(?:\.(?P<minor>\d{1,4}))?\s*")
_LAYER = re.compile(r"#T_(?P<kind>SP|RL|CH)=(?P<rest>.*)")


class LayerKind(Enum):
    """What the annotations of a layer are."""

    SPAN = "SP"
    RELATION = "RL"
    CHAIN = "CH"


class Says(Enum):
    """What a column says of an annotation."""

    NOTHING = "that it is there"
    VALUE = "a value"
    ROLE = "the roles of its slots"
    FILLER = "what fills its slots"
    SOURCE = "where a relation comes from"


@dataclass(frozen=True, slots=True)
class TsvColumn:
    """A column: what it says, and the name of the feature, or the layer of what it refers to."""

    says: Says
    name: str = ""


@dataclass(frozen=True, slots=True)
class TsvLayer:
    """A layer with its columns; `first` is the index of the first of them in a row."""

    kind: LayerKind
    name: str
    columns: tuple[TsvColumn, ...]
    first: int


@dataclass(frozen=True, slots=True)
class TsvHeader:
    """The minor version of the format, the layers, and the number of columns that they have."""

    minor: int
    layers: tuple[TsvLayer, ...]
    width: int


def header_of(lines: Iterable[str]) -> TsvHeader:
    """The header of a file; raises InvalidAnnotation if it is not one of WebAnno TSV 3."""
    rows = iter(lines)
    first = next(rows, "")
    found = _FORMAT.fullmatch(first)
    if found is None or int(found["major"]) != 3:
        raise InvalidAnnotation(
            f"line 1 is {first!r:.60}, not #FORMAT=WebAnno TSV 3.3; export it from there again as "
            "WebAnno TSV v3 or as UIMA CAS JSON",
            NO_HEADER,
        )
    layers: list[TsvLayer] = []
    width = 0
    for line in rows:
        told = _LAYER.fullmatch(line.rstrip())
        if told is not None:
            layers.append(_layer(LayerKind(told["kind"]), told["rest"], width))
            width += len(layers[-1].columns)
        elif line.startswith("#Text="):
            break
    return TsvHeader(int(found["minor"] or 0), tuple(layers), width)


def _layer(kind: LayerKind, rest: str, first: int) -> TsvLayer:
    name, *fields = (field.strip() for field in rest.split("|"))
    columns: list[TsvColumn] = []
    for field in filter(None, fields):
        after_role = bool(columns) and columns[-1].says is Says.ROLE
        columns.append(_column(kind, field, after_role=after_role))
    return TsvLayer(kind, name, tuple(columns) or (TsvColumn(Says.NOTHING),), first)


def _column(kind: LayerKind, field: str, *, after_role: bool) -> TsvColumn:
    if kind is LayerKind.RELATION and field.startswith("BT_"):
        return TsvColumn(Says.SOURCE, field.removeprefix("BT_"))
    if kind is LayerKind.SPAN and field.startswith("ROLE_"):
        feature = field.removeprefix("ROLE_").partition("_")[0]
        return TsvColumn(Says.ROLE, feature.rpartition(":")[2])
    if after_role:
        return TsvColumn(Says.FILLER, field)
    return TsvColumn(Says.VALUE, field)
