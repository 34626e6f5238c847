"""What of a record a format does not hold, as the difference between the record and what it holds.

A format that computes its losses so cannot forget one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields

from annotator.core.annotations import Claim, Entity, Item, Junk
from annotator.core.record import Record
from annotator.formats.base import Losses
from annotator.formats.losing import is_open, lose_stretches, words_of

_KINDS = {Entity: "entity", Claim: "claim", Junk: "junk line"}
_OF = {Entity: "of an entity", Claim: "of a claim", Junk: "of a junk line"}
_NAMES = {kind: tuple(field.name for field in fields(kind)) for kind in _KINDS}
_OF_ARTICLE = ("title", "language", "origin", "also_from", "meta")
_OF_RECORD = ("answer", "scheme", "pipeline", "review", "notes")


def count_losses(record: Record, held: Record, losses: Losses) -> None:
    """Adds to `losses` whatever `record` says and `held` does not.

    Both are of one text; an item of `held` is that of `record` with the same id.
    """
    if record is held:
        return
    name = record.article.id
    for field in _OF_ARTICLE:
        if (value := getattr(record.article, field)) != getattr(held.article, field):
            losses.add(name, None, field, value if isinstance(value, str) else "")
    for field in _OF_RECORD:
        if getattr(record, field) != getattr(held, field):
            losses.add(name, None, field)
    if record.unknown != held.unknown:
        lose_stretches(record, losses)
    for items, kept in (
        (record.entities, held.entities),
        (record.claims, held.claims),
        (record.junk, held.junk),
    ):
        _count_items(name, items, kept, losses)
    for item in _gone(record.rejected, held.rejected):
        losses.add(name, None, f"rejected {_KINDS[type(item)]}", words_of(item))
    for claim in _gone(record.offered, held.offered):
        losses.add(name, claim.id, "offered claim", words_of(claim))


def _count_items(name: str, items: Iterable[Item], kept: Iterable[Item], losses: Losses) -> None:
    if items == kept:
        return
    known = {item.id: item for item in kept}
    for item in items:
        now = known.get(item.id)
        if now is None:
            kind = _KINDS[type(item)]
            losses.add(name, item.id, f"open {kind}" if is_open(item) else kind, words_of(item))
        elif now is not item and now != item:
            for field in _NAMES[type(item)]:
                if (value := getattr(item, field)) != getattr(now, field):
                    losses.add(name, item.id, f"{field} {_OF[type(item)]}", str(value))


def _gone(items: Sequence[Item], kept: Sequence[Item]) -> Sequence[Item]:
    return () if items == kept else [item for item in items if item not in kept]
