"""The tables. Annotations are JSON in record form.

Primary data: `source`, `source_article`, `article`, `suggestion_set`, `decision`, and reviewer,
time, suggestions and lease of a review. Caches, each rebuilt by a test: the counts of an article,
the columns `last_seq` to `claims` of a review and those from `one_by_one` on, what is remembered of
forms, what holds of identities.

Queries use `columns`, generated from here by `describe`: only upgrades load SQLModel, so the
screens start faster and use less memory. It has over 400 lines because every table is here, so that
one look tells what is stored.
"""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    MetaData,
    Text,
    UniqueConstraint,
    false,
    text,
    true,
)
from sqlmodel import Field, SQLModel

from annotator.store.sql.column_types import JsonList, Utc


class _Base(SQLModel):
    metadata: ClassVar[MetaData] = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def _big(*, nullable: bool = False) -> Any:
    return Field(sa_column=Column(BigInteger, nullable=nullable))


def _time(*, nullable: bool = False) -> Any:
    return Field(default=None if nullable else ..., sa_column=Column(Utc, nullable=nullable))


def _chained() -> Any:
    """A chain value of the journal (`core.journal.chain`): 64 hexadecimal digits."""
    return Field(sa_column=Column(Text, nullable=False, server_default=""))


def _count() -> Any:
    """A count that rows of earlier versions begin with as 0."""
    return Field(default=0, sa_column=Column(Integer, nullable=False, server_default="0"))


def _json(*, nullable: bool = False) -> Any:
    kind = JSON(none_as_null=True)
    return Field(default=None if nullable else ..., sa_column=Column(kind, nullable=nullable))


class SourceRow(_Base, table=True):
    """A file in its last known state; rejected if it has a reason; with `retry` it is to be read
    again, even unchanged."""

    __tablename__ = "source"
    __table_args__ = (
        Index("ix_source_rejected", "at", sqlite_where=text("reason IS NOT NULL"),
              postgresql_where=text("reason IS NOT NULL")),
    )  # fmt: skip

    path: str = Field(sa_type=Text, primary_key=True)
    inode: int = _big()
    size: int = _big()
    mtime_ns: int = _big()
    ctime_ns: int = _big()
    at: datetime = _time()
    reason: str | None = Field(default=None, sa_type=Text)
    hint: str | None = Field(default=None, sa_type=Text)
    retry: bool = Field(sa_column=Column(Boolean, nullable=False, server_default=false()))


_LISTED = ("reviews", "finished", "draw", "assigned", "set_aside")


class ArticleRow(_Base, table=True):
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
    leased_until: datetime | None = _time(nullable=True)
    supersedes: str | None = Field(default=None, sa_type=Text, foreign_key="article.id", index=True)
    title: str | None = Field(default=None, sa_type=Text)
    language: str | None = Field(default=None, sa_type=Text)
    received: datetime = _time()
    entities: int = 0
    claims: int = 0
    total: int = 0
    outlet: str | None = Field(default=None, sa_type=Text)
    url: str | None = Field(default=None, sa_type=Text, index=True)
    confidence: float | None = None
    place: int = Field(default=0, sa_column=Column(Integer, nullable=False, server_default="0"))
    origin: dict[str, Any] = _json()
    also_from: list[dict[str, Any]] = _json()
    meta: dict[str, Any] = _json()
    text: str = Field(sa_type=Text)
    draw: int = Field(
        default=9999, sa_column=Column(Integer, nullable=False, server_default="9999")
    )
    assigned: int = Field(default=0, sa_column=Column(Integer, nullable=False, server_default="0"))
    set_aside: str | None = Field(default=None, sa_type=Text)
    listed_as: str | None = Field(default=None, sa_type=Text)
    words: int = _count()
    story_place: int | None = None


class CheckGoldRow(_Base, table=True):
    """The gold of a check, an article that every reviewer is tested with: its record."""

    __tablename__ = "check_gold"

    article_id: str = Field(sa_type=Text, primary_key=True, foreign_key="article.id")
    at: datetime = _time()
    record: dict[str, Any] = _json()


