"""Short ways to write items of a text, and a reviewed record with them."""

from __future__ import annotations

from typing import Any

from annotator.core.annotations import Claim, Entity, Item, Junk, MadeBy, Verdict
from annotator.core.article import Article, Span
from annotator.core.record import Record
from annotator.formats.imported_items import NO_SCHEME
from tests.helpers.record_strategies import REVIEWED


def span(text: str, words: str, nth: int = 0) -> Span:
    """The `nth` occurrence of `words`."""
    at = -1
    for _ in range(nth + 1):
        at = text.index(words, at + 1)
    return Span(at, at + len(words))


def entity(
    text: str, words: str, label: str = "PERSON", *, nth: int = 0, id: str = "", score: float = 0.9
) -> Entity:
    """An entity as a pipeline suggests it."""
    found = span(text, words, nth)
    return Entity(id or f"e{found.start}", found, label, made_by=MadeBy.PIPELINE, score=score)


def entity_at(start: int, end: int, label: str, verdict: Verdict = Verdict.ACCEPTED) -> Entity:
    """A decided entity."""
    return Entity(f"{start}-{end}-{label}", Span(start, end), label, verdict=verdict)


def as_entity(item: Item) -> Entity:
    """The item, which must be an entity."""
    assert isinstance(item, Entity)
    return item


def record_of(text: str, *items: Item, **more: Any) -> Record:
    """A finished record of `text` with these items, in this order."""
    fields = {
        "entities": tuple(item for item in items if isinstance(item, Entity)),
        "claims": tuple(item for item in items if isinstance(item, Claim)),
        "junk": tuple(item for item in items if isinstance(item, Junk)),
    }
    return Record(Article(text), NO_SCHEME, review=REVIEWED, **(fields | more))
