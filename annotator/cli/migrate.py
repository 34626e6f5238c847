"""`annotator migrate`: upgrade the database to this version."""

from __future__ import annotations

from annotator.cli.context import say, settings
from annotator.cli.options import Json


def migrate(as_json: Json = False) -> None:
    """Upgrade the database to this version (other verbs do so when they start)."""
    from annotator.store.store import Store

    old, new = Store.migrate(settings().database)
    text = f"The database is at version {new}" + ("." if old == new else f"; it was at {old}.")
    say({"from": old, "to": new}, as_json=as_json, text=text)
