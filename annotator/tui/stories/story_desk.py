"""What the board does with the store: reads a story, decides and undoes ties. Calls block."""

from __future__ import annotations

from collections.abc import Iterable
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
from annotator.tui.saving.stored_at_once import store_at_once
from annotator.tui.setup import AppSetup

if TYPE_CHECKING:
    from annotator.store.stories.story_store import OpenedStory


@dataclass
class StoryDesk:
    """A story as its board shows it, and the ties made there (article and group)."""

    setup: AppSetup
    story: Story
    opened: OpenedStory | None = None
    claims: StoryClaims | None = None
    made: list[tuple[str, str]] = field(default_factory=list)

    def read(self) -> Board:
        """Read the story; articles that cannot be read are left out, as `annotator story` says."""
        reviewer = self.setup.config.reviewer
        self.opened = self.setup.store.stories.open(self.story, reviewer, damaged=lambda _: None)
        self.claims = story_claims(self.opened.annotated)
        return self._board()

    def read_again(self, article: str) -> Board:
        """Read one article again; claims are compared anew only if it has others now."""
        opened = self._opened()
        story = replace(self.story, articles=(article,))
        now = self.setup.store.stories.open(
            story, self.setup.config.reviewer, damaged=lambda _: None
        )
        before = opened.annotated
        articles = tuple(_instead(opened.articles, now.articles))
        self.opened = replace(opened, articles=articles)
        if self.opened.annotated != before:
            self.claims = story_claims(self.opened.annotated)
        return self._board()

    def tie(
        self, one: Place, other: Place, relation: Relation, proposed: TieProposal | None
    ) -> Board:
        """Decide how two claims are related; raises AnnotatorError, then nothing is stored."""
        opened = self._opened()
        here, tie = tie_between(
            (opened.of(one[0]), one[1]), (opened.of(other[0]), other[1]), relation, proposed
        )
        group = self._decide(here, relate(tie))
        self.made.append((here.id, group))
        return self.read_again(here.id)

    def undo(self) -> Board:
        """Undo the last tie made here; raises ReviewError if there is none, or if something else
        was decided in its review since."""
        if not self.made:
            raise ReviewError("No tie was made here that could be undone.")
        article, group = self.made[-1]
        self.read_again(article)
        here = self._opened().of(article)
        change = here.own.undo() if here.own else None
        if change is None or change.target != group:
            self.made.pop()
            raise ReviewError("Something else was decided in that review since; undo it there.")
        self._decide(here, change)
        self.made.pop()
        return self.read_again(article)

    def _decide(self, here: StoryArticle, change: Change) -> str:
        """Store one decision in the reviewer's review of an article; returns its group."""
        group = self.setup.clock.new_id()
        store_at_once(self.setup, here.shown.article, here.own, (change,), group)
        return group

    def _board(self) -> Board:
        assert self.claims is not None  # it was read
        return self.claims.arranged(self._opened().ties)

    def _opened(self) -> OpenedStory:
        assert self.opened is not None  # it was read
        return self.opened


def _instead(
    articles: Iterable[StoryArticle], now: Iterable[StoryArticle]
) -> Iterable[StoryArticle]:
    new = {one.id: one for one in now}
    return (new.get(one.id, one) for one in articles)
