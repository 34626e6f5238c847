"""Matches items by content and by place."""

from __future__ import annotations

from dataclasses import replace

from annotator.core.annotations import (
    Claim,
    Entity,
    Item,
    Junk,
    MadeBy,
    Tier,
    Verdict,
    unattributed,
)
from annotator.core.article import Spans

_SAME_PLACE = 0.5


def content_key(item: Item) -> Item:
    """The content of an item: without id, maker, suggesters, verdict, score and note."""
    bare = replace(item, id="", made_by=MadeBy.PIPELINE, verdict=Verdict.PENDING, score=None)
    bare = replace(bare, note=None)
    match bare:
        case Entity():
            return unattributed(replace(bare, identity=None, tier=Tier.A))
        case Claim():
            return replace(bare, source_entity=None, tier=Tier.A)
        case _:
            return bare


def rejection_key(item: Item) -> tuple[object, ...]:
    """The key under which a rejection applies: spans and label, not attributes."""
    match item:
        case Entity():
            return (Entity, item.span, item.label)
        case Junk():
            return (Junk, item.span, item.kind)
        case Claim():
            return (Claim, item.content, item.cue, item.source)


def is_remarked(item: Item, suggested: Item) -> bool:
    """Whether an item has a note or link that was not suggested."""
    if item.note and item.note != suggested.note:
        return True
    match item, suggested:
        case Entity(), Entity():
            return item.identity != suggested.identity
        case Claim(), Claim():
            return item.source_entity != suggested.source_entity
        case _:
            return False


def overlap(item: Item, other: Item) -> float:
    """The overlap of two items (0 to 1); 0 for items of different kinds."""
    match item, other:
        case (Claim(), Claim()):
            share = _share(item.content, other.content)
            same_cue = bool(share and item.cue and item.cue == other.cue)
            return max(share, _SAME_PLACE) if same_cue else share * (share >= _SAME_PLACE)
        case (Entity(), Entity()) | (Junk(), Junk()):
            return _share(item.spans, other.spans)
        case _:
            return 0.0


def _share(one: Spans, other: Spans) -> float:
    """The Jaccard index of the characters covered."""
    both = sum(max(0, min(a.end, b.end) - max(a.start, b.start)) for a in one for b in other)
    either = sum(map(len, one)) + sum(map(len, other)) - both
    return both / either
