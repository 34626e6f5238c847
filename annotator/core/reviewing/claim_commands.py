"""Commands on the edges of an item, and on the parts and attributes of a claim.

Each returns the changed item, or None if that is not possible; `commands.corrected` turns it into a
change. A claim is linked to the entity in its source whenever its source may have changed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from annotator.core.annotations import Claim, Entity, Item
from annotator.core.article import Span, Spans
from annotator.core.claims.claim_heuristics import cues_near, propose_claim, sources_near
from annotator.core.edits import (
    EdgeStep,
    Part,
    PartName,
    at_paragraphs,
    moved_edge,
    pieces,
    with_part,
    with_span,
)
from annotator.core.records.fields import AttributeValue
from annotator.core.speakers import Speakers
from annotator.core.text.words import Words


def proposed_claim(
    speakers: Speakers, words: Words, *, id: str, caret: int, selection: Span | None = None
) -> Claim | None:
    """The claim with `selection` as its content or, without one, the claim around `caret`.

    If the review has a claim with the same content, returns that one. None in a text without words.
    """
    claim = propose_claim(words, id=id, caret=caret, selection=selection)
    if claim is None:
        return None
    there = next((one for one in speakers.review.claims if one.content == claim.content), None)
    return there or speakers.tied(claim)


def with_edge_moved(
    speakers: Speakers, item: Item, part: Part, step: EdgeStep, words: Words
) -> Item | None:
    """`item` with one edge of `part` moved by a step; None if that is not possible."""
    return _tied(speakers, moved_edge(item, part, step, words))


def with_edges(speakers: Speakers, item: Item, part: Part, chosen: Span, text: str) -> Item | None:
    """`item` with `part` moved to `chosen`, split at paragraph ends; None if not possible."""
    if isinstance(item, Claim) and len(pieces(item, part.name)) <= 1:
        return with_parts_at(speakers, item, part.name, at_paragraphs(chosen, text), text)
    return _tied(speakers, with_span(item, part, chosen, text))


def with_parts_at(
    speakers: Speakers, claim: Claim, name: PartName, spans: Spans, text: str
) -> Item | None:
    """`claim` with these pieces as its content, cue or source; None if not possible."""
    return _tied(speakers, with_part(claim, name, spans, text))


def with_attribute(claim: Claim, chosen: AttributeValue) -> Claim:
    """`claim` with another value for one attribute."""
    values: dict[str, Any] = {chosen.attribute.name: chosen.value}
    return replace(claim, **values)


def likely_parts(
    speakers: Speakers, words: Words, claim: Claim, name: PartName, *, most: int
) -> Spans:
    """Possible cues or sources, the nearest to the content first, at most `most`."""
    if name is PartName.CUE:
        found = cues_near(words, claim.content)
    else:
        names = (one.span for one in speakers.entities)
        found = sources_near(words, claim, names)
    nearest = sorted(found, key=lambda span: (_distance(span, claim.content), span))
    return tuple(nearest[:most])


def selection_with_edge_moved(chosen: Span, step: EdgeStep, words: Words) -> Span | None:
    """A selection with one edge moved by a step; None if that is not possible."""
    moved = moved_edge(Entity("", chosen, ""), Part(PartName.SPAN), step, words)
    return moved.span if moved is not None else None


def _tied(speakers: Speakers, item: Item | None) -> Item | None:
    return speakers.tied(item) if isinstance(item, Claim) else item


def _distance(span: Span, content: Spans) -> int:
    return min(max(piece.start - span.end, span.start - piece.end, 0) for piece in content)
