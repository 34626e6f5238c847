"""All proposals across some articles: identities, then stories by them, then ties by both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field

from annotator.core.across.claim_readings import read_claims
from annotator.core.across.identities import IdentityProposal, propose_identities
from annotator.core.across.mentions import Place, mentions_of
from annotator.core.across.story_proposals import StoryProposal, propose_stories, read_article
from annotator.core.across.ties import TieProposal, propose_ties
from annotator.core.annotations import Claim, Entity
from annotator.core.article import Article


@dataclass(frozen=True, slots=True)
class Annotated:
    """An article with its entities and claims, whoever made them."""

    article: Article
    entities: tuple[Entity, ...]
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """What people said of proposals and is not to be proposed again: names that differ (pairs of
    keys), articles of two stories, claims that have nothing to do with each other; and the known
    near-duplicates (pairs of articles)."""

    different: frozenset[tuple[str, str]] = frozenset()
    apart: frozenset[frozenset[str]] = frozenset()
    unrelated: Set[frozenset[Place]] = field(default_factory=frozenset)
    near_duplicates: frozenset[tuple[str, str]] = frozenset()


NOTHING_SAID = Said()


@dataclass(frozen=True, slots=True)
class Proposals:
    """What is proposed across some articles, nothing of it decided."""

    identities: tuple[IdentityProposal, ...]
    stories: tuple[StoryProposal, ...]
    ties: tuple[TieProposal, ...]


def propose_across(articles: Iterable[Annotated], said: Said = NOTHING_SAID) -> Proposals:
    """Identities, stories and ties of some articles; their order does not matter."""
    own = sorted(articles, key=lambda one: one.article.id)
    mentions = [
        mention
        for one in own
        for mention in mentions_of(one.article.id, one.article.text, one.entities)
    ]
    identities = propose_identities(mentions, different=said.different)
    numbers = {place: n for n, one in enumerate(identities) for place in one.mentions}
    stories = propose_stories(
        [read_article(one.article, one.entities, numbers) for one in own],
        near_duplicates=said.near_duplicates,
        apart=said.apart,
    )
    return Proposals(identities, stories, _ties(own, numbers, stories, said))


def _ties(
    articles: list[Annotated],
    identities: Mapping[Place, int],
    stories: tuple[StoryProposal, ...],
    said: Said,
) -> tuple[TieProposal, ...]:
    claims = [
        claim
        for one in articles
        for claim in read_claims(one.article, one.entities, one.claims, identities)
    ]
    numbers = {place: n for n, story in enumerate(stories) for place in story.articles}
    return propose_ties(claims, stories=numbers, unrelated=said.unrelated)
