"""Decisions on a list of places found in several articles: open names there, and no others."""

from __future__ import annotations

from collections.abc import Collection
from typing import TypeAlias

from annotator.core.annotations import Entity
from annotator.core.article import Span
from annotator.core.decisions import Change, reject
from annotator.core.review import Review, Status
from annotator.core.reviewing.bulk import accepted_together

ListedName: TypeAlias = tuple[Span, str]
"""The span and the label of a name, as a list shows it."""


def on_listed(
    review: Review, listed: Collection[ListedName], *, rejecting: bool
) -> tuple[Change, ...]:
    """The changes that accept or reject the open names among `listed`.

    What was decided stays, and so does all of a finished review.
    """
    if review.finished:
        return ()
    names = tuple(
        held.item
        for held in review.held.values()
        if held.status is Status.OPEN
        and isinstance(held.item, Entity)
        and (held.item.span, held.item.label) in listed
    )
    if rejecting:
        return tuple(map(reject, names))
    return accepted_together(review, names).changes
