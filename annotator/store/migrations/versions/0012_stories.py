"""The log of decisions on stories."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    json = sa.JSON(none_as_null=True)
    op.create_table(
        "story_decision",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("reviewer", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("group", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("before", json, nullable=True),
        sa.Column("after", json, nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_story_decision")),
        sa.UniqueConstraint("id", name=op.f("uq_story_decision_id")),
    )
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER story_decision_no_{verb.lower()} BEFORE {verb} ON story_decision "
                "BEGIN SELECT RAISE(ABORT, 'decisions are never changed'); END"
            )
        return
    op.execute(
        "CREATE TRIGGER story_decision_no_change BEFORE UPDATE OR DELETE ON story_decision "
        "FOR EACH ROW EXECUTE FUNCTION decision_is_kept()"
    )
