"""Ties of claims as relations of Prodigy, which join spans, not claims.

Claims that begin with one piece of content share its span, so a relation cannot say which of them
is meant; their ties stand beside the text alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from annotator.core.annotations import Claim, Verdict
from annotator.core.article import Span
from annotator.core.claim_ties import Relation, Tie
from annotator.core.record import Record
from annotator.formats.refusals import RefusedPiece
from annotator.formats.tie_relations import JOINS_NONE, Drawn, within

PieceKey = tuple[Span, str]
"""A piece of a claim: its span in our text, and its role as a label in Prodigy."""
_CONTENT = "CONTENT"


@dataclass(frozen=True, slots=True)
class TiedPieces:
    """A relation of a task that is a tie of the claims that have these pieces."""

    one: PieceKey
    relation: Relation
    other: PieceKey
    verdict: Verdict
    line: int


def shown(record: Record) -> Mapping[Tie, tuple[PieceKey, PieceKey]]:
    """The ties within a text that relations can show, with the pieces that these join."""
    if not record.ties:
        return {}
    owners = _owners(record.claims)
    known = {claim.id: (claim.content[0], _CONTENT) for claim in record.claims}
    clear = {name for name, key in known.items() if len(owners[key]) == 1}
    ties = within(record.ties, record.article.id, clear)
    return {tie: (known[tie.claim], known[tie.other]) for tie in ties}


def drawn_ties(
    tied: Sequence[TiedPieces], claims: Sequence[Claim], lost: list[RefusedPiece]
) -> Iterator[Drawn]:
    """The ties of claims that these relations show; others are added to `lost`."""
    if not tied:
        return
    owners = _owners(claims)
    for row in tied:
        one, other = (_owner(key, owners, claims) for key in (row.one, row.other))
        if one is None or other is None or one == other:
            reason = f"relation: {row.relation} between spans that are not of two claims"
            lost.append(RefusedPiece(reason, JOINS_NONE, (), row.line))
        else:
            yield Drawn(one, row.relation, other, row.verdict)


def _owners(claims: Iterable[Claim]) -> Mapping[PieceKey, list[str]]:
    """The ids of the claims that have each piece."""
    owners = defaultdict[PieceKey, list[str]](list)
    for claim in claims:
        for key in _pieces(claim):
            owners[key].append(claim.id)
    return owners


def _pieces(claim: Claim) -> Iterator[PieceKey]:
    yield from ((span, _CONTENT) for span in claim.content)
    yield from ((span, "CUE") for span in claim.cue)
    yield from ((span, "SOURCE") for span in claim.source)


def _owner(
    key: PieceKey, owners: Mapping[PieceKey, list[str]], claims: Sequence[Claim]
) -> str | None:
    """The only claim with a piece; None if there is none, or several. A piece over several
    paragraphs was divided."""
    names = owners.get(key) or [claim.id for claim in claims if _has_part_of(claim, key)]
    return names[0] if len(names) == 1 else None


def _has_part_of(claim: Claim, key: PieceKey) -> bool:
    span, role = key
    return any(label == role and span.contains(piece) for piece, label in _pieces(claim))
