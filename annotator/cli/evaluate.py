"""`annotator evaluate`: the pipeline against gold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from annotator.cli.shared import Json, say, settings

Gold = Annotated[
    Path, typer.Option(metavar="FILE", help="Records (JSONL), or a spaCy .spacy file.")
]
Map = Annotated[
    str | None,
    typer.Option("--map", metavar="FILE", help="Which gold label stands for which of ours."),
]
Labels = Annotated[
    str | None, typer.Option(metavar="A,B", help="Count only these labels (of the gold).")
]
Model = Annotated[
    str | None, typer.Option(metavar="NAME", help="Another pipeline than the settings name.")
]


def evaluate(
    gold: Gold,
    label_map: Map = None,
    labels: Labels = None,
    model: Model = None,
    as_json: Json = False,
) -> None:
    """Measure the pipeline against gold: precision, recall and F, in all and by label."""
    from annotator.suggest.pipeline import load
    from annotator.training.evaluate import evaluate as measure
    from annotator.training.evaluate import load_map

    chosen = settings(model=model)
    result = measure(
        load(chosen.model),
        gold,
        label_map=load_map(label_map) if label_map else None,
        labels=tuple(labels.split(",")) if labels else None,
    )
    say(result, as_json=as_json, text="\n".join(_lines(result)))


def _lines(result: Mapping[str, Any], depth: int = 0) -> Iterator[str]:
    """A table: one line for each part that has figures, its parts indented below it."""
    for name, value in result.items():
        if not isinstance(value, Mapping):
            continue
        figures = "  ".join(f"{k[0].upper()} {value[k]:6.1%}" for k in _FIGURES if _has(value, k))
        yield f"{'  ' * depth}{name:<{28 - 2 * depth}} {figures}".rstrip()
        yield from _lines(value, depth + 1)


_FIGURES = ("precision", "recall", "f")


def _has(value: Mapping[str, Any], figure: str) -> bool:
    return isinstance(value.get(figure), int | float)
