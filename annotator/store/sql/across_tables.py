"""The tables of what stands across articles: the memory, identities, stories."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    Text,
    text,
)
from sqlmodel import Field

from annotator.store.sql.table_parts import Base, as_json, chained, moment


class MemoryEntryRow(Base, table=True):
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
    at: datetime = moment()
    press: str = Field(sa_type=Text)
    became: str | None = Field(default=None, sa_type=Text)
    lead: int = 0
    tail: int = 0


class MemoryFormRow(Base, table=True):
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
    known: dict[str, Any] = as_json()


class ListedFormRow(Base, table=True):
    """A form and label from an imported list; it counts like one decision."""

    __tablename__ = "listed_form"

    form: str = Field(sa_type=Text, primary_key=True)
    label: str = Field(sa_type=Text, primary_key=True)
    reviewer: str = Field(sa_type=Text)
    at: datetime = moment()


class SuggestedFormRow(Base, table=True):
    """That a suggestion set holds an entity of this form and label; `key` stands for the form.

    No foreign key: a set can then be removed without reading this table.
    """

    __tablename__ = "suggested_form"
    __table_args__ = ({"sqlite_with_rowid": False},)

    key: int = Field(sa_column=Column(BigInteger, primary_key=True))
    label: str = Field(sa_type=Text, primary_key=True)
    set_id: int = Field(primary_key=True)


class IdentityDecisionRow(Base, table=True):
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
    at: datetime = moment()
    group: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    target: str = Field(sa_type=Text)
    article: str | None = Field(default=None, sa_type=Text, index=True)
    before: dict[str, Any] | None = as_json(nullable=True)
    after: dict[str, Any] | None = as_json(nullable=True)
    chain: str = chained()


class IdentityPressRow(Base, table=True):
    """The key presses of that log that stand or can be restored: `place` is the number of the first
    decision, `withdrawn` that of the decision that took it back."""

    __tablename__ = "identity_press"
    __table_args__ = (Index("ix_identity_press_lane", "lane", "place"),)

    group: str = Field(sa_type=Text, primary_key=True)
    lane: str = Field(sa_type=Text)
    place: int
    withdrawn: int | None = None


class IdentityRow(Base, table=True):
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


class IdentityRedirectRow(Base, table=True):
    """That an identity is another one: all of it, or a form of it; `place` is the number of the
    decision, made by the decisions on `target`."""

    __tablename__ = "identity_redirect"

    place: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    source: str = Field(sa_type=Text, index=True)
    form: str = Field(sa_type=Text)
    to: str = Field(sa_type=Text, index=True)
    target: str = Field(sa_type=Text, index=True)
    at: datetime = moment()


class IdentityFormRow(Base, table=True):
    """That a form was said to name an identity; `reviewer` said it last."""

    __tablename__ = "identity_form"

    form: str = Field(sa_type=Text, primary_key=True)
    identity: str = Field(sa_type=Text, primary_key=True, index=True)
    reviewer: str = Field(sa_type=Text)


class IdentityApartRow(Base, table=True):
    """That two forms or identities were said to differ, by a decision on the first."""

    __tablename__ = "identity_apart"

    one: str = Field(sa_type=Text, primary_key=True)
    other: str = Field(sa_type=Text, primary_key=True, index=True)


class IdentityMentionRow(Base, table=True):
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
    at: datetime = moment()


class NameKeyRow(Base, table=True):
    """Keys of forms that name identities: forms that share one may be names of one and the same.

    A cache; it may hold forms that name nothing any more.
    """

    __tablename__ = "name_key"
    __table_args__ = ({"sqlite_with_rowid": False},)

    key: int = Field(sa_column=Column(BigInteger, primary_key=True))
    form: str = Field(sa_type=Text, primary_key=True, index=True)


class ListedAliasRow(Base, table=True):
    """A name of somebody from an alias file; `key` is the name as it is compared."""

    __tablename__ = "listed_alias"

    key: str = Field(sa_type=Text, primary_key=True)
    identity: str = Field(sa_type=Text, primary_key=True, index=True)
    name: str = Field(sa_type=Text)
    type: str | None = Field(default=None, sa_type=Text)
    link: str | None = Field(default=None, sa_type=Text)


class StoryDecisionRow(Base, table=True):
    """The log of decisions on stories (`core.across.story_log`). Triggers forbid changing or
    deleting a row; a purge takes the ids and the title of its article out. The tables of stories
    below are caches of it, rebuilt by a test."""

    __tablename__ = "story_decision"
    __table_args__ = (
        Index("ix_story_decision_at", "at"),
        Index("ix_story_decision_group", "group"),
    )

    number: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    id: str = Field(sa_type=Text, unique=True)
    reviewer: str = Field(sa_type=Text)
    at: datetime = moment()
    group: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    target: str = Field(sa_type=Text)
    before: dict[str, Any] | None = as_json(nullable=True)
    after: dict[str, Any] | None = as_json(nullable=True)
    chain: str = chained()


class StoryRow(Base, table=True):
    """A story as it is named now, with its articles in their order; made by the decision `number`
    at `at`, which order the stories. `size` is how many articles it has."""

    __tablename__ = "story"
    __table_args__ = (Index("ix_story_made", "at", "number", "size"),)

    id: str = Field(sa_type=Text, primary_key=True)
    title: str = Field(sa_type=Text)
    at: datetime = moment()
    number: int
    size: int
    articles: list[str] = as_json()


class StoryArticleRow(Base, table=True):
    """That an article is in a story. The article need not be in the store: what was decided of it
    may come from elsewhere."""

    __tablename__ = "story_article"

    article: str = Field(sa_type=Text, primary_key=True)
    story: str = Field(sa_type=Text)


class StoryApartRow(Base, table=True):
    """That people took two articles apart, the first of which is first by id; they may have been
    put together since."""

    __tablename__ = "story_apart"

    one: str = Field(sa_type=Text, primary_key=True)
    other: str = Field(sa_type=Text, primary_key=True, index=True)
