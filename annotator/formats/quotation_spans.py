"""Claims from pieces that other programs' files mark one by one: Content, Cue and Source."""

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
from annotator.formats.external_text import Misfit, check, imported
from annotator.formats.imported_items import claim_read
from annotator.formats.refusals import RefusedPiece

Pieces = Mapping[Key, tuple[str, Span]]
CLAIM = "claim that does not fit its text"


def role_in(label: str, means: Means) -> str | None:
    """Which piece of a claim a label stands for; None if it is none, or means something else."""
    role = role_of(label)
    return None if role is None or means(label) else role


def with_claims(record: Record, means: Means) -> tuple[Record, list[RefusedPiece]]:
    """A record of a format that knows spans with labels alone, its pieces of claims put together by
    nearness; and those that are in none."""
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
    """Claims from pieces by what links them, and where nothing does by nearness, with attributes
    guessed from their words. What is in none goes to `lost`."""
    for parts in parts_of(pieces, links, text, lost, line=line):
        claim = claim_read("", *spans_of(pieces, parts, text))
        claim = with_guesses(claim, text) if claim.content else claim
        try:
            yield check(claim, text)  # type: ignore[misc]  # what went in comes out
        except Misfit as misfit:
            spans = tuple(pieces[key][1] for key in parts.every)
            lost.append(RefusedPiece(f"claim {misfit}", CLAIM, spans, line))


def parts_of(
    pieces: Pieces[Key],
    links: Iterable[tuple[Key, Key]],
    text: str,
    lost: list[RefusedPiece],
    *,
    line: int | None = None,
    near: bool = True,
) -> tuple[Parts[Key], ...]:
    """The pieces put together; a cue or a source that belongs to no content goes to `lost`.

    `near` is whether nearness decides where no link does; then a piece that stands there twice,
    and is linked to nothing, is one.
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
            reason = f"[{span.start}, {span.end}): a {role} that belongs to no content"
            lost.append(RefusedPiece(reason, f"{role} without content", (span,), line))
    return found


def spans_of(pieces: Pieces[Key], parts: Parts[Key], text: str) -> tuple[Spans, Spans, Spans]:
    """Where content, cue and source stand; what goes over the end of a paragraph is in pieces."""
    content, cue, source = (
        tuple(part for key in keys for part in within_paragraphs(pieces[key][1], text))
        for keys in (parts.content, parts.cue, parts.source)
    )
    return content, cue, source
