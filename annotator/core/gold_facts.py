"""What kind of gold records are: who made them, with whose help, and how much of them was read.

Gold made of suggestions that people accepted says of the pipeline that made these suggestions that
it is nearly always right, whatever it is worth. So a measurement names its gold.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from annotator.core.annotations import Verdict
from annotator.core.record import Record, ReviewFacts
from annotator.core.text.counted import many

_MOSTLY = 0.5
_DECIDED = (Verdict.ACCEPTED, Verdict.CORRECTED, Verdict.ADDED)


def is_assisted(record: Record) -> bool | None:
    """Whether the reviewer saw suggestions; None where that is not known.

    A record that does not say so was assisted if it names a pipeline: before reviews without
    suggestions were possible, nobody worked without.
    """
    if record.review.kind in ("none", "import"):
        return False if record.review.assisted is False else None
    if record.review.assisted is not None:
        return record.review.assisted
    return True if record.pipeline is not None else None


@dataclass(frozen=True, slots=True)
class GoldFacts:
    """Counts of gold records.

    `articles` counts articles by how they were reviewed: `adjudicated`, `double` (by two reviewers
    or more), `single`, `import`. `help` counts records: `assisted`, `unassisted`, `unknown`;
    `same_pipeline` those made with suggestions of the pipeline that is measured. `verdicts` counts
    items: accepted, corrected, added, rejected; `of_same` those of records made with suggestions of
    that pipeline. `bulk` counts items accepted in bulk in the records that say so (adjudications do
    not: what reviewers agreed on was not decided there), and `bulk_of` the accepted items of these
    records.
    """

    records: int = 0
    articles: Counter[str] = field(default_factory=Counter)
    help: Counter[str] = field(default_factory=Counter)
    same_pipeline: int = 0
    verdicts: Counter[str] = field(default_factory=Counter)
    of_same: Counter[str] = field(default_factory=Counter)
    bulk: int = 0
    bulk_of: int = 0

    @classmethod
    def of(cls, records: Iterable[Record], pipeline_hash: str) -> GoldFacts:
        """The facts of records that a pipeline with this hash is measured by."""
        counts = _Counting(pipeline_hash)
        for record in records:
            counts.take(record)
        return counts.facts()

    @property
    def bulk_share(self) -> float | None:
        """The share of accepted items that were accepted in bulk, 0 to 1; None if not known."""
        return self.bulk / self.bulk_of if self.bulk_of else None

    @property
    def warnings(self) -> tuple[str, ...]:
        """Why figures measured on this gold are too high, in plain words; empty if they are not."""
        return tuple(self._warnings())

    def _warnings(self) -> Iterator[str]:
        items = self.of_same.total()
        if self.same_pipeline:
            accepted = self.of_same[Verdict.ACCEPTED.value] / items if items else 0.0
            yield (
                f"{_of(self.same_pipeline, self.records)} made with suggestions of this very "
                f"pipeline, and {accepted:.1%} of the items in them are suggestions that were "
                "accepted. What people see they tend to accept, so these figures are too high; "
                "measure by reviews without suggestions."
            )
        if self.bulk_share is not None and self.bulk_share > _MOSTLY:
            yield (
                f"{self.bulk_share:.1%} of the accepted items were accepted in bulk: nobody can "
                "tell whether anybody read them."
            )

    def to_dict(self) -> dict[str, Any]:
        """The facts as JSON values."""
        share = self.bulk_share
        return {
            "records": self.records,
            "articles": {name: self.articles[name] for name in _REVIEWED},
            "help": {name: self.help[name] for name in _HELP},
            "same_pipeline": self.same_pipeline,
            "items": {verdict.value: self.verdicts[verdict.value] for verdict in _DECIDED},
            "rejected": self.verdicts["rejected"],
            "bulk": self.bulk if self.bulk_of else None,
            "bulk_share": None if share is None else round(share, 4),
            "warnings": list(self.warnings),
        }


_REVIEWED = ("adjudicated", "double", "single", "import")
_HELP = ("assisted", "unassisted", "unknown")


class _Counting:
    def __init__(self, pipeline_hash: str) -> None:
        self._hash = pipeline_hash
        self._reviews: dict[str, list[ReviewFacts]] = defaultdict(list)
        self._help: Counter[str] = Counter()
        self._verdicts: Counter[str] = Counter()
        self._of_same: Counter[str] = Counter()
        self._same = self._bulk = self._bulk_of = 0

    def take(self, record: Record) -> None:
        facts = record.review
        self._reviews[record.article.id].append(facts)
        helped = is_assisted(record)
        self._help["unknown" if helped is None else _HELP[not helped]] += 1
        verdicts = Counter(item.verdict.value for item in record.items if item.verdict in _DECIDED)
        self._verdicts += verdicts
        self._verdicts["rejected"] += len(record.rejected)
        if helped is not False and record.pipeline and record.pipeline.hash == self._hash:
            self._same += 1
            self._of_same += verdicts
        told = facts.bulk is not None and facts.kind != "adjudication"
        if told and verdicts[Verdict.ACCEPTED.value]:
            self._bulk += facts.bulk or 0
            self._bulk_of += verdicts[Verdict.ACCEPTED.value]

    def facts(self) -> GoldFacts:
        return GoldFacts(
            sum(map(len, self._reviews.values())),
            Counter(how_reviewed(facts) for facts in self._reviews.values()),
            self._help,
            self._same,
            self._verdicts,
            self._of_same,
            self._bulk,
            self._bulk_of,
        )


def how_reviewed(reviews: Iterable[ReviewFacts]) -> str:
    """How an article with these reviews was reviewed: `adjudicated`, `double`, `single`, `import`,
    or `none`."""
    kinds: Counter[str] = Counter()
    names = set()
    for facts in reviews:
        kinds[facts.kind] += 1
        if facts.kind == "review":
            names.add(facts.reviewer)
    if kinds["adjudication"]:
        return "adjudicated"
    if names:
        return "double" if len(names) > 1 else "single"
    return "import" if kinds["import"] else "none"


def _of(some: int, every: int) -> str:
    verb = "was" if every == 1 else "were"
    return f"{some:,} of {many(every, 'record')} {verb}"
