"""Claims of several articles grouped by what they speak of: one proposition, whoever holds it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from itertools import combinations, product

from annotator.core.across.mentions import Place
from annotator.core.across.ties import TieProposal
from annotator.core.claim_ties import Relation

LEAST_SCORE = 0.35
AMONG_FIRST = 2
"""A proposed tie groups two claims if it scores so much and is among the first of both: of others,
few are right."""
FOLLOWS = 0.2
"""How much is added to the score of a pair that other decisions lead from one claim to the other:
on gold more than half of such pairs are ties, of other proposals a fifth."""
Pair = frozenset[Place]


@dataclass(frozen=True, slots=True)
class DecidedTie:
    """The relation of two claims that a person decided on."""

    one: Place
    other: Place
    relation: Relation

    @property
    def pair(self) -> Pair:
        return frozenset((self.one, self.other))


@dataclass(frozen=True, slots=True)
class ClaimGroup:
    """Claims on one proposition, in order. `against` are those that contradict the others."""

    claims: tuple[Place, ...]
    against: frozenset[Place] = frozenset()


def grouped_claims(
    claims: Iterable[Place], decided: Iterable[DecidedTie], proposed: Iterable[TieProposal]
) -> tuple[ClaimGroup, ...]:
    """Every claim in one group, alone if it is tied to no other, in the order of the claims.

    Decided ties come first: claims that a person called unrelated are in one group only if other
    decisions lead from one to the other. Then proposed ties add claims that are tied to at least
    half of a group. The order of ties does not matter.
    """
    known = list(dict.fromkeys(claims))
    by_people = {tie.pair: tie for tie in sorted(decided, key=_in_order) if len(tie.pair) == 2}
    free = [tie for tie in proposed if tie.pair not in by_people]
    scores = {tie.pair: tie.score for tie in free}
    unrelated = {pair for pair, tie in by_people.items() if tie.relation is Relation.UNRELATED}
    together = _Gathered(known, unrelated, scores.keys())
    for tie in by_people.values():
        if tie.relation is not Relation.UNRELATED:
            together.join(tie.one, tie.other, tie.relation)
    for likely in _likely(free):
        if together.may_join(likely.one, likely.other):
            together.join(likely.one, likely.other, likely.relation)
    return together.groups()


def pairs_once(proposed: Iterable[TieProposal]) -> list[TieProposal]:
    """Each proposed pair once, the likeliest first."""
    best: dict[Pair, TieProposal] = {}
    for tie in sorted(proposed, key=lambda one: (-one.score, one.one, one.other)):
        best.setdefault(tie.pair, tie)
    return list(best.values())


def offers(
    proposed: Iterable[TieProposal], groups: Iterable[ClaimGroup], decided: Set[Pair]
) -> Iterator[TieProposal]:
    """Undecided proposals, and pairs of articles' claims that decided ties join by way of others
    (`groups` by them alone), as what these say."""
    known = {tie.pair: tie for tie in pairs_once(proposed)}
    for group in groups:
        for one, other in pairs_in(group):
            pair = frozenset((one, other))
            if pair in decided or one[0] == other[0]:
                continue
            differ = len(pair & group.against) == 1
            before = known.get(pair)
            score = min(1.0, round(FOLLOWS + (before.score if before else 0.0), 4))
            relation = Relation.CONTRADICTS if differ else Relation.SUPPORTS
            if before and not differ and before.relation is Relation.SAME:
                relation = Relation.SAME
            known[pair] = TieProposal(one, other, relation, score)
    yield from known.values()


def _in_order(tie: DecidedTie) -> tuple[Place, Place, str]:
    return tie.one, tie.other, tie.relation


def _likely(proposed: Iterable[TieProposal]) -> Iterator[TieProposal]:
    """The proposed ties that may group claims, the likeliest first."""
    own = list(proposed)
    first: dict[Place, list[TieProposal]] = defaultdict(list)
    for tie in sorted(own, key=lambda one: (-one.score, one.other)):
        first[tie.one].append(tie)
    among = {(one, tie.other) for one, ties in first.items() for tie in ties[:AMONG_FIRST]}
    for tie in pairs_once(own):
        if tie.score < LEAST_SCORE or tie.relation is Relation.UNRELATED:
            continue
        if {(tie.one, tie.other), (tie.other, tie.one)} <= among:
            yield tie


@dataclass
class _Gathered:
    """Claims joined to groups; `opposite` says of a claim whether it is against the first of its
    group."""

    claims: Iterable[Place]
    unrelated: Iterable[Pair]
    proposed: Iterable[Pair]
    group: dict[Place, Place] = field(default_factory=dict)
    members: dict[Place, list[Place]] = field(default_factory=dict)
    opposite: dict[Place, bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._order = {place: n for n, place in enumerate(self.claims)}
        self.group = {place: place for place in self.claims}
        self.members = {place: [place] for place in self.claims}
        self.opposite = dict.fromkeys(self.claims, False)
        self._apart = set(self.unrelated)
        self._alike = set(self.proposed)

    def may_join(self, one: Place, other: Place) -> bool:
        """Whether proposals may join the groups of two claims: nobody said that they are
        unrelated, and at least half of their pairs are proposed."""
        if one not in self.group or other not in self.group:
            return False
        pairs = [
            frozenset(pair)
            for pair in product(self.members[self.group[one]], self.members[self.group[other]])
        ]
        if self.group[one] == self.group[other] or not self._apart.isdisjoint(pairs):
            return False
        return 2 * sum(pair in self._alike for pair in pairs) >= len(pairs)

    def join(self, one: Place, other: Place, relation: Relation) -> None:
        """Join the groups of two claims; unknown claims are left out."""
        if one not in self.group or other not in self.group:
            return
        keeps, goes = sorted((self.group[one], self.group[other]), key=self._order.__getitem__)
        if keeps == goes:
            return
        turned = (self.opposite[one] != self.opposite[other]) != (relation is Relation.CONTRADICTS)
        for member in self.members[goes]:
            self.group[member] = keeps
            self.opposite[member] ^= turned
        self.members[keeps] += self.members.pop(goes)

    def groups(self) -> tuple[ClaimGroup, ...]:
        """The groups by their first claim; the smaller side of each is against the larger."""
        in_order = self._order.__getitem__
        return tuple(self._group(sorted(own, key=in_order)) for own in self.members.values())

    def _group(self, members: list[Place]) -> ClaimGroup:
        turned = [place for place in members if self.opposite[place]]
        straight = [place for place in members if not self.opposite[place]]
        small = min((turned, straight), key=lambda side: (len(side), side[:1] == members[:1]))
        return ClaimGroup(tuple(members), frozenset(small))


def pairs_in(group: ClaimGroup) -> Iterator[tuple[Place, Place]]:
    """All pairs of a group, in order."""
    return combinations(group.claims, 2)


def decided_by_pair(decided: Iterable[DecidedTie]) -> Mapping[Pair, Relation]:
    """The relation of each pair that a person decided on."""
    return {tie.pair: tie.relation for tie in sorted(decided, key=_in_order)}
