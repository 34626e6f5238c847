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


def train(
    corpora: Corpora,
    output: Output,
    records: Records = None,
    calibration: Calibration = None,
    seed: Seed = 7,
    as_json: Json = False,
) -> None:
    """Train a pipeline: parser, tagger, lemmatiser and entities, then rules and scores."""
    from annotator.logs import to_stderr
    from annotator.training.trainer import TrainingOptions
    from annotator.training.trainer import train as run_training

    to_stderr()
    options = TrainingOptions(records, calibration or (), seed)
    scores = run_training(corpora, output, options)
    say(
        {"output": str(output), "scores": scores},
        as_json=as_json,
        text=f"Wrote the pipeline to {output}. Set ANNOTATOR_MODEL={output} to use it",
    )
