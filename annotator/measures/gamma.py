"""Gamma, which aligns units before it compares them, by *pygamma-agreement* (extra `gamma`).

Mathet, Widlöcher & Métivier (2015), Computational Linguistics 41:437-479. The package samples
random annotations and solves an integer program for each, which takes about a second for an
article: so gamma is the mean over some articles, drawn by hash of their ids.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np

from annotator.core.article import Span
from annotator.core.comparison.judgement import Judgement, ReviewedArticle
from annotator.core.comparison.subjects import CONTENT, ENTITIES
from annotator.measures.agreement_measures import LEAST_ARTICLES, LEAST_UNITS, Measure
from annotator.measures.bootstrap import drawn_sums, interval

MOST_ARTICLES = 50
"""Gamma is computed of so many articles at most."""
HOW_TO_GET = 'gamma needs another package: pip install "annotator[gamma]"'
_SAMPLES = 30
_SEED = 4_711
Units = tuple[tuple[str, Span, str], ...]
"""Units of one article: reviewer, span, label."""


def is_installed() -> bool:
    """Whether the package is there."""
    return find_spec("pygamma_agreement") is not None


@dataclass(frozen=True, slots=True)
class GammaOfArticle:
    """Gamma of one article, and the number of units."""

    gamma: float
    units: int


class GammaSample:
    """Articles for gamma: those whose ids have the smallest hashes, so the same store gives the
    same, whatever the order."""

    def __init__(self, most: int = MOST_ARTICLES) -> None:
        self._most = most
        self._kept: dict[str, tuple[str, ReviewedArticle]] = {}

    def take(self, reviewed: ReviewedArticle | None) -> None:
        """Take an article, if it is among the sample so far."""
        if reviewed is None:
            return
        draw = hashlib.sha256(f"gamma {reviewed.article.id}".encode()).hexdigest()
        self._kept[reviewed.article.id] = (draw, reviewed)
        if len(self._kept) > self._most:
            del self._kept[max(self._kept, key=lambda one: self._kept[one][0])]

    def measures(self) -> Iterator[Measure]:
        """Gamma of entities and of the contents of claims; needs the package."""
        articles = [self._kept[one][1] for one in sorted(self._kept)]
        for subject in (ENTITIES, CONTENT):
            found = [gamma_of(units_of(one, subject)) for one in articles]
            known = [one for one in found if one is not None]
            if known:
                yield _measure(subject, known)


def units_of(reviewed: ReviewedArticle, subject: str) -> Units:
    """What the reviewers marked, without what another one left open."""
    sides = reviewed.judgements
    return tuple(
        (side.reviewer, span, label)
        for side in sides
        for span, label in _marked(side, subject, [one for one in sides if one is not side])
    )


def gamma_of(units: Units) -> GammaOfArticle | None:
    """Gamma of the units of one article; None where fewer than two reviewers marked anything."""
    if len({reviewer for reviewer, _, _ in units}) < 2:
        return None
    with _quiet():
        from pyannote.core import Segment
        from pygamma_agreement import CombinedCategoricalDissimilarity, Continuum

        continuum = Continuum()
        for reviewer, span, label in units:
            continuum.add(reviewer, Segment(span.start, span.end), label)
        # The package draws from numpy's global generator.
        np.random.seed(_SEED)
        found = continuum.compute_gamma(CombinedCategoricalDissimilarity(), n_samples=_SAMPLES)
        return GammaOfArticle(float(found.gamma), len(units))


def _marked(
    side: Judgement, subject: str, others: Sequence[Judgement]
) -> Iterable[tuple[Span, str]]:
    if subject == ENTITIES:
        known = (one for one in side.entities if all(other.knows(one) for other in others))
        return ((one.span, one.label) for one in known)
    claims = (one for one in side.claims if all(other.knows(one) for other in others))
    return ((piece, CONTENT) for one in claims for piece in one.content)


def _measure(subject: str, found: Sequence[GammaOfArticle]) -> Measure:
    rows = np.array([(one.gamma, 1.0) for one in found])
    sums = drawn_sums(rows, f"gamma {subject}")
    units = sum(one.units for one in found)
    is_enough = len(found) >= LEAST_ARTICLES and units >= LEAST_UNITS
    means = sums[:, 0] / sums[:, 1]
    of = interval(means, len(found))
    return Measure("gamma", subject, None, None, None, of, units, "spans", len(found), is_enough)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Without what the solver prints to this process's standard output, and its log."""
    sys.stdout.flush()
    kept = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    level = logging.root.manager.disable
    logging.disable(logging.WARNING)
    os.dup2(nowhere, 1)
    try:
        yield
    finally:
        sys.stdout.flush()
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)
        logging.disable(level)
