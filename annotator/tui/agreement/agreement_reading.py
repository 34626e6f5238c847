"""Reads and compares finished reviews in the background, some at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING

from annotator.core.comparison.confusions import Confusions, DisputedPlace
from annotator.core.comparison.judgement import COMPARED_KINDS
from annotator.core.search.sought import HitInContext, SearchHit, in_context
from annotator.core.text.counted import many
from annotator.errors import AnnotatorError
from annotator.tui.app_setup import AppSetup

if TYPE_CHECKING:
    from annotator.core.comparison.article_tallies import Names
    from annotator.measures.agreement_measures import Measure
    from annotator.measures.comparisons import Comparisons
    from annotator.store.values import OpenedReview

# Seconds that a thread reads before it says how far it is.
_SLICE = 0.1


@dataclass(frozen=True, slots=True)
class _Pass:
    """One pass over the finished reviews, as they were at `mark`."""

    mark: tuple[int, ...]
    articles: Iterator[tuple[OpenedReview, ...]]
    confusions: Confusions
    compared: Comparisons


class AgreementReading:
    """What the finished reviews give. Its methods are called in threads, its attributes are read
    by screens; what is shown is the last whole pass, while another one is under way.

    Places are kept of articles alone that the reviewer has finished, or that nobody else may
    review any more: others' answers must not be seen before one's own. `hidden` counts the reviews
    that this role of the database may not read.
    """

    def __init__(self, setup: AppSetup) -> None:
        self._setup = setup
        self.done = self.total = self.hidden = self._pass_hides = 0
        self.is_over = False
        self.confusions = Confusions(self._may_see)
        self._lock = Lock()
        self._pass: _Pass | None = None
        self._last: _Pass | None = None
        self._figures: dict[Names | None, tuple[Measure, ...]] = {}

    def _may_see(self, article: str, names: Sequence[str]) -> bool:
        config = self._setup.config
        return config.reviewer in names or len(names) >= config.plan.reviews_of(article)

    def _count_hidden(self, _reviewer: str) -> None:
        self._pass_hides += 1

    def begin(self) -> bool:
        """Begin a pass, unless all is as the last one found it; returns whether it must."""
        from annotator.measures.comparisons import Comparisons

        finished = self._setup.store.finished
        with self._lock:
            mark = finished.mark()
            if self._last is not None and mark == self._last.mark:
                self._pass, self.is_over = None, True
                return False
            # An article that cannot be read is left out here; `agreement` names it.
            self._pass_hides = 0
            articles = finished.compared(
                COMPARED_KINDS, damaged=lambda _: None, hidden=self._count_hidden
            )
            confusions = Confusions(self._may_see)
            self._pass = _Pass(mark, articles, confusions, Comparisons(confusions))
            self.is_over, self.done = False, 0
            self.total = finished.compared_count(COMPARED_KINDS)
        return True

    def read_some(self) -> bool:
        """Read for a moment; returns whether there is more."""
        until = monotonic() + _SLICE
        with self._lock:
            if self._pass is None:
                return False
            for reviews in self._pass.articles:
                self._pass.compared.take_reviews(reviews)
                self.done += 1
                if monotonic() > until:
                    return True
            self.hidden = self._pass_hides
            self._last, self._pass, self.is_over = self._pass, None, True
            self.confusions, self._figures = self._last.confusions, {}
        return False

    def figures(self, pair: Names | None) -> tuple[Measure, ...]:
        """The measures of a pair of reviewers, or of all."""
        from annotator.measures.agreement_measures import measures
        from annotator.measures.article_sums import Group

        with self._lock:
            if self._last is None or not self.articles(pair):
                return ()
            if pair not in self._figures:
                self._figures[pair] = tuple(measures(self._last.compared.sums, [Group(pair)]))
            return self._figures[pair]

    def articles(self, pair: Names | None) -> int:
        """The number of articles that were compared."""
        from annotator.measures.article_sums import Group

        return 0 if self._last is None else self._last.compared.sums.articles(Group(pair))

    def in_context(self, places: Sequence[DisputedPlace]) -> tuple[PlaceInContext, ...]:
        """These places with the text around them; without those of articles that are gone."""
        found: list[PlaceInContext] = []
        texts: dict[str, tuple[str, str] | None] = {}
        for place in places:
            if place.article not in texts:
                texts[place.article] = self._text_of(place.article)
            text = texts[place.article]
            if text is not None:
                found.append(PlaceInContext.of(place, *text))
        return tuple(found)

    def _text_of(self, article: str) -> tuple[str, str] | None:
        """Title and text of an article; None if it is gone or cannot be read."""
        try:
            found = self._setup.store.articles.get(article)
        except AnnotatorError:
            return None
        return found.name, found.text


@dataclass(frozen=True, slots=True)
class PlaceInContext:
    """A disputed place, the title of its article, its words in context, and the words that each
    reviewer marked (empty: none)."""

    place: DisputedPlace
    title: str
    hit: HitInContext
    words: tuple[str, str]

    @classmethod
    def of(cls, place: DisputedPlace, title: str, text: str) -> PlaceInContext:
        """The place in an article with this title and text."""
        one, other = ("" if span is None else span.of(text) for span in place.difference.spans)
        (hit,) = in_context(text, [SearchHit(place.difference.span)])
        return cls(place, title, hit, (one, other))

    @property
    def key(self) -> str:
        """Its key in a list."""
        span, (one, other) = self.hit.span, self.place.pair
        return f"{self.place.article} {span.start} {span.end} {one} {other}"


def how_far(reading: AgreementReading) -> str:
    """How far a pass is, in words."""
    if not reading.total:
        return "reading …"
    return f"reading {reading.done:,} of {many(reading.total, 'article')} …"
