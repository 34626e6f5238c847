"""Merges the items of several people on one text into one list of suggestions, without duplicates
or losses.

An item that several people made keeps the id of the first; if their names are known, its note lists
them.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import replace
from typing import TypeAlias

from annotator.core.annotations import Claim, Entity, Item, in_text_order
from annotator.core.item_matching import content_key

_BETWEEN = "; "
# The content of an item, including the words of its source entity.
_Said: TypeAlias = tuple[object, ...]


def told_by(items: Iterable[Item], who: str | None) -> tuple[Item, ...]:
    """The items with their maker in the notes; unchanged if the maker is unknown."""
    if who is None:
        return tuple(items)
    return tuple(replace(item, note=_noted(item.note, f"by {who}")) for item in items)


def joined(there: Sequence[Item], more: Sequence[Item], who: str | None = None) -> tuple[Item, ...]:
    """The items of both lists: `there` with their ids, then new ones from `more`.

    `who` made `more` and is named in the notes of the new items. Notes on existing items are
    joined. Without anything new, `there` is returned unchanged.
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
    """The content of each item; duplicates within one list are numbered."""
    entities = {item.id: item for item in items if isinstance(item, Entity)}
    times: dict[_Said, int] = {}
    told = []
    for item in items:
        said: _Said = (content_key(item), *_beside(item, entities))
        times[said] = times.get(said, 0) + 1
        told.append((*said, times[said]))
    return told


def _beside(item: Item, entities: dict[str, Entity]) -> _Said:
    """What an item refers to: its identity, or its source entity."""
    if isinstance(item, Entity):
        return (item.identity,)
    if isinstance(item, Claim) and item.source_entity in entities:
        source = entities[item.source_entity]
        return (source.span, source.label)
    return ()


def _noted(note: str | None, more: str | None) -> str | None:
    """Both notes joined without repetition."""
    parts = [part for one in (note, more) if one for part in one.split(_BETWEEN)]
    return _BETWEEN.join(dict.fromkeys(parts)) or None


def _free(name: str, taken: Container[str]) -> str:
    """The id, with a number if another item has it."""
    free, number = name, 1
    while free in taken:
        number += 1
        free = f"{name[:190]}.{number}"
    return free


def _linked(item: Item, names: dict[str, str]) -> Item:
    """The item; for a claim, with the new id of its source entity."""
    if isinstance(item, Claim) and item.source_entity in names:
        return replace(item, source_entity=names[item.source_entity])
    return item
