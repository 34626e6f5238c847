"""The tables. Annotations are JSON in record form.

Primary data: `source`, `source_article`, `article`, `suggestion_set`, `decision`, and reviewer,
time, suggestions and lease of a review. Caches, each rebuilt by a test: the counts of an article,
the columns `last_seq` to `claims` of a review and those from `one_by_one` on, what is remembered of
forms, what holds of identities.

Queries use `columns`, generated from here by `describe`: only upgrades load SQLModel, so the
screens start faster and use less memory. What stands across articles has its tables in
`across_tables`; all are known as soon as this module is loaded.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    Text,
    UniqueConstraint,
    false,
    text,
    true,
)
from sqlmodel import Field

from annotator.store.sql import across_tables as across_tables
from annotator.store.sql.column_types import JsonList
from annotator.store.sql.table_parts import Base, as_json, big, chained, count, moment


class SourceRow(Base, table=True):
    """A file in its last known state; rejected if it has a reason; with `retry` it is to be read
    again, even unchanged."""

    __tablename__ = "source"
    __table_args__ = (
        Index("ix_source_rejected", "at", sqlite_where=text("reason IS NOT NULL"),
              postgresql_where=text("reason IS NOT NULL")),
    )  # fmt: skip

    path: str = Field(sa_type=Text, primary_key=True)
    inode: int = big()
    size: int = big()
    mtime_ns: int = big()
    ctime_ns: int = big()
    at: datetime = moment()
    reason: str | None = Field(default=None, sa_type=Text)
    hint: str | None = Field(default=None, sa_type=Text)
    retry: bool = Field(sa_column=Column(Boolean, nullable=False, server_default=false()))


_LISTED = ("reviews", "finished", "draw", "assigned", "set_aside")


class ArticleRow(Base, table=True):
    """An article; `number` counts articles by arrival, `place` is the queue position: the number
    of the article that it is listed with, usually its own.

    `outlet` and `url` are copied from the origin; `confidence` is the mean score of its newest
    suggestions (0 to 1), null if none has a score. `reviews` and `finished` count its reviews,
    `assigned` those whom it is assigned to; `draw` is the number drawn from its id, -1 for a
    check (`check_gold`). `set_aside` says that its finished reviews skip it or call it unusable,
    `mixed` that they differ, null that they accept it. `listed_as` is what lists call it, `words`
    its length, `story_place` the number of the newest article of its story (null without one):
    caches. Lists read what comes after the text from an index, so that they are read without it.
    """

    __tablename__ = "article"
    __table_args__ = (
        # Covering indexes for the queries of the queue, so that it never reads the rows.
        Index("ix_article_queue", "place", "number", "stage", *_LISTED),
        Index("ix_article_confidence", "confidence", "number", "stage", *_LISTED),
        Index("ix_article_claims", "claims", "number", "stage", *_LISTED),
        Index("ix_article_stage", "stage", "place", "number", *_LISTED),
        Index("ix_article_outlet", "outlet", "place", "number", "stage", *_LISTED),
        Index("ix_article_reviewed", "place", "number", "stage", *_LISTED,
              sqlite_where=text("reviews > 0"), postgresql_where=text("reviews > 0")),
        Index("ix_article_reviewed_twice", "place", "number", "stage", "draw",
              sqlite_where=text("finished > 1"), postgresql_where=text("finished > 1")),
        Index("ix_article_checks", "place", "number", "stage", "reviews", "id",
              sqlite_where=text("draw < 0"), postgresql_where=text("draw < 0")),
        Index("ix_article_assigned", "place", "number", "stage", *_LISTED,
              sqlite_where=text("assigned > 0"), postgresql_where=text("assigned > 0")),
        Index("ix_article_words", "words", "number", "stage", *_LISTED),
        Index("ix_article_entities", "entities", "number", "stage", *_LISTED),
        Index("ix_article_story", "story_place", "number", "stage", *_LISTED),
    )  # fmt: skip

    id: str = Field(sa_type=Text, primary_key=True)
    number: int = Field(sa_type=Integer, index=True)
    stage: str = Field(sa_type=Text)
    reviews: int = 0
    finished: int = 0
    problem: str | None = Field(default=None, sa_type=Text)
    tries: int = 0
    leased_by: str | None = Field(default=None, sa_type=Text)
    leased_until: datetime | None = moment(nullable=True)
    supersedes: str | None = Field(default=None, sa_type=Text, foreign_key="article.id", index=True)
    title: str | None = Field(default=None, sa_type=Text)
    language: str | None = Field(default=None, sa_type=Text)
    received: datetime = moment()
    entities: int = 0
    claims: int = 0
    total: int = 0
    outlet: str | None = Field(default=None, sa_type=Text)
    url: str | None = Field(default=None, sa_type=Text, index=True)
    confidence: float | None = None
    place: int = Field(default=0, sa_column=Column(Integer, nullable=False, server_default="0"))
    origin: dict[str, Any] = as_json()
    also_from: list[dict[str, Any]] = as_json()
    meta: dict[str, Any] = as_json()
    text: str = Field(sa_type=Text)
    draw: int = Field(
        default=9999, sa_column=Column(Integer, nullable=False, server_default="9999")
    )
    assigned: int = Field(default=0, sa_column=Column(Integer, nullable=False, server_default="0"))
    set_aside: str | None = Field(default=None, sa_type=Text)
    listed_as: str | None = Field(default=None, sa_type=Text)
    words: int = count()
    story_place: int | None = None


class CheckGoldRow(Base, table=True):
    """The gold of a check, an article that every reviewer is tested with: its record."""

    __tablename__ = "check_gold"

    article_id: str = Field(sa_type=Text, primary_key=True, foreign_key="article.id")
    at: datetime = moment()
    record: dict[str, Any] = as_json()


class AssignmentRow(Base, table=True):
    """An article assigned to a reviewer: when, and by whom."""

    __tablename__ = "assignment"

    article_id: str = Field(sa_type=Text, primary_key=True, foreign_key="article.id")
    reviewer: str = Field(sa_type=Text, primary_key=True)
    at: datetime = moment()
    by: str = Field(sa_type=Text)


class SourceArticleRow(Base, table=True):
    """The articles that a file contains now; `part` is empty if the file is a single article."""

    __tablename__ = "source_article"

    path: str = Field(sa_type=Text, primary_key=True, foreign_key="source.path")
    part: str = Field(sa_type=Text, primary_key=True)
    article_id: str = Field(sa_type=Text, foreign_key="article.id", index=True)


class SuggestionSetRow(Base, table=True):
    """What one pipeline suggested for one article at one time; never edited.

    `base_id` names the set that this one was made from for one review, by merging it with the
    opinions of the `suggesters` (in record form; null without any) and by the memory. The set of an
    adjudication has the `comparison` of the reviews that it was made from.
    """

    __tablename__ = "suggestion_set"
    __table_args__ = (Index("ix_suggestion_set_article_id_id", "article_id", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    article_id: str = Field(sa_type=Text, foreign_key="article.id")
    pipeline_name: str = Field(sa_type=Text)
    pipeline_version: str = Field(sa_type=Text)
    pipeline_hash: str = Field(sa_type=Text)
    at: datetime = moment()
    dropped: int = 0
    items: list[dict[str, Any]] = Field(sa_column=Column(JsonList, nullable=False))
    base_id: int | None = None
    suggesters: list[dict[str, Any]] | None = as_json(nullable=True)
    comparison: dict[str, Any] | None = as_json(nullable=True)


class OpinionRow(Base, table=True):
    """What a suggester suggested for the article of a suggestion set; never edited.

    `labels` are those whose entities it would find. `problem` says why it has no opinion.
    """

    __tablename__ = "opinion"

    set_id: int = Field(primary_key=True, foreign_key="suggestion_set.id")
    suggester: str = Field(sa_type=Text, primary_key=True)
    pipeline_name: str = Field(sa_type=Text)
    pipeline_version: str = Field(sa_type=Text)
    pipeline_hash: str = Field(sa_type=Text)
    dropped: int = 0
    problem: str | None = Field(default=None, sa_type=Text)
    labels: list[str] = as_json()
    items: list[dict[str, Any]] = Field(sa_column=Column(JsonList, nullable=False))


class ReviewRow(Base, table=True):
    """One reviewer's review of an article. `leased_until` is null after the lease was released.

    A review that is not `assisted` started without suggestions; its suggestion set is the one that
    would have been shown.

    `opening` is the chain value of what it was opened with, `chain` that of its last decision.
    `one_by_one` and `in_bulk` count the items decided in each way
    (`core.reviewing.presses`). The columns after them compare a finished review with the pipeline
    (`core.anchoring.Overlap`, `core.statistics.fates`).

    A reviewer has one review of an article. Adjudications are reviews too, of another kind: one is
    `outdated` when a review of the article was finished after it was opened, and may then be
    followed by another one. `notes` counts the notes that stand, on the article and on items.

    A review that is in a bundle was taken along at `taken_at`, or came so, and keeps its
    suggestions also without a decision; `taken_until` is when the article is free again (null
    where it came to).
    """

    __tablename__ = "review"
    __table_args__ = (
        Index("uq_review_article_id_reviewer", "article_id", "reviewer", unique=True,
              sqlite_where=text("kind <> 'adjudication'"),
              postgresql_where=text("kind <> 'adjudication'")),
        Index("ix_review_article_id", "article_id"),
        Index("ix_review_adjudications", "id", sqlite_where=text("kind = 'adjudication'"),
              postgresql_where=text("kind = 'adjudication'")),
        Index("ix_review_noted", "article_id", sqlite_where=text("notes > 0"),
              postgresql_where=text("notes > 0")),
        Index("ix_review_reviewer_finished_at", "reviewer", "finished_at"),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    article_id: str = Field(sa_type=Text, foreign_key="article.id")
    reviewer: str = Field(sa_type=Text)
    suggestion_set_id: int | None = Field(default=None, foreign_key="suggestion_set.id")
    opened_at: datetime = moment()
    leased_until: datetime | None = moment(nullable=True)
    lease_seconds: float = 0.0
    last_seq: int = 0
    finished_at: datetime | None = moment(nullable=True)
    answer: str = Field(sa_type=Text)
    total: int = 0
    open: int = 0
    entities: int = 0
    claims: int = 0
    kind: str = Field(
        default="review", sa_column=Column(Text, nullable=False, server_default="review")
    )
    assisted: bool = Field(
        default=True, sa_column=Column(Boolean, nullable=False, server_default=true())
    )
    opening: str = chained()
    chain: str = chained()
    one_by_one: int = count()
    in_bulk: int = count()
    same_entities: int | None = None
    marked_entities: int | None = None
    same_claims: int | None = None
    marked_claims: int | None = None
    outdated: bool = Field(sa_column=Column(Boolean, nullable=False, server_default=false()))
    taken_at: datetime | None = moment(nullable=True)
    taken_until: datetime | None = moment(nullable=True)
    fates: list[list[Any]] | None = as_json(nullable=True)
    notes: int = count()


class DecisionRow(Base, table=True):
    """The log of decisions. Triggers forbid changing or deleting a row.

    `surface` and `label` are the string and the label of a decided entity, copied from the item so
    that they can be indexed.
    """

    __tablename__ = "decision"
    __table_args__ = (
        UniqueConstraint("review_id", "seq"),
        Index("ix_decision_review_id_target", "review_id", "target"),
        Index("ix_decision_surface", "surface", sqlite_where=text("surface IS NOT NULL"),
              postgresql_where=text("surface IS NOT NULL")),
    )  # fmt: skip

    number: int | None = Field(default=None, primary_key=True)
    id: str = Field(sa_type=Text, unique=True)
    review_id: int = Field(foreign_key="review.id")
    seq: int
    at: datetime = moment()
    group: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    target: str | None = Field(default=None, sa_type=Text)
    keys: int = 0
    seconds: float = 0.0
    surface: str | None = Field(default=None, sa_type=Text)
    label: str | None = Field(default=None, sa_type=Text)
    before: dict[str, Any] | None = as_json(nullable=True)
    after: dict[str, Any] | None = as_json(nullable=True)
    chain: str = chained()


class LikenessRow(Base, table=True):
    """A pair of near-duplicates; each pair once, the later article first."""

    __tablename__ = "likeness"

    article_id: str = Field(sa_type=Text, primary_key=True, foreign_key="article.id")
    other_id: str = Field(sa_type=Text, primary_key=True, foreign_key="article.id", index=True)
    similarity: float


class ShingleBandRow(Base, table=True):
    """Bands of an article's MinHash: articles that share one may be near-duplicates."""

    __tablename__ = "shingle_band"
    __table_args__ = ({"sqlite_with_rowid": False},)

    band: int = Field(sa_column=Column(BigInteger, primary_key=True))
    article_id: str = Field(sa_type=Text, primary_key=True, foreign_key="article.id", index=True)


