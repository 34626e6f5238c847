"""What the board does with the store: reads a story, decides and undoes ties. Calls block."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from annotator.core.across.board import Board, StoryClaims, story_claims
from annotator.core.across.mentions import Place
from annotator.core.across.standing_ties import StoryArticle, tie_between
from annotator.core.across.story_log import Story
from annotator.core.across.ties import TieProposal
from annotator.core.claim_ties import Relation
from annotator.core.decisions import Change, relate
from annotator.errors import ReviewError
from annotator.tui.app_setup import AppSetup
from annotator.tui.saving.stored_at_once import store_at_once

if TYPE_CHECKING:
    from annotator.store.stories.story_store import OpenedStory


@dataclass(frozen=True, slots=True)
class WantedTie:
    """A relation that two claims are to have, and what was proposed for them, if anything was."""

    one: Place
    other: Place
    relation: Relation
    proposed: TieProposal | None = None


@dataclass
class StoryDesk:
    """A story as its board shows it, and what was tied there by each key: in which reviews (article
    and group)."""

    setup: AppSetup
    story: Story
    opened: OpenedStory | None = None
    claims: StoryClaims | None = None
    made: list[tuple[tuple[str, str], ...]] = field(default_factory=list)

    def read(self) -> Board:
        """Read the story; articles that cannot be read are left out, as `annotator story` says."""
        reviewer = self.setup.config.reviewer
        self.opened = self.setup.store.stories.open(self.story, reviewer, damaged=lambda _: None)
        self.claims = story_claims(self.opened.annotated)
        return self._board()

    def read_again(self, *ids: str) -> Board:
        """Read some articles again; claims are compared anew only if these have others now.

        What is gone, or can no longer be read, is left out."""
        self._read_anew(ids)
        return self._board()

    def _read_anew(self, ids: Iterable[str]) -> None:
        opened = self._opened()
        story = replace(self.story, articles=tuple(ids))
        now = self.setup.store.stories.open(
            story, self.setup.config.reviewer, damaged=lambda _: None
        )
        before = opened.annotated
        articles = tuple(_instead(opened.articles, now.articles, set(story.articles)))
        self.opened = replace(opened, articles=articles)
        if self.opened.annotated != before:
            self.claims = story_claims(self.opened.annotated)

    def read_all_again(self) -> Board:
        """Read all articles again."""
        return self.read_again(*self.story.articles)

    def candidates(self, place: Place) -> tuple[TieProposal, ...]:
        """All claims that a claim may be tied to, the likeliest first."""
        return () if self.claims is None else self.claims.candidates(place)

    def tie(self, *wanted: WantedTie) -> Board:
        """Decide how pairs of claims are related, all by one key; raises AnnotatorError. A pair
        that others alone may tie leaves all undecided, and so does a claim that is no longer as the
        board shows it."""
        self._check_shown({place for one in wanted for place in (one.one, one.other)})
        opened = self._opened()
        changes: dict[str, list[Change]] = {}
        for one in wanted:
            here, tie = tie_between(
                (opened.of(one.one[0]), one.one[1]),
                (opened.of(one.other[0]), one.other[1]),
                one.relation,
                one.proposed,
            )
            changes.setdefault(here.id, []).append(relate(tie))
        group = self.setup.clock.new_id()
        made: list[tuple[str, str]] = []
        try:
            for article, own in changes.items():
                self._decide(opened.of(article), own, group)
                made.append((article, group))
        finally:
            if made:
                self.made.append(tuple(made))
        return self.read_again(*changes)

    def undo(self) -> Board:
        """Undo what the last key tied here; raises ReviewError if there is nothing, or if something
        else was decided in one of the reviews since."""
        if not self.made:
            raise ReviewError("No tie was made here that could be undone.")
        made = self.made[-1]
        self._read_anew(article for article, _ in made)
        there = {one.id: one for one in self._opened().articles}
        left = [(there[article], group) for article, group in made if article in there]
        withdrawn: list[tuple[StoryArticle, Change]] = []
        for here, group in left:
            change = here.own.undo() if here.own else None
            if change is None or change.target != group:
                self.made.pop()
                raise ReviewError("Something else was decided in that review since; undo it there.")
            withdrawn.append((here, change))
        if not left:
            self.made.pop()
            raise ReviewError("The article of that tie is gone, and the tie with it.")
        for n, (here, change) in enumerate(withdrawn, 1):
            self._decide(here, (change,), self.setup.clock.new_id())
            self.made[-1] = tuple((one.id, group) for one, group in left[n:])
        self.made.pop()
        return self.read_again(*(article for article, _ in made))

    def _check_shown(self, places: Set[Place]) -> None:
        """Raise ReviewError if one of these claims is no longer as the board shows it."""
        opened, claims = self.opened, self.claims
        self._read_anew({article for article, _ in places})
        assert claims is not None  # it was read
        assert self.claims is not None
        before, now = claims.accounts, self.claims.accounts
        if any(place not in now or now[place] != before.get(place) for place in places):
            self.opened, self.claims = opened, claims
            raise ReviewError(
                "A claim has changed or is gone since it was shown.",
                hint="Look at it again, then decide.",
            )

    def _decide(self, here: StoryArticle, changes: Sequence[Change], group: str) -> None:
        """Store the decisions of one key in the reviewer's review of an article."""
        store_at_once(self.setup, here.shown.article, here.own, changes, group)

    def _board(self) -> Board:
        assert self.claims is not None  # it was read
        return self.claims.arranged(self._opened().ties)

    def _opened(self) -> OpenedStory:
        assert self.opened is not None  # it was read
        return self.opened


def _instead(
    articles: Iterable[StoryArticle], now: Iterable[StoryArticle], asked: Set[str]
) -> Iterable[StoryArticle]:
    """The articles, those that were asked for as they are now, if they are there."""
    new = {one.id: one for one in now}
    return (new.get(one.id, one) for one in articles if one.id in new or one.id not in asked)
