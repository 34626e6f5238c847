"""Flags and voiced sounds are one word of a text; all texts are indexed after the upgrade."""

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """No table changes."""