class CarriedRow(Base, table=True):
    """An item decided on in a review of an earlier text: the id it was carried over to in this
    review, or the reason why it was not carried over."""

    __tablename__ = "carried"

    id: int | None = Field(default=None, primary_key=True)
    review_id: int = Field(foreign_key="review.id", index=True)
    from_review_id: int = Field(foreign_key="review.id", index=True)
    item: dict[str, Any] = as_json()
    carried_to: str | None = Field(default=None, sa_type=Text)
    reason: str | None = Field(default=None, sa_type=Text)


class StoneRow(Base, table=True):
    """The tombstone of a purged article: id, time, person, and counts of what was removed.

    `redacted` has the digests of entries of logs across articles that the purge removed or changed.
    """

    __tablename__ = "stone"

    article_id: str = Field(sa_type=Text, primary_key=True)
    at: datetime = moment()
    by: str = Field(sa_type=Text)
    counts: dict[str, Any] = as_json()
    redacted: list[dict[str, Any]] | None = as_json(nullable=True)


class LogHeadRow(Base, table=True):
    """The number of the last entry of a log across articles, and its chain value."""

    __tablename__ = "log_head"

    log: str = Field(sa_type=Text, primary_key=True)
    number: int
    chain: str = Field(sa_type=Text)


class HeartbeatRow(Base, table=True):
    """The last heartbeat of the watcher: one row."""

    __tablename__ = "heartbeat"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = moment()
    pid: int
    started: datetime = moment()
    details: dict[str, Any] = as_json()


metadata = Base.metadata
