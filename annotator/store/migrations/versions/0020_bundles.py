"""When reviews were taken along in bundles, and until when their articles are held."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    for name in ("taken_at", "taken_until"):
        op.add_column("review", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
