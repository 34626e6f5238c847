"""`annotator init`: create a workspace."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from annotator.cli.context import say, tell, workspace_of
from annotator.cli.options import Json

_TOML = """\
# A workspace of annotator. Every key is optional; the README lists them all.

# Articles are files in this folder. They are read, never moved or changed.
inbox = "inbox"

# database = "sqlite:///annotator.db"     # or postgresql+psycopg://user@host/name for a team
# exports = "exports"                     # finished reviews appear in exports/records
# labels = "labels.toml"                  # a label scheme of your own
# model = "en_core_web_sm"                # any installed spaCy pipeline, or a path; ours by default
# fold_below = 0.4                        # fold claims with a lower score away; by default, none
# suggesters = ["models/desk"]            # further pipelines that suggest beside it
"""


def init(
    context: typer.Context,
    folder: Annotated[Path | None, typer.Argument(metavar="[DIR]", show_default=False)] = None,
    as_json: Json = False,
) -> None:
    """Create a workspace: annotator.toml, folders for articles and exports, the database."""
    from annotator.errors import SettingsError
    from annotator.settings import FILE, load_settings, misread_database
    from annotator.store.store import Store

    target = folder or workspace_of(context).folder
    try:
        target.mkdir(parents=True, exist_ok=True)
        new = not (target / FILE).exists()
        if new:
            (target / FILE).write_text(_TOML, encoding="utf-8")
        chosen = load_settings(target)
        for part in (chosen.inbox, chosen.exports):
            part.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(
            f"Cannot create a workspace in {target}: {error.strerror}.",
            hint="Choose a folder that you may write to.",
        ) from error
    misread = misread_database(chosen, target)
    Store.open(chosen.database).close()
    if misread is not None:
        tell(f"{misread.message}\n  An empty one was created; replace it if the other is yours.")
    made = "was created" if new else "was there already, and nothing in it was changed"
    say(
        {"workspace": str(target.resolve()), "new": new},
        as_json=as_json,
        text=f"The workspace {target} {made}. Put articles into {chosen.inbox}, "
        f"then start: annotator --workspace {shlex.quote(str(target))} run",
    )
