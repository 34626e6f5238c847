"""What was decided of a record's items, for formats that hold nothing else."""

from __future__ import annotations

from dataclasses import replace

from annotator.core.annotations import Item, Verdict
from annotator.core.record import Record


def settled(record: Record) -> Record:
    """The record with what was decided alone: no open items, nothing that was merely offered."""
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
    """Whether nobody decided on `item`."""
    return item.verdict is Verdict.PENDING
