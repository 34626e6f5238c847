"""Rejected items in the short form that records have of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from annotator.core.annotations import Claim, Entity, Item, Junk, problems
from annotator.core.records.codec import Plain, item_from_dict, span_to_dict
from annotator.core.records.encode import pieces_to_list
from annotator.core.records.fields import CLAIM_ATTRIBUTES, TIER
from annotator.errors import RecordError

# For each kind of rejected item: its identifying field, and defaults of the fields that the short
# form omits.
_SHORT: dict[str, tuple[str, Plain]] = {
    "entity": ("label", {"identity": None}),
    "junk": ("kind", {}),
    "claim": (
        "content",
        {"source_entity": None, **{one.name: one.default for one in (*CLAIM_ATTRIBUTES, TIER)}},
    ),
}


def rejected_to_dict(item: Item, text: str) -> Plain:
    """Rejected items in the short form of a record."""
    match item:
        case Entity():
            return {"item": "entity", **span_to_dict(item.span, text), "label": item.label}
        case Junk():
            return {"item": "junk", **span_to_dict(item.span, text), "kind": item.kind.value}
        case Claim():
            return {
                "item": "claim",
                "content": pieces_to_list(item.content, text),
                "cue": pieces_to_list(item.cue, text),
                "source": pieces_to_list(item.source, text),
            }


def rejected_from_dict(row: Mapping[str, Any], text: str, where: str) -> Item:
    """The inverse of `rejected_to_dict`; raises RecordError naming an invalid field."""
    kind = row.get("item")
    if kind not in _SHORT:
        raise RecordError(f"{where}.item: {kind!r:.60} is not one of {', '.join(_SHORT)}")
    known_by, filler = _SHORT[kind]
    if known_by not in row:
        raise RecordError(f"{where}.{known_by}: is missing")
    for other, (foreign, _) in _SHORT.items():
        if other != kind and foreign in row:
            raise RecordError(f"{where}.{foreign}: is not a field of a rejected {kind}")
    common = {"id": "", "made_by": "pipeline", "verdict": "pending", "score": None, "note": None}
    item = item_from_dict({**common, **filler, **row}, text, where=where)
    for problem in problems(item, text):
        raise RecordError(f"{where}: {problem}")
    return item
