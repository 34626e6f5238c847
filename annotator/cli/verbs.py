"""The typer application: every verb with its options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import annotator
from annotator.cli import (
    add,
    agreement_table,
    assign,
    backup,
    blame,
    bundle,
    diff,
    doctor,
    evaluate,
    export,
    find,
    identities_listed,
    import_,
    init,
    lint,
    log,
    memory,
    migrate,
    model,
    purge,
    report,
    roles,
    serve,
    story,
    train,
    verify_store,
    watch,
    work,
)
from annotator.cli.context import Workspace, keep_from_others, workspace_of
from annotator.cli.review_screens import review_articles
from annotator.cli.run import run_everything

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Review entities and claims in news articles at the terminal, and export datasets.",
)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"annotator {annotator.__version__}")
        raise typer.Exit


@app.callback()
def common(
    context: typer.Context,
    workspace: Annotated[
        Path, typer.Option(metavar="DIR", help="Workspace: a folder with annotator.toml.")
    ] = Path("."),
    _version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    context.obj = Workspace(workspace)
    keep_from_others(workspace)


Reviewer = Annotated[
    str | None,
    typer.Option("--reviewer", metavar="NAME", help="Reviewer name to record decisions under."),
]


@app.command()
def run(context: typer.Context, reviewer: Reviewer = None) -> None:
    """Watch the inbox and review articles; leaving the screens stops the watcher."""
    run_everything(workspace_of(context), reviewer)


@app.command()
def review(context: typer.Context, reviewer: Reviewer = None) -> None:
    """Open the queue and review articles."""
    review_articles(workspace_of(context), reviewer)


app.command("init")(init.init)
app.command("watch")(watch.watch)
app.command("work")(work.work)
app.command("serve")(serve.serve)
app.command("add")(add.add)
app.command("export")(export.export)
app.command("import", cls=import_.ImportCommand)(import_.import_)
app.command("find")(find.find)
app.command("lint")(lint.lint)
app.command("diff")(diff.diff)
app.command("assign")(assign.assign)
app.command("identities")(identities_listed.identities)
app.command("story")(story.story)
app.command("report")(report.report)
app.command("agreement")(agreement_table.agreement)
app.command("roles")(roles.roles)
app.command("evaluate")(evaluate.evaluate)
app.command("backup")(backup.backup)
app.command("log")(log.log)
app.command("blame")(blame.blame)
app.command("verify")(verify_store.verify)
app.command("doctor")(doctor.doctor)
app.add_typer(bundle.bundle, name="bundle")
app.command("purge")(purge.purge)
app.command("memory")(memory.memory)
app.command("migrate")(migrate.migrate)
app.command("train")(train.train)
app.command("model")(model.model)
