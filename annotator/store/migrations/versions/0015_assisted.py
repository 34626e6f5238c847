"""Whether a review was shown suggestions; so far, all were."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0013"


def upgrade() -> None:
    op.add_column(
        "review",
        sa.Column("assisted", sa.Boolean(), nullable=False, server_default=sa.true()),
    )
