"""The key press of each entry of the memory, which counts once; the memory is then built anew."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.execute(sa.text("DELETE FROM memory_entry"))
    with op.batch_alter_table("memory_entry", table_kwargs={"sqlite_with_rowid": False}) as batch:
        batch.add_column(sa.Column("press", sa.Text(), nullable=False))
