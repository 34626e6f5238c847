"""`annotator migrate`: upgrade the database to this version."""

from __future__ import annotations

import typer

from annotator.cli.context import say, workspace_of
from annotator.cli.options import Json


def migrate(context: typer.Context, as_json: Json = False) -> None:
    """Upgrade the database to this version (other verbs do so when they start)."""
    from annotator.cli.progress import progress_shown
    from annotator.cli.worker_options import shares_work
    from annotator.store.store import Store

    workspace = workspace_of(context)
    chosen = workspace.settings()
    with progress_shown("rows upgraded") as show:
        old, new = Store.migrate(chosen.database, show)
    if shares_work(chosen):  # the owner may create what workers may not
        workspace.open_store(chosen, takes_in=True).close()
    text = f"The database is at version {new}" + ("." if old == new else f"; it was at {old}.")
    say({"from": old, "to": new}, as_json=as_json, text=text)
