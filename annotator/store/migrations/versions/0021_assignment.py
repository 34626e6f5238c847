"""Who is to review what: the number drawn from each article's id, and assignments."""

import sqlalchemy as sa
from alembic import op

from annotator.core.assignment import overlap_draw

revision = "0021"
down_revision = "0020"

_COVERED = ("stage", "reviews", "finished", "draw", "assigned")
_INDEXES = {
    "ix_article_queue": ("place", "number", *_COVERED),
    "ix_article_confidence": ("confidence", "number", *_COVERED),
    "ix_article_claims": ("claims", "number", *_COVERED),
    "ix_article_stage": ("stage", "place", "number", *_COVERED[1:]),
    "ix_article_outlet": ("outlet", "place", "number", *_COVERED),
}
_AT_ONCE = 1000


def upgrade() -> None:
    for name in (*_INDEXES, "ix_article_reviewed"):
        op.drop_index(name, "article", if_exists=True)
    # Added at the end of the rows: SQLite rebuilds no table for it.
    op.add_column("article", sa.Column("draw", sa.Integer(), nullable=False, server_default="9999"))
    op.add_column(
        "article", sa.Column("assigned", sa.Integer(), nullable=False, server_default="0")
    )
    _draw()
    for name, columns in _INDEXES.items():
        op.create_index(name, "article", list(columns))
    for name, condition in (("reviewed", "reviews > 0"), ("assigned", "assigned > 0")):
        op.create_index(
            f"ix_article_{name}",
            "article",
            ["place", "number", *_COVERED],
            sqlite_where=sa.text(condition),
            postgresql_where=sa.text(condition),
        )
    op.create_table(
        "assignment",
        sa.Column("article_id", sa.Text(), nullable=False),
        sa.Column("reviewer", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_assignment_article_id")
        ),
        sa.PrimaryKeyConstraint("article_id", "reviewer", name=op.f("pk_assignment")),
    )


def _draw() -> None:
    article = sa.table("article", sa.column("id"), sa.column("draw"))
    connection = op.get_bind()
    ids = connection.execute(sa.select(article.c.id)).scalars().all()
    one = sa.update(article).where(article.c.id == sa.bindparam("of"))
    drawn = [{"of": name, "drawn": overlap_draw(name)} for name in ids]
    for start in range(0, len(drawn), _AT_ONCE):
        some = drawn[start : start + _AT_ONCE]
        connection.execute(one.values(draw=sa.bindparam("drawn")), some)
