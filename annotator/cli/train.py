"""`annotator train`: train a pipeline on corpora and finished reviews."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from annotator.cli.context import say
from annotator.cli.options import Json

Corpora = Annotated[
    Path, typer.Option(metavar="DIR", help="Folder with ud/ and ner/, each holding .spacy files.")
]
Output = Annotated[Path, typer.Option(metavar="DIR", help="Output folder for the pipeline.")]
Records = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Finished reviews to train on as well.")
]
Calibration = Annotated[
    list[Path] | None,
    typer.Option(metavar="FILE", help="Gold for calibrating the scores of entities."),
]
Seed = Annotated[
    int, typer.Option(help="Random seed; the same seed and data give the same pipeline.")
]
Base = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR", help="Folder of the pretrained weights; by default the installed package's."
    ),
]
Raw = Annotated[
    list[Path] | None,
    typer.Option(metavar="FILE", help="CSV file with raw news articles in a column text."),
]
Threads = Annotated[int, typer.Option(min=1, help="Threads to train with.")]


def train(
    corpora: Corpora,
    output: Output,
    records: Records = None,
    calibration: Calibration = None,
    base: Base = None,
    raw: Raw = None,
    threads: Threads = 2,
    seed: Seed = 7,
    as_json: Json = False,
) -> None:
    """Train a pipeline: the encoder with its heads, lemmas, then rules and scores."""
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

    recipe = Recipe(base=base, raw=raw or (), records=records, seed=seed, threads=threads)
    scores = run_training(corpora, output, TrainingOptions(recipe, calibration or ()))
    say(
        {"output": str(output), "scores": scores},
        as_json=as_json,
        text=f"Wrote the pipeline to {output}. Set ANNOTATOR_MODEL={output} to use it",
    )
