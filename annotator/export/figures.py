"""Counts the contents of a dataset while its records are written."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from annotator.core.annotations import Claim, Entity, Item, Junk
from annotator.core.opinions import PIPELINE
from annotator.core.record import Record
from annotator.core.records.codec import time_to_text
from annotator.core.records.suggesters import SuggesterId
from annotator.export.quality_figures import QualityFigures

REJECTED = "rejected"
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass
class Range:
    """The first and the last of some dates or times, as text in sortable form."""

    first: str | None = None
    last: str | None = None

    def take(self, one: str | None) -> None:
        if one:
            self.first = one if self.first is None else min(self.first, one)
            self.last = one if self.last is None else max(self.last, one)


@dataclass
class Figures:
    """Counts over records, which come in the order of their articles.

    `verdicts` counts items by verdict (accepted, corrected, added, pending, rejected): entities by
    label, junk lines by kind, claims in total. Its keys are `("entity", LABEL)`, `("junk", KIND)`
    and `("claim", "")`. `unknown` counts records with unknown words.
    """

    records: int = 0
    articles: int = 0
    characters: int = 0
    words: int = 0
    offered: int = 0
    unknown: int = 0
    seconds: float = 0.0
    reviewed_twice: int = 0
    splits: Counter[str] = field(default_factory=Counter)
    articles_of_split: Counter[str] = field(default_factory=Counter)
    verdicts: dict[tuple[str, str], Counter[str]] = field(
        default_factory=lambda: defaultdict(Counter)
    )
    makers: Counter[str] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    reviewers: Counter[str] = field(default_factory=Counter)
    outlets: Counter[str | None] = field(default_factory=Counter)
    languages: Counter[str | None] = field(default_factory=Counter)
    pipelines: Counter[tuple[str, str, str] | None] = field(default_factory=Counter)
    suggesters: Counter[SuggesterId] = field(default_factory=Counter)
    schemes: Counter[tuple[str, str]] = field(default_factory=Counter)
    published: Range = field(default_factory=Range)
    received: Range = field(default_factory=Range)
    finished: Range = field(default_factory=Range)
    quality: QualityFigures = field(default_factory=QualityFigures)
    _last: tuple[str, int] = ("", 0)

    def take(self, record: Record, split: str) -> None:
        """Count one record of this split."""
        self.records += 1
        self.splits[split] += 1
        last, times = self._last
        self._last = (record.article.id, times + 1 if record.article.id == last else 1)
        if self._last[1] == 1:
            self._take_article(record, split)
        elif self._last[1] == 2:
            self.reviewed_twice += 1
        self._take_review(record)
        self._take_items(record)
        self.quality.take(record)

    def _take_article(self, record: Record, split: str) -> None:
        article = record.article
        self.articles += 1
        self.articles_of_split[split] += 1
        self.characters += len(article.text)
        self.words += len(article.text.split())
        self.outlets[article.origin.outlet] += 1
        self.languages[article.language] += 1
        # Pages give dates in many forms; those that do not sort are ignored.
        published = _DATE.match(article.origin.published or "")
        self.published.take(published and published.group())
        self.received.take(article.origin.received)

    def _take_review(self, record: Record) -> None:
        review, pipeline = record.review, record.pipeline
        self.answers[record.answer.value] += 1
        self.kinds[review.kind] += 1
        if review.reviewer is not None:
            self.reviewers[review.reviewer] += 1
        self.seconds += review.seconds or 0.0
        self.finished.take(time_to_text(review.finished) if review.finished else None)
        self.pipelines[(pipeline.name, pipeline.version, pipeline.hash) if pipeline else None] += 1
        self.suggesters.update(record.suggesters)
        self.schemes[record.scheme.name, record.scheme.version] += 1

    def _take_items(self, record: Record) -> None:
        for item in record.items:
            self.verdicts[_row(item)][item.verdict.value] += 1
            self.makers[_maker(item)] += 1
        for item in record.rejected:
            self.verdicts[_row(item)][REJECTED] += 1
        self.offered += len(record.offered)
        self.unknown += bool(record.unknown)

    def total(self, verdict: str, kind: str | None = None) -> int:
        """The number of items with a verdict, of one kind or of all."""
        rows = (row for row in self.verdicts if kind in (None, row[0]))
        return sum(self.verdicts[row][verdict] for row in rows)


def _maker(item: Item) -> str:
    """Who made an item first: `made_by`, or the suggesters, if `model` did not suggest it."""
    others = item.suggested_by if isinstance(item, Entity) else ()
    return " + ".join(others) if others and PIPELINE not in others else item.made_by.value


def _row(item: Item) -> tuple[str, str]:
    match item:
        case Entity():
            return "entity", item.label
        case Claim():
            return "claim", ""
        case Junk():
            return "junk", item.kind.value
