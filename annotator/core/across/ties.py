"""Proposes ties: claims of different articles that say the same, bear each other out or
contradict each other.

Words, names, numbers and speakers are compared; which claims, an index tells.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import cache
from heapq import nlargest
from math import fsum, sqrt

from annotator.core.across.claim_readings import Modality, ReadClaim
from annotator.core.across.mentions import Place
from annotator.core.across.moments import compare_moments
from annotator.core.across.postings import LONGEST, postings, weights
from annotator.core.across.quantities import Compared, compare
from annotator.core.claim_ties import Relation
from annotator.lexicon.word_groups import alike, opposites

AT_MOST = 5
"""Proposals for one claim."""
_BACKGROUND = 300
_DAMPED = 0.7
"""The power of the weight of a feature: rare words count for more, but not for all."""
_CONSIDERED = 60
"""Candidates that are compared in full, those with the most in common first."""
_AROUND, _NAME, _NAME_AROUND, _SPEAKER, _MANNER, _SOURCE = 0.15, 1.3, 0.15, 0.15, 0.3, 0.15
_ALIKE, _OPPOSITE, _MODALITY = 0.8, 0.7, 1.2
_SAME = 0.5
"""From this likeness on, two claims say the same."""
_LEAST = 0.02
_DENIAL = 0.12
"""Claims with less in common do not contradict each other by a negation alone."""
_ELSEWHERE = 0.5
"""What remains of a proposal between two stories."""
_NUMBER = 0.3
"""What a number of the same things, agreeing or not, adds."""

_FURTHER_DOWN = 0.1
"""How much a proposal loses for each place that it is further down for either claim."""

Feature = Hashable


@dataclass(frozen=True, slots=True)
class TieProposal:
    """Two claims, how they are related, and how much they have in common (0 to 1)."""

    one: Place
    other: Place
    relation: Relation
    score: float

    @property
    def pair(self) -> frozenset[Place]:
        """The two claims, in no order."""
        return frozenset((self.one, self.other))


def propose_ties(
    claims: Iterable[ReadClaim],
    *,
    stories: Mapping[str, int] | None = None,
    unrelated: Set[frozenset[Place]] = frozenset(),
    at_most: int = AT_MOST,
) -> tuple[TieProposal, ...]:
    """For each claim at most so many claims of other articles, the likeliest first; by claim.

    `stories` has the number of the story of an article: within it, words that are frequent
    elsewhere are followed too. Pairs in `unrelated` are not proposed. The order of the claims does
    not matter.
    """
    known = {claim.place: claim for claim in sorted(claims, key=lambda one: one.place)}
    vectors = _vectors(known.values())
    index = _index(vectors, stories or {})
    found: list[TieProposal] = []
    for place, claim in known.items():
        scored = (
            (_score(claim, known[other], index), other)
            for other in index.candidates(place)
            if other[0] != place[0] and frozenset((place, other)) not in unrelated
        )
        likely = [(score, other) for score, other in scored if score >= _LEAST]
        found += [
            _tie(claim, known[other], score, index) for score, other in nlargest(at_most, likely)
        ]
    return tuple(_both_ways(found, at_most))


def _both_ways(ties: Sequence[TieProposal], at_most: int) -> Iterable[TieProposal]:
    """Ties of each claim, the likeliest first, scored lower the further down a claim is among the
    proposals of the other: two that are each other's first belong together."""
    places: dict[tuple[Place, Place], int] = {}
    counts: Counter[Place] = Counter()
    for tie in ties:
        places[tie.one, tie.other] = counts[tie.one]
        counts[tie.one] += 1
    for tie in ties:
        down = places[tie.one, tie.other] + places.get((tie.other, tie.one), at_most)
        yield replace(tie, score=round(tie.score / (1 + _FURTHER_DOWN * down), 4))


# Vectors: how much each word, name and speaker says of a claim.


def _vectors(claims: Iterable[ReadClaim]) -> dict[Place, dict[Feature, float]]:
    raw = {claim.place: _features(claim) for claim in claims}
    tells = weights(raw.values(), background=_BACKGROUND)
    found: dict[Place, dict[Feature, float]] = {}
    for place, own in raw.items():
        weighed = {feature: times * tells[feature] ** _DAMPED for feature, times in own.items()}
        length = sqrt(sum(value * value for value in weighed.values())) or 1
        found[place] = {feature: value / length for feature, value in weighed.items()}
    return found


def _features(claim: ReadClaim) -> dict[Feature, float]:
    """What a claim is compared by, each with its share; words also by what says much the same, and
    by what they are the opposite of: *right* and *a mistake* answer one question."""
    own: dict[Feature, float] = {}
    for words, share in (
        (sorted(claim.around), _AROUND),
        (sorted(claim.manner), _MANNER),
        (sorted(claim.words), 1.0),
    ):
        own |= {("alike", alike()[word]): share * _ALIKE for word in words if word in alike()}
        own |= {
            ("opposite", number): share * _OPPOSITE
            for word in words
            for number in _sides().get(alike().get(word, word), ())
        }
        own |= dict.fromkeys(words, share)
    own |= {("source", word): _SOURCE for word in sorted(claim.source)}
    own |= {("name", name): _NAME_AROUND for name in sorted(claim.names_around)}
    own |= {("name", name): _NAME for name in sorted(claim.names)}
    if claim.speaker is not None:
        own["speaker", claim.speaker] = _SPEAKER
    own[claim.modality] = _MODALITY
    return own


