"""Whether a review that is there says what an imported one does."""

from __future__ import annotations

from typing import Any

from annotator.core.records.codec import item_to_dict, note_to_dict
from annotator.core.records.rejected_rows import rejected_to_dict
from annotator.core.review import Review
from annotator.store.values import ImportedReview

Plain = dict[str, Any]


def folded(entry: ImportedReview) -> Review:
    """The review that an import describes; raises ReviewError if its decisions do not fit."""
    reviewer = entry.decisions[0].reviewer
    return Review.of(entry.article.id, reviewer, entry.suggestions, entry.decisions)


def says_all(there: Review, entry: ImportedReview) -> bool:
    """Whether a review says all that an imported one does, and nothing else but further ties."""
    imported = folded(entry)
    return _says(there, entry) == _says(imported, entry) and set(imported.ties) <= set(there.ties)


def _says(review: Review, entry: ImportedReview) -> Plain:
    """The content of a finished review, without the ids of rejected items."""
    text = entry.article.text
    return {
        "finished": review.finished is not None,
        "answer": review.answer,
        "items": sorted((item_to_dict(item, text) for item in review.items), key=repr),
        "rejected": sorted((rejected_to_dict(item, text) for item in review.rejected), key=repr),
        "notes": [note_to_dict(note) for note in review.notes],
        "unknown": review.unknown,
    }
