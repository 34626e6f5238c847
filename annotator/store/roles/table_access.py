"""What reviewers and workers may do with each table on PostgreSQL.

Every table has one entry in `ACCESS`; a test fails for a table without one. `role_script` turns the
entries into grants and policies.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto


class Rows(Enum):
    """Which rows of a table reviewers see, and which are theirs."""

    ALL = auto()
    """All rows are seen; grants alone decide what may be written."""
    REVIEW = auto()
    """`review`: who reviews what is seen by all, each review is written by its reviewer alone."""
    OF_A_REVIEW = auto()
    """Rows with a `review_id`: seen where the review may be read, written by its reviewer alone."""
    SIGNED = auto()
    """Rows with a `reviewer`: seen by all, added under one's own name alone."""
    GOLD = auto()
    """Rows with an `article_id`: seen by a reviewer who has once finished the article."""


@dataclass(frozen=True, slots=True)
class TableAccess:
    """What may be done with a table.

    `reviewer` and `worker` are privileges beside SELECT, which both have. `reviewer_columns` and
    `worker_columns` are the columns that may be updated. With `only_own`, a reviewer never reads
    the rows of somebody else's review, not even of a finished one.
    """

    rows: Rows = Rows.ALL
    reviewer: tuple[str, ...] = ()
    worker: tuple[str, ...] = ()
    reviewer_columns: tuple[str, ...] = ()
    worker_columns: tuple[str, ...] = ()
    only_own: bool = False
    where: dict[str, str] = field(default_factory=dict)
    """Conditions on the rows that a reviewer writes (or, for SELECT, reads), by privilege."""


_ADDED = ("INSERT",)
_MADE_ANEW = ("INSERT", "DELETE")
_KEPT = ("INSERT", "UPDATE", "DELETE")
_FOR_ONE_REVIEW = "base_id IS NOT NULL"
_OWN_PRESS = (
    "EXISTS (SELECT FROM identity_decision d WHERE d.\"group\" = identity_press.\"group\" "
    "AND d.reviewer = current_user)"
)  # fmt: skip

_READ_ONLY = TableAccess()
_FROM_INTAKE = TableAccess(worker=_KEPT)
_LOG = TableAccess(Rows.SIGNED, reviewer=_ADDED)
_CACHE = TableAccess(reviewer=_KEPT)

ACCESS: dict[str, TableAccess] = {
    # Articles, and what workers make of them.
    "article": TableAccess(
        reviewer_columns=("reviews", "finished", "set_aside", "story_place"),
        worker=_ADDED,
        worker_columns=(
            *("stage", "reviews", "finished", "problem", "tries", "leased_by", "leased_until"),
            *("supersedes", "title", "language", "entities", "claims", "total", "outlet", "url"),
            *("confidence", "place", "origin", "also_from", "meta", "set_aside", "story_place"),
            *("listed_as", "words"),
        ),
    ),
    "source": TableAccess(reviewer_columns=("retry", "reason", "hint"), worker=_KEPT),
    "source_article": _FROM_INTAKE,
    # A reviewer adds the set that is made for a review, and removes one that no review uses.
    "suggestion_set": TableAccess(
        reviewer=_MADE_ANEW,
        worker=_ADDED,
        where={
            # The set of an adjudication holds the answers of all its reviews.
            "SELECT": "comparison IS NULL OR annotator_may_compare(article_id, current_user)",
            "INSERT": f"{_FOR_ONE_REVIEW} AND (comparison IS NULL "
            "OR annotator_may_adjudicate(article_id, current_user))",
            "DELETE": _FOR_ONE_REVIEW,
        },
    ),
    "opinion": TableAccess(worker=_ADDED),
    "suggested_form": _FROM_INTAKE,
    "likeness": _FROM_INTAKE,
    "shingle_band": _FROM_INTAKE,
    "article_words": _FROM_INTAKE,
    "heartbeat": _FROM_INTAKE,
    "check_gold": TableAccess(Rows.GOLD, worker=("INSERT", "UPDATE")),
    # Reviews.
    "review": TableAccess(Rows.REVIEW, reviewer=_KEPT),
    "decision": TableAccess(Rows.OF_A_REVIEW, reviewer=_ADDED),
    "carried": TableAccess(Rows.OF_A_REVIEW, reviewer=_MADE_ANEW),
    "identity_mention": TableAccess(Rows.OF_A_REVIEW, reviewer=_MADE_ANEW),
    "memory_entry": TableAccess(Rows.OF_A_REVIEW, reviewer=_MADE_ANEW, only_own=True),
    # Logs that reviewers share.
    "identity_decision": _LOG,
    "story_decision": _LOG,
    # The ends of their chains, which each new entry moves on.
    "log_head": TableAccess(reviewer=("INSERT", "UPDATE")),
    # Caches of the logs, which the screens keep up to date.
    "memory_form": _CACHE,
    "identity": _CACHE,
    "identity_redirect": _CACHE,
    "identity_form": _CACHE,
    "identity_apart": _CACHE,
    "identity_press": TableAccess(
        reviewer=_KEPT, where={"UPDATE": _OWN_PRESS, "DELETE": _OWN_PRESS}
    ),
    "name_key": _CACHE,
    "story": _CACHE,
    "story_article": _CACHE,
    "story_apart": _CACHE,
    # Written by the owner.
    "listed_form": _READ_ONLY,
    "listed_alias": _READ_ONLY,
    "stone": _READ_ONLY,
    "assignment": _READ_ONLY,
    "alembic_version": _READ_ONLY,
    "tally": _READ_ONLY,
}
"""Every table, and the view `tally`, by name."""
