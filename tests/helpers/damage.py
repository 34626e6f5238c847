"""Changes what the store protects, as a broken disk or a stranger with the file would."""

from __future__ import annotations

from sqlalchemy import text

from annotator.store.store import Store


def damage_suggestions(store: Store, article_id: str) -> None:
    """Make the suggestions of an article unreadable."""
    change = "UPDATE suggestion_set SET items = '[{}]' WHERE article_id = :id"
    with store.database.writing() as connection:
        if store.database.is_sqlite:
            connection.execute(text("DROP TRIGGER suggestion_set_no_update"))
        else:
            connection.execute(text("ALTER TABLE suggestion_set DISABLE TRIGGER USER"))
        connection.execute(text(change), {"id": article_id})
