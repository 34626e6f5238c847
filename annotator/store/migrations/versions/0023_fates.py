"""What became of the pipeline's suggestions in each finished review; filled after the upgrade."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    op.add_column("review", sa.Column("fates", sa.JSON(none_as_null=True), nullable=True))
