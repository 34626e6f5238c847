"""Counts how the records of a dataset were made: by how many reviewers, with whose help, how much
of it one by one, at what speed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from annotator.core.anchoring import PipelineOverlap, ReviewOverlaps, gathered
from annotator.core.annotations import Verdict
from annotator.core.decisions import Answer
from annotator.core.gold_facts import how_reviewed, is_assisted
from annotator.core.record import Record, ReviewFacts

_HELP: Mapping[bool | None, str] = {True: "assisted", False: "unassisted", None: "unknown"}


@dataclass
class HowDecided:
    """Items by how they were decided. An accepted item was accepted one by one or in bulk
    (`core.reviewing.presses`), or its record does not say; in an adjudication (`settled`) reviewers
    agreed on it, or somebody chose it. Records of `kind` review that say how much was in bulk also
    give the items decided one by one in so many seconds: `timed`."""

    one_by_one: int = 0
    in_bulk: int = 0
    accepted_unknown: int = 0
    settled: int = 0
    corrected: int = 0
    added: int = 0
    rejected: int = 0
    left_open: int = 0
    records: int = 0
    seconds: float = 0.0
    timed: int = 0

    def take(self, record: Record) -> None:
        """Count one record."""
        verdicts = Counter(item.verdict for item in record.items)
        accepted, facts = verdicts[Verdict.ACCEPTED], record.review
        self.records += 1
        self.corrected += verdicts[Verdict.CORRECTED]
        self.added += verdicts[Verdict.ADDED]
        self.left_open += verdicts[Verdict.PENDING]
        self.rejected += len(record.rejected)
        if facts.kind == "adjudication":
            self.settled += accepted
            return
        if facts.bulk is None:
            self.accepted_unknown += accepted
            return
        self.in_bulk += facts.bulk
        self.one_by_one += accepted - facts.bulk
        if facts.kind == "review" and facts.seconds:
            changed = verdicts[Verdict.CORRECTED] + verdicts[Verdict.ADDED] + len(record.rejected)
            self.seconds += facts.seconds
            self.timed += accepted - facts.bulk + changed

    @property
    def accepted(self) -> int:
        """All accepted items."""
        return self.one_by_one + self.in_bulk + self.accepted_unknown + self.settled

    @property
    def bulk_share(self) -> float | None:
        """The share of accepted items that were accepted in bulk, 0 to 1, where records say so."""
        told = self.one_by_one + self.in_bulk
        return self.in_bulk / told if told else None

    @property
    def items_per_hour(self) -> float | None:
        """Items that were not accepted in bulk, in an hour of all the time spent; None without."""
        return self.timed * 3600 / self.seconds if self.seconds and self.timed else None


@dataclass
class QualityFigures:
    """Figures over records, which come in the order of their articles.

    `articles` counts them by how they were reviewed (`core.gold_facts.how_reviewed`), `help` counts
    records that are assisted or not. `overlaps` compares reviews with what the pipeline suggested,
    by article and reviewer, as far as that is known.
    """

    overlaps: Mapping[tuple[str, str], PipelineOverlap] = field(default_factory=dict)
    articles: Counter[str] = field(default_factory=Counter)
    help: Counter[str] = field(default_factory=Counter)
    decided: HowDecided = field(default_factory=HowDecided)
    reviewers: dict[str, HowDecided] = field(default_factory=lambda: defaultdict(HowDecided))
    _compared: dict[bool, list[tuple[str, PipelineOverlap]]] = field(
        default_factory=lambda: {True: [], False: []}
    )
    _article: str = ""
    _reviews: list[ReviewFacts] = field(default_factory=list)

    def take(self, record: Record) -> None:
        """Count one record."""
        facts = record.review
        if record.article.id != self._article:
            self.end()
            self._article = record.article.id
        self._reviews.append(facts)
        if facts.kind == "none":
            return
        self.help[_HELP[is_assisted(record)]] += 1
        if record.answer is Answer.ACCEPT:
            self.decided.take(record)
        if facts.reviewer is not None:
            self._of_reviewer(record, facts.reviewer)

    def _of_reviewer(self, record: Record, reviewer: str) -> None:
        own = self.reviewers[reviewer]
        if record.answer is Answer.ACCEPT:
            own.take(record)
        overlap = self.overlaps.get((record.article.id, reviewer))
        if overlap is not None and record.review.kind == "review":
            assisted = record.review.assisted is not False
            self._compared[assisted].append((record.article.id, overlap))

    def end(self) -> None:
        """Count the last article."""
        if self._reviews:
            self.articles[how_reviewed(self._reviews)] += 1
        self._reviews = []

    def compared(self, *, assisted: bool) -> ReviewOverlaps:
        """The reviews that are compared with the pipeline."""
        return gathered(self._compared[assisted])
