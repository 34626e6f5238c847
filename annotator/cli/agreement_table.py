"""`annotator agreement`: how far reviewers agree, with intervals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import groupby
from typing import TYPE_CHECKING, Annotated

import typer

from annotator.cli.agreement_figures import compared, hidden_in_words, measure_to_dict
from annotator.cli.context import many, say, tell, workspace_of
from annotator.cli.options import Json
from annotator.errors import ArticleDamaged

if TYPE_CHECKING:
    from annotator.measures.agreement_measures import Measure
    from annotator.measures.gamma import GammaSample

_WHAT = 26
_CELL = 17


Gamma = Annotated[
    bool,
    typer.Option(
        "--gamma", help="Also compute gamma on some articles, which takes seconds for each."
    ),
]


def agreement(context: typer.Context, gamma: Gamma = False, as_json: Json = False) -> None:
    """Show how far reviewers agree: by label, part of claims, attribute, pair and month."""
    from annotator.cli.progress import progress_shown
    from annotator.measures.agreement_measures import measures
    from annotator.measures.comparisons import Comparisons

    workspace = workspace_of(context)
    damaged: list[ArticleDamaged] = []
    hidden: Counter[str] = Counter()
    sample = _gamma_sample() if gamma else None
    found = Comparisons(gamma=sample)
    with (
        closing(workspace.open_store(workspace.settings())) as store,
        progress_shown("articles compared") as progress,
    ):
        for _ in compared(store, found, damaged.append, progress, hidden=hidden):
            pass
    figures = (*measures(found.sums), *(sample.measures() if sample else ()))
    lines = () if as_json else _lines(figures, found.sums.articles())
    result = {"measures": [*map(measure_to_dict, figures)], "hidden": dict(hidden)}
    say(result, as_json=as_json, text=lines)
    if hidden:
        tell(hidden_in_words(hidden))
    for error in damaged:
        tell(f"{error.message} {error.hint}")
    if damaged:
        raise typer.Exit(1)


def _gamma_sample() -> GammaSample | None:
    """The articles that gamma is computed of; None, after saying how to get it, without it."""
    from annotator.measures.gamma import HOW_TO_GET, GammaSample, is_installed

    if is_installed():
        return GammaSample()
    tell(HOW_TO_GET)
    return None


def _lines(figures: Sequence[Measure], articles: int) -> Iterator[str]:
    """A table for all reviewers, with categories; one line a subject for each pair and month."""
    from annotator.measures.agreement_measures import LEAST_ARTICLES, LEAST_UNITS
    from annotator.measures.bootstrap import DRAWS, RATE
    from annotator.measures.measure_wording import in_words

    if not figures:
        yield "No article has two finished reviews, so agreement is not known."
        return
    yield (
        f"{many(articles, 'article')} with two finished reviews or more; values with intervals of "
        f"{RATE * 100:.0f} %, from {DRAWS:,} draws of articles"
    )
    table = [one for one in figures if one.name != "gamma"]
    for (pair, month), group in groupby(table, key=lambda one: (one.pair, one.month)):
        is_of_all = pair is None and month is None
        rows = [one for one in group if is_of_all or one.category is None]
        yield ""
        yield _heading(pair, month)
        for _, row in groupby(rows, key=lambda one: one.of):
            yield _row([*row])
    yield ""
    for one in figures:
        if one.name == "gamma":
            where = f"{many(one.units, 'span')} in {many(one.articles, 'article')}"
            yield f"gamma of {one.of}: {in_words(one)} ({where})"
    yield (
        f"not enough: fewer than {LEAST_UNITS} units, or in fewer than {LEAST_ARTICLES} articles. "
        "docs/agreement.md says what each measure means."
    )


def _heading(pair: Sequence[str] | None, month: str | None) -> str:
    from annotator.measures.measure_wording import COLUMNS

    whose = month or (" and ".join(pair) if pair else "all reviewers")
    return f"{whose:<{_WHAT}}" + "".join(f"{one:<{_CELL}}" for one in COLUMNS.values()) + "units"


def _row(row: Sequence[Measure]) -> str:
    from annotator.measures.measure_wording import COLUMNS, column_of, in_words

    first = row[0]
    by_column = {column_of(one): in_words(one) for one in row}
    what = f"  {first.category}" if first.category else first.of
    cells = "".join(f"{by_column.get(column, ''):<{_CELL}}" for column in COLUMNS)
    # Of F1 and F1 where edges may differ, the first.
    units = {one.unit: one.units for one in reversed(row)}
    told = ", ".join(many(count, unit.removesuffix("s")) for unit, count in reversed(units.items()))
    return f"{what:<{_WHAT}}{cells}{told}"
