"""The review of a record: who, when, at what cost, and how."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from annotator.core.decisions import is_joined
from annotator.core.records.codec import Plain, time_to_text
from annotator.core.review import Review
from annotator.core.reviewing.presses import accepted_in_bulk


@dataclass(frozen=True, slots=True)
class ReviewFacts:
    """The reviewer, the kind (`review`, `adjudication`, `import`, `none`), times, and effort of a
    review; `seconds` and `keys` are None where they were not counted. `assisted` says whether the
    article was opened with suggestions, `bulk` how many items were accepted in bulk
    (`core.reviewing.presses.accepted_in_bulk`); None where that is not known."""

    reviewer: str | None = None
    kind: str = "none"
    started: datetime | None = None
    finished: datetime | None = None
    seconds: float | None = 0.0
    keys: int | None = 0
    decisions: int = 0
    assisted: bool | None = None
    bulk: int | None = None

    @classmethod
    def of(
        cls,
        review: Review,
        *,
        started: datetime | None = None,
        kind: str = "review",
        assisted: bool | None = None,
    ) -> ReviewFacts:
        """The facts of a review, which started with its first decision if not at `started`.

        Which items an imported review accepted in bulk is not known: its decisions are made up.
        """
        begun = started or (review.decisions[0].at if review.decisions else None)
        if begun and review.finished and kind != "import":
            begun = min(begun, review.finished)  # a clock may have been set back
        return cls(
            reviewer=review.reviewer,
            kind=kind,
            started=begun,
            finished=review.finished,
            seconds=round(review.seconds, 3),
            keys=review.keys,
            decisions=sum(not is_joined(decision) for decision in review.decisions),
            assisted=assisted,
            bulk=None if kind == "import" else accepted_in_bulk(review),
        )


def facts_to_dict(facts: ReviewFacts) -> Plain:
    """The `review` of a record; what is not known is left out or null."""
    return {
        "reviewer": facts.reviewer,
        "kind": facts.kind,
        "started": time_to_text(facts.started) if facts.started else None,
        "finished": time_to_text(facts.finished) if facts.finished else None,
        "seconds": facts.seconds,
        "keys": facts.keys,
        "decisions": facts.decisions,
        **({} if facts.assisted is None else {"assisted": facts.assisted}),
        **({} if facts.bulk is None else {"bulk": facts.bulk}),
    }
