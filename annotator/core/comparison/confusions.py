"""Which values of two reviewers met: a matrix for each pair, and the places behind its cells."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from annotator.core.comparison.article_tallies import ArticleTallies, Names
from annotator.core.comparison.pairs import Difference
from annotator.core.comparison.subjects import SUBJECTS
from annotator.core.comparison.token_labels import NONE

MOST_PLACES = 500
"""So many places of a cell are kept for each pair; all are counted."""
MaySee = Callable[[str, Sequence[str]], bool]
"""Whether answers may be shown: an article's id, and the reviewers who finished it."""
_Cell = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class DisputedPlace:
    """A place in an article where two reviewers differ."""

    article: str
    pair: Names
    difference: Difference

    def turned(self) -> DisputedPlace:
        """The same with the second reviewer first."""
        one, other = self.pair
        values, spans = self.difference.values, self.difference.spans
        turned = Difference(self.difference.subject, values[::-1], spans[::-1])
        return DisputedPlace(self.article, (other, one), turned)


@dataclass(frozen=True)
class CellPlaces:
    """The places of a cell: those that are shown, how many there are in all, and how many of them
    are in articles whose answers must not be shown yet."""

    shown: tuple[DisputedPlace, ...]
    differing: int
    hidden: int


@dataclass(frozen=True)
class ConfusionMatrix:
    """How often each value of one reviewer (rows) met each of the other (columns).

    `none`, for what one of them did not mark, is the first value; the others stand in the order of
    how often they are in dispute.
    """

    values: tuple[str, ...]
    counts: Counter[tuple[str, str]]

    def disputes(self, row: str) -> int:
        """How often another value met this one."""
        return sum(count for (one, other), count in self.counts.items() if one == row != other)


class Confusions:
    """The matrices of all pairs. `may_see` decides for each article whether its places are kept."""

    def __init__(self, may_see: MaySee = lambda _article, _names: True) -> None:
        self._may_see = may_see
        self._met: dict[Names, Counter[_Cell]] = defaultdict(Counter)
        self._differing: dict[Names, Counter[_Cell]] = defaultdict(Counter)
        self._hidden: dict[Names, Counter[_Cell]] = defaultdict(Counter)
        self._places: dict[Names, dict[_Cell, list[DisputedPlace]]] = defaultdict(dict)

    def add(self, tallies: ArticleTallies, names: Sequence[str]) -> None:
        """Add one article, finished by the reviewers with these names."""
        is_shown = self._may_see(tallies.article, names)
        for pair, compared in tallies.pairs.items():
            self._met[pair].update(compared.met)
            for one in compared.differences:
                cell = (one.subject, *one.values)
                self._differing[pair][cell] += 1
                if not is_shown:
                    self._hidden[pair][cell] += 1
                    continue
                kept = self._places[pair].setdefault(cell, [])
                if len(kept) < MOST_PLACES:
                    kept.append(DisputedPlace(tallies.article, pair, one))

    @property
    def pairs(self) -> tuple[Names, ...]:
        """The pairs of reviewers, by name."""
        return tuple(sorted(self._met))

    def subjects(self, pair: Names | None) -> tuple[str, ...]:
        """What a pair, or any, can be compared in."""
        there = {subject for one in self._chosen(pair) for subject, _, _ in self._met[one]}
        return tuple(one for one in SUBJECTS if one in there)

    def matrix(self, pair: Names | None, subject: str) -> ConfusionMatrix:
        """The matrix of a pair; of all pairs, each counted both ways, without one."""
        counts: Counter[tuple[str, str]] = Counter()
        for names in self._chosen(pair):
            for (of, one, other), count in self._met[names].items():
                if of == subject:
                    counts[one, other] += count
                    if pair is None and one != other:
                        counts[other, one] += count
        matrix = ConfusionMatrix((), counts)
        values = {value for met in counts for value in met}
        ranked = sorted(values, key=lambda value: (value != NONE, -matrix.disputes(value), value))
        return ConfusionMatrix(tuple(ranked), counts)

    def places(self, pair: Names | None, subject: str, met: tuple[str, str]) -> CellPlaces:
        """The places where these two values met and the reviewers differ (in their edges, if the
        values are the same), in the order of articles and texts."""
        shown: list[DisputedPlace] = []
        differing = hidden = 0
        ways = [met] if pair is not None or met[0] == met[1] else [met, met[::-1]]
        for names in self._chosen(pair):
            for way in ways:
                cell = (subject, *way)
                found = self._places[names].get(cell, ())
                shown += found if way == met else [one.turned() for one in found]
                differing += self._differing[names][cell]
                hidden += self._hidden[names][cell]
        return CellPlaces(tuple(sorted(shown, key=_in_order)), differing, hidden)

    def _chosen(self, pair: Names | None) -> tuple[Names, ...]:
        return self.pairs if pair is None else (pair,)


def _in_order(place: DisputedPlace) -> tuple[str, int, Names]:
    return place.article, place.difference.span.start, place.pair
