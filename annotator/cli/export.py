"""`annotator export`: write finished reviews, or a file of records, in one of the formats."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from annotator.cli.context import workspace_of
from annotator.cli.options import Json

Where = Annotated[
    Path | None,
    typer.Option(
        "--output",
        metavar="PATH",
        help="Output path; - for standard output. [exports/dataset with the format's ending]",
    ),
]
ToDataset = Annotated[
    Path | None,
    typer.Option(
        "--dataset",
        metavar="DIR",
        help="Write a dataset folder: train/dev/test splits, card, checksums.",
    ),
]
Format = Annotated[str, typer.Option("--format", metavar="NAME", help="Output format.")]
From = Annotated[
    Path | None,
    typer.Option(
        "--from", metavar="FILE", help="Export the records in FILE instead of the database."
    ),
]
Reviewer = Annotated[
    str | None, typer.Option(metavar="NAME", help="Export only reviews by this reviewer.")
]
Reviews = Annotated[
    str,
    typer.Option(
        "--reviews",
        metavar="standing|all",
        help="all also exports the reviews that an adjudication supersedes.",
    ),
]
Pending = Annotated[
    bool, typer.Option("--pending", help="Include unreviewed articles with their suggestions.")
]
Label = Annotated[
    str | None, typer.Option(metavar="A,B", help="Export only entities with these labels.")
]
Since = Annotated[
    str | None,
    typer.Option(metavar="DATE", help="Export only reviews finished at this time or later (UTC)."),
]
Outlet = Annotated[
    str | None, typer.Option(metavar="NAME", help="Export only articles of this outlet.")
]
Strict = Annotated[bool, typer.Option("--strict", help="Fail if the format would lose anything.")]
Verify = Annotated[
    bool,
    typer.Option(
        "--verify", help="Read the result back and compare it before replacing the target."
    ),
]
Losses = Annotated[
    bool, typer.Option("--losses", help="List everything that the format cannot hold.")
]
Follow = Annotated[
    bool,
    typer.Option(
        "--follow", help="Go on until interrupted: append each review to the file as it finishes."
    ),
]


def export(
    context: typer.Context,
    output: Where = None,
    format: Format = "jsonl",
    dataset: ToDataset = None,
    source: From = None,
    reviewer: Reviewer = None,
    reviews: Reviews = "standing",
    pending: Pending = False,
    label: Label = None,
    since: Since = None,
    outlet: Outlet = None,
    strict: Strict = False,
    verify: Verify = False,
    losses: Losses = False,
    follow: Follow = False,
    as_json: Json = False,
) -> None:
    """Export finished reviews; the target is replaced completely or not at all."""
    from annotator.cli.exporting import ExportOptions, carry_out, reviews_named

    asked = ExportOptions(
        workspace_of(context),
        source=source,
        reviewer=reviewer,
        pending=pending,
        labels=label,
        since=since,
        outlet=outlet,
        strict=strict,
        verify=verify,
        losses=losses,
        as_json=as_json,
        which=reviews_named(reviews),
    )
    if follow:
        from annotator.cli.export_following import follow as go_on

        if dataset is not None:
            raise typer.BadParameter("a dataset cannot follow", param_hint="--dataset")
        go_on(asked, format, output)
    elif dataset is not None:
        from annotator.cli.export_dataset import carry_out_dataset

        carry_out_dataset(asked, format, output, dataset)
    else:
        carry_out(asked, format, output)
