"""A comparison as plain values, beside the suggestions that it was made with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from annotator.core.adjudicating.compared_reviews import (
    Beside,
    ComparedReviews,
    Contested,
    ReviewedBy,
    Variant,
)
from annotator.core.annotations import Item
from annotator.core.article import Span
from annotator.core.decisions import Answer
from annotator.core.records.codec import note_from_dict, note_to_dict
from annotator.core.records.tie_rows import tie_from_dict, tie_to_dict
from annotator.core.review import Status

Plain = dict[str, Any]


def comparison_to_dict(comparison: ComparedReviews) -> Plain:
    """Everything of a comparison but its items."""
    beside = comparison.beside
    return {
        "reviews": [
            {"reviewer": one.reviewer, "seq": one.seq, "answer": comparison.answers[one.reviewer]}
            for one in comparison.reviews
        ],
        "settled": dict(comparison.settled),
        "contested": [
            {
                "variants": [{"id": one.id, "by": list(one.by)} for one in contested.variants],
                "absent": list(contested.absent),
            }
            for contested in comparison.contested
        ],
        "notes": [note_to_dict(one) for one in beside.notes],
        "ties": [tie_to_dict(one) for one in beside.ties],
        "unknown": [[one.start, one.end] for one in beside.unknown],
        "hidden": list(beside.hidden),
        "showed_speakers": beside.showed_speakers,
        "assisted": beside.assisted,
    }


def comparison_from_dict(plain: Mapping[str, Any], items: Iterable[Item]) -> ComparedReviews:
    """The inverse of `comparison_to_dict`; raises KeyError, TypeError, ValueError or RecordError
    for values of another kind."""
    return ComparedReviews(
        tuple(ReviewedBy(one["reviewer"], one["seq"]) for one in plain["reviews"]),
        {one["reviewer"]: Answer(one["answer"]) for one in plain["reviews"]},
        tuple(items),
        settled_in(plain),
        tuple(
            Contested(
                tuple(Variant(one["id"], tuple(one["by"])) for one in row["variants"]),
                tuple(row["absent"]),
            )
            for row in plain["contested"]
        ),
        Beside(
            tuple(note_from_dict(row) for row in plain["notes"]),
            tuple(tie_from_dict(row, "ties") for row in plain["ties"]),
            tuple(Span(start, end) for start, end in plain["unknown"]),
            tuple(plain["hidden"]),
            bool(plain["showed_speakers"]),
            None if plain["assisted"] is None else bool(plain["assisted"]),
        ),
    )


def settled_in(plain: Mapping[str, Any]) -> dict[str, Status]:
    """The items on which the reviewers agree, by id."""
    return {id: Status(status) for id, status in plain["settled"].items()}
