"""The decided items of a record, for formats that do not support others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from annotator.core.annotations import Claim, Item, Verdict
from annotator.core.claim_ties import Tie, ties_among
from annotator.core.record import Record


def decided_only(record: Record) -> Record:
    """The record without open items, their ties, and claims that were only offered."""
    entities = tuple(item for item in record.entities if not is_open(item))
    known = {entity.id for entity in entities}
    claims = tuple(
        claim if claim.source_entity in known else replace(claim, source_entity=None)
        for claim in record.claims
        if not is_open(claim)
    )
    return replace(
        record,
        entities=entities,
        claims=claims,
        junk=tuple(item for item in record.junk if not is_open(item)),
        offered=(),
        ties=with_their_claims(record, claims),
    )


def with_their_claims(record: Record, claims: Iterable[Claim]) -> tuple[Tie, ...]:
    """The ties of a record of which a format keeps these claims."""
    if not record.ties:
        return ()
    return ties_among(record.ties, {claim.id for claim in claims}, record.article.id)


def is_open(item: Item) -> bool:
    """Whether nobody has decided on `item`."""
    return item.verdict is Verdict.PENDING
