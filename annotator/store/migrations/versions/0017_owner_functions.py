"""Functions that run with the owner's rights on PostgreSQL; made after each upgrade.

They use the tables as they are after the last migration (`store.roles.owner_functions`).
"""

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """No table changes."""
