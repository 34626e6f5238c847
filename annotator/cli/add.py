"""`annotator add`: take in files, folders and standard input once."""

from __future__ import annotations

import sys
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Annotated

import typer

from annotator.cli.context import INTERRUPTED, many, say, tell, workspace_of
from annotator.cli.options import Json
from annotator.cli.progress import progress_shown
from annotator.cli.targets import path_given
from annotator.cli.worker_options import (
    ENDING,
    check_intake_for,
    plan_for,
    rules_for,
    stopped_by_signals,
    workers_for,
)

if TYPE_CHECKING:
    from annotator.inbox.piped_input import PipedInput
    from annotator.inbox.reading import ReadingRules
    from annotator.ingest.adding import Added
    from annotator.store.store import Store

_STANDARD_INPUT = Path("-")

Paths = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="PATH...", help="Files and folders; - for standard input.", parser=path_given
    ),
]
Name = Annotated[
    str | None,
    typer.Option(
        "--name",
        metavar="FILE",
        help="File name for standard input; its suffix selects the reader.",
    ),
]
Rejected = Annotated[bool, typer.Option("--retry-rejected", help="Read all rejected files again.")]
Again = Annotated[
    bool, typer.Option("--again", help="Run the pipeline again on articles that nobody has opened.")
]


def add(
    context: typer.Context,
    paths: Paths = None,
    again: Again = False,
    retry_rejected: Rejected = False,
    name: Name = None,
    as_json: Json = False,
) -> None:
    """Take in files and folders once, and make suggestions for all waiting articles."""
    from annotator.ingest.adding import add as take_in
    from annotator.ingest.stopping import Stop
    from annotator.logs import to_stderr

    to_stderr(quiet=True)
    named = [path for path in paths or () if path != _STANDARD_INPUT]
    is_given = _STANDARD_INPUT in (paths or ())
    if not (named or is_given or again or retry_rejected):
        raise typer.BadParameter("name a file or folder, or - for standard input")
    if name is not None and not is_given:
        raise typer.BadParameter("--name goes with - (standard input)")
    workspace, stop = workspace_of(context), Stop()
    chosen = workspace.settings()
    rules = rules_for(chosen)
    given = _given(name, rules) if is_given else None
    store = workspace.open_store(chosen, takes_in=True)
    try:
        slip_in = check_intake_for(chosen, store)
        if again:
            _tell_of_watcher(store)
        with stopped_by_signals(stop, saying=ENDING), progress_shown("annotated") as progress:
            done = take_in(
                named,
                store=store,
                plan=plan_for(chosen),
                rules=rules,
                workers=workers_for(chosen),
                again=again,
                rejected=retry_rejected,
                given=given,
                stop=stop,
                progress=progress,
                slip_in=slip_in,
            )
    finally:
        store.close()
    say(done.counts(), as_json=as_json, text=_text(done))
    if done.problem is not None:
        tell(f"{done.problem.message} {done.problem.hint}")
    if done.interrupted:
        tell(
            "Stopped. The next `annotator add` or `annotator watch` continues with the waiting "
            "articles."
            + " Files were left unread: name them again; what is in is recognised."
            * done.unread
        )
        raise typer.Exit(INTERRUPTED)


def _tell_of_watcher(store: Store) -> None:
    beat = store.watcher.last()
    if beat is not None and beat.is_recent(store.now()):
        tell(
            "A watcher is running, and makes some of the new suggestions with the pipeline that it "
            "started with. Start it again first if the pipeline has changed since."
        )


def _given(name: str | None, rules: ReadingRules) -> PipedInput:
    """Standard input, read to at most one byte over the size limit: enough to refuse it."""
    from annotator.inbox.piped_input import PipedInput
    from annotator.inbox.readers import size_limit

    if sys.stdin.isatty():
        tell("Reading from standard input; end it with ctrl+d.")
    raw = sys.stdin.buffer.read(size_limit("input.jsonl", rules.max_size) + 1)
    # The contract wants a file name, never a path.
    return PipedInput(raw, PurePath(name).name or None if name else None)


def _text(done: Added) -> str:
    text = f"{done.added} added, {done.known} known, {done.rejected} rejected, {done.failed} failed"
    if done.again is not None:
        analysed = "to be analysed again" if done.interrupted else "analysed again"
        text += f"; {many(done.again, 'article')} {analysed}"
    return f"{text}; `annotator report` shows the reasons" if done.rejected or done.failed else text
