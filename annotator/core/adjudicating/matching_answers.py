"""Matches the items of several finished reviews of one article: what is meant to be the same.

Items with the same content match first; then items that overlap, the nearest first, so that an
entity with other edges is matched with its nearest neighbour, and a claim with the one whose
content it shares. A match has at most one item of each review; no item is in two matches.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from annotator.core.annotations import Claim, Entity, Item, in_text_order
from annotator.core.article import Spans
from annotator.core.item_matching import content_key, overlap

Match: TypeAlias = Mapping[int, Item]
"""Items that are meant to be the same, by the number of their review."""


def matched(answers: Sequence[Iterable[Item]]) -> tuple[Match, ...]:
    """The matches of the items of several reviews, in text order."""
    alike = _alike(answers)
    together: list[dict[int, Item]] = [dict(one) for one in alike]
    place = list(range(len(alike)))
    for _, one, other in sorted(_overlapping(alike)):
        here, there = place[one], place[other]
        if here != there and together[here].keys().isdisjoint(together[there]):
            low, high = sorted((here, there))
            together[low] |= together[high]
            together[high] = {}
            place = [low if at == high else at for at in place]
    found = (match for match in together if match)
    return tuple(sorted(found, key=lambda match: min(map(in_text_order, match.values()))))


def _alike(answers: Sequence[Iterable[Item]]) -> list[Match]:
    """Items with the same content; of several in one review each stands for itself."""
    groups: dict[tuple[Item, int], dict[int, Item]] = defaultdict(dict)
    for number, items in enumerate(answers):
        times: Counter[Item] = Counter()
        for item in items:
            content = content_key(item)
            times[content] += 1
            groups[content, times[content]][number] = item
    ordered = sorted(groups.items(), key=lambda pair: (*_order(pair[0][0]), pair[0][1]))
    return [group for _, group in ordered]


def _order(content: Item) -> tuple[tuple[int, int, str], Spans, str]:
    """A sort key that does not depend on the order of the reviews."""
    return in_text_order(content), content.spans, repr(content)


def _overlapping(groups: Sequence[Match]) -> Iterator[tuple[tuple[float, bool], int, int]]:
    """Pairs of groups that overlap and have no review in common, with their rank: the nearest
    first, of equally near ones those with the same label or cue."""
    firsts = [next(iter(group.values())) for group in groups]
    reach: list[int] = []  # groups that begin before the present one and may overlap it
    for number, item in enumerate(firsts):
        reach = [other for other in reach if firsts[other].span.end > item.span.start]
        for other in reach:
            near = overlap(firsts[other], item)
            if near > 0 and groups[other].keys().isdisjoint(groups[number]):
                yield (-near, not _has_same_sign(firsts[other], item)), other, number
        reach.append(number)


def _has_same_sign(one: Item, other: Item) -> bool:
    """Whether two entities have the same label, two claims the same cue."""
    match one, other:
        case (Entity(), Entity()):
            return one.label == other.label
        case (Claim(), Claim()):
            return one.cue == other.cue
        case _:
            return True
