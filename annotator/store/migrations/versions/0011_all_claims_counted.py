"""Claims of tier B are counted like all others; they are counted after the upgrade."""

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """No table changes."""
