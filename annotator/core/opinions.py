"""Merges what several pipelines suggest for one article: what they agree on is one item, and each
entity names its suggesters.

The pipeline of the setting `model` is called `pipeline` here, and is always asked for everything.
The others are suggesters: their opinions are entities only, and their silence counts only for
labels that they find by themselves (a list of names is silent on all names that it lacks).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import TypeAlias

from annotator.core.annotations import (
    Claim,
    Entity,
    Item,
    Junk,
    MadeBy,
    Tier,
    in_text_order,
)
from annotator.core.article import Span, overlap_test

PIPELINE = MadeBy.PIPELINE.value
"""The name of the pipeline of the setting `model` among the suggesters."""
_Place: TypeAlias = tuple[Span, str]


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one suggester suggests for an article, and the labels whose entities it would find."""

    suggester: str
    entities: tuple[Entity, ...]
    labels: frozenset[str] = frozenset()


def merged(items: Sequence[Item], opinions: Iterable[Opinion]) -> tuple[Item, ...]:
    """The suggestions of the pipeline with those of the suggesters, in text order.

    Items of the pipeline keep their ids; equal entities become one. The order of `opinions` does
    not matter.
    """
    others = sorted(opinions, key=lambda opinion: opinion.suggester)
    if not others:
        return tuple(items)
    ours = [item for item in items if isinstance(item, Entity)]
    said: list[Entity] = [replace(one, suggested_by=(PIPELINE,)) for one in ours]
    for opinion in others:
        by = (opinion.suggester,)
        said += [replace(one, id="", suggested_by=by) for one in opinion.entities]
    joined, instead = _once_each(said)
    entities = _compared(_with_ids(joined, items), others)
    rest = [_speaking(item, instead) for item in items if not isinstance(item, Entity)]
    return tuple(sorted((*entities, *rest), key=in_text_order))


def once_each(items: Sequence[Item]) -> tuple[Item, ...]:
    """The items with equal entities joined, for suggestions that were changed after merging."""
    entities, instead = _once_each([item for item in items if isinstance(item, Entity)])
    if not instead:
        return tuple(items)
    rest = [_speaking(item, instead) for item in items if not isinstance(item, Entity)]
    return tuple(sorted((*entities, *rest), key=in_text_order))


def outside_junk(entities: Iterable[Entity], items: Iterable[Item]) -> tuple[Entity, ...]:
    """The entities that are not in a junk line of `items`, the suggestions of the pipeline."""
    lines = [item.span for item in items if isinstance(item, Junk)]
    return tuple(one for one in entities if not any(one.span.overlaps(line) for line in lines))


def _once_each(entities: Iterable[Entity]) -> tuple[list[Entity], dict[str, str]]:
    """Each entity once, and which id an omitted one has instead."""
    first: dict[_Place, Entity] = {}
    instead: dict[str, str] = {}
    for one in entities:
        place = (one.span, one.label)
        known = first.get(place)
        if known is None:
            first[place] = one
            continue
        first[place] = _joined(known, one)
        if one.id:
            instead[one.id] = known.id
    return list(first.values()), instead


def _joined(one: Entity, other: Entity) -> Entity:
    """One entity for two equal ones: with the id of the first, and the score of the pipeline if it
    gives one, otherwise the highest."""
    by = sorted({*one.suggested_by, *other.suggested_by} - {PIPELINE})
    by = [PIPELINE, *by] if PIPELINE in (*one.suggested_by, *other.suggested_by) else by
    not_by = sorted({*one.not_suggested_by, *other.not_suggested_by} - set(by))
    scores = [s for s in (one.score, other.score) if s is not None]
    own = next((e.score for e in (one, other) if PIPELINE in e.suggested_by), None)
    makers = {one.made_by, other.made_by}
    return replace(
        one,
        score=own if own is not None else max(scores, default=None),
        made_by=MadeBy.PIPELINE if MadeBy.PIPELINE in makers else one.made_by,
        tier=one.tier if one.tier is other.tier else Tier.A,
        suggested_by=tuple(by),
        not_suggested_by=tuple(not_by),
    )


def _with_ids(entities: Iterable[Entity], items: Iterable[Item]) -> list[Entity]:
    """The entities, those without an id numbered s1, s2, ... in text order."""
    taken = {item.id for item in items}
    free = (name for name in map("s{}".format, count(1)) if name not in taken)
    ordered = sorted(entities, key=in_text_order)
    return [one if one.id else replace(one, id=next(free)) for one in ordered]


def _compared(entities: Iterable[Entity], others: Iterable[Opinion]) -> Iterator[Entity]:
    """The entities, each with the names of those that did not suggest it."""
    asked = [(one, overlap_test(entity.span for entity in one.entities)) for one in others]
    for one in entities:
        not_by = [] if PIPELINE in one.suggested_by else [PIPELINE]
        not_by += [
            opinion.suggester
            for opinion, overlaps in asked
            if opinion.suggester not in one.suggested_by
            and (one.label in opinion.labels or overlaps(one.span))
        ]
        yield replace(one, not_suggested_by=tuple(not_by))


def _speaking(item: Item, instead: Mapping[str, str]) -> Item:
    """The item; a claim with the entity that took the place of its source entity."""
    if not isinstance(item, Claim) or item.source_entity is None:
        return item
    speaker = instead.get(item.source_entity, item.source_entity)
    return item if speaker == item.source_entity else replace(item, source_entity=speaker)
