"""`annotator export`: finished reviews, or any file of records, in the format that one needs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from annotator.cli.options import Json

Where = Annotated[
    Path | None,
    typer.Option(
        "--output",
        metavar="PATH",
        help="Where to; - is standard output. [exports/dataset with the format's ending]",
    ),
]
ToDataset = Annotated[
    Path | None,
    typer.Option(
        "--dataset", metavar="DIR", help="A whole dataset: records on three sides, card, checksums."
    ),
]
Format = Annotated[str, typer.Option("--format", metavar="NAME", help="In which format.")]
From = Annotated[
    Path | None,
    typer.Option("--from", metavar="FILE", help="The records of this file, not the store's."),
]
Reviewer = Annotated[
    str | None, typer.Option(metavar="NAME", help="Only the reviews of this reviewer.")
]
Pending = Annotated[
    bool, typer.Option("--pending", help="Also articles nobody has reviewed, as suggested.")
]
Label = Annotated[str | None, typer.Option(metavar="A,B", help="Only entities with these labels.")]
Since = Annotated[
    str | None, typer.Option(metavar="DATE", help="Only what was finished then or later (UTC).")
]
Outlet = Annotated[
    str | None, typer.Option(metavar="NAME", help="Only articles that came from this outlet.")
]
Strict = Annotated[bool, typer.Option("--strict", help="What the format cannot hold is an error.")]
Verify = Annotated[
    bool, typer.Option("--verify", help="Read the result back and compare, before it counts.")
]
Losses = Annotated[
    bool, typer.Option("--losses", help="Name each thing that the format cannot hold.")
]


def export(
    output: Where = None,
    format: Format = "jsonl",
    dataset: ToDataset = None,
    source: From = None,
    reviewer: Reviewer = None,
    pending: Pending = False,
    label: Label = None,
    since: Since = None,
    outlet: Outlet = None,
    strict: Strict = False,
    verify: Verify = False,
    losses: Losses = False,
    as_json: Json = False,
) -> None:
    """Write finished reviews in a format; the target is replaced whole, or not at all."""
    from annotator.cli.exporting import Asked, carry_out

    asked = Asked(
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
    )
    if dataset is not None:
        from annotator.cli.export_dataset import carry_out_dataset

        carry_out_dataset(asked, format, output, dataset)
    else:
        carry_out(asked, format, output)
