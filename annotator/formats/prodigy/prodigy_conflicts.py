"""What the answers to one text say twice, and where they contradict one another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from annotator.core.annotations import Claim, Entity, Item, Junk
from annotator.formats.refusals import RefusedPiece

_Numbered = tuple[Item, int]


def without_contradictions(
    items: Sequence[_Numbered], rejected: Sequence[_Numbered], lost: list[RefusedPiece]
) -> tuple[list[_Numbered], list[_Numbered]]:
    """Items that stand and those that are none, each with its line, without what is said to be
    both: that is neither, and goes to `lost`."""
    if not rejected:
        return list(items), []
    stands = {_what(item): line for item, line in items}
    both: set[object] = set()
    for item, line in rejected:
        what = _what(item)
        if what in stands and what not in both:
            both.add(what)
            reason = f"{_named(item)} is accepted on line {stands[what]}, rejected on line {line}"
            kind = "answers that contradict each other"
            lost.append(RefusedPiece(reason, kind, item.spans, max(stands[what], line)))
    return (
        [one for one in items if _what(one[0]) not in both],
        [one for one in rejected if _what(one[0]) not in both],
    )


def distinct(items: Iterable[Item]) -> Iterator[Item]:
    """Without entities that stand there twice and have no id to tell them apart."""
    seen: set[object] = set()
    for item in items:
        if isinstance(item, Entity):
            if not item.id and _what(item) in seen:
                continue
            seen.add(_what(item))
        yield item


def _what(item: Item) -> object:
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
