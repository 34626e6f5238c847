"""Ties as reviews decided them, of all reviewers; and in which review one is decided."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from annotator.core.across.mentions import Place
from annotator.core.across.proposals import Annotated
from annotator.core.across.propositions import DecidedTie, Pair
from annotator.core.across.ties import TieProposal
from annotator.core.annotations import MadeBy, Verdict
from annotator.core.claim_ties import Relation, Tie
from annotator.core.decisions import Kind
from annotator.core.review import Review
from annotator.errors import ReviewError


@dataclass(frozen=True)
class StoryArticle:
    """An article of a story with what is shown of it: the items of the reviewer's own review, else
    those of another reviewer (`shown_of`), else what was suggested (`shown_of` is None)."""

    shown: Annotated
    reviewer: str
    shown_of: str | None = None
    reviews: tuple[Review, ...] = ()

    @property
    def id(self) -> str:
        return self.shown.article.id

    @property
    def own(self) -> Review | None:
        """The reviewer's own review, or else their newest adjudication, if there is one."""
        mine = [one for one in self.reviews if one.reviewer == self.reviewer]
        return next((one for one in mine if not one.adjudicates), mine[-1] if mine else None)


@dataclass(frozen=True, slots=True)
class _Made:
    """A tie with the time at which it was decided; later ones win."""

    at: datetime
    reviewer: str
    tie: DecidedTie

    @property
    def rank(self) -> tuple[datetime, str, Place, Place, str]:
        return self.at, self.reviewer, self.tie.one, self.tie.other, self.tie.relation


def standing_ties(articles: Iterable[StoryArticle]) -> tuple[DecidedTie, ...]:
    """The ties that hold by all reviews of some articles: of each pair, the newest decision."""
    newest: dict[Pair, _Made] = {}
    for article in articles:
        for review in article.reviews:
            for made in _made_in(review):
                before = newest.get(made.tie.pair)
                if before is None or before.rank < made.rank:
                    newest[made.tie.pair] = made
    return tuple(one.tie for _, one in sorted(newest.items(), key=lambda pair: sorted(pair[0])))


def _made_in(review: Review) -> Iterable[_Made]:
    """The ties of one review: of each pair the last one, whatever the clock said."""
    last: dict[Pair, _Made] = {}
    for group in review.standing:
        for decision in group.decisions:
            tie = decision.after
            if decision.kind is Kind.RELATE and isinstance(tie, Tie):
                one, other = (review.article, tie.claim), (tie.article, tie.other)
                decided = DecidedTie(one, other, tie.relation)
                last[decided.pair] = _Made(decision.at, review.reviewer, decided)
    return last.values()


def tie_between(
    one: tuple[StoryArticle, str],
    other: tuple[StoryArticle, str],
    relation: Relation,
    proposed: TieProposal | None = None,
) -> tuple[StoryArticle, Tie]:
    """The article in whose review a tie of two claims is decided, and the tie, which is compared
    with what was proposed.

    That is an article that the reviewer has reviewed, or nobody has; for `supports` only the first.
    Raises ReviewError if others have reviewed both.
    """
    sides = [(one, other)] if relation is Relation.SUPPORTS else [(one, other), (other, one)]
    free = [pair for pair in sides if pair[0][0].shown_of in (pair[0][0].reviewer, None)]
    if not free:
        names = sorted({str(here.shown_of) for (here, _), _ in sides})
        raise ReviewError(
            f"This claim is in the review of {' and '.join(names)}.",
            hint="Only who reviews an article ties its claims.",
        )
    (here, claim), (there, tied) = max(free, key=lambda pair: pair[0][0].own is not None)
    if proposed is None:
        return here, Tie(claim, relation, there.id, tied)
    verdict = Verdict.ACCEPTED if proposed.relation is relation else Verdict.CORRECTED
    return here, Tie(claim, relation, there.id, tied, MadeBy.PIPELINE, verdict, proposed.score)
