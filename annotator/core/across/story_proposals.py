"""Proposes stories: articles on one event, by the names in them, the words of headline and lead,
and the day."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Set
from dataclasses import dataclass, field
from datetime import date
from heapq import nlargest
from math import fsum, log, sqrt

from annotator.core.across.claim_readings import published_on, stems_in
from annotator.core.across.mentions import Place
from annotator.core.across.postings import postings, weights
from annotator.core.annotations import Entity
from annotator.core.article import Article, Span
from annotator.lexicon.label_roles import PEOPLES, PLACES

LEAST_LIKENESS = 0.08
"""How much two articles have in common that are proposed as one story (0 to 1)."""
DAYS = 14
"""Articles published further apart are not on one event."""
_BACKGROUND = 1_000
_LONGEST = 100
_STRONGEST = 30
"""Features of an article that are followed."""
_CANDIDATES = 12
_LEAD = 600
"""Characters of an article that tell its subject."""
_WORD, _PLACE = 0.3, 0.3
_NAMES, _FEW = 5, 3
"""Names that two articles of one story share at least; of short articles half, but not fewer."""
_WIDE = PLACES | {PEOPLES}

Feature = Hashable
Vector = Mapping[Feature, float]


@dataclass(frozen=True, slots=True)
class ReadArticle:
    """An article as it is compared with others: names and words with how often they occur."""

    id: str
    published: date | None
    features: Mapping[Feature, float]


@dataclass(frozen=True, slots=True)
class StoryProposal:
    """Articles proposed as one story, by id, with the likeness of the least sure (0 to 1; 1 for
    one article alone)."""

    articles: tuple[str, ...]
    score: float


def read_article(
    article: Article, entities: Iterable[Entity], identities: Mapping[Place, int]
) -> ReadArticle:
    """An article for `propose_stories`; `identities` has a number for each name known to be one
    with others."""
    own = tuple(entities)
    named = [one for one in own if (article.id, one.id) in identities]
    names = Counter(identities[article.id, one.id] for one in named)
    wide = {identities[article.id, one.id] for one in named if one.label in _WIDE}
    lead = Span(0, min(len(article.text), _LEAD))
    words = stems_in(article.text, (lead,), [one.span for one in own if one.span.start < _LEAD])
    features: dict[Feature, float] = dict.fromkeys(words, _WORD)
    features |= {
        ("name", name): (1 + log(count)) * (_PLACE if name in wide else 1)
        for name, count in names.items()
    }
    return ReadArticle(article.id, published_on(article), features)


def propose_stories(
    articles: Iterable[ReadArticle],
    *,
    near_duplicates: Iterable[tuple[str, str]] = (),
    apart: Set[frozenset[str]] = frozenset(),
    least: float = LEAST_LIKENESS,
) -> tuple[StoryProposal, ...]:
    """Every article in one proposal, alone if it is like no other, by id.

    `near_duplicates` are pairs of one story whatever they have in common; pairs in `apart` are in
    no proposal together. The order of the articles does not matter.
    """
    known = {one.id: one for one in sorted(articles, key=lambda one: one.id)}
    vectors = _vectors(known)
    together = _Together(vectors, apart, least)
    for one, other in sorted(near_duplicates):
        if one in known and other in known:
            together.join(one, other, 1.0, sure=True)
    pairs = [
        (likeness, one, other)
        for likeness, one, other in _alike(vectors, least)
        if _same_days(known[one], known[other])
    ]
    for likeness, one, other in sorted(pairs, key=lambda pair: (-pair[0], pair[1:])):
        together.join(one, other, likeness)
    return together.proposals()


def _same_days(one: ReadArticle, other: ReadArticle) -> bool:
    if one.published is None or other.published is None:
        return True
    return abs((one.published - other.published).days) <= DAYS


def _vectors(articles: Mapping[str, ReadArticle]) -> dict[str, dict[Feature, float]]:
    tells = weights((one.features for one in articles.values()), background=_BACKGROUND)
    return {
        place: _unit({feature: value * tells[feature] for feature, value in one.features.items()})
        for place, one in articles.items()
    }


def _unit(vector: Vector) -> dict[Feature, float]:
    length = sqrt(sum(value * value for value in vector.values())) or 1.0
    return {feature: value / length for feature, value in vector.items()}


def _alike(vectors: Mapping[str, Vector], least: float) -> Iterable[tuple[float, str, str]]:
    """Pairs of articles that have so much in common, each once: for each article, its few
    likeliest by the features that say most of it."""
    strongest = {place: _strongest(vector) for place, vector in vectors.items()}
    index = postings(strongest)
    pairs: set[tuple[str, str]] = set()
    for place, features in strongest.items():
        common: dict[str, float] = defaultdict(float)
        for feature in features:
            found = index[feature]
            for other in found if len(found) <= _LONGEST else ():
                common[other] += vectors[place][feature] * vectors[other][feature]
        common.pop(place, None)
        best = nlargest(_CANDIDATES, common.items(), key=lambda pair: (pair[1], pair[0]))
        pairs |= {(min(place, other), max(place, other)) for other, _ in best}
    for one, other in sorted(pairs):
        likeness = dot(vectors[one], vectors[other])
        if likeness >= least and _share_names(vectors[one], vectors[other]):
            yield likeness, one, other


def _share_names(one: Vector, other: Vector) -> bool:
    """Whether two articles name enough of the same."""
    mine, theirs = (
        {feature for feature in vector if isinstance(feature, tuple)} for vector in (one, other)
    )
    half = min(len(mine), len(theirs)) // 2
    return len(mine & theirs) >= min(_NAMES, max(_FEW, half))


def _strongest(vector: Vector) -> list[Feature]:
    best = nlargest(_STRONGEST, vector.items(), key=lambda pair: (pair[1], str(pair[0])))
    return [feature for feature, _ in best]


def dot(one: Vector, other: Vector) -> float:
    """The sum of the products of what two vectors share."""
    small, large = sorted((one, other), key=len)
    return fsum(value * large[feature] for feature, value in small.items() if feature in large)


@dataclass
class _Together:
    """Articles joined to stories, as long as a story's articles are like one another on the
    whole: a chain of pairs makes none."""

    vectors: Mapping[str, Vector]
    apart: Set[frozenset[str]]
    least: float
    story: dict[str, str] = field(default_factory=dict)
    members: dict[str, list[str]] = field(default_factory=dict)
    sums: dict[str, dict[Feature, float]] = field(default_factory=dict)
    scores: dict[str, float] = field(default_factory=dict)
    enemies: dict[str, set[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.story = {place: place for place in self.vectors}
        self.members = {place: [place] for place in self.vectors}
        self.sums = {place: dict(vector) for place, vector in self.vectors.items()}
        for pair in self.apart:
            for one in pair:
                self.enemies.setdefault(one, set()).update(pair - {one})

    def join(self, one: str, other: str, likeness: float, *, sure: bool = False) -> None:
        """Joins the stories of two articles, if their articles are alike on average."""
        small, large = sorted(
            (self.story[one], self.story[other]),
            key=lambda story: (len(self.members[story]), story),
        )
        if small == large or self._differ(small, large):
            return
        if not sure and self._likeness(small, large) < self.least:
            return
        for member in self.members[small]:
            self.story[member] = large
        self.members[large] += self.members.pop(small)
        for feature, value in self.sums.pop(small).items():
            self.sums[large][feature] = self.sums[large].get(feature, 0.0) + value
        scores = (likeness, self.scores.pop(small, 1.0), self.scores.get(large, 1.0))
        self.scores[large] = min(scores)

    def _differ(self, small: str, large: str) -> bool:
        there = set(self.members[large]) if self.enemies else set[str]()
        return any(self.enemies.get(member, set()) & there for member in self.members[small])

    def _likeness(self, one: str, other: str) -> float:
        """The mean likeness of the articles of two stories."""
        pairs = len(self.members[one]) * len(self.members[other])
        return dot(self.sums[one], self.sums[other]) / pairs

    def proposals(self) -> tuple[StoryProposal, ...]:
        """The stories, by the first id of each."""
        made = (
            StoryProposal(tuple(sorted(own)), round(min(1.0, self.scores.get(story, 1.0)), 4))
            for story, own in self.members.items()
        )
        return tuple(sorted(made, key=lambda one: one.articles))
