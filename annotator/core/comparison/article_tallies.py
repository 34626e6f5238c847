"""What the comparison of one article gives: sums for every measure, and where reviewers differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from annotator.core.annotations import Claim
from annotator.core.article import Span
from annotator.core.comparison.judgement import Judgement, ReviewedArticle
from annotator.core.comparison.matching import clustered
from annotator.core.comparison.pairs import PairComparison
from annotator.core.comparison.subjects import ATTRIBUTES, ENTITIES, JUNK, PARTS
from annotator.core.comparison.tallies import Tally, new_tally, tally_choices, tally_tokens
from annotator.core.comparison.token_labels import Marked, TokenLabels, TokenPlaces

Names = tuple[str, str]
"""The names of two reviewers, in order."""


@dataclass(frozen=True, slots=True)
class ArticleTallies:
    """The comparison of an article: sums over all its reviewers, in `together`, and the comparison
    of each two of them."""

    article: str
    month: str | None
    together: Tally
    pairs: dict[Names, PairComparison]

    @classmethod
    def of(cls, reviewed: ReviewedArticle) -> ArticleTallies:
        """Compare the reviews of one article."""
        tokens = TokenPlaces(reviewed.article.text)
        layers = [_layers(one, tokens) for one in reviewed.judgements]
        together, pairs = new_tally(), {}
        for (n, left), (m, right) in combinations(enumerate(reviewed.judgements), 2):
            compared = PairComparison.of(left, right)
            for column, value in compared.tally.items():
                together[column] += value
            _tally_layers(compared.tally, (layers[n], layers[m]))
            _tally_attributes(compared.tally, compared.claims)
            pairs[left.reviewer, right.reviewer] = compared
        if len(layers) == 2:
            together = compared.tally
        else:
            _tally_layers(together, layers)
            _tally_attributes(together, clustered([one.claims for one in reviewed.judgements]))
        return cls(reviewed.article.id, reviewed.month, together, pairs)


def _tally_layers(tally: Tally, sides: Sequence[dict[str, TokenLabels]]) -> None:
    for subject in sides[0]:
        tally_tokens(tally, subject, [side[subject] for side in sides])


def _tally_attributes(tally: Tally, rows: Sequence[Sequence[Claim | None]]) -> None:
    """Add the attributes of claims, given in rows of the claims that are the same."""
    for attribute, value_of in ATTRIBUTES.items():
        chosen = (tuple(value_of(one) if one else None for one in row) for row in rows)
        tally_choices(tally, attribute, Counter(chosen))


def _layers(judgement: Judgement, tokens: TokenPlaces) -> dict[str, TokenLabels]:
    """The labels of the tokens: of entities, of junk lines, and of each part of claims."""
    entities = ((one.span, one.label) for one in judgement.entities)
    junk = ((one.span, one.kind.value) for one in judgement.junk)
    layers = {
        ENTITIES: TokenLabels.of(tokens, entities, judgement.unsaid_entities),
        JUNK: TokenLabels.of(tokens, junk, judgement.unsaid_junk),
    }
    unsaid = _unsaid_of_claims(judgement)
    for part, pieces in PARTS.items():
        marked: list[Marked] = [(at, part) for one in judgement.claims for at in pieces(one)]
        layers[part] = TokenLabels.of(tokens, marked, unsaid)
    return layers


def _unsaid_of_claims(judgement: Judgement) -> tuple[Span, ...]:
    left_open = (span for one in judgement.open_claims for span in one.spans)
    return (*judgement.unsaid_claims, *left_open)
