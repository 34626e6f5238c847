"""Checks: articles with a known answer, slipped in among the others, and their gold."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"

_INDEXES = {
    "ix_article_reviewed_twice": (("place", "number", "stage", "draw"), "finished > 1"),
    "ix_article_checks": (("place", "number", "stage", "reviews", "id"), "draw < 0"),
}


def upgrade() -> None:
    op.create_table(
        "check_gold",
        sa.Column("article_id", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("record", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_check_gold_article_id")
        ),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_check_gold")),
    )
    op.drop_index("ix_article_reviewed_twice", "article", if_exists=True)
    for name, (columns, condition) in _INDEXES.items():
        where = sa.text(condition)
        op.create_index(name, "article", list(columns), sqlite_where=where, postgresql_where=where)
