"""Assembles claims from pieces in brat files that no event joins, by relations or proximity."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from annotator.core.annotations import Claim
from annotator.core.article import Span, Spans
from annotator.formats.brat import brat_names as names
from annotator.formats.quotation_spans import claims_in
from annotator.formats.refusals import RefusedPiece


@dataclass(frozen=True, slots=True)
class Loose:
    """A text-bound annotation that is a piece of a claim: its role, its fragments and its line."""

    role: str
    spans: Spans
    line: int


def loose_claims(
    loose: Mapping[str, Loose],
    relations: Iterable[tuple[str, str]],
    text: str,
    lost: list[RefusedPiece],
) -> Iterator[Claim]:
    """The claims made of loose pieces, joined by relations (of ids) or by proximity. Pieces in no
    claim are added to `lost`, with their lines."""
    pieces: dict[tuple[str, int], tuple[str, Span]] = {}
    lines: dict[Span, int] = {}
    for name, one in loose.items():
        for number, span in enumerate(names.pieces(one.spans, text)):
            pieces[name, number] = (one.role, span)
            lines.setdefault(span, one.line)
    links = [((name, 0), (name, number)) for name, number in pieces if number]
    links += [((one, 0), (other, 0)) for one, other in relations]
    refused: list[RefusedPiece] = []
    yield from claims_in(pieces, links, text, refused)
    for one_lost in refused:
        first = min((lines[span] for span in one_lost.spans or () if span in lines), default=None)
        lost.append(replace(one_lost, line=first))
