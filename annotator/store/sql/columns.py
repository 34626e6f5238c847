"""The tables as queries need them: columns and their types. Made by `describe`, not by hand.

What describes them is `tables`, in SQLModel; loading that takes longer than loading all that a
screen needs, and twice the memory of an article.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Float,
    Integer,
    MetaData,
    Table,
    Text,
)

from annotator.store.sql.column_types import JsonList, Utc

metadata = MetaData()

source = Table(
    "source",
    metadata,
    Column("path", Text, primary_key=True),
    Column("inode", BigInteger),
    Column("size", BigInteger),
    Column("mtime_ns", BigInteger),
    Column("ctime_ns", BigInteger),
    Column("at", Utc),
    Column("reason", Text),
    Column("hint", Text),
)

article = Table(
    "article",
    metadata,
    Column("id", Text, primary_key=True),
    Column("number", Integer),
    Column("stage", Text),
    Column("reviews", Integer, default=0),
    Column("finished", Integer, default=0),
    Column("problem", Text),
    Column("tries", Integer, default=0),
    Column("leased_by", Text),
    Column("leased_until", Utc),
    Column("supersedes", Text),
    Column("title", Text),
    Column("language", Text),
    Column("received", Utc),
    Column("entities", Integer, default=0),
    Column("claims", Integer, default=0),
    Column("total", Integer, default=0),
    Column("outlet", Text),
    Column("url", Text),
    Column("confidence", Float),
    Column("place", Integer),
    Column("origin", JSON(none_as_null=True)),
    Column("also_from", JSON(none_as_null=True)),
    Column("meta", JSON(none_as_null=True)),
    Column("text", Text),
)

source_article = Table(
    "source_article",
    metadata,
    Column("path", Text, primary_key=True),
    Column("part", Text, primary_key=True),
    Column("article_id", Text),
)

suggestion_set = Table(
    "suggestion_set",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("article_id", Text),
    Column("pipeline_name", Text),
    Column("pipeline_version", Text),
    Column("pipeline_hash", Text),
    Column("at", Utc),
    Column("dropped", Integer, default=0),
    Column("items", JsonList),
)

review = Table(
    "review",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("article_id", Text),
    Column("reviewer", Text),
    Column("suggestion_set_id", Integer),
    Column("opened_at", Utc),
    Column("leased_until", Utc),
    Column("lease_seconds", Float, default=0.0),
    Column("last_seq", Integer, default=0),
    Column("finished_at", Utc),
    Column("answer", Text),
    Column("total", Integer, default=0),
    Column("open", Integer, default=0),
    Column("entities", Integer, default=0),
    Column("claims", Integer, default=0),
    Column("kind", Text),
)

decision = Table(
    "decision",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("id", Text),
    Column("review_id", Integer),
    Column("seq", Integer),
    Column("at", Utc),
    Column("group", Text),
    Column("kind", Text),
    Column("target", Text),
    Column("keys", Integer, default=0),
    Column("seconds", Float, default=0.0),
    Column("surface", Text),
    Column("label", Text),
    Column("before", JSON(none_as_null=True)),
    Column("after", JSON(none_as_null=True)),
)

likeness = Table(
    "likeness",
    metadata,
    Column("article_id", Text, primary_key=True),
    Column("other_id", Text, primary_key=True),
    Column("similarity", Float),
)

shingle_band = Table(
    "shingle_band",
    metadata,
    Column("band", BigInteger, primary_key=True),
    Column("article_id", Text, primary_key=True),
)

carried = Table(
    "carried",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("review_id", Integer),
    Column("from_review_id", Integer),
    Column("item", JSON(none_as_null=True)),
    Column("carried_to", Text),
    Column("reason", Text),
)

stone = Table(
    "stone",
    metadata,
    Column("article_id", Text, primary_key=True),
    Column("at", Utc),
    Column("by", Text),
    Column("counts", JSON(none_as_null=True)),
)

heartbeat = Table(
    "heartbeat",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Utc),
    Column("pid", Integer),
    Column("started", Utc),
    Column("details", JSON(none_as_null=True)),
)
