"""Columns for sorting and filtering the queue; links of articles, imports, carry-over, purges."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from annotator.core.addresses import page_of

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    _articles()
    with op.batch_alter_table("review") as batch:
        batch.add_column(sa.Column("kind", sa.Text(), nullable=False, server_default="review"))
    op.create_table(
        "likeness",
        sa.Column("article_id", sa.Text(), nullable=False),
        sa.Column("other_id", sa.Text(), nullable=False),
        sa.Column("similarity", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_likeness_article_id")
        ),
        sa.ForeignKeyConstraint(["other_id"], ["article.id"], name=op.f("fk_likeness_other_id")),
        sa.PrimaryKeyConstraint("article_id", "other_id", name=op.f("pk_likeness")),
    )
    op.create_index("ix_likeness_other_id", "likeness", ["other_id"])
    op.create_table(
        "shingle_band",
        sa.Column("band", sa.BigInteger(), nullable=False),
        sa.Column("article_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_shingle_band_article_id")
        ),
        sa.PrimaryKeyConstraint("band", "article_id", name=op.f("pk_shingle_band")),
        # The key is all there is: without row numbers it is kept once, not twice.
        sqlite_with_rowid=False,
    )
    op.create_index("ix_shingle_band_article_id", "shingle_band", ["article_id"])
    op.create_table(
        "carried",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("from_review_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.JSON(), nullable=False),
        sa.Column("carried_to", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name=op.f("fk_carried_review_id")),
        sa.ForeignKeyConstraint(
            ["from_review_id"], ["review.id"], name=op.f("fk_carried_from_review_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carried")),
    )
    op.create_index("ix_carried_review_id", "carried", ["review_id"])
    op.create_index("ix_carried_from_review_id", "carried", ["from_review_id"])
    op.create_table(
        "stone",
        sa.Column("article_id", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_stone")),
    )


def _write_pages() -> None:
    """Store canonical addresses for comparison with later articles."""
    article = sa.table("article", sa.column("id"), sa.column("url"))
    connection = op.get_bind()
    named = sa.select(article.c.id, article.c.url).where(article.c.url.is_not(None))
    for name, url in connection.execute(named).fetchall():
        connection.execute(sa.update(article).where(article.c.id == name).values(url=page_of(url)))


def _articles() -> None:
    """Add columns, before the text if the table is rebuilt, so that lists are read without it."""
    rebuilt = op.get_bind().dialect.name == "sqlite"
    before: dict[str, Any] = {"insert_before": "origin"} if rebuilt else {}
    with op.batch_alter_table("article", recreate="always" if rebuilt else "auto") as batch:
        for name, kind in (("outlet", sa.Text()), ("url", sa.Text()), ("confidence", sa.Float())):
            batch.add_column(sa.Column(name, kind, nullable=True), **before)
        batch.add_column(
            sa.Column("place", sa.Integer(), nullable=False, server_default="0"), **before
        )
    op.execute("UPDATE article SET place = number")
    outlet, url = ("origin ->> 'outlet'", "origin ->> 'url'")
    if op.get_bind().dialect.name == "sqlite":
        outlet, url = "json_extract(origin, '$.outlet')", "json_extract(origin, '$.url')"
    op.execute(f"UPDATE article SET outlet = substr({outlet}, 1, 200), url = {url}")
    _write_pages()
    op.drop_index("ix_article_queue", "article")
    op.create_index(
        "ix_article_queue", "article", ["place", "number", "stage", "reviews", "finished"]
    )
    op.create_index(
        "ix_article_confidence", "article", ["confidence", "number", "stage", "reviews", "finished"]
    )
    op.create_index(
        "ix_article_claims", "article", ["claims", "number", "stage", "reviews", "finished"]
    )
    facts = ["place", "number", "stage", "reviews", "finished"]
    op.create_index("ix_article_outlet", "article", ["outlet", *facts])
    op.drop_index("ix_article_stage", "article")
    op.create_index(
        "ix_article_stage", "article", ["stage", "place", "number", "reviews", "finished"]
    )
    reviewed = sa.text("reviews > 0")
    op.create_index(
        "ix_article_reviewed",
        "article",
        facts,
        sqlite_where=reviewed,
        postgresql_where=reviewed,
    )
    op.create_index("ix_article_url", "article", ["url"])
    op.create_index("ix_article_number", "article", ["number"])
