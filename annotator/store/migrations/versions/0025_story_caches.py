"""What holds of stories, kept in tables beside their log; filled after the upgrade."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    op.create_index("ix_story_decision_at", "story_decision", ["at"])
    op.create_index("ix_story_decision_group", "story_decision", ["group"])
    op.create_table(
        "story",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("articles", sa.JSON(none_as_null=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_story")),
    )
    op.create_index("ix_story_made", "story", ["at", "number", "size"])
    op.create_table(
        "story_article",
        sa.Column("article", sa.Text(), nullable=False),
        sa.Column("story", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("article", name=op.f("pk_story_article")),
    )
    op.create_table(
        "story_apart",
        sa.Column("one", sa.Text(), nullable=False),
        sa.Column("other", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("one", "other", name=op.f("pk_story_apart")),
    )
    op.create_index("ix_story_apart_other", "story_apart", ["other"])
