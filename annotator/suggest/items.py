"""Converts the annotations of a Doc to items."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, TypeVar

from spacy.tokens import Doc

from annotator.core.annotations import (
    Claim,
    Entity,
    Item,
    Junk,
    JunkKind,
    MadeBy,
    in_text_order,
)
from annotator.core.article import Span, Spans
from annotator.core.records.fields import CLAIM_ATTRIBUTES, TIER
from annotator.suggest.scores import scores_of

_Named = TypeVar("_Named", Claim, Junk)
_KINDS = frozenset(kind.value for kind in JunkKind)


def items_of(doc: Doc) -> tuple[Item, ...]:
    """The items of a Doc, in text order.

    Entities are numbered e1, e2, ... by start, claims c1, ..., junk lines j1, ...
    """
    entities = _entities(doc)
    ids = {entity.span: entity.id for entity in entities}
    claims = sorted(
        (_claim(found, ids) for found in getattr(doc._, "claims", ())), key=in_text_order
    )
    return tuple(
        sorted(
            (
                *entities,
                *(_numbered(claim, f"c{n}") for n, claim in enumerate(claims, 1)),
                *(_numbered(line, f"j{n}") for n, line in enumerate(_junk(doc), 1)),
            ),
            key=in_text_order,
        )
    )


def _entities(doc: Doc) -> list[Entity]:
    scores = scores_of(doc)
    return [
        Entity(
            f"e{n}",
            Span(ent.start_char, ent.end_char),
            ent.label_,
            made_by=MadeBy.PIPELINE,
            score=scores.get((ent.start_char, ent.end_char, ent.label_)),
        )
        for n, ent in enumerate(doc.ents, 1)
        if not ent.text.isspace()
    ]


def _claim(found: Any, ids: dict[Span, str]) -> Claim:
    entity = found.source_entity
    named = ids.get(Span(*entity)) if entity else None
    return Claim(
        "c",
        content=_spans(found.content),
        cue=_spans(found.cue),
        source=_spans(found.source),
        source_entity=named,
        made_by=MadeBy.PIPELINE,
        score=found.score,
        **{one.name: one.read(getattr(found, one.name)) for one in (*CLAIM_ATTRIBUTES, TIER)},
    )


def _junk(doc: Doc) -> list[Junk]:
    spans = doc.spans.get("junk", ())
    return [
        Junk(
            "j",
            Span(span.start_char, span.end_char),
            JunkKind(span.label_),
            made_by=MadeBy.PIPELINE,
        )
        for span in spans
        if span.label_ in _KINDS
    ]


def _numbered(item: _Named, name: str) -> _Named:
    return replace(item, id=name)


def _spans(pieces: Iterable[tuple[int, int]]) -> Spans:
    return tuple(Span(start, end) for start, end in pieces)
