"""Checks one review: its chain, its cached columns, and the words of its spans."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, select

from annotator.core.journal.chain import Opening, linked
from annotator.core.journal.journal_problems import Problem, ProblemKind, misplaced
from annotator.core.text.counted import many
from annotator.errors import AnnotatorError
from annotator.store.journal.chaining import (
    decision_digest,
    opening_value,
    suggestions_digest,
)
from annotator.store.journal.exact_rows import NotAsWritten, exact_columns, exact_values
from annotator.store.reviewing.stored_review import read_review
from annotator.store.sql import columns as t
from annotator.store.sql.row_mapping import SURFACE_LENGTH, review_to_cache
from annotator.store.values import OpenedReview

Plain = dict[str, Any]
_OPENING = (
    "What the review was opened with was changed: its article, reviewer, kind, time, suggestions, "
    "or the chain value of these."
)


class CheckedReview:
    """One review as it is stored.

    Afterwards `problems` has what is wrong, `opened` the review as it is read for screens and
    exports (None if it cannot be), and `spans` the number of spans compared with the text.
    """

    def __init__(self, connection: Connection, row: Row[Any], text: str | None) -> None:
        self.connection, self.row, self.text = connection, row, text
        self.problems: list[Problem] = []
        self.decisions: list[Plain] = []
        self.suggested: Plain | None = None
        self.opened: OpenedReview | None = None
        self.spans = 0

    def check(self) -> None:
        """Check everything; the database's errors are left to the caller."""
        try:
            (stored,) = self._exact(t.review, t.review.c.id == self.row.id)
            review = exact_values(t.review, stored)
            heads = self._check_opening(review)
        except NotAsWritten as error:
            self._tell(ProblemKind.CHAIN, f"The review was changed: {error}.")
            return
        self._check_decisions(review, heads)
        self._check_fold(review)
        self._check_spans()

    def _check_opening(self, review: Plain) -> tuple[str, ...]:
        """The chain values that the first decision may follow."""
        digest = None
        if review["suggestion_set_id"] is not None:
            sets = t.suggestion_set
            rows = self._exact(sets, sets.c.id == review["suggestion_set_id"])
            self.suggested = exact_values(sets, rows[0]) if rows else None
            digest = None if self.suggested is None else suggestions_digest(self.suggested)
        opening = Opening(
            review["article_id"],
            review["reviewer"],
            review["kind"],
            review["opened_at"],
            digest,
            review["assisted"],
        )
        value = opening_value(opening)
        if value != review["opening"]:
            missing = not review["opening"]
            self._tell(ProblemKind.CHAIN, _UNCHAINED if missing else _OPENING)
        return review["opening"], value

    def _check_decisions(self, review: Plain, heads: tuple[str, ...]) -> None:
        c, number = t.decision.c, 0
        for place, row in enumerate(self._exact(t.decision, c.review_id == self.row.id, c.seq), 1):
            try:
                values = exact_values(t.decision, row)
            except NotAsWritten as error:
                self._tell(ProblemKind.CHAIN, f"Decision {place} was changed: {error}.", place)
                return
            if problem := self._of_entry(values, place, heads, number):
                self._tell(ProblemKind.CHAIN, problem, place)
                return
            heads, number = (values["chain"],), values["number"]
            self.decisions.append(values)
        self._check_end(review, heads)

    def _of_entry(
        self, values: Plain, place: int, heads: tuple[str, ...], after: int
    ) -> str | None:
        if values["seq"] != place:
            return f"Decision {place} is missing."
        digest = decision_digest(values, self.row.article_id, self.row.reviewer)
        if all(linked(head, digest) != values["chain"] for head in heads):
            said = f"{values['kind']}, {values['at']:%Y-%m-%d %H:%M:%S}"
            return f"Decision {place} ({said}) was changed or is not the one made here."
        if values["number"] <= after:
            return f"Decision {place} is stored before the one before it."
        return None

    def _check_end(self, review: Plain, heads: tuple[str, ...]) -> None:
        made, kept = len(self.decisions), review["last_seq"]
        if made < kept:
            lost = kept - made
            told = f"The last {lost} of {many(kept, 'decision')} are missing."
            if lost == 1:
                told = f"The last of {many(kept, 'decision')} is missing."
            self._tell(ProblemKind.CHAIN, told, made + 1)
        elif review["chain"] not in heads:
            told = "The last decision is not the one that the review ends with."
            self._tell(ProblemKind.CHAIN, told, made or None)

    def _check_fold(self, review: Plain) -> None:
        try:
            self.opened = read_review(self.connection, self.row).opened()
        except AnnotatorError as error:
            self._tell(ProblemKind.FOLD, f"The review cannot be read: {error.message}")
            return
        for name, value in review_to_cache(self.opened.review).items():
            if review[name] != value:
                told = f"`{name}` is {review[name]}, by the decisions {value}."
                self._tell(ProblemKind.FOLD, told)
                return
        for place, values in enumerate(self.decisions, 1):
            if not _is_copied(values):
                told = f"`surface` or `label` of decision {place} is not that of its entity."
                self._tell(ProblemKind.FOLD, told, place)
                return

    def _check_spans(self) -> None:
        if self.text is None:
            return
        for place, values in enumerate(self.decisions, 1):
            number, wrong = misplaced([values["before"], values["after"]], self.text)
            self.spans += number
            if wrong is not None:
                self._tell(ProblemKind.OFFSETS, f"Decision {place}: {wrong}", place)
                return

    def _exact(self, table: Any, condition: Any, *order: Any) -> list[Row[Any]]:
        columns = exact_columns(table, self.connection.dialect)
        wanted = select(*columns).where(condition).order_by(*order)
        return list(self.connection.execute(wanted))

    def _tell(self, kind: ProblemKind, message: str, entry: int | None = None) -> None:
        row = self.row
        self.problems.append(Problem(kind, message, row.article_id, row.reviewer, entry))


_UNCHAINED = "The review has no chain values: it was damaged when logs were chained."


def _is_copied(values: Plain) -> bool:
    """Whether the copied columns of a decision say what its item does; early versions had none."""
    if values["surface"] is None and values["label"] is None:
        return True
    item = values["after"] if values["kind"] in ("add", "correct") else values["before"]
    if not isinstance(item, dict) or "label" not in item:
        return False
    return (values["surface"], values["label"]) == (item["text"][:SURFACE_LENGTH], item["label"])
