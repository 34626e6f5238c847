"""What Alembic runs: upgrades inside the transaction that `schema` has opened."""

from alembic import context

from annotator.store.sql.tables import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
