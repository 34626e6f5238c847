"""What several people said of one text, as one list of suggestions: each thing once, nothing lost.

An item that several made keeps the id of the first; who made it stands in its note, one after the
other, where it is to be told.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import replace
from typing import TypeAlias

from annotator.core.annotations import Claim, Entity, Item, in_text_order
from annotator.core.item_matching import plain

_BETWEEN = "; "
# What an item says, the words of its source's entity among it.
_Said: TypeAlias = tuple[object, ...]


def told_by(items: Iterable[Item], who: str | None) -> tuple[Item, ...]:
    """The items with who made them in their notes; as they are where nobody knows."""
    if who is None:
        return tuple(items)
    return tuple(replace(item, note=_noted(item.note, f"by {who}")) for item in items)


def joined(there: Sequence[Item], more: Sequence[Item], who: str | None = None) -> tuple[Item, ...]:
    """The items of both: those that are `there` with their ids, then what `more` says besides.

    `who` made `more`: so it stands in the notes of what they alone say. A note of theirs on what is
    there is kept beside its own. Nothing new gives `there` as it was.
    """
    held = dict(zip(_all_said(there), there, strict=True))
    now = {item.id: item for item in there}
    names: dict[str, str] = {}
    for said, item in zip(_all_said(more), more, strict=True):
        if (known := held.get(said)) is None:
            names[item.id] = _free(item.id, now)
            (now[names[item.id]],) = told_by((replace(item, id=names[item.id]),), who)
        else:
            names[item.id] = known.id
            now[known.id] = replace(now[known.id], note=_noted(now[known.id].note, item.note))
    old = tuple(now[item.id] for item in there)
    if len(now) == len(old):
        return tuple(there) if old == tuple(there) else old
    new = (_linked(item, names) for item in tuple(now.values())[len(old) :])
    return tuple(sorted((*old, *new), key=in_text_order))


def _all_said(items: Sequence[Item]) -> list[_Said]:
    """What each says; of things that are said twice in one list each counts."""
    entities = {item.id: item for item in items if isinstance(item, Entity)}
    times: dict[_Said, int] = {}
    told = []
    for item in items:
        said: _Said = (plain(item), *_beside(item, entities))
        times[said] = times.get(said, 0) + 1
        told.append((*said, times[said]))
    return told


def _beside(item: Item, entities: dict[str, Entity]) -> _Said:
    """What an item stands for: its identity, or the entity that is its source."""
    if isinstance(item, Entity):
        return (item.identity,)
    if isinstance(item, Claim) and item.source_entity in entities:
        source = entities[item.source_entity]
        return (source.span, source.label)
    return ()


def _noted(note: str | None, more: str | None) -> str | None:
    """Both notes, what stands in either once."""
    parts = [part for one in (note, more) if one for part in one.split(_BETWEEN)]
    return _BETWEEN.join(dict.fromkeys(parts)) or None


def _free(name: str, taken: Container[str]) -> str:
    """The name, or with a number where another item has it."""
    free, number = name, 1
    while free in taken:
        number += 1
        free = f"{name[:190]}.{number}"
    return free


def _linked(item: Item, names: dict[str, str]) -> Item:
    """The item, a claim with its source's entity as that is called now."""
    if isinstance(item, Claim) and item.source_entity in names:
        return replace(item, source_entity=names[item.source_entity])
    return item
