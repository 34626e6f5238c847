"""What further pipelines suggest beside ours, and whose opinions a suggestion set was made from."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    json = sa.JSON(none_as_null=True)
    op.create_table(
        "opinion",
        sa.Column("set_id", sa.Integer(), nullable=False),
        sa.Column("suggester", sa.Text(), nullable=False),
        sa.Column("pipeline_name", sa.Text(), nullable=False),
        sa.Column("pipeline_version", sa.Text(), nullable=False),
        sa.Column("pipeline_hash", sa.Text(), nullable=False),
        sa.Column("dropped", sa.Integer(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("labels", json, nullable=False),
        sa.Column("items", json, nullable=False),
        sa.ForeignKeyConstraint(["set_id"], ["suggestion_set.id"], name=op.f("fk_opinion_set_id")),
        sa.PrimaryKeyConstraint("set_id", "suggester", name=op.f("pk_opinion")),
    )
    op.add_column("suggestion_set", sa.Column("suggesters", json, nullable=True))
