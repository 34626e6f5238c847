"""Which finished reviews the head learns from, and which articles are held out to measure it on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from annotator.core.annotations import Verdict
from annotator.core.decisions import Answer
from annotator.core.record import Record
from annotator.errors import ModelError

LEAST = 10
"""The fewest articles to train on: a fifth of fewer says nothing about the others."""
MOST = 1000
"""The most articles to train on: their vectors take half a gigabyte."""
_EVERY, _LEAST_HELD_OUT = 5, 2


@dataclass(frozen=True, slots=True)
class ReviewSplit:
    """Finished reviews, one an article: those to learn from, and those held out."""

    taught: tuple[Record, ...]
    held_out: tuple[Record, ...]


def usable(records: Iterable[Record], gold: Iterable[Record] = ()) -> list[Record]:
    """One review for each English article with entities that somebody decided on, ordered by id.

    An adjudication comes before other reviews of its article, then the one finished last. Articles
    of the shipped `gold` are left out: the pipeline learns and is measured on them anyway. Of more
    than MOST articles those that were finished last are taken.
    """
    best: dict[str, Record] = {}
    shipped = {record.article.id for record in gold}
    for record in records:
        if not _can_teach(record) or record.article.id in shipped:
            continue
        other = best.get(record.article.id)
        if other is None or _comes_before(record, other):
            best[record.article.id] = record
    latest = sorted(best.values(), key=_finished)[-MOST:]
    return sorted(latest, key=lambda record: record.article.id)


def divided(records: Sequence[Record], stories: Mapping[str, str]) -> ReviewSplit:
    """The reviews with a fifth of the articles held out, at least two, by the hash of their ids.

    Articles of one story, which `stories` maps to one id, are on the same side: near-duplicates of
    what was learnt prove nothing. Raises ModelError if there are too few.
    """
    if len(records) < LEAST:
        raise ModelError(
            f"Too few finished reviews to train on: {len(records)} with entities, {LEAST} needed.",
            hint=f"Finish {LEAST - len(records)} more; the sample articles do not count.",
        )
    groups: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        groups[stories.get(record.article.id, record.article.id)].append(record)
    held_out: list[Record] = []
    left = sorted(groups)
    while len(left) > 1 and len(held_out) < max(_LEAST_HELD_OUT, round(len(records) / _EVERY)):
        held_out += groups[left.pop(0)]
    taught = [record for story in left for record in groups[story]]
    if len(held_out) < _LEAST_HELD_OUT or len(taught) < len(held_out):
        raise ModelError(
            "The finished reviews are of too few different stories to measure what was learnt.",
            hint="Finish reviews of articles on other events.",
        )
    return ReviewSplit(tuple(taught), tuple(held_out))


def _can_teach(record: Record) -> bool:
    """Whether a person finished the review of an article that the pipeline can read."""
    return (
        record.answer is Answer.ACCEPT
        and record.review.kind != "none"
        and record.article.language in (None, "en")
        and any(entity.verdict is not Verdict.PENDING for entity in record.entities)
    )


def _comes_before(one: Record, other: Record) -> bool:
    """Whether one review of an article is taken rather than another."""
    kinds = [record.review.kind == "adjudication" for record in (one, other)]
    return (kinds[0], _finished(one)) > (kinds[1], _finished(other))


def _finished(record: Record) -> tuple[str, str]:
    facts = record.review
    return facts.finished.isoformat() if facts.finished else "", facts.reviewer or ""