class AssignmentRow(_Base, table=True):
    """An article assigned to a reviewer: when, and by whom."""

    __tablename__ = "assignment"

    article_id: str = Field(sa_type=Text, primary_key=True, foreign_key="article.id")
    reviewer: str = Field(sa_type=Text, primary_key=True)
    at: datetime = _time()
    by: str = Field(sa_type=Text)


class SourceArticleRow(_Base, table=True):
    """The articles that a file contains now; `part` is empty if the file is a single article."""

    __tablename__ = "source_article"

    path: str = Field(sa_type=Text, primary_key=True, foreign_key="source.path")
    part: str = Field(sa_type=Text, primary_key=True)
    article_id: str = Field(sa_type=Text, foreign_key="article.id", index=True)


class SuggestionSetRow(_Base, table=True):
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
    at: datetime = _time()
    dropped: int = 0
    items: list[dict[str, Any]] = Field(sa_column=Column(JsonList, nullable=False))
    base_id: int | None = None
    suggesters: list[dict[str, Any]] | None = _json(nullable=True)
    comparison: dict[str, Any] | None = _json(nullable=True)


class OpinionRow(_Base, table=True):
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
    labels: list[str] = _json()
    items: list[dict[str, Any]] = Field(sa_column=Column(JsonList, nullable=False))


class ReviewRow(_Base, table=True):
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
    opened_at: datetime = _time()
    leased_until: datetime | None = _time(nullable=True)
    lease_seconds: float = 0.0
    last_seq: int = 0
    finished_at: datetime | None = _time(nullable=True)
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
    opening: str = _chained()
    chain: str = _chained()
    one_by_one: int = _count()
    in_bulk: int = _count()
    same_entities: int | None = None
    marked_entities: int | None = None
    same_claims: int | None = None
    marked_claims: int | None = None
    outdated: bool = Field(sa_column=Column(Boolean, nullable=False, server_default=false()))
    taken_at: datetime | None = _time(nullable=True)
    taken_until: datetime | None = _time(nullable=True)
    fates: list[list[Any]] | None = _json(nullable=True)
    notes: int = _count()


class DecisionRow(_Base, table=True):
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
    at: datetime = _time()
    group: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    target: str | None = Field(default=None, sa_type=Text)
    keys: int = 0
    seconds: float = 0.0
    surface: str | None = Field(default=None, sa_type=Text)
    label: str | None = Field(default=None, sa_type=Text)
    before: dict[str, Any] | None = _json(nullable=True)
    after: dict[str, Any] | None = _json(nullable=True)
    chain: str = _chained()


class MemoryEntryRow(_Base, table=True):
    """The outcome of one item in a review for its form (`core.memory.entries`).

    A cache of the decisions, rebuilt by a test, as is `memory_form`.
    """

    __tablename__ = "memory_entry"
    __table_args__ = (
        Index("ix_memory_entry_form", "subject", "form", "at"),
        {"sqlite_with_rowid": False},
    )

    review_id: int = Field(primary_key=True, foreign_key="review.id")
    item: str = Field(sa_type=Text, primary_key=True)
    stands: bool = Field(primary_key=True)
    subject: str = Field(sa_type=Text)
    form: str = Field(sa_type=Text)
    label: str = Field(sa_type=Text)
    outcome: str = Field(sa_type=Text)
    way: str = Field(sa_type=Text)
    reviewer: str = Field(sa_type=Text)
    at: datetime = _time()
    press: str = Field(sa_type=Text)
    became: str | None = Field(default=None, sa_type=Text)
    lead: int = 0
    tail: int = 0


class MemoryFormRow(_Base, table=True):
    """The statistics of a form from its newest entries. `head` is its first word if the form is a
    sure name."""

    __tablename__ = "memory_form"
    __table_args__ = (
        Index("ix_memory_form_head", "head", sqlite_where=text("head IS NOT NULL"),
              postgresql_where=text("head IS NOT NULL")),
    )  # fmt: skip

    subject: str = Field(sa_type=Text, primary_key=True)
    form: str = Field(sa_type=Text, primary_key=True)
    head: str | None = Field(default=None, sa_type=Text)
    known: dict[str, Any] = _json()


