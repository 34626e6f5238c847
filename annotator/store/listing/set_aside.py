"""Whether the finished reviews of an article set it aside: skip it, or call it unusable."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import ScalarSelect, case, func, null, select

from annotator.core.decisions import Answer
from annotator.store.sql import columns as t
from annotator.store.values import ADJUDICATION

DIFFER = "mixed"
"""The value of `article.set_aside` where its finished reviews give different answers."""


@cache
def set_aside_now() -> ScalarSelect[Any]:
    """A subquery: what `article.set_aside` is by the finished reviews of the article."""
    r = t.review.c
    lowest, highest = func.min(r.answer), func.max(r.answer)
    said = case((lowest != highest, DIFFER), (lowest == Answer.ACCEPT.value, null()), else_=lowest)
    finished = (r.finished_at.is_not(None), r.kind != ADJUDICATION)
    of_it = select(said).where(r.article_id == t.article.c.id, *finished)
    return of_it.correlate(t.article).scalar_subquery()
