"""Chain values of the journal; existing logs are chained after the upgrade."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

_LOGS = ("decision", "identity_decision", "story_decision")


def upgrade() -> None:
    chained = [("review", "opening"), ("review", "chain"), *((log, "chain") for log in _LOGS)]
    for table, name in chained:
        op.add_column(table, sa.Column(name, sa.Text(), nullable=False, server_default=""))
    op.add_column("stone", sa.Column("redacted", sa.JSON(none_as_null=True), nullable=True))
    op.create_table(
        "log_head",
        sa.Column("log", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("chain", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("log", name=op.f("pk_log_head")),
    )
    if op.get_bind().dialect.name == "postgresql":
        # A program of an earlier version that is still open must not break the chain.
        for log in _LOGS:
            op.execute(
                f"ALTER TABLE {log} ADD CONSTRAINT ck_{log}_chained CHECK (chain <> '') NOT VALID"
            )
