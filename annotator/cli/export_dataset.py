"""`annotator export --dataset`: write a dataset folder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from annotator.cli.agreement_figures import compared, measure_to_dict, overall
from annotator.cli.context import say, tell
from annotator.cli.exporting import (
    STANDARD_OUTPUT,
    ExportOptions,
    differences_told,
    records_counted,
    rows_in,
    settings_for,
    tell_damaged,
    wanted_of,
    why_nothing,
)
from annotator.cli.targets import folders_made
from annotator.core.record import Record
from annotator.errors import ArticleDamaged, ExportError
from annotator.export.dataset_folder import Dataset
from annotator.export.outputs import clear_way
from annotator.export.quality_card import Measured
from annotator.export.records import RecordFilter, chosen, records_of_file
from annotator.export.splits import SPLITS, stories_in
from annotator.formats.jsonl import records_in
from annotator.settings import Settings, bundled, dataset_facts, load_scheme
from annotator.store.store import Store


def carry_out_dataset(
    options: ExportOptions, format: str, output: Path | None, target: Path
) -> None:
    """Write a dataset and print the result."""
    if format != "jsonl" or output is not None:
        raise ExportError(
            "--dataset cannot be combined with --format or --output.",
            hint="Leave both out; run another export for another format.",
        )
    if target == STANDARD_OUTPUT:
        raise ExportError("A dataset is a folder.", hint="Give a folder: --dataset DIR")
    here = settings_for(options)
    scheme = load_scheme(here)
    wanted = wanted_of(options, scheme)
    clear_way(target)
    damaged: list[ArticleDamaged] = []
    with _contents(options, here, wanted, damaged) as (rows, known):
        papers, about = _papers(here), dataset_facts(here)
        dataset = Dataset(scheme, papers, filters=_filters(options), about=about, **known)
        with differences_told(), folders_made(target):
            figures = dataset.write(rows, target, verified=options.verify)
    if not figures.records and not options.pending:
        tell(why_nothing(options))
    splits = {split: figures.splits[split] for split in SPLITS}
    say(
        {"records": figures.records, "output": str(target), "splits": splits, "losses": {}},
        as_json=options.as_json,
        text=f"{records_counted(figures.records)} written to {target}: "
        + ", ".join(f"{count:,} {split}" for split, count in splits.items()),
    )
    tell_damaged(damaged)


@contextmanager
def _contents(
    options: ExportOptions, here: Settings, wanted: RecordFilter, damaged: list[ArticleDamaged]
) -> Iterator[tuple[Iterator[Record], Mapping[str, Any]]]:
    """The records in order, and keyword arguments for the dataset: stories, omitted articles."""
    if options.source is not None:
        stories = stories_in(records_in(options.source))
        yield chosen(records_of_file(options.source), wanted), {"stories": stories}
        return
    with closing(options.workspace.open_store(here)) as store:
        known = {
            "stories": store.articles.stories(),
            "left_out": _left_out(store, pending=options.pending),
            "overlaps": store.statistics.overlaps(),
            "measured": None if _filters(options) else _measured(store),
        }
        yield rows_in(store, options, here, wanted, damaged), known


def _measured(store: Store) -> Measured:
    """The agreement of all finished reviews, with each other, the pipeline and gold."""
    from annotator.measures.check_figures import check_figures
    from annotator.measures.comparisons import Comparisons
    from annotator.measures.pipeline_agreement import anchoring, anchoring_to_dict

    found = Comparisons()
    for _ in compared(store, found, lambda _: None):  # the export names what is damaged
        pass
    helped = store.statistics.compared(assisted=True)
    alone = store.statistics.compared(assisted=False)
    measures = [measure_to_dict(one) for one in overall(found)]
    checks = check_figures(store.gold_checks.outcomes())
    return Measured(None, measures, anchoring_to_dict(anchoring(helped, alone)), checks)


def _left_out(store: Store, *, pending: bool) -> dict[str, int]:
    """How many articles have no finished review, by reason."""
    counts = store.queue.counts()
    return {
        "waiting for suggestions": counts.waiting,
        "nobody has reviewed them": 0 if pending else counts.ready,
        "in review": counts.in_review,
        "suggestions failed": counts.failed,
        "replaced by a later text": counts.superseded,
    }


def _papers(here: Settings) -> dict[str, bytes]:
    """The documents in the folder: label scheme, record schema, guidelines."""
    files = {
        "labels.toml": here.labels or bundled("labels.toml"),
        "record.schema.json": bundled("record.schema.json"),
        "guidelines.md": bundled("guidelines.md"),
    }
    return {name: file.read_bytes() for name, file in files.items()}


def _filters(options: ExportOptions) -> Mapping[str, str]:
    """The filters as given on the command line."""
    given = {
        "--reviewer": options.reviewer,
        "--label": options.labels,
        "--since": options.since,
        "--outlet": options.outlet,
    }
    return {option: value for option, value in given.items() if value is not None}
