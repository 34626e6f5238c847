"""Duplicates and contradictions among the answers to one text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from annotator.core.annotations import Claim, Entity, Item, Junk
from annotator.formats.refusals import RefusedPiece

_Numbered = tuple[Item, int]


def without_contradictions(
    items: Sequence[_Numbered], rejected: Sequence[_Numbered], lost: list[RefusedPiece]
) -> tuple[list[_Numbered], list[_Numbered]]:
    """Accepted and rejected items, each with its line, without those that are both; these are added
    to `lost`."""
    if not rejected:
        return list(items), []
    stands = {_identity_of(item): line for item, line in items}
    both: set[object] = set()
    for item, line in rejected:
        what = _identity_of(item)
        if what in stands and what not in both:
            both.add(what)
            reason = f"{_named(item)} is accepted on line {stands[what]}, rejected on line {line}"
            kind = "answers that contradict each other"
            lost.append(RefusedPiece(reason, kind, item.spans, max(stands[what], line)))
    return (
        [one for one in items if _identity_of(one[0]) not in both],
        [one for one in rejected if _identity_of(one[0]) not in both],
    )


def distinct(items: Iterable[Item]) -> Iterator[Item]:
    """The items without duplicate entities that have no id."""
    seen: set[object] = set()
    for item in items:
        if isinstance(item, Entity):
            if not item.id and _identity_of(item) in seen:
                continue
            seen.add(_identity_of(item))
        yield item


def _identity_of(item: Item) -> object:
    match item:
        case Entity():
            return item.span, item.label
        case Junk():
            return item.span, item.kind
        case Claim():
            return item.content, item.cue, item.source


def _named(item: Item) -> str:
    label = item.label if isinstance(item, Entity) else ""
    return f"[{item.span.start}, {item.span.end}) {label}".strip()
