"""The sums of many articles, kept small, and added up for draws of them."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from annotator.core.comparison.article_tallies import ArticleTallies, Names
from annotator.core.comparison.tallies import Tally, TallyKey, TallyOf
from annotator.measures.bootstrap import drawn_sums
from annotator.measures.coefficients import Sums


class Group(NamedTuple):
    """Articles that measures are taken over: all, those of a pair of reviewers, or of a month."""

    pair: Names | None = None
    month: str | None = None


TOGETHER = Group()
_Row = tuple[str, "array[int]", "array[float]"]


class ArticleSums:
    """The sums of articles by group. An article takes some kilobytes, whatever its length."""

    def __init__(self) -> None:
        self._columns: dict[TallyKey, int] = {}
        self._rows: dict[Group, list[_Row]] = defaultdict(list)

    def add(self, tallies: ArticleTallies) -> None:
        """Add one article."""
        together = self._row(tallies.article, tallies.together)
        self._rows[TOGETHER].append(together)
        if tallies.month:
            self._rows[Group(month=tallies.month)].append(together)
        for pair, compared in tallies.pairs.items():
            shared = compared.tally is tallies.together
            row = together if shared else self._row(tallies.article, compared.tally)
            self._rows[Group(pair)].append(row)

    @property
    def groups(self) -> tuple[Group, ...]:
        """All groups: everything, then pairs by name, then months in order."""
        return tuple(sorted(self._rows, key=lambda group: (group.month or "", group.pair or ())))

    def articles(self, group: Group = TOGETHER) -> int:
        """The number of articles of a group."""
        return len(self._rows.get(group, ()))

    def drawn(self, group: Group, subject: str) -> DrawnSums:
        """The sums of one subject over the articles of a group, and over draws of them."""
        columns = [column for column in self._columns if column.of == subject]
        columns.sort()
        at = np.full(len(self._columns), -1)
        at[[self._columns[column] for column in columns]] = range(len(columns))
        rows = np.zeros((self.articles(group), len(columns)))
        # In the order of ids: the draws are of places in it.
        for n, (_, indices, values) in enumerate(sorted(self._rows[group], key=_article)):
            places = at[np.frombuffer(indices, dtype=np.int32)]
            rows[n, places[places >= 0]] = np.frombuffer(values)[places >= 0]
        return DrawnSums(columns, rows, f"{group.pair} {group.month}")

    def _row(self, article: str, tally: Tally) -> _Row:
        known = self._columns
        indices = array("i", (known.setdefault(column, len(known)) for column in tally))
        return article, indices, array("d", tally.values())


class DrawnSums:
    """The sums of one subject for all articles of a group (first) and for each draw of them."""

    def __init__(self, columns: Sequence[TallyKey], rows: NDArray[np.float64], name: str) -> None:
        self._sums = drawn_sums(rows, name)
        self._rows = rows
        self._at = {(one.category, one.quantity): n for n, one in enumerate(columns)}

    @property
    def categories(self) -> tuple[str, ...]:
        """The categories that anybody gave, in order."""
        return tuple(sorted({category for category, _ in self._at} - {""}))

    def of(self, category: str, quantity: TallyOf) -> Sums:
        """One sum; zeros if nothing was counted."""
        at = self._at.get((category, quantity))
        return np.zeros(len(self._sums)) if at is None else self._sums[:, at]

    def each(self, quantity: TallyOf, categories: Iterable[str]) -> list[Sums]:
        """One sum for each category."""
        return [self.of(category, quantity) for category in categories]

    def count(self, category: str, quantity: TallyOf) -> int:
        """One sum over all articles, as a number of things."""
        return round(float(self.of(category, quantity)[0]))

    def articles_with(self, quantity: TallyOf, categories: Iterable[str]) -> int:
        """The number of articles in which one of the categories was counted."""
        at = [self._at[one, quantity] for one in categories if (one, quantity) in self._at]
        return int(np.count_nonzero(self._rows[:, at].any(axis=1)))


def _article(row: _Row) -> str:
    return row[0]
