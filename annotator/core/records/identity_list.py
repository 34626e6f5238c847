"""The identities of a record: those that its entities name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from annotator.core.across.identity_log import Identities, Identity, form_of
from annotator.core.annotations import Entity
from annotator.core.records.record_checks import names, words
from annotator.errors import RecordError


def identities_to_list(identities: Iterable[Identity]) -> list[dict[str, Any]]:
    """Identities in record form, without their notes."""
    return [
        {"id": one.id, "name": one.name, "type": one.type, "link": one.link} for one in identities
    ]


def identities_from_list(rows: Iterable[Mapping[str, Any]]) -> tuple[Identity, ...]:
    """The inverse of `identities_to_list`; raises RecordError naming an invalid field."""
    found: dict[str, Identity] = {}
    for n, row in enumerate(rows):
        where = f"identities[{n}]"
        id, name, type = names(row, where, ("id", "name", "type"))
        if id in found:
            raise RecordError(f"{where}.id: {id!r:.60} is the id of another identity too")
        found[id] = Identity(id, name, type, words(row, "link", where))
    return tuple(found.values())


def resolved(
    entities: Iterable[Entity], now: Identities, since: Mapping[str, datetime], text: str
) -> tuple[Entity, ...]:
    """Entities with the identities that theirs are now, after merges and splits. `since` is when
    each was tied (UTC)."""
    return tuple(_resolved(one, now, since, text) for one in entities)


def named_by(entities: Iterable[Entity], now: Identities) -> tuple[Identity, ...]:
    """The identities that resolved entities name, by id."""
    ids = {one.identity for one in entities if one.identity}
    return tuple(replace(now.named[id], note=None) for id in sorted(ids & now.named.keys()))


def _resolved(entity: Entity, now: Identities, since: Mapping[str, datetime], text: str) -> Entity:
    if entity.identity is None or entity.identity not in now.redirects:
        return entity
    form = form_of(entity.span.of(text), entity.label)
    there = now.now(entity.identity, form, since=since.get(entity.id))
    return replace(entity, identity=there)
