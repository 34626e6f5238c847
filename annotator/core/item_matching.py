"""When two items say the same of a text, and when they are about the same place in it."""

from __future__ import annotations

from dataclasses import replace

from annotator.core.annotations import Claim, Entity, Item, Junk, MadeBy, Tier, Verdict
from annotator.core.article import Spans

_SAME_PLACE = 0.5


def plain(item: Item) -> Item:
    """What an item says of the text, without what is said about it."""
    bare = replace(item, id="", made_by=MadeBy.PIPELINE, verdict=Verdict.PENDING, score=None)
    bare = replace(bare, note=None)
    match bare:
        case Entity():
            return replace(bare, identity=None)
        case Claim():
            return replace(bare, source_entity=None, tier=Tier.A)
        case _:
            return bare


def where(item: Item) -> tuple[object, ...]:
    """What of an item is turned down: its words and its label, not its attributes."""
    match item:
        case Entity():
            return (Entity, item.span, item.label)
        case Junk():
            return (Junk, item.span, item.kind)
        case Claim():
            return (Claim, item.content, item.cue, item.source)


def is_remarked(item: Item, suggested: Item) -> bool:
    """Whether something is noted of an item, or linked with it, that was not suggested."""
    if item.note and item.note != suggested.note:
        return True
    match item, suggested:
        case Entity(), Entity():
            return item.identity != suggested.identity
        case Claim(), Claim():
            return item.source_entity != suggested.source_entity
        case _:
            return False


def nearness(item: Item, other: Item) -> float:
    """How much of their words two items share (0 to 1); 0 where they are not about the same."""
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
    """The characters that both cover, as a part of those that either does."""
    both = sum(max(0, min(a.end, b.end) - max(a.start, b.start)) for a in one for b in other)
    either = sum(map(len, one)) + sum(map(len, other)) - both
    return both / either
