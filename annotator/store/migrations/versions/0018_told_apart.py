"""Items decided one by one and in bulk are told apart, and finished reviews compared with the
pipeline; both are counted after the upgrade."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
_COUNTS = ("one_by_one", "in_bulk")
_COMPARED = ("same_entities", "marked_entities", "same_claims", "marked_claims")


def upgrade() -> None:
    for name in _COUNTS:
        op.add_column("review", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    for name in _COMPARED:
        op.add_column("review", sa.Column(name, sa.Integer(), nullable=True))
