"""Assembles claims from spans labelled Content, Cue and Source in other programs' files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from annotator.core.annotations import Claim, Verdict
from annotator.core.article import Span, Spans
from annotator.core.claims.claim_defaults import with_guesses
from annotator.core.claims.quotes import (
    Key,
    Parts,
    linked_parts,
    near_parts,
    role_of,
    within_paragraphs,
)
from annotator.core.record import Record
from annotator.formats.base import Means
from annotator.formats.external_text import InvalidAnnotation, check, imported
from annotator.formats.imported_items import claim_read
from annotator.formats.refusals import RefusedPiece

Pieces = Mapping[Key, tuple[str, Span]]
CLAIM = "invalid claim"


def role_in(label: str, means: Means) -> str | None:
    """The role of a label in a claim; None if it has none, or is a known label."""
    role = role_of(label)
    return None if role is None or means(label) else role


def with_claims(record: Record, means: Means) -> tuple[Record, list[RefusedPiece]]:
    """A record of a format with labelled spans only, with claims assembled by proximity, and the
    refused pieces."""
    lost: list[RefusedPiece] = []
    pieces = {
        number: (role, entity.span)
        for number, entity in enumerate(record.entities)
        if (role := role_in(entity.label, means))
    }
    if not pieces:
        return record, lost
    entities = (one for number, one in enumerate(record.entities) if number not in pieces)
    verdict = Verdict.PENDING if record.review.kind == "none" else Verdict.ACCEPTED
    found = claims_in(pieces, (), record.article.text, lost)
    claims = (replace(claim, verdict=verdict) for claim in found)
    made = imported(record.article, (*entities, *record.claims, *claims, *record.junk))
    return replace(record, entities=made.entities, claims=made.claims, junk=made.junk), lost


def claims_in(
    pieces: Pieces[Key],
    links: Iterable[tuple[Key, Key]],
    text: str,
    lost: list[RefusedPiece],
    *,
    line: int | None = None,
) -> Iterator[Claim]:
    """Claims assembled from pieces by links, otherwise by proximity, with guessed attributes.
    Pieces in no claim are added to `lost`."""
    for parts in parts_of(pieces, links, text, lost, line=line):
        claim = claim_read("", *spans_of(pieces, parts, text))
        claim = with_guesses(claim, text) if claim.content else claim
        try:
            yield check(claim, text)  # type: ignore[misc]  # the type is unchanged
        except InvalidAnnotation as invalid:
            spans = tuple(pieces[key][1] for key in parts.every)
            lost.append(RefusedPiece(f"claim {invalid}", CLAIM, spans, line))


def parts_of(
    pieces: Pieces[Key],
    links: Iterable[tuple[Key, Key]],
    text: str,
    lost: list[RefusedPiece],
    *,
    line: int | None = None,
    near: bool = True,
) -> tuple[Parts[Key], ...]:
    """The pieces grouped into claims; a cue or a source without content is added to `lost`.

    With `near`, unlinked pieces are grouped by proximity, and duplicate unlinked pieces are one.
    """
    known = [(one, other) for one, other in links if one in pieces and other in pieces]
    linked = {key for link in known for key in link}
    first = {pieces[key]: key for key in linked}
    distinct: dict[Key, tuple[str, Span]] = {}
    for key, (role, span) in pieces.items():
        if not span.of(text).strip():
            reason = f"{role}: [{span.start}, {span.end}) holds only blanks"
            lost.append(RefusedPiece(reason, CLAIM, (span,), line))
        elif not near or key in linked or first.setdefault((role, span), key) == key:
            distinct[key] = role, span
    found = near_parts(distinct, known, text) if near else linked_parts(distinct, known)
    used = {key for parts in found for key in parts.every}
    for key, (role, span) in distinct.items():
        if key not in used:
            reason = f"[{span.start}, {span.end}): a {role} without content"
            lost.append(RefusedPiece(reason, f"{role} without content", (span,), line))
    return found


def spans_of(pieces: Pieces[Key], parts: Parts[Key], text: str) -> tuple[Spans, Spans, Spans]:
    """The spans of content, cue and source, divided at the ends of paragraphs."""
    content, cue, source = (
        tuple(part for key in keys for part in within_paragraphs(pieces[key][1], text))
        for keys in (parts.content, parts.cue, parts.source)
    )
    return content, cue, source
