"""The entities of a review that are tied to identities."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from annotator.core.across.identity_log import form_of
from annotator.core.annotations import Entity
from annotator.core.article import Span
from annotator.core.review import Review, Status


@dataclass(frozen=True, slots=True)
class TiedMention:
    """An entity of a review with the identity that it was tied to at `at` (UTC), and its form."""

    item: str
    identity: str
    form: str
    label: str
    span: Span
    at: datetime


def tied_mentions(review: Review, ids: Iterable[str], text: str) -> tuple[TiedMention, ...]:
    """Those of the items `ids` that somebody tied to an identity, or accepted as tied."""
    tied = {
        id: held.item
        for id in ids
        if (held := review.held.get(id)) is not None
        and isinstance(held.item, Entity)
        and held.item.identity
        and held.status is not Status.REJECTED
        and (
            held.status is Status.ACCEPTED
            or not isinstance(held.suggested, Entity)
            or held.suggested.identity != held.item.identity
        )
    }
    if not tied:
        return ()
    since = tied_since(review, tied)
    return tuple(
        TiedMention(
            id,
            entity.identity,
            form_of(entity.span.of(text), entity.label),
            entity.label,
            entity.span,
            since[id],
        )
        for id, entity in tied.items()
        if entity.identity and id in since
    )


def tied_since(review: Review, ids: Iterable[str]) -> dict[str, datetime]:
    """When each of these items was tied to the identity that it has (UTC); items without a standing
    decision are left out."""
    wanted = set(ids)
    found: dict[str, tuple[str | None, datetime]] = {}
    for group in review.standing:
        for decision in group.decisions:
            target = decision.target
            if target is None or target not in wanted:
                continue
            before = found.get(target)
            after = decision.after
            identity = after.identity if isinstance(after, Entity) else before and before[0]
            if before is None or before[0] != identity:
                found[target] = (identity, decision.at)
    return {id: at for id, (_, at) in found.items()}
