"""The notes that stand in a review, on the article and on its items."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from annotator.core.article import Article, Span
from annotator.core.decisions import Kind
from annotator.core.review import Review
from annotator.core.reviewing.wording import named


@dataclass(frozen=True, slots=True)
class StandingNote:
    """A note: on which article and which of its items (in words; *the article* for all of it),
    where that is (the first letter, for the article), by whom and when (UTC), and its text."""

    article: str
    title: str
    about: str
    span: Span
    reviewer: str
    at: datetime
    text: str


def notes_of(article: Article, review: Review) -> Iterator[StandingNote]:
    """The notes of a review that were made in it, in the order in which they were made last."""
    title = article.name
    found = [
        StandingNote(
            article.id, title, named(None, ""), Span(0, 1), review.reviewer, one.at, one.text
        )
        for one in review.notes
    ]
    noted = {
        decision.target: decision.at
        for decision in review.decisions
        if decision.kind is Kind.NOTE and decision.target is not None
    }
    for id, at in noted.items():
        held = review.held.get(id)
        if held is not None and held.item.note:
            about, text = named(held.item, article.text), held.item.note
            found.append(
                StandingNote(article.id, title, about, held.item.span, review.reviewer, at, text)
            )
    return iter(sorted(found, key=lambda one: one.at))
