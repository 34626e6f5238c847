"""The annotations of a WebAnno TSV file: spans over several tokens, relations, slots and chains."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise, product

from annotator.core.article import Span
from annotator.formats.refusals import RefusedPiece
from annotator.formats.uima.layer_marks import LayerMarks, LayerSpan, is_derived
from annotator.formats.webanno_tsv import tsv_cells as cells
from annotator.formats.webanno_tsv.tsv_cells import UnitReference
from annotator.formats.webanno_tsv.tsv_header import LayerKind, Says, TsvColumn, TsvHeader, TsvLayer
from annotator.formats.webanno_tsv.tsv_text import TsvUnit

_ANY = "uima.tcas.Annotation"
_TWICE = "annotation with two values"
_NOWHERE = "reference to no annotation"
_Place = tuple[str, str | None, str | None]
"""A token or a part of one, a number in brackets and a layer; None stands for any."""


@dataclass(slots=True)
class _CellsRead:
    """What the cells of a layer say of one annotation at one token."""

    said: dict[str, str] = field(default_factory=dict)
    number: str | None = None
    roles: list[str] = field(default_factory=list)
    fillers: list[str] = field(default_factory=list)
    filler_layer: str = _ANY
    source: str | None = None
    source_layer: str = _ANY


@dataclass(slots=True)
class _Annotation:
    """An annotation that grows token by token."""

    key: int
    layer: str
    number: str | None
    start: int
    end: int
    line: int
    token: int
    said: dict[str, str]


@dataclass(slots=True)
class _Link:
    """A relation or a slot from the annotation at a token to what a reference names."""

    layer: str
    said: tuple[str, ...]
    one: _Annotation | UnitReference
    other: UnitReference | None
    one_layer: str
    other_layer: str
    line: int
    shown: str


@dataclass
class Annotations:
    """Reads the rows of a file, in order; what contradicts itself is added to `lost`."""

    header: TsvHeader
    lost: list[RefusedPiece]
    notes: dict[str, None] = field(default_factory=dict)
    _all: list[_Annotation] = field(default_factory=list)
    _at: dict[_Place, list[_Annotation]] = field(default_factory=dict)
    _open: dict[tuple[str, str], _Annotation] = field(default_factory=dict)
    _links: list[_Link] = field(default_factory=list)
    _refused: set[int] = field(default_factory=set)

    def take(self, unit: TsvUnit) -> None:
        """Add the annotations of a token or a part of one."""
        if unit.cells is None:
            self._refused.add(unit.token)
            return
        for layer in self.header.layers:
            if not is_derived(layer.name):
                for one in _read(layer, unit.cells):
                    self._add(layer, unit, one)

    def mark(self, marks: LayerMarks) -> None:
        """Give all annotations to `marks`."""
        for one in self._all:
            marks.take(
                LayerSpan(
                    one.key, one.layer, one.start, one.end, one.said, one.line, is_placed=True
                )
            )
        for link in self._links:
            self._join(link, marks)
        self._join_chains(marks)

    def _add(self, layer: TsvLayer, unit: TsvUnit, one: _CellsRead) -> None:
        if layer.kind is LayerKind.RELATION:
            self._relate(layer, unit, one)
            return
        made = self._grown(layer, unit, one) or self._begun(layer, unit, one)
        for number, layer_name in product({None, made.number}, (None, made.layer)):
            self._at.setdefault((unit.id, number, layer_name), []).append(made)
        for role, filler in zip(one.roles, one.fillers, strict=False):
            reference = cells.reference_in(filler)
            said = (cells.word_in(role) or "",)
            self._links.append(
                _Link(
                    layer.name,
                    said if said[0] else (),
                    made,
                    reference,
                    layer.name,
                    one.filler_layer,
                    unit.line,
                    filler,
                )
            )

    def _relate(self, layer: TsvLayer, unit: TsvUnit, one: _CellsRead) -> None:
        source = cells.reference_in(one.source or "")
        target = UnitReference(unit.id, source.other if source else None)
        said = tuple(one.said.values())
        near, far = one.source_layer, one.source_layer
        self._links.append(
            _Link(layer.name, said, target, source, near, far, unit.line, one.source or "")
        )

    def _grown(self, layer: TsvLayer, unit: TsvUnit, one: _CellsRead) -> _Annotation | None:
        """The annotation with this number that the token before has, grown; None if there is none.

        A number that comes again after other tokens is another annotation: some programs count anew
        in each sentence.
        """
        known = self._open.get((layer.name, one.number)) if one.number is not None else None
        if known is None:
            return None
        between = range(known.token + 1, unit.token)
        if any(token not in self._refused for token in between):
            self.notes["a number in brackets comes again elsewhere: it is another annotation"] = (
                None
            )
            return None
        for name, value in one.said.items():
            if known.said.setdefault(name, value) != value:
                reason = (
                    f"{unit.id}: number {one.number} is {value!r:.40} here, but "
                    f"{known.said[name]!r:.40} on line {known.line}"
                )
                where = (Span(unit.start, unit.end),) if unit.start < unit.end else ()
                self.lost.append(RefusedPiece(reason, _TWICE, where, unit.line))
        known.start, known.end = min(known.start, unit.start), max(known.end, unit.end)
        known.token = unit.token
        return known

    def _begun(self, layer: TsvLayer, unit: TsvUnit, one: _CellsRead) -> _Annotation:
        made = _Annotation(
            len(self._all),
            layer.name,
            one.number,
            unit.start,
            unit.end,
            unit.line,
            unit.token,
            one.said,
        )
        self._all.append(made)
        if one.number is not None:
            self._open[layer.name, one.number] = made
        return made

    def _join(self, link: _Link, marks: LayerMarks) -> None:
        one = link.one
        near = self._named(one, link.one_layer) if isinstance(one, UnitReference) else one
        far = self._named(link.other, link.other_layer) if link.other else None
        if (near is None or far is None) and is_derived(link.other_layer):
            marks.pass_over(link.layer, link.said)
        elif near is None or far is None:
            reason = f"{link.layer.rpartition('.')[2]}: {link.shown!r:.40} is not one annotation"
            self.lost.append(RefusedPiece(reason, _NOWHERE, (), link.line))
        else:
            marks.join(link.layer, link.said, near.key, far.key)

    def _named(self, reference: UnitReference, layer: str) -> _Annotation | None:
        """The annotation that a reference names; None if there is none, or several."""
        places = (reference.unit, reference.number)
        found = self._at.get((*places, None if layer == _ANY else layer))
        found = found or self._at.get((*places, None), [])
        return found[0] if len(found) == 1 else None

    def _join_chains(self, marks: LayerMarks) -> None:
        """Join each element of a chain to the next."""
        chains: dict[tuple[str, str], list[_Annotation]] = {}
        for one in self._all:
            chain, dash, _ = (one.number or "").partition("-")
            if dash:
                chains.setdefault((one.layer, chain), []).append(one)
        for (layer, _), elements in chains.items():
            for one, other in pairwise(sorted(elements, key=_place_in_chain)):
                if marks.knows(one.key) and marks.knows(other.key):
                    marks.join(layer, (), one.key, other.key)


def _place_in_chain(one: _Annotation) -> int:
    return int((one.number or "0-0").partition("-")[2])


def _read(layer: TsvLayer, row: tuple[str, ...]) -> Iterator[_CellsRead]:
    """The annotations of a layer in a row.

    Stacked values belong together by their numbers, otherwise by their order: not every program
    writes all columns of all annotations.
    """
    stacks = [
        [_numbered(value, column) for value in cells.stacked(cell)]
        for column, cell in zip(layer.columns, row[layer.first :], strict=False)
    ]
    is_chain = layer.kind is LayerKind.CHAIN
    order: dict[int, str | int] = {}
    for stack in stacks if not is_chain else ():
        for level, (_, number) in enumerate(stack):
            if number is not None:
                order.setdefault(level, number)
    found: dict[str | int, _CellsRead] = {}
    for column, stack in zip(layer.columns, stacks, strict=False):
        for level, (value, number) in enumerate(stack):
            key = order.get(level, level) if number is None or is_chain else number
            one = found.setdefault(key, _CellsRead())
            # In a chain, its number is in one column, its number and the element's in the other.
            if number is not None and (one.number is None or "-" in number):
                one.number = number
            _take_value(one, column, value)
    yield from found.values()


def _numbered(value: str, column: TsvColumn) -> tuple[str, str | None]:
    """A value and its number; those in references are of other annotations."""
    return (value, None) if column.says in (Says.SOURCE, Says.FILLER) else cells.numbered(value)


def _take_value(one: _CellsRead, column: TsvColumn, value: str) -> None:
    match column.says:
        case Says.SOURCE:
            one.source, one.source_layer = value, column.name
        case Says.FILLER:
            fillers = cells.separated(value, ";")
            one.fillers = [filler for filler in fillers if filler not in (cells.EMPTY, cells.NONE)]
            one.filler_layer = column.name
        case Says.ROLE:
            one.roles = cells.separated(value, ";") if value != cells.NONE else []
        case Says.VALUE if (word := cells.word_in(value)) is not None:
            one.said[column.name] = word
