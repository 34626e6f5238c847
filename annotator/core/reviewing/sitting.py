"""What a reviewer did in one run of the screens, counted and in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from annotator.core.annotations import Verdict
from annotator.core.decisions import Answer
from annotator.core.review import Review, Status
from annotator.core.reviewing.presses import accepted_in_bulk
from annotator.core.text.counted import many


@dataclass(frozen=True, slots=True)
class ArticleResult:
    """The state of a review: how many items it accepted one by one, accepted in bulk, corrected,
    added, rejected and left open, its answer, and whether it is finished. `decided` is the number
    of items decided in this run."""

    accepted: int = 0
    in_bulk: int = 0
    corrected: int = 0
    added: int = 0
    rejected: int = 0
    left_open: int = 0
    answer: Answer = Answer.ACCEPT
    is_finished: bool = True
    decided: int = 0


def result_of(review: Review) -> ArticleResult:
    """The result of a review as it is now."""
    held = review.held.values()
    kept = Counter(one.item.verdict for one in held if one.status is Status.ACCEPTED)
    statuses = Counter(one.status for one in held)
    in_bulk = accepted_in_bulk(review)
    return ArticleResult(
        max(0, kept[Verdict.ACCEPTED] - in_bulk),
        in_bulk,
        kept[Verdict.CORRECTED],
        kept[Verdict.ADDED],
        statuses[Status.REJECTED],
        statuses[Status.OPEN],
        review.answer,
        review.finished is not None,
    )


class Sitting:
    """The articles that were decided on in this run, in their present state."""

    def __init__(self) -> None:
        self._results: dict[str, ArticleResult] = {}
        self._before: dict[str, int] = {}
        # Its result is computed when it is asked for, not with each key.
        self._current: Review | None = None

    def changed(self, before: Review, after: Review) -> None:
        """A key changed a review."""
        if self._current is not None and self._current.article != after.article:
            self._settle()
        if after.article not in self._before:
            self._before[after.article] = _decided(before)
        self._current = after

    @property
    def results(self) -> Mapping[str, ArticleResult]:
        """The result of each article that was decided on."""
        self._settle()
        return self._results

    def _settle(self) -> None:
        review, self._current = self._current, None
        if review is not None:
            decided = max(0, _decided(review) - self._before[review.article])
            self._results[review.article] = replace(result_of(review), decided=decided)


def _decided(review: Review) -> int:
    return sum(one.status is not Status.OPEN for one in review.held.values())


def told_result(result: ArticleResult, undo: str, left: int | None = None) -> str:
    """What became of an article: *Finished: 14 accepted, 38 more in bulk, 1 added; u takes it back;
    8 left*. `undo` is the key that takes it back; `left` is the number of articles to be done."""
    parts = [_what(result), f"{undo} takes it back"]
    if left is not None:
        parts.append(f"{left:,} left" if left else "none left")
    return "; ".join(parts)


def _what(result: ArticleResult) -> str:
    if result.answer is Answer.SKIP:
        return "Skipped"
    if result.answer is Answer.UNUSABLE:
        return "Marked unusable"
    counts = ", ".join(_counts(result))
    return f"Finished: {counts}" if counts else "Finished, without any item"


def _counts(result: ArticleResult) -> Iterator[str]:
    if result.accepted:
        yield f"{result.accepted:,} accepted"
    if result.in_bulk:
        more = "more in bulk" if result.accepted else "accepted in bulk"
        yield f"{result.in_bulk:,} {more}"
    named = (
        (result.corrected, "corrected"),
        (result.added, "added"),
        (result.rejected, "rejected"),
        (result.left_open, "left open"),
    )
    yield from (f"{number:,} {what}" for number, what in named if number)


def told_sitting(results: Iterable[ArticleResult]) -> str:
    """What was done in all: *3 articles finished, 1 skipped, 41 items decided*; empty if
    nothing was."""
    done = tuple(results)
    finished = [one for one in done if one.is_finished]
    answers = Counter(one.answer for one in finished)
    decided = sum(one.decided for one in done)
    named = (
        (answers[Answer.ACCEPT], "finished"),
        (answers[Answer.SKIP], "skipped"),
        (answers[Answer.UNUSABLE], "marked unusable"),
        (len(done) - len(finished), "half done"),
    )
    told = [(number, what) for number, what in named if number]
    if not told:
        return ""
    (first, what), *more = told
    parts = [f"{many(first, 'article')} {what}", *(f"{number:,} {what}" for number, what in more)]
    return ", ".join((*parts, f"{many(decided, 'item')} decided"))


def summed(results: Iterable[ArticleResult]) -> ArticleResult:
    """The items of all finished articles together."""
    kept = [one for one in results if one.is_finished and one.answer is Answer.ACCEPT]
    return ArticleResult(
        sum(one.accepted for one in kept),
        sum(one.in_bulk for one in kept),
        sum(one.corrected for one in kept),
        sum(one.added for one in kept),
        sum(one.rejected for one in kept),
        sum(one.left_open for one in kept),
    )


def told_items(result: ArticleResult) -> str:
    """The items of a result: *14 accepted, 38 more in bulk, 1 added*; empty without any."""
    return ", ".join(_counts(result))
