"""`annotator add`: files and folders taken in once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from annotator.cli.options import Json
from annotator.cli.progress import progress_shown
from annotator.cli.shared import open_store, say, settings, tell
from annotator.cli.working import plan_for, rules_for, stopped_by_signals, workers_for

if TYPE_CHECKING:
    from annotator.ingest.adding import Added

_INTERRUPTED = 130

Paths = Annotated[list[Path], typer.Argument(metavar="PATH...", help="Files and folders.")]
Again = Annotated[
    bool, typer.Option("--again", help="New suggestions for what nobody has opened yet.")
]


def add(paths: Paths, again: Again = False, as_json: Json = False) -> None:
    """Take in files and folders once, and have suggestions made for all that waits."""
    from annotator.ingest.adding import add as take_in
    from annotator.ingest.stopping import Stop
    from annotator.logs import to_stderr

    to_stderr(quiet=True)
    chosen, stop = settings(), Stop()
    store = open_store(chosen)
    try:
        with stopped_by_signals(stop), progress_shown("annotated") as progress:
            done = take_in(
                paths,
                store=store,
                plan=plan_for(chosen),
                rules=rules_for(chosen),
                workers=workers_for(chosen),
                again=again,
                stop=stop,
                progress=progress,
            )
    finally:
        store.close()
    say(done.counts(), as_json=as_json, text=_text(done))
    if done.interrupted:
        tell("Stopped. What waits is worked off by the next `annotator add` or `annotator watch`.")
        raise typer.Exit(_INTERRUPTED)


def _text(done: Added) -> str:
    text = f"{done.added} added, {done.known} known, {done.rejected} rejected, {done.failed} failed"
    return f"{text}; `annotator report` says why" if done.rejected or done.failed else text
