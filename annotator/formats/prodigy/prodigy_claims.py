"""Reads claims from Prodigy tasks: ours completely, others from the spans and relations of all
tasks on a text, since many people annotate label by label."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from annotator.core.annotations import Claim, MadeBy, Verdict
from annotator.core.article import Span
from annotator.core.claims.claim_defaults import with_guesses
from annotator.core.claims.quotes import ROLES, role_of
from annotator.core.records.codec import item_from_dict
from annotator.errors import RecordError
from annotator.formats import record_envelope
from annotator.formats.external_text import NO_OBJECT, InvalidAnnotation, check
from annotator.formats.prodigy.prodigy_ties import PieceKey, TiedPieces
from annotator.formats.quotation_spans import CLAIM, claims_in, parts_of, spans_of
from annotator.formats.refusals import RefusedPiece
from annotator.formats.tie_relations import relation_named

if TYPE_CHECKING:
    from annotator.formats.prodigy.prodigy_tasks import Task, TaskContent

_RELATION = "relation between other spans than parts of claims"
_Pieces = Mapping[PieceKey, tuple[str, Span]]


def claims_of(
    task: Task,
    pieces: _Pieces,
    links: Sequence[tuple[PieceKey, PieceKey]],
    verdict: Verdict,
    lost: list[RefusedPiece],
) -> Iterator[Claim]:
    """The claims made of the linked pieces of a task that we wrote. A claim that we wrote beside
    the spans is kept if its relations are unchanged; changed claims are marked as corrected."""
    leading: dict[PieceKey, set[PieceKey]] = {}
    for head, child in links:
        leading.setdefault(head, set()).add(child)
    told = _written_claims(task, verdict, lost)
    anchored: dict[PieceKey, list[Claim]] = {}
    for claim in told:
        anchored.setdefault(_anchor(claim), []).append(claim)
    # Claims with one anchor share its relations, so all of them are unchanged or none.
    standing = {
        anchor
        for anchor, claims in anchored.items()
        if anchor in pieces
        and _children(claims) == leading.get(anchor, set())
        and _children(claims) <= pieces.keys()
    }
    yield from (claim for claim in told if _anchor(claim) in standing)
    used = standing.union(*(_children(anchored[anchor]) for anchor in standing))
    links = [(head, child) for head, child in links if head not in standing]
    again = {key for link in links for key in link}
    left = {key: piece for key, piece in pieces.items() if key not in used or key in again}
    text = task.text.text
    for parts in parts_of(left, links, text, lost, line=task.number, near=False):
        made = Claim("", *spans_of(left, parts, text), made_by=MadeBy.IMPORT, verdict=verdict)
        before = anchored.get(parts.content[0])
        if before and verdict is not Verdict.PENDING:
            content, cue, source = made.content, made.cue, made.source
            made = replace(before[0], content=content, cue=cue, source=source)
            made = replace(made, verdict=Verdict.CORRECTED)
        elif made.content:
            made = with_guesses(made, text)
        try:
            yield check(made, text)  # type: ignore[misc]  # the type is unchanged
        except InvalidAnnotation as invalid:
            where = tuple(pieces[key][1] for key in parts.every)
            lost.append(RefusedPiece(f"claim {invalid}", CLAIM, where, task.number))


def claims_together(
    said: Iterable[tuple[TaskContent, int]], text: str, verdict: Verdict, lost: list[RefusedPiece]
) -> Iterator[Claim]:
    """The claims made of the pieces of several tasks."""
    pieces: dict[PieceKey, tuple[str, Span]] = {}
    links: list[tuple[PieceKey, PieceKey]] = []
    lines: dict[Span, int] = {}
    for one, line in said:
        pieces |= one.pieces
        links += one.links
        lines = {span: line for _, span in one.pieces.values()} | lines
    refused: list[RefusedPiece] = []
    for claim in claims_in(pieces, links, text, refused):
        yield replace(claim, verdict=verdict)
    for one_lost in refused:
        first = min((lines[span] for span in one_lost.spans or () if span in lines), default=None)
        lost.append(replace(one_lost, line=first))


def _written_claims(task: Task, verdict: Verdict, lost: list[RefusedPiece]) -> list[Claim]:
    """The complete claims that we wrote beside the spans."""
    ours = task.plain.get(record_envelope.KEY)
    rows = ours.get("claims") if isinstance(ours, dict) else None
    told: list[Claim] = []
    for row in rows if isinstance(rows, list) else ():
        try:
            claim = check(item_from_dict(row, task.text.text, where="claim"), task.text.text)
        except (RecordError, InvalidAnnotation, TypeError, AttributeError) as error:
            lost.append(RefusedPiece(str(error), CLAIM, None, task.number))
            continue
        if isinstance(claim, Claim):
            if Verdict.PENDING in (verdict, claim.verdict):
                claim = replace(claim, verdict=verdict)
            told.append(claim)
    return told


def links_of(
    task: Task, pieces: _Pieces, verdict: Verdict, lost: list[RefusedPiece]
) -> tuple[list[tuple[PieceKey, PieceKey]], list[TiedPieces]]:
    """The pairs of pieces that relations of a task join to claims, and those that are ties of two
    claims; other relations are added to `lost`."""
    links, tied = [], []
    for row, head, child in _joined(task, pieces, lost):
        if relation := relation_named(row.get("label")):
            tied.append(TiedPieces(head, relation, child, verdict, task.number))
        else:
            links.append((head, child))
    return links, tied


def _joined(
    task: Task, pieces: _Pieces, lost: list[RefusedPiece]
) -> Iterator[tuple[Mapping[str, Any], PieceKey, PieceKey]]:
    """The relations of a task with the pieces at their ends; others are added to `lost`."""
    rows = task.plain.get("relations")
    for row in rows if isinstance(rows, list) else ():
        try:
            head, child = _end(task, row, "head", pieces), _end(task, row, "child", pieces)
        except InvalidAnnotation as invalid:
            lost.append(RefusedPiece(f"relation: {invalid}", _RELATION, (), task.number))
            continue
        yield row, head, child


def _end(task: Task, row: Any, end: str, pieces: _Pieces) -> PieceKey:
    """The piece at one end of a relation: at `head_span` (or `child_span`), otherwise at the token
    `head` (or `child`). Raises InvalidAnnotation if there is none."""
    if not isinstance(row, dict):
        raise InvalidAnnotation(f"expected an object, found {row!r:.60}", NO_OBJECT)
    told = row.get(f"{end}_span")
    if isinstance(told, dict):
        span = task.span(told)
    else:
        span = _piece_with_token(task, row.get(end), pieces)
    label = told.get("label") if isinstance(told, dict) else None
    role = role_of(label) if isinstance(label, str) else None
    if role and (span, role.upper()) in pieces:
        return span, role.upper()
    fits = [key for key in ((span, role.upper()) for role in sorted(ROLES)) if key in pieces]
    if len(fits) != 1:
        raise InvalidAnnotation(
            f"its {end} [{span.start}, {span.end}) is not part of a claim", _RELATION
        )
    return fits[0]


def _piece_with_token(task: Task, token: Any, pieces: _Pieces) -> Span:
    """The span that ends with this token, otherwise one that contains it."""
    place = task.offsets.at(*task.at_tokens(token, token))
    ending = [span for span, _ in pieces if span.end == place.end]
    holding = [span for span, _ in pieces if span.contains(place)]
    if not ending and not holding:
        raise InvalidAnnotation(f"token {token} is in no span", _RELATION)
    return (ending or holding)[0]


def _anchor(claim: Claim) -> PieceKey:
    return claim.content[0], "CONTENT"


def _children(claims: list[Claim]) -> set[PieceKey]:
    """The pieces that relations join to the common anchor of these claims."""
    return {
        key
        for claim in claims
        for role, spans in (
            ("CONTENT", claim.content),
            ("CUE", claim.cue),
            ("SOURCE", claim.source),
        )
        for span in spans
        if (key := (span, role)) != _anchor(claim)
    }