class ListedFormRow(_Base, table=True):
    """A form and label from an imported list; it counts like one decision."""

    __tablename__ = "listed_form"

    form: str = Field(sa_type=Text, primary_key=True)
    label: str = Field(sa_type=Text, primary_key=True)
    reviewer: str = Field(sa_type=Text)
    at: datetime = _time()


class SuggestedFormRow(_Base, table=True):
    """That a suggestion set holds an entity of this form and label; `key` stands for the form.

    No foreign key: a set can then be removed without reading this table.
    """

    __tablename__ = "suggested_form"
    __table_args__ = ({"sqlite_with_rowid": False},)

    key: int = Field(sa_column=Column(BigInteger, primary_key=True))
    label: str = Field(sa_type=Text, primary_key=True)
    set_id: int = Field(primary_key=True)


class IdentityDecisionRow(_Base, table=True):
    """The log of decisions on identities (`core.across.identity_log`). Triggers forbid changing or
    deleting a row. The tables of identities below are caches of it, rebuilt by a test."""

    __tablename__ = "identity_decision"
    __table_args__ = (
        Index("ix_identity_decision_target", "target", "number"),
        Index("ix_identity_decision_group", "group"),
    )

    number: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    id: str = Field(sa_type=Text, unique=True)
    reviewer: str = Field(sa_type=Text)
    at: datetime = _time()
    group: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    target: str = Field(sa_type=Text)
    article: str | None = Field(default=None, sa_type=Text, index=True)
    before: dict[str, Any] | None = _json(nullable=True)
    after: dict[str, Any] | None = _json(nullable=True)
    chain: str = _chained()


class IdentityPressRow(_Base, table=True):
    """The key presses of that log that stand or can be restored: `place` is the number of the first
    decision, `withdrawn` that of the decision that took it back."""

    __tablename__ = "identity_press"
    __table_args__ = (Index("ix_identity_press_lane", "lane", "place"),)

    group: str = Field(sa_type=Text, primary_key=True)
    lane: str = Field(sa_type=Text)
    place: int
    withdrawn: int | None = None


class IdentityRow(_Base, table=True):
    """An identity as it is named now; `form` is that of its name, `sort` the name in small
    letters."""

    __tablename__ = "identity"
    __table_args__ = (Index("ix_identity_sort", "sort", "id"),)

    id: str = Field(sa_type=Text, primary_key=True)
    name: str = Field(sa_type=Text)
    type: str = Field(sa_type=Text)
    link: str | None = Field(default=None, sa_type=Text)
    note: str | None = Field(default=None, sa_type=Text)
    form: str = Field(sa_type=Text, index=True)
    sort: str = Field(sa_type=Text)


class IdentityRedirectRow(_Base, table=True):
    """That an identity is another one: all of it, or a form of it; `place` is the number of the
    decision, made by the decisions on `target`."""

    __tablename__ = "identity_redirect"

    place: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    source: str = Field(sa_type=Text, index=True)
    form: str = Field(sa_type=Text)
    to: str = Field(sa_type=Text, index=True)
    target: str = Field(sa_type=Text, index=True)
    at: datetime = _time()


class IdentityFormRow(_Base, table=True):
    """That a form was said to name an identity; `reviewer` said it last."""

    __tablename__ = "identity_form"

    form: str = Field(sa_type=Text, primary_key=True)
    identity: str = Field(sa_type=Text, primary_key=True, index=True)
    reviewer: str = Field(sa_type=Text)


class IdentityApartRow(_Base, table=True):
    """That two forms or identities were said to differ, by a decision on the first."""

    __tablename__ = "identity_apart"

    one: str = Field(sa_type=Text, primary_key=True)
    other: str = Field(sa_type=Text, primary_key=True, index=True)


class IdentityMentionRow(_Base, table=True):
    """An entity of a review that was tied to an identity, at `at`; a cache of the reviews."""

    __tablename__ = "identity_mention"
    __table_args__ = (
        Index("ix_identity_mention_identity", "identity", "review_id"),
        Index("ix_identity_mention_form", "form", "identity", "reviewer", "review_id", "at"),
    )

    review_id: int = Field(primary_key=True, foreign_key="review.id")
    item: str = Field(sa_type=Text, primary_key=True)
    identity: str = Field(sa_type=Text)
    form: str = Field(sa_type=Text)
    label: str = Field(sa_type=Text)
    start: int
    end: int
    reviewer: str = Field(sa_type=Text)
    at: datetime = _time()


