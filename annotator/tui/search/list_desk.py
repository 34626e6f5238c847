"""Decides the listed names of several articles together, and takes that back. Calls block."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from annotator.core.reviewing.listed_names import ListedName, on_listed
from annotator.errors import AnnotatorError, ReviewError, StoreError
from annotator.tui.app_setup import AppSetup
from annotator.tui.saving.stored_at_once import store_at_once

if TYPE_CHECKING:
    from annotator.store.values import OpenedReview


@dataclass
class ListOutcome:
    """How many names were decided, in which articles, and why others were left."""

    names: int = 0
    articles: list[str] = field(default_factory=list)
    left: dict[str, str] = field(default_factory=dict)
    """The reason for each article that was left, by its id."""

    def told(self, did: str) -> str:
        """The outcome in words; `did` says what became of the names."""
        if not self.names and not self.left:
            return "None of these names is open in a review of yours: nothing was decided."
        count, where = len(self.articles), "article" if len(self.articles) == 1 else "articles"
        one = "name" if self.names == 1 else "names"
        said = f"{did} {self.names:,} {one} in {count:,} {where}"
        if not self.left:
            return said
        why = next(iter(self.left.values())).rstrip(".")
        return f"{said}; {len(self.left):,} left: {why}"


class ListDesk:
    """Decisions on lists of names. All decisions on one list are one group, in every review that
    it touches, so one undo takes them all back."""

    def __init__(self, setup: AppSetup) -> None:
        self._setup = setup
        self._made: list[tuple[str, tuple[str, ...]]] = []

    @property
    def can_undo(self) -> bool:
        """Whether a list was decided here that was not taken back."""
        return bool(self._made)

    def decide(
        self, listed: Mapping[str, Collection[ListedName]], *, rejecting: bool
    ) -> ListOutcome:
        """Accept or reject the open names of these articles, in the reviewer's own reviews.

        An article that somebody else has, or that cannot be read, is left, with the reason.
        """
        group, outcome = self._setup.clock.new_id(), ListOutcome()
        for article, names in listed.items():
            try:
                decided = self._in_article(article, names, group, rejecting=rejecting)
            except AnnotatorError as error:
                outcome.left[article] = error.message
                continue
            if decided:
                outcome.names += decided
                outcome.articles.append(article)
        if outcome.articles:
            self._made.append((group, tuple(outcome.articles)))
        return outcome

    def undo(self) -> ListOutcome:
        """Take back what was decided last on a list; raises ReviewError if there is nothing.

        A review in which something else was decided since is left.
        """
        if not self._made:
            raise ReviewError("Nothing was decided on a list here that could be undone.")
        group, articles = self._made.pop()
        outcome = ListOutcome()
        for article in articles:
            try:
                outcome.names += self._take_back(article, group)
            except AnnotatorError as error:
                outcome.left[article] = error.message
            else:
                outcome.articles.append(article)
        return outcome

    def _in_article(
        self, article: str, names: Collection[ListedName], group: str, *, rejecting: bool
    ) -> int:
        """The number of names that were decided in one article."""
        opened, is_new = self._opened(article)
        try:
            changes = on_listed(opened.review, names, rejecting=rejecting)
            if changes:
                store_at_once(self._setup, opened.article, opened.review, changes, group)
        finally:
            if is_new:
                self._setup.store.reviews.release(article, self._setup.config.reviewer)
        return len(changes)

    def _take_back(self, article: str, group: str) -> int:
        opened, _ = self._opened(article)
        change = opened.review.undo()
        if change is None or change.target != group:
            raise ReviewError("something else was decided there since; undo it in the article")
        undoing = self._setup.clock.new_id()
        store_at_once(self._setup, opened.article, opened.review, (change,), undoing)
        return sum(decision.group == group for decision in opened.review.decisions)

    def _opened(self, article: str) -> tuple[OpenedReview, bool]:
        """The reviewer's review of an article; a new one, which is held then, if there is none."""
        setup, reviewer = self._setup, self._setup.config.reviewer
        try:
            return setup.store.reviews.get(article, reviewer), False
        except StoreError:
            now, seconds = setup.clock.now(), setup.config.lease_seconds
            plan = setup.config.plan
            return (
                setup.store.reviews.open(
                    article, reviewer, now=now, lease_seconds=seconds, plan=plan
                ),
                True,
            )
