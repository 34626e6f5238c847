"""Ties: how two claims, of two articles or of one, are related."""

from __future__ import annotations

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
