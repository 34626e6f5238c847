"""A column for files to be read again, instead of an impossible inode."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_NO_INODE = -1


def upgrade() -> None:
    # Added at the end of the rows: SQLite changes no row for it.
    op.add_column(
        "source", sa.Column("retry", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    source = sa.table("source", sa.column("inode"), sa.column("retry"))
    marked = sa.update(source).where(source.c.inode == _NO_INODE)
    op.execute(marked.values(retry=sa.true(), inode=0))