class NameKeyRow(_Base, table=True):
    """Keys of forms that name identities: forms that share one may be names of one and the same.

    A cache; it may hold forms that name nothing any more.
    """

    __tablename__ = "name_key"
    __table_args__ = ({"sqlite_with_rowid": False},)

    key: int = Field(sa_column=Column(BigInteger, primary_key=True))
    form: str = Field(sa_type=Text, primary_key=True, index=True)


class ListedAliasRow(_Base, table=True):
    """A name of somebody from an alias file; `key` is the name as it is compared."""

    __tablename__ = "listed_alias"

    key: str = Field(sa_type=Text, primary_key=True)
    identity: str = Field(sa_type=Text, primary_key=True, index=True)
    name: str = Field(sa_type=Text)
    type: str | None = Field(default=None, sa_type=Text)
    link: str | None = Field(default=None, sa_type=Text)


class StoryDecisionRow(_Base, table=True):
    """The log of decisions on stories (`core.across.story_log`). Triggers forbid changing or
    deleting a row; a purge takes the ids and the title of its article out."""

    __tablename__ = "story_decision"

    number: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    id: str = Field(sa_type=Text, unique=True)
    reviewer: str = Field(sa_type=Text)
    at: datetime = _time()
    group: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    target: str = Field(sa_type=Text)
    before: dict[str, Any] | None = _json(nullable=True)
    after: dict[str, Any] | None = _json(nullable=True)
    chain: str = _chained()


class LikenessRow(_Base, table=True):
    """A pair of near-duplicates; each pair once, the later article first."""

    __tablename__ = "likeness"

    article_id: str = Field(sa_type=Text, primary_key=True, foreign_key="article.id")
    other_id: str = Field(sa_type=Text, primary_key=True, foreign_key="article.id", index=True)
    similarity: float


class ShingleBandRow(_Base, table=True):
    """Bands of an article's MinHash: articles that share one may be near-duplicates."""

    __tablename__ = "shingle_band"
    __table_args__ = ({"sqlite_with_rowid": False},)

    band: int = Field(sa_column=Column(BigInteger, primary_key=True))
    article_id: str = Field(sa_type=Text, primary_key=True, foreign_key="article.id", index=True)


class CarriedRow(_Base, table=True):
    """An item decided on in a review of an earlier text: the id it was carried over to in this
    review, or the reason why it was not carried over."""

    __tablename__ = "carried"

    id: int | None = Field(default=None, primary_key=True)
    review_id: int = Field(foreign_key="review.id", index=True)
    from_review_id: int = Field(foreign_key="review.id", index=True)
    item: dict[str, Any] = _json()
    carried_to: str | None = Field(default=None, sa_type=Text)
    reason: str | None = Field(default=None, sa_type=Text)


class StoneRow(_Base, table=True):
    """The tombstone of a purged article: id, time, person, and counts of what was removed.

    `redacted` has the digests of entries of logs across articles that the purge removed or changed.
    """

    __tablename__ = "stone"

    article_id: str = Field(sa_type=Text, primary_key=True)
    at: datetime = _time()
    by: str = Field(sa_type=Text)
    counts: dict[str, Any] = _json()
    redacted: list[dict[str, Any]] | None = _json(nullable=True)


class LogHeadRow(_Base, table=True):
    """The number of the last entry of a log across articles, and its chain value."""

    __tablename__ = "log_head"

    log: str = Field(sa_type=Text, primary_key=True)
    number: int
    chain: str = Field(sa_type=Text)


class HeartbeatRow(_Base, table=True):
    """The last heartbeat of the watcher: one row."""

    __tablename__ = "heartbeat"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = _time()
    pid: int
    started: datetime = _time()
    details: dict[str, Any] = _json()


metadata = _Base.metadata
