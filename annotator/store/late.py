"""Decisions that could not be stored in their time, into the log they belong to as far as they fit.

Nobody's hold on the article is taken or given up by that: whoever has it open goes on, and hears at
their next key that something was decided.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from annotator.core.decisions import Decision
from annotator.core.late import Fitted, fit
from annotator.errors import StoreError
from annotator.store.database import Database
from annotator.store.folds import Folds
from annotator.store.reviews import write_decisions
from annotator.store.taking import take_up


class _NothingNew(Exception):
    """Ends the transaction so that it leaves no trace."""

    def __init__(self, fitted: Fitted) -> None:
        super().__init__()
        self.fitted = fitted


class Late:
    """The part of the store that takes decisions which come late."""

    database: Database
    folds: Folds

    def append_late(
        self,
        decisions: Sequence[Decision],
        *,
        text: str,
        now: datetime,
        lease_seconds: float,
        reviews_per_article: int = 1,
    ) -> Fitted:
        """Keep those of one review's late decisions that fit, at once; what became of each.

        LeaseLost, saying who, if others have the article or have finished it; StoreError if there
        is no such article, or it has no suggestions yet. Where nothing is new, nothing is changed.
        """
        article_id, reviewer = decisions[0].article, decisions[0].reviewer
        if any((d.article, d.reviewer) != (article_id, reviewer) for d in decisions):
            raise StoreError("Decisions of several reviews must be stored one review at a time.")
        try:
            with self.database.writing() as connection:
                taken = take_up(
                    connection,
                    article_id,
                    reviewer,
                    now=now,
                    hold_seconds=lease_seconds,
                    reviews_per_article=reviews_per_article,
                    hold=False,
                )
                row = taken.read.row
                before = taken.read.review()
                fitted = fit(before, decisions)
                if not fitted.new:
                    raise _NothingNew(fitted)
                after = before.decide(*fitted.new)
                write_decisions(connection, row, before, after, text=text)
        except _NothingNew as nothing:
            return nothing.fitted
        self.folds.forget(row)
        return fitted
