"""`annotator evaluate`: measure the pipeline against gold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from annotator.cli.context import say, tell, workspace_of
from annotator.cli.options import Json
from annotator.errors import RecordError

Gold = Annotated[
    Path, typer.Option(metavar="FILE", help="Gold: records (JSONL) or a spaCy .spacy file.")
]
Map = Annotated[
    str | None,
    typer.Option(
        "--map", metavar="FILE", help="Label mapping: a file, an entry of `label_maps`, or `world`."
    ),
]
Labels = Annotated[str | None, typer.Option(metavar="A,B", help="Count only these gold labels.")]
Model = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="Pipeline to evaluate instead of the configured one."),
]


def evaluate(
    context: typer.Context,
    gold: Gold,
    label_map: Map = None,
    labels: Labels = None,
    model: Model = None,
    as_json: Json = False,
) -> None:
    """Measure the pipeline against gold: precision, recall and F, overall and per label."""
    from annotator.suggest.pipeline import load
    from annotator.training.evaluation import evaluate as measure

    chosen = workspace_of(context).settings(model=model)
    wanted = tuple(labels.split(",")) if labels else None
    result = measure(
        load(chosen.model, chosen.encoder_runtime),
        gold,
        label_map=_label_map(label_map, chosen.label_maps) if label_map else None,
        labels=wanted,
    )
    _check_labels(wanted or (), result.get("entities", {}).get("labels", {}))
    gold_facts = result.get("gold", {})
    for warning in gold_facts.get("warnings", ()):
        tell(f"warning: {warning}")
    figures = {name: value for name, value in result.items() if name != "gold"}
    text = (*_gold_lines(gold_facts), *_lines(figures))
    say(result, as_json=as_json, text=text)


def _label_map(
    name: str, of_the_settings: Mapping[str, Mapping[str, str]]
) -> Mapping[str, Sequence[str]]:
    """The label mapping of that name: from the settings, from the shipped ones, or from a file."""
    from annotator.training.gold import read_label_map

    if name in of_the_settings:
        rows = of_the_settings[name].items()
        return {gold: tuple(part.strip() for part in ours.split(",")) for gold, ours in rows}
    return read_label_map(name)


def _check_labels(wanted: Sequence[str], counted: Mapping[str, Any]) -> None:
    """Raise an error for an unknown label: a typo must not look like a score of zero."""
    for label in wanted:
        row = counted.get(label, {})
        if not row.get("gold") and not row.get("found"):
            raise RecordError(
                f"Neither the gold nor the pipeline has an entity with the label {label!r}.",
                hint="Use labels of the gold in --labels (with --map: those on the left of =).",
            )


def _gold_lines(facts: Mapping[str, Any]) -> Iterator[str]:
    """What kind of gold it is, in two lines; nothing for a .spacy file, which does not say."""
    if not facts:
        return
    articles = [f"{count:,} {name}" for name, count in facts["articles"].items() if count]
    helped = [f"{count:,} {name}" for name, count in facts["help"].items() if count]
    made = facts["same_pipeline"]
    own = f" ({made:,} with suggestions of this very pipeline)" if made else ""
    yield f"gold: articles {', '.join(articles)}; records {', '.join(helped)}{own}"
    items = [f"{count:,} {name}" for name, count in facts["items"].items() if count]
    bulk = facts["bulk"]
    in_bulk = "in bulk not known" if bulk is None else f"{bulk:,} accepted in bulk"
    yield f"      items {', '.join(items) or 'none'}; {in_bulk}"


def _lines(result: Mapping[str, Any], depth: int = 0) -> Iterator[str]:
    """The result as an indented table, one line for each part."""
    for name, value in result.items():
        if isinstance(value, Mapping):
            if value:
                yield f"{'  ' * depth}{name:<{42 - 2 * depth}} {_figures(value)}".rstrip()
                yield from _lines(value, depth + 1)
        elif isinstance(value, float) and name not in _BESIDE:
            yield f"{'  ' * depth}{name:<{42 - 2 * depth}}   {value:6.1%}"


_BESIDE = {"precision": "P", "recall": "R", "f": "F", "half": "half", "tuple": "tuple"}


def _figures(part: Mapping[str, Any]) -> str:
    """The figures in the line of a part."""
    shown = [f"{short} {part[n]:6.1%}" for n, short in _BESIDE.items() if _is_figure(part.get(n))]
    counts = [f"{name} {part[name]:,}" for name in ("gold", "found") if name in part]
    return "  ".join((*shown, *counts))


def _is_figure(value: object) -> bool:
    return isinstance(value, int | float)
