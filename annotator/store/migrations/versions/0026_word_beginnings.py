"""SQLite also indexes the beginnings of words; all texts are indexed after the upgrade."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    op.execute(sa.text("DROP TABLE article_words"))
    # Of one, two and four letters: three are looked up among those of four, and few words begin
    # with the same five.
    op.execute(
        sa.text(
            "CREATE VIRTUAL TABLE article_words "
            "USING fts5(words, content='', tokenize='ascii', prefix='1 2 4')"
        )
    )
