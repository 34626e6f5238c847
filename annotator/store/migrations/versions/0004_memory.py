"""The memory: entries of reviews, statistics of each form, suggestion sets made by memory."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "memory_entry",
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("stands", sa.Boolean(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("reviewer", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("became", sa.Text(), nullable=True),
        sa.Column("lead", sa.Integer(), nullable=False),
        sa.Column("tail", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["review_id"], ["review.id"], name=op.f("fk_memory_entry_review_id")
        ),
        sa.PrimaryKeyConstraint("review_id", "item", "stands", name=op.f("pk_memory_entry")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_memory_entry_form", "memory_entry", ["subject", "form", "at"])
    op.create_table(
        "memory_form",
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("head", sa.Text(), nullable=True),
        sa.Column("known", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("subject", "form", name=op.f("pk_memory_form")),
    )
    sure = sa.text("head IS NOT NULL")
    op.create_index(
        "ix_memory_form_head", "memory_form", ["head"], sqlite_where=sure, postgresql_where=sure
    )
    op.add_column("suggestion_set", sa.Column("base_id", sa.Integer(), nullable=True))
