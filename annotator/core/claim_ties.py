"""Ties: how two claims, of two articles or of one, are related."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum

from annotator.core.annotations import MadeBy, Verdict


class Relation(StrEnum):
    """What one claim says of another; symmetric but for `supports`."""

    SAME = "same"
    SUPPORTS = "supports"
    CONTRADICTS = "contradicts"
    UNRELATED = "unrelated"


@dataclass(frozen=True, slots=True)
class Tie:
    """The relation of a claim of a review to the claim `other` of an article.

    `verdict` compares it with what was proposed: accepted, corrected (another relation), or added
    where nothing was; `score` is that of the proposal.
    """

    claim: str
    relation: Relation
    article: str
    other: str
    made_by: MadeBy = MadeBy.REVIEWER
    verdict: Verdict = Verdict.ADDED
    score: float | None = None

    @property
    def pair(self) -> tuple[str, str, str]:
        """What it relates; a review has one tie of each pair."""
        return self.claim, self.article, self.other


def with_tie(ties: tuple[Tie, ...], tie: Tie) -> tuple[Tie, ...]:
    """These ties and one more, which takes the place of one of the same pair."""
    place = next((n for n, one in enumerate(ties) if one.pair == tie.pair), len(ties))
    return (*ties[:place], tie, *ties[place + 1 :])


def ties_among(ties: Iterable[Tie], claims: Set[str], article: str) -> tuple[Tie, ...]:
    """The ties of an article that a record with these claims can have: none of other claims, and
    none to other claims of the article."""
    return tuple(
        tie
        for tie in ties
        if tie.claim in claims and (tie.article != article or tie.other in claims)
    )


def ties_of(claims: Sequence[str], ties: Iterable[Tie]) -> tuple[Tie, ...]:
    """The ties of these claims, in their order, then by the other claim."""
    order = {claim: n for n, claim in enumerate(claims)}
    own = (tie for tie in ties if tie.claim in order)
    return tuple(sorted(own, key=lambda tie: (order[tie.claim], tie.article, tie.other)))
