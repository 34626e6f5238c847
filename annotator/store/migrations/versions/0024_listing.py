"""What the queue says of an article, and whether it was set aside; the columns are filled after the
upgrade."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"

_COVERED = ("stage", "reviews", "finished", "draw", "assigned", "set_aside")
_INDEXES = {
    "ix_article_queue": ("place", "number", *_COVERED),
    "ix_article_confidence": ("confidence", "number", *_COVERED),
    "ix_article_claims": ("claims", "number", *_COVERED),
    "ix_article_stage": ("stage", "place", "number", *_COVERED[1:]),
    "ix_article_outlet": ("outlet", "place", "number", *_COVERED),
    "ix_article_words": ("words", "number", *_COVERED),
    "ix_article_entities": ("entities", "number", *_COVERED),
    "ix_article_story": ("story_place", "number", *_COVERED),
}
_PARTIAL = {"ix_article_reviewed": "reviews > 0", "ix_article_assigned": "assigned > 0"}


def upgrade() -> None:
    for name in (*_INDEXES, *_PARTIAL):
        op.drop_index(name, "article", if_exists=True)
    # Added at the end of the rows: SQLite rebuilds no table for it.
    op.add_column("article", sa.Column("set_aside", sa.Text(), nullable=True))
    op.add_column("article", sa.Column("listed_as", sa.Text(), nullable=True))
    op.add_column("article", sa.Column("words", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("article", sa.Column("story_place", sa.Integer(), nullable=True))
    op.add_column("review", sa.Column("notes", sa.Integer(), nullable=False, server_default="0"))
    for name, columns in _INDEXES.items():
        op.create_index(name, "article", list(columns))
    for name, condition in _PARTIAL.items():
        _create_partial(name, "article", ["place", "number", *_COVERED], condition)
    _create_partial("ix_review_noted", "review", ["article_id"], "notes > 0")


def _create_partial(name: str, table: str, columns: list[str], condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)
