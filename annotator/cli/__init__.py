"""The verbs, one file each; the only place where settings, store, pipeline and screens meet.

Results go to standard output, all else to standard error. Exit status: 0 done, 1 an error that the
user can act on, 2 wrong usage, 130 interrupted. Each verb imports what it needs when it runs, so
that the screens come up at once.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

import annotator
from annotator.cli import (
    add,
    evaluate,
    export,
    init,
    migrate,
    report,
    review,
    run,
    train,
    watch,
)
from annotator.cli.shared import ERROR, choose_workspace
from annotator.errors import AnnotatorError

INTERRUPTED = 130

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Review entities and claims in news articles at the terminal, and export datasets.",
)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"annotator {annotator.__version__}")
        raise typer.Exit


@app.callback()
def common(
    workspace: Annotated[
        Path, typer.Option(metavar="DIR", help="The workspace: a folder with annotator.toml.")
    ] = Path("."),
    _version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say the version.")
    ] = False,
) -> None:
    choose_workspace(workspace)


app.command("init")(init.init)
app.command("run")(run.run)
app.command("watch")(watch.watch)
app.command("add")(add.add)
app.command("review")(review.review)
app.command("export")(export.export)
app.command("report")(report.report)
app.command("evaluate")(evaluate.evaluate)
app.command("migrate")(migrate.migrate)
app.command("train")(train.train)


def main() -> None:
    """Run the verb on the command line and leave with its exit status."""
    try:
        status = app(standalone_mode=False)
    except AnnotatorError as error:
        print(f"{ERROR}{error.message}", file=sys.stderr)
        if error.hint:
            print(f"  {error.hint}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except SystemExit as end:
        # Typer ends us so when the reader of our output has gone; what it had wanted, it has.
        if not isinstance(end.__context__, BrokenPipeError):
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as error:
        sys.exit(_usage(error))
    sys.exit(status if isinstance(status, int) else 0)


def _usage(error: Exception) -> int:
    """The exit status of a wrong call; any other error is a bug and keeps its traceback."""
    show, status = getattr(error, "show", None), getattr(error, "exit_code", None)
    if type(error).__name__ == "Abort":
        return INTERRUPTED
    if callable(show) and isinstance(status, int):
        show()
        return status
    raise error
