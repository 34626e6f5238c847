"""Every verb with its options: what reads a command line, other than the plainest."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import annotator
from annotator.cli import (
    add,
    backup,
    evaluate,
    export,
    import_,
    init,
    migrate,
    purge,
    report,
    train,
    watch,
)
from annotator.cli.context import choose_workspace
from annotator.cli.review_screens import review_articles
from annotator.cli.run import run_everything

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


Reviewer = Annotated[
    str | None, typer.Option("--reviewer", metavar="NAME", help="Whose decisions are made.")
]


@app.command()
def run(reviewer: Reviewer = None) -> None:
    """Watch the inbox and review what arrives; leaving the screens ends the watcher."""
    run_everything(reviewer)


@app.command()
def review(reviewer: Reviewer = None) -> None:
    """Open the queue and review articles."""
    review_articles(reviewer)


app.command("init")(init.init)
app.command("watch")(watch.watch)
app.command("add")(add.add)
app.command("export")(export.export)
app.command("import", cls=import_.ImportCommand)(import_.import_)
app.command("report")(report.report)
app.command("evaluate")(evaluate.evaluate)
app.command("backup")(backup.backup)
app.command("purge")(purge.purge)
app.command("migrate")(migrate.migrate)
app.command("train")(train.train)