@dataclass(frozen=True)
class _ClaimIndex:
    """Claims by their features other than modality, all over the store and within each story."""

    vectors: Mapping[Place, Mapping[Feature, float]]
    everywhere: Mapping[Feature, list[Place]]
    in_story: Mapping[tuple[int, Feature], list[Place]]
    stories: Mapping[str, int]

    def candidates(self, place: Place) -> list[Place]:
        """The claims that have most in common with one, itself not among them."""
        common: dict[Place, float] = defaultdict(float)
        story = self.stories.get(place[0])
        for feature, value in self.vectors[place].items():
            found = self.everywhere.get(feature, [])
            if len(found) > LONGEST:
                found = self.in_story.get((story, feature), []) if story is not None else []
            for other in found if len(found) <= LONGEST else ():
                common[other] += value * self.vectors[other][feature]
        common.pop(place, None)
        enough = ((value, other) for other, value in common.items() if value >= _LEAST)
        return [other for _, other in nlargest(_CONSIDERED, enough)]


def _index(
    vectors: Mapping[Place, Mapping[Feature, float]], stories: Mapping[str, int]
) -> _ClaimIndex:
    followed = {
        place: [feature for feature in own if not isinstance(feature, Modality)]
        for place, own in vectors.items()
    }
    everywhere = postings(followed)
    within = {
        place: [
            (stories[place[0]], feature) for feature in own if len(everywhere[feature]) > LONGEST
        ]
        for place, own in followed.items()
        if place[0] in stories
    }
    return _ClaimIndex(vectors, everywhere, postings(within), stories)


# Relations


def _score(one: ReadClaim, other: ReadClaim, index: _ClaimIndex) -> float:
    """How much two claims have in common, with their numbers and stories."""
    likeness = _cosine(index.vectors[one.place], index.vectors[other.place])
    score = likeness
    if one.quantities and other.quantities and _numbers(one, other) - {Compared.UNRELATED}:
        score += _NUMBER * min(1, 4 * likeness)
    own = {index.stories.get(claim.article, -1) for claim in (one, other)} - {-1}
    return round(min(1.0, score) * (_ELSEWHERE if len(own) > 1 else 1), 4)


def _tie(one: ReadClaim, other: ReadClaim, score: float, index: _ClaimIndex) -> TieProposal:
    likeness = _cosine(index.vectors[one.place], index.vectors[other.place])
    return TieProposal(one.place, other.place, relation_of(one, other, likeness), score)


def _numbers(one: ReadClaim, other: ReadClaim) -> set[Compared]:
    return {compare(a, b) for a in one.quantities for b in other.quantities}


def relation_of(one: ReadClaim, other: ReadClaim, likeness: float) -> Relation:
    """How two claims with so much in common are related; symmetric."""
    if likeness < _LEAST:
        return Relation.UNRELATED
    numbers = _numbers(one, other)
    if Compared.CONFLICT in numbers and Compared.AGREE not in numbers:
        return Relation.CONTRADICTS
    denied = one.is_denied != other.is_denied and likeness >= _DENIAL
    if denied != _are_opposite(_all_words(one), _all_words(other)):
        return Relation.CONTRADICTS
    dates = {compare_moments(a, b) for a in one.moments for b in other.moments}
    if likeness >= _SAME and Compared.CONFLICT not in dates and _ranges(one) == _ranges(other):
        return Relation.SAME
    return Relation.SUPPORTS


def _ranges(claim: ReadClaim) -> set[tuple[float, float]]:
    """The numbers of a claim: *more than 2,000* agrees with *some 2,000*, but is not the same."""
    return {(quantity.low, quantity.high) for quantity in claim.quantities}


def _all_words(claim: ReadClaim) -> set[str]:
    """The stems of content and cue, with those that stand for what says much the same."""
    own = {*claim.words, *claim.manner}
    return own | {alike().get(word, word) for word in own}


def _are_opposite(mine: Set[str], theirs: Set[str]) -> bool:
    """Whether one says a word that does not hold together with a word of the other."""
    return any(
        (mine & left and theirs & right and not (mine & right or theirs & left))
        or (mine & right and theirs & left and not (mine & left or theirs & right))
        for left, right in _opposite_words()
    )


@cache
def _opposite_words() -> tuple[tuple[frozenset[str], frozenset[str]], ...]:
    groups = alike()
    return tuple(
        (
            frozenset(groups.get(word, word) for word in left),
            frozenset(groups.get(word, word) for word in right),
        )
        for left, right in opposites()
    )


@cache
def _sides() -> Mapping[str, tuple[int, ...]]:
    """The numbers of the pairs of opposites that a stem is on a side of."""
    found: dict[str, list[int]] = defaultdict(list)
    for number, (left, right) in enumerate(_opposite_words()):
        for word in sorted(left | right):
            found[word].append(number)
    return {word: tuple(numbers) for word, numbers in found.items()}


def _cosine(one: Mapping[Feature, float], other: Mapping[Feature, float]) -> float:
    small, large = sorted((one, other), key=len)
    return fsum(value * large[feature] for feature, value in small.items() if feature in large)
