"""The index of the words of all texts; the texts are indexed after the upgrade."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.exc import OperationalError

from annotator.errors import StoreError

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _make_fts5()
        return
    op.create_table(
        "article_words",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("words", TSVECTOR(), nullable=False),
    )
    op.create_index("ix_article_words_number", "article_words", ["number"])
    op.create_index("ix_article_words_words", "article_words", ["words"], postgresql_using="gin")


def _make_fts5() -> None:
    # The words come folded, separated by blanks; the tokenizer `ascii` only splits them.
    try:
        op.execute(
            sa.text(
                "CREATE VIRTUAL TABLE article_words USING fts5(words, content='', tokenize='ascii')"
            )
        )
    except OperationalError as error:
        if "no such module" not in str(error):
            raise
        raise StoreError(
            "This Python has an SQLite without full-text search (FTS5).",
            hint="Use a Python from python.org or of your system; both have it.",
        ) from error
