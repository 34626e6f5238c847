"""Stories proposed among some articles, beside those that people made."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise, product

from annotator.core.across.numbered_names import numbered_names
from annotator.core.across.proposals import Annotated
from annotator.core.across.story_changes import LONGEST_TITLE
from annotator.core.across.story_log import Stories
from annotator.core.across.story_proposals import (
    ReadArticle,
    StoryProposal,
    propose_stories,
    read_article,
)


@dataclass(frozen=True, slots=True)
class ProposedStory:
    """Articles proposed as a story, or for the story `into`; `score` is the likeness of the least
    sure (0 to 1)."""

    articles: tuple[str, ...]
    title: str
    score: float
    into: str | None = None

    @property
    def id(self) -> str:
        """What it is called by until somebody accepts it: the id of its first article."""
        return self.articles[0]


@dataclass(frozen=True)
class StoryWindow:
    """The articles that are compared, some of them in known stories, and known near-duplicates."""

    articles: Sequence[Annotated]
    stories: Stories
    near_duplicates: Iterable[tuple[str, str]] = field(default=())


def stories_proposed(window: StoryWindow) -> tuple[ProposedStory, ...]:
    """Proposals of two articles or more, or of one or more for a known story, the likeliest first.

    What people decided holds: articles of known stories stay in them, and those that were taken
    apart are in no proposal together.
    """
    own = sorted(window.articles, key=lambda one: one.article.id)
    known = _known(own, window.stories)
    together = [pair for articles in known.values() for pair in pairwise(articles)]
    apart = set(window.stories.apart)
    for one, other in combinations(known.values(), 2):
        apart.update(frozenset(pair) for pair in product(one, other))
    proposals = propose_stories(
        _read(own), near_duplicates=[*together, *window.near_duplicates], apart=apart
    )
    names = {one.article.id: one for one in own}
    found = (_proposed(one, names, window.stories) for one in proposals)
    return tuple(sorted((one for one in found if one), key=lambda one: (-one.score, one.articles)))


def _known(articles: Iterable[Annotated], stories: Stories) -> dict[str, list[str]]:
    known: dict[str, list[str]] = {}
    for one in articles:
        story = stories.of_article.get(one.article.id)
        if story is not None:
            known.setdefault(story, []).append(one.article.id)
    return known


def _read(articles: Sequence[Annotated]) -> list[ReadArticle]:
    identities = numbered_names(articles)
    return [read_article(one.article, one.entities, identities) for one in articles]


def _proposed(
    proposal: StoryProposal, articles: dict[str, Annotated], stories: Stories
) -> ProposedStory | None:
    into = {stories.of_article[id] for id in proposal.articles if id in stories.of_article}
    free = [id for id in proposal.articles if id not in stories.of_article]
    if not free or len(into) > 1 or len(free) + len(into) < 2:
        return None
    story = next(iter(into), None)
    ordered = sorted(free, key=lambda id: (articles[id].article.origin.published or "9", id))
    title = stories.named[story].title if story else _title(articles[ordered[0]])
    return ProposedStory(tuple(ordered), title, proposal.score, story)


def _title(one: Annotated) -> str:
    return " ".join(one.article.name.split())[:LONGEST_TITLE] or one.article.id[:12]
