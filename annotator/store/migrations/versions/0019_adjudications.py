"""Adjudications: a reviewer may adjudicate an article that they reviewed themselves."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.add_column(
        "suggestion_set", sa.Column("comparison", sa.JSON(none_as_null=True), nullable=True)
    )
    with op.batch_alter_table("review") as batch:
        if sa.inspect(op.get_bind()).get_unique_constraints("review"):
            batch.drop_constraint(op.f("uq_review_article_id_reviewer"), type_="unique")
        batch.add_column(
            sa.Column("outdated", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    is_review, adjudicates = sa.text("kind <> 'adjudication'"), sa.text("kind = 'adjudication'")
    op.create_index(
        "uq_review_article_id_reviewer",
        "review",
        ["article_id", "reviewer"],
        unique=True,
        sqlite_where=is_review,
        postgresql_where=is_review,
    )
    op.create_index("ix_review_article_id", "review", ["article_id"])
    op.create_index(
        "ix_review_adjudications",
        "review",
        ["id"],
        sqlite_where=adjudicates,
        postgresql_where=adjudicates,
    )
    twice = sa.text("finished > 1")
    op.create_index(
        "ix_article_reviewed_twice",
        "article",
        ["place", "number", "stage"],
        sqlite_where=twice,
        postgresql_where=twice,
    )
