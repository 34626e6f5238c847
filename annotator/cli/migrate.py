"""`annotator migrate`: upgrade the database to this version."""

from __future__ import annotations

import typer

from annotator.cli.context import say, workspace_of
from annotator.cli.options import Json


def migrate(context: typer.Context, as_json: Json = False) -> None:
    """Upgrade the database to this version (other verbs do so when they start)."""
    from annotator.cli.progress import progress_shown
    from annotator.store.store import Store

    url = workspace_of(context).settings().database
    with progress_shown("rows upgraded") as show:
        old, new = Store.migrate(url, show)
    text = f"The database is at version {new}" + ("." if old == new else f"; it was at {old}.")
    say({"from": old, "to": new}, as_json=as_json, text=text)
