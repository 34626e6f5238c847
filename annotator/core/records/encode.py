"""Items of a record as plain dicts; written for speed, since datasets have millions of items.

Each kind of item has one dict display, with keys in the order of the contract. `parent` and
`entities` of a claim are found among nearby items, not among all.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter
from typing import Any

from annotator.core.annotations import Claim, Entity, Junk
from annotator.core.article import Origin, Span

Plain = dict[str, Any]


def entities_to_list(entities: Sequence[Entity], text: str) -> list[Plain]:
    """Entities in record form."""
    rows = unattributed_to_list(entities, text)
    for entity, row in zip(entities, rows, strict=True):
        if entity.suggested_by:
            row["suggested_by"] = list(entity.suggested_by)
    return rows


def unattributed_to_list(entities: Iterable[Entity], text: str) -> list[Plain]:
    """The same without the names of suggesters. (`_value_` is a faster `value`.)"""
    return [
        {
            "id": entity.id,
            "start": (start := entity.span.start),
            "end": (end := entity.span.end),
            "text": text[start:end],
            "label": entity.label,
            "identity": entity.identity,
            "made_by": entity.made_by._value_,
            "verdict": entity.verdict._value_,
            "score": entity.score,
            "note": entity.note,
        }
        for entity in entities
    ]


def junk_to_list(lines: Iterable[Junk], text: str) -> list[Plain]:
    """Junk lines in record form."""
    return [
        {
            "id": line.id,
            "start": (start := line.span.start),
            "end": (end := line.span.end),
            "text": text[start:end],
            "kind": line.kind._value_,
            "made_by": line.made_by._value_,
            "verdict": line.verdict._value_,
            "score": line.score,
            "note": line.note,
        }
        for line in lines
    ]


def claims_to_list(claims: Sequence[Claim], entities: Sequence[Plain], text: str) -> list[Plain]:
    """Claims in record form; `entities` are those of the record, in the same form.

    A `source_entity` that is not among them becomes null.
    """
    if not claims:
        return []
    parents, known = parents_of(claims), {entity["id"] for entity in entities}
    within = _within(claims, entities)
    return [
        claim_to_dict(
            claim,
            text,
            source_entity=who if (who := claim.source_entity) in known else None,
            parent=parents[claim.id],
            entities=inside,
        )
        for claim, inside in zip(claims, within, strict=True)
    ]


def claim_to_dict(
    claim: Claim,
    text: str,
    *,
    source_entity: str | None,
    parent: str | None = None,
    entities: Sequence[str] = (),
) -> Plain:
    """A claim in record form, with `parent` and `entities`."""
    return {
        "id": claim.id,
        "content": pieces_to_list(claim.content, text),
        "cue": pieces_to_list(claim.cue, text),
        "source": pieces_to_list(claim.source, text),
        "quotation": claim.quotation._value_,
        "source_kind": claim.source_kind._value_,
        "stance": claim.stance._value_,
        "certainty": claim.certainty and claim.certainty._value_,
        "check_worthy": claim.check_worthy,
        "source_entity": source_entity,
        "parent": parent,
        "entities": list(entities),
        "tier": claim.tier._value_,
        "made_by": claim.made_by._value_,
        "verdict": claim.verdict._value_,
        "score": claim.score,
        "note": claim.note,
    }


def pieces_to_list(pieces: Iterable[Span], text: str) -> list[Plain]:
    """Spans with their words."""
    return [
        {"start": (start := piece.start), "end": (end := piece.end), "text": text[start:end]}
        for piece in pieces
    ]


def origin_to_dict(origin: Origin) -> Plain:
    """An origin in record form."""
    return {
        "name": origin.name,
        "outlet": origin.outlet,
        "url": origin.url,
        "author": origin.author,
        "published": origin.published,
        "received": origin.received,
        "part": origin.part,
    }


def parents_of(claims: Sequence[Claim]) -> dict[str, str | None]:
    """Maps each claim's id to the id of the smallest claim whose content covers its content.

    Claims with equal contents are not parents of each other.
    """
    parents: dict[str, str | None] = dict.fromkeys(claim.id for claim in claims)
    for near in _overlapping(claims):
        sized = sorted(near, key=lambda claim: sum(map(len, claim.content)))
        for n, claim in enumerate(sized):
            for other in sized[n + 1 :]:
                if other.content != claim.content and _covers(other, claim):
                    parents[claim.id] = other.id
                    break
    return parents


def _overlapping(claims: Sequence[Claim]) -> Iterator[list[Claim]]:
    """Groups of claims with overlapping contents; only claims of one group can be parents of each
    other."""
    near: list[Claim] = []
    reach = 0
    for claim in sorted(claims, key=_start):
        content = claim.content
        if content[0].start >= reach:
            if len(near) > 1:
                yield near
            near, reach = [claim], content[-1].end
        else:
            near.append(claim)
            reach = max(reach, content[-1].end)
    if len(near) > 1:
        yield near


def _start(claim: Claim) -> int:
    return claim.content[0].start


def _covers(outer: Claim, inner: Claim) -> bool:
    return all(any(whole.contains(piece) for whole in outer.content) for piece in inner.content)


def _within(claims: Iterable[Claim], entities: Sequence[Plain]) -> Iterator[list[str]]:
    """For each claim, the ids of the entities in its content, in text order."""
    # Our own records are sorted already; sorting costs little then.
    ordered = sorted(entities, key=itemgetter("start"))
    starts = [entity["start"] for entity in ordered]
    for claim in claims:
        found: list[str] = []
        for piece in claim.content:
            end = piece.end
            first = bisect_left(starts, piece.start)
            near = ordered[first : bisect_left(starts, end, first)]
            found += [entity["id"] for entity in near if entity["end"] <= end]
        yield found
