"""`annotator backup`: a consistent copy of the store."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from annotator.cli.context import say, workspace_of
from annotator.cli.options import Json
from annotator.cli.targets import folders_made, keep_inbox_safe
from annotator.replacing import refuse_parts

Target = Annotated[Path, typer.Argument(metavar="FILE", help="Backup file to write.")]
Force = Annotated[bool, typer.Option("--force", help="Overwrite the file if it exists.")]


def backup(
    context: typer.Context, file: Target, force: Force = False, as_json: Json = False
) -> None:
    """Write a consistent, checked copy of the database while others work."""
    workspace = workspace_of(context)
    chosen = workspace.settings()
    keep_inbox_safe(file, chosen)
    refuse_parts(file)
    store = workspace.open_store(chosen)
    try:
        with folders_made(file):
            store.backup(file, replace=force)
    finally:
        store.close()
    size = file.stat().st_size
    say(
        {"output": str(file), "bytes": size},
        as_json=as_json,
        text=f"Wrote a checked copy of the database to {file}, {size:,} bytes",
    )
