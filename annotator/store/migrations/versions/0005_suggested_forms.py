"""Which suggestion sets hold which forms, to count the articles that a decision concerns."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "suggested_form",
        sa.Column("key", sa.BigInteger(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("set_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", "label", "set_id", name=op.f("pk_suggested_form")),
        # The key is all there is: without row numbers it is kept once, not twice.
        sqlite_with_rowid=False,
    )
