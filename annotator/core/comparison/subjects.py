"""What reviewers are compared in: kinds of items, parts of claims, attributes of claims."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter

from annotator.core.annotations import Claim, Entity, Item, Junk
from annotator.core.article import Spans
from annotator.core.comparison.token_labels import NONE
from annotator.core.records.fields import CLAIM_ATTRIBUTES, Attribute, Value

ENTITIES = "entities"
CLAIMS = "claims"
JUNK = "junk"
CLAIM = "claim"
"""The one category of claims."""
CONTENT = "content"
_YES_OR_NO: dict[Value, str] = {True: "yes", False: "no", None: NONE}
ITEM_KINDS = (ENTITIES, CLAIMS, JUNK)
PARTS: dict[str, Callable[[Claim], Spans]] = {
    CONTENT: lambda claim: claim.content,
    "cue": lambda claim: claim.cue,
    "source": lambda claim: claim.source,
}
"""The parts of a claim; each is the one category of its own subject."""


def _said(attribute: Attribute) -> Callable[[Claim], str]:
    """What a claim says of an attribute, in a word."""
    words = (
        _YES_OR_NO if attribute.choices is None else {v: str(v or NONE) for v in attribute.values}
    )
    value = attrgetter(attribute.name)
    return lambda claim: words[value(claim)]


ATTRIBUTES = {attribute.name: _said(attribute) for attribute in CLAIM_ATTRIBUTES}
"""The attributes of a claim; the value `none` stands for null."""
SUBJECTS = (*ITEM_KINDS, *PARTS, *ATTRIBUTES)


def category_of(item: Item) -> str:
    """The label of an entity, the kind of a junk line; all claims have one category."""
    match item:
        case Entity():
            return item.label
        case Junk():
            return item.kind.value
        case Claim():
            return CLAIM


def is_same(one: Item, other: Item) -> bool:
    """Whether two items of a kind say the same: span and label, content and source, span and
    kind."""
    match one, other:
        case Claim(), Claim():
            return (one.content, one.source) == (other.content, other.source)
        case _:
            return one.span == other.span and category_of(one) == category_of(other)
