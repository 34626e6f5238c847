"""The decided items of a record, for formats that do not support others."""

from __future__ import annotations

from dataclasses import replace

from annotator.core.annotations import Item, Verdict
from annotator.core.record import Record


def decided_only(record: Record) -> Record:
    """The record without open items and claims that were only offered."""
    entities = tuple(item for item in record.entities if not is_open(item))
    known = {entity.id for entity in entities}
    return replace(
        record,
        entities=entities,
        claims=tuple(
            claim if claim.source_entity in known else replace(claim, source_entity=None)
            for claim in record.claims
            if not is_open(claim)
        ),
        junk=tuple(item for item in record.junk if not is_open(item)),
        offered=(),
    )


def is_open(item: Item) -> bool:
    """Whether nobody has decided on `item`."""
    return item.verdict is Verdict.PENDING
