"""Carries out `annotator train` without corpora: the pipeline learns the workspace's reviews."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from annotator.cli.context import Workspace, say, scheme_id, tell
from annotator.cli.progress import progress_shown

if TYPE_CHECKING:
    from annotator.core.record import Record
    from annotator.settings import Settings
    from annotator.suggest.pipeline import Pipeline
    from annotator.training.own_reviews.fine_tuning import FineTuned
    from annotator.training.own_reviews.holding_out import ReviewSplit

Plain = dict[str, Any]
SETS = {"held_out": "held out", "general": "general news"}
"""The two sets of articles that a version is measured on, in words."""


def train_on_reviews(
    workspace: Workspace, records: Path | None, seed: int, *, as_json: bool
) -> None:
    """Train a new version of the shipped pipeline on finished reviews, and use it.

    Raises ModelError, with nothing written, if there are too few reviews or it got worse.
    """
    from annotator.export.splits import stories_in
    from annotator.formats.jsonl import records_in
    from annotator.settings import shipped_gold
    from annotator.suggest.pipeline import keep_to_one_thread, load, shipped_folder
    from annotator.training.own_reviews.holding_out import divided, usable
    from annotator.training.own_reviews.versions import begun_version, use

    keep_to_one_thread()
    chosen = workspace.settings()
    gold = [record for path in shipped_gold() for record in records_in(path)]
    reviews = usable(_records(workspace, chosen, records), gold)
    parts = divided(reviews, stories_in(reviews))
    pipeline = load(None, chosen.encoder_runtime)
    folder = workspace.folder.resolve()
    try:
        with begun_version(folder, shipped_folder()) as version:
            found = _fine_tuned(pipeline, parts, gold, seed)
            made_from = _made_from(pipeline, parts, found, seed)
            made = version.finish(found.files(), made_from, load)
    except KeyboardInterrupt:
        tell("Stopped; nothing was written.")
        raise
    use(folder, str(made.number))
    result = {
        "output": str(made.folder),
        "version": made.number,
        "scores": found.scores_to_plain(),
        "reviews": {"taught": len(parts.taught), "held_out": len(parts.held_out)},
        "not_learnt": dict(found.not_learnt),
    }
    in_use = workspace.settings().model
    result["in_use"] = in_use == str(made.folder)
    say(result, as_json=as_json, text=_text(result))
    if not result["in_use"]:
        tell(f"`model` is set to {in_use}, so the new version is not used.")


def _records(workspace: Workspace, chosen: Settings, file: Path | None) -> Iterator[Record]:
    """The finished reviews of a file, or of the database without those that are unreadable."""
    if file is not None:
        from annotator.formats.jsonl import records_in

        yield from records_in(file)
        return
    from annotator.export.records import records

    with closing(workspace.open_store(chosen)) as store:
        yield from records(
            store, scheme=scheme_id(chosen), damaged=lambda error: tell(error.message)
        )


def _fine_tuned(
    pipeline: Pipeline, reviews: ReviewSplit, gold: Sequence[Record], seed: int
) -> FineTuned:
    from annotator.training.own_reviews.fine_tuning import fine_tune
    from annotator.training.own_reviews.names_head import HeadCourse

    with progress_shown("steps") as progress:
        return fine_tune(pipeline, reviews, gold, HeadCourse(seed=seed), progress)


def _made_from(pipeline: Pipeline, reviews: ReviewSplit, found: FineTuned, seed: int) -> Plain:
    """What `meta.json` says of a version: enough to know what it learnt, and to make it again."""
    from annotator.suggest.pipeline import shipped_folder
    from annotator.training.own_reviews.versions import hash_of

    now = datetime.now(UTC).replace(microsecond=0)
    return {
        "made": now.isoformat().replace("+00:00", "Z"),
        "base": {
            "name": pipeline.id.name,
            "version": pipeline.id.version,
            "hash": hash_of(shipped_folder()),
        },
        "seed": seed,
        "words": found.words,
        "taught": [record.article.id for record in reviews.taught],
        "held_out": [record.article.id for record in reviews.held_out],
        "scores": found.scores_to_plain(),
    }


def _text(result: Plain) -> Iterator[str]:
    taught, held_out = result["reviews"]["taught"], result["reviews"]["held_out"]
    yield f"{taught + held_out:,} finished reviews: {taught:,} to learn from, {held_out:,} held out"
    for label, count in sorted(result["not_learnt"].items()):
        yield f"  {count:,} of {label} were not learnt: the pipeline has no such label"
    yield from scores_table(result["scores"])
    used = " and is used from now on" if result["in_use"] else ""
    yield f"Version {result['version']} is in {result['output']}{used}."
    yield "A watcher that is running uses it when it is started again."
    yield "Articles in the queue keep their suggestions; after that, `annotator add --again` makes"
    yield "new ones for those that nobody has opened."
    yield "`annotator model --back` takes the version out of use."


def scores_table(scores: Mapping[str, Any]) -> Iterator[str]:
    """F of entities before and after, with intervals of 95 %, for each set of articles."""
    yield f"{'F of entities':<26}{'before':<22}{'after':<22}difference"
    for name, words in SETS.items():
        row = scores[name]
        on = f"{words}, {row['articles']} articles"
        before, after = (_range(row[side]) for side in ("before", "after"))
        value, low, high = (100 * row["difference"][name] for name in ("value", "low", "high"))
        yield f"{on:<26}{before:<22}{after:<22}{value:+.1f} ({low:+.1f} to {high:+.1f})"


def _range(one: Mapping[str, float]) -> str:
    return f"{100 * one['value']:.1f} ({100 * one['low']:.1f} to {100 * one['high']:.1f})"
