"""`annotator train`: teach the pipeline one's own reviews, or train one from corpora."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from annotator.cli.context import say, workspace_of
from annotator.cli.options import Json

Corpora = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR",
        help="Train from scratch on a folder with ud/ and ner/, each holding .spacy files.",
    ),
]
Output = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="Output folder for the pipeline (with --corpora)."),
]
Records = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Finished reviews to train on: instead of those in the database, or with --corpora.",
    ),
]
Calibration = Annotated[
    list[Path] | None,
    typer.Option(
        metavar="FILE", help="Gold for calibrating the scores of entities (with --corpora)."
    ),
]
Seed = Annotated[
    int,
    typer.Option(
        min=0,
        max=2**32 - 1,
        help="Random seed; the same seed and data give the same pipeline.",
    ),
]
Base = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR",
        help="Folder of the pretrained weights; by default the installed package's "
        "(with --corpora).",
    ),
]
Raw = Annotated[
    list[Path] | None,
    typer.Option(
        metavar="FILE", help="CSV file with raw news articles in a column text (with --corpora)."
    ),
]
Encoder = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR",
        help="Keep the encoder of this pipeline, and train only its head for sentence starts "
        "(with --corpora).",
    ),
]
Threads = Annotated[int | None, typer.Option(min=1, help="Threads to train with (with --corpora).")]
_THREADS = 2


def train(
    context: typer.Context,
    corpora: Corpora = None,
    output: Output = None,
    records: Records = None,
    calibration: Calibration = None,
    base: Base = None,
    raw: Raw = None,
    encoder: Encoder = None,
    threads: Threads = None,
    seed: Seed = 7,
    as_json: Json = False,
) -> None:
    """Teach the pipeline the names of the finished reviews; with --corpora, train from scratch."""
    if corpora is None:
        only_there = {
            "--output": output,
            "--calibration": calibration,
            "--base": base,
            "--raw": raw,
            "--encoder": encoder,
            "--threads": threads,
        }
        for name, value in only_there.items():
            if value:
                raise typer.BadParameter(f"{name} goes with --corpora")
        from annotator.cli.own_training import train_on_reviews

        train_on_reviews(workspace_of(context), records, seed, as_json=as_json)
        return
    if output is None:
        raise typer.BadParameter("--corpora needs --output, a folder for the pipeline")
    from annotator.errors import ModelError
    from annotator.logs import to_stderr
    from annotator.training.assemble import check_output

    to_stderr()
    check_output(output)
    try:
        from annotator.training.encoder.recipe import Recipe
    except ModuleNotFoundError as error:
        raise ModelError(
            f"Training needs {error.name}, which is not installed.",
            hint='Install it with pip install "annotator[train]".',
        ) from error
    from annotator.training.trainer import TrainingOptions
    from annotator.training.trainer import train as run_training

    recipe = Recipe(
        base=base,
        raw=raw or (),
        records=records,
        seed=seed,
        threads=threads or _THREADS,
        encoder=encoder,
    )
    scores = run_training(corpora, output, TrainingOptions(recipe, calibration or ()))
    say(
        {"output": str(output), "scores": scores},
        as_json=as_json,
        text=f"Wrote the pipeline to {output}. Set ANNOTATOR_MODEL={output} to use it",
    )
