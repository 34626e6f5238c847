"""Identities: the log of decisions on them, what holds by it, mentions tied to them, aliases."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    _log()
    _what_holds()
    _names()


def _log() -> None:
    json = sa.JSON(none_as_null=True)
    op.create_table(
        "identity_decision",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("reviewer", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("group", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("article", sa.Text(), nullable=True),
        sa.Column("before", json, nullable=True),
        sa.Column("after", json, nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_identity_decision")),
        sa.UniqueConstraint("id", name=op.f("uq_identity_decision_id")),
    )
    op.create_index("ix_identity_decision_target", "identity_decision", ["target", "number"])
    op.create_index("ix_identity_decision_group", "identity_decision", ["group"])
    op.create_index("ix_identity_decision_article", "identity_decision", ["article"])
    op.create_table(
        "identity_press",
        sa.Column("group", sa.Text(), nullable=False),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("withdrawn", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("group", name=op.f("pk_identity_press")),
    )
    op.create_index("ix_identity_press_lane", "identity_press", ["lane", "place"])
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER identity_decision_no_{verb.lower()} BEFORE {verb} "
                "ON identity_decision "
                "BEGIN SELECT RAISE(ABORT, 'decisions are never changed'); END"
            )
        return
    op.execute(
        "CREATE TRIGGER identity_decision_no_change BEFORE UPDATE OR DELETE ON identity_decision "
        "FOR EACH ROW EXECUTE FUNCTION decision_is_kept()"
    )


def _what_holds() -> None:
    op.create_table(
        "identity",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("sort", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity")),
    )
    op.create_index("ix_identity_sort", "identity", ["sort", "id"])
    op.create_index("ix_identity_form", "identity", ["form"])
    op.create_table(
        "identity_redirect",
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("to", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_identity_redirect")),
    )
    for column in ("source", "to", "target"):
        op.create_index(f"ix_identity_redirect_{column}", "identity_redirect", [column])
    op.create_table(
        "identity_form",
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("identity", sa.Text(), nullable=False),
        sa.Column("reviewer", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("form", "identity", name=op.f("pk_identity_form")),
    )
    op.create_index("ix_identity_form_identity", "identity_form", ["identity"])
    op.create_table(
        "identity_apart",
        sa.Column("one", sa.Text(), nullable=False),
        sa.Column("other", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("one", "other", name=op.f("pk_identity_apart")),
    )
    op.create_index("ix_identity_apart_other", "identity_apart", ["other"])


def _names() -> None:
    op.create_table(
        "identity_mention",
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("identity", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("reviewer", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["review_id"], ["review.id"], name=op.f("fk_identity_mention_review_id")
        ),
        sa.PrimaryKeyConstraint("review_id", "item", name=op.f("pk_identity_mention")),
    )
    op.create_index("ix_identity_mention_identity", "identity_mention", ["identity", "review_id"])
    covering = ["form", "identity", "reviewer", "review_id", "at"]
    op.create_index("ix_identity_mention_form", "identity_mention", covering)
    op.create_table(
        "name_key",
        sa.Column("key", sa.BigInteger(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", "form", name=op.f("pk_name_key")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_name_key_form", "name_key", ["form"])
    op.create_table(
        "listed_alias",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("identity", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=True),
        sa.Column("link", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("key", "identity", name=op.f("pk_listed_alias")),
    )
    op.create_index("ix_listed_alias_identity", "listed_alias", ["identity"])
