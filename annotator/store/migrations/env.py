"""Runs Alembic upgrades inside the transaction opened by `schema`."""

from alembic import context

from annotator.store.sql.tables import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
