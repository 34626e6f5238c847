"""`annotator report`: how far the work is, and what could not be read."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import typer

from annotator.cli.agreement_figures import compared, measure_to_dict, overall
from annotator.cli.context import many, say, tell, workspace_of
from annotator.cli.model import in_use
from annotator.cli.options import Json
from annotator.cli.suggester_figures import suggester_figures, suggester_lines
from annotator.core.records.codec import time_from_text, time_to_text
from annotator.core.states import ArticleState, QueueFilter
from annotator.core.watcher_status import Heartbeat, WatcherStatus
from annotator.inbox.files import escaped
from annotator.store.values import QueueView

if TYPE_CHECKING:
    from annotator.store.store import Store
    from annotator.store.values import CarriedCounts, Work

_LISTED = 100


def report(context: typer.Context, as_json: Json = False) -> None:
    """Show progress, speed, rejected files with reasons, and agreement between reviewers."""
    from annotator.tui.saving.restore import waiting

    workspace = workspace_of(context)
    chosen = workspace.settings()
    store = workspace.open_store(chosen)
    try:
        inbox = escaped(os.path.realpath(chosen.inbox))
        unsaved = waiting(workspace.folder).items()
        result = _result(store, store.now(), inbox=inbox, unsaved=unsaved)
    finally:
        store.close()
    result["model"] = in_use(workspace.folder, chosen.model)
    say(result, as_json=as_json, text=[*_lines(result), f"model: {result['model']}"])


def _result(
    store: Store, now: datetime, *, inbox: str = "", unsaved: Iterable[tuple[str, int]] = ()
) -> dict[str, Any]:
    counts = store.queue.counts()
    work = store.statistics.work()
    failed = store.queue.page(QueueView("", state=QueueFilter.FAILED), offset=0, limit=_LISTED)
    return {
        "articles": counts.articles,
        **{state.field: counts.of(state) for state in ArticleState},
        "rejected": [
            {
                "name": file.name,
                "path": file.below(inbox),
                "reason": file.reason,
                "hint": file.hint,
                "size": file.size,
                "at": time_to_text(file.at),
            }
            for file in store.files.rejected()
        ],
        "failed_articles": [
            {"id": row.id, "title": row.title, "reason": row.problem} for row in failed
        ],
        "unsaved": [{"name": name, "decisions": number} for name, number in unsaved],
        "dropped_suggestions": store.statistics.dropped_suggestions(),
        "carried_over": _carried(store.statistics.carried_counts()),
        "alike": store.statistics.alike_count(),
        "reviewers": [_figures(one) for one in work],
        "adjudicated": store.statistics.adjudicated(),
        "to_adjudicate": store.queue.size(QueueView("", state=QueueFilter.TO_ADJUDICATE)),
        "together": _figures(_sum(work)),
        "suggesters": suggester_figures(store.statistics.suggesters()),
        "agreement": _agreement(store),
        "anchoring": _anchoring(store),
        "checks": _checks(store),
        "watcher": _watcher(store.watcher.last(), now),
    }


def _figures(work: Work) -> dict[str, Any]:
    """One reviewer's counts and rates; a rate is null if it cannot be computed."""
    hourly, keys = work.items_per_hour, work.keys_per_item
    return {
        "reviewer": work.reviewer,
        "articles": work.articles,
        "items": work.items,
        "one_by_one": work.one_by_one,
        "in_bulk": work.in_bulk,
        "keys": work.keys,
        "seconds": round(work.seconds, 1),
        "items_per_hour": None if hourly is None else round(hourly, 1),
        "keys_per_item": None if keys is None else round(keys, 3),
    }


def _carried(counts: CarriedCounts) -> dict[str, Any]:
    """Decisions carried over from earlier texts: reviews, decisions, and those not carried over by
    reason."""
    return {
        "reviews": counts.reviews,
        "carried": counts.carried,
        "not_carried": dict(counts.not_carried),
    }


def _sum(work: Sequence[Work]) -> Work:
    from annotator.store.values import Work

    return Work(
        "",
        sum(one.articles for one in work),
        sum(one.one_by_one for one in work),
        sum(one.in_bulk for one in work),
        sum(one.keys for one in work),
        sum(one.seconds for one in work),
    )


def _watcher(beat: Heartbeat | None, now: datetime) -> dict[str, Any] | None:
    """The watcher's last heartbeat; `alive` if it is recent."""
    if beat is None:
        return None
    return {
        "at": time_to_text(beat.at),
        "pid": beat.pid,
        "alive": beat.is_recent(now),
        "seconds_ago": round(beat.silent(now), 1),
        **beat.status.to_json(),
    }


def _agreement(store: Store) -> dict[str, Any]:
    """Agreement on articles that more than one reviewer has finished: mean F1 over pairs of
    reviews, and the measures of `agreement` over all of them."""
    from annotator.core.agreement import agreement
    from annotator.measures.comparisons import Comparisons

    found = Comparisons()
    reviewed = compared(store, found, lambda error: tell(f"{error.message} {error.hint}"))
    agreed = agreement(
        [one.review.items for one in reviews] for reviews in reviewed if len(reviews) > 1
    )
    return {
        "pairs": agreed.pairs,
        "entities": agreed.entities,
        "claims": agreed.claims,
        "measures": [measure_to_dict(one) for one in overall(found)],
    }


def _anchoring(store: Store) -> dict[str, Any]:
    """How far finished reviews agree with the pipeline, with its suggestions and without."""
    from annotator.measures.pipeline_agreement import anchoring, anchoring_to_dict

    helped = store.statistics.compared(assisted=True)
    alone = store.statistics.compared(assisted=False)
    return anchoring_to_dict(anchoring(helped, alone))


def _checks(store: Store) -> dict[str, Any]:
    """How many articles are checks, and how near each reviewer came to their gold."""
    from annotator.measures.check_figures import check_figures

    articles = store.gold_checks.count()
    found = check_figures(store.gold_checks.outcomes()) if articles else {}
    return {"articles": articles, "reviewers": found}


def _lines(result: dict[str, Any]) -> Iterator[str]:
    yield f"{'articles':<12}{result['articles']:>9,}"
    for state in ArticleState:
        yield f"  {state:<10}{result[state.field]:>9,}"
    for one in result["failed_articles"]:
        yield f"    {one['title']}: {one['reason'] or 'see the log for the reason'}"
    if result["failed"] > len(result["failed_articles"]):
        yield f"    and {result['failed'] - len(result['failed_articles']):,} more"
    if result["failed"]:
        yield "    to retry: press `r` in the queue, then `t`; or run `annotator add --again`"
    yield f"{'rejected':<12}{len(result['rejected']):>9,}"
    for file in result["rejected"][:_LISTED]:
        seen = f"{file['size']:,} bytes, read {file['at']}"
        yield f"    {file['path']} ({seen}): {file['reason']} {file['hint']}".rstrip()
    if len(result["rejected"]) > _LISTED:
        yield f"    and {len(result['rejected']) - _LISTED:,} more; --json lists them all"
    for file in result["unsaved"]:
        yield (
            f"{file['name']}: {many(file['decisions'], 'decision')} not saved; "
            "they are saved when the screens start next"
        )
    if result["dropped_suggestions"]:
        yield (
            f"{result['dropped_suggestions']:,} suggestions were dropped: their labels are "
            "not in the label scheme"
        )
    yield from _carried_lines(result["carried_over"])
    if result["alike"]:
        yield f"{many(result['alike'], 'pair')} of near-duplicate articles"
    yield from _work_lines(result)
    yield from _adjudication_lines(result)
    yield from suggester_lines(result["suggesters"])
    yield from _agreement_lines(result["agreement"])
    yield from _anchoring_lines(result["anchoring"])
    yield from _check_lines(result["checks"])
    yield ""
    yield _watcher_line(result["watcher"])


def _agreement_lines(agreed: dict[str, Any]) -> Iterator[str]:
    if not agreed["pairs"]:
        return
    figures = ", ".join(
        f"{part} {agreed[part]:.1%}" for part in ("entities", "claims") if agreed[part] is not None
    )
    yield ""
    yield f"agreement (F1 over {many(agreed['pairs'], 'pair')} of reviews): {figures}"
    for one in agreed["measures"]:
        if one["measure"] in ("f1", "alpha") and one["enough"] and one["low"] is not None:
            units = many(one["units"], one["unit"].removesuffix("s"))
            yield (
                f"  {one['of']:<20}{one['measure']:<7}{one['value']:.3f}  "
                f"(95 %: {one['low']:.3f} to {one['high']:.3f}; {units})"
            )


def _anchoring_lines(found: dict[str, Any]) -> Iterator[str]:
    from annotator.measures.pipeline_agreement import anchoring_lines

    if any(one["reviews"] for side in ("assisted", "unassisted") for one in found[side].values()):
        yield ""
        yield "agreement of reviewers with the pipeline (docs/quality.md):"
        yield from (f"  {line}" for line in anchoring_lines(found))


def _check_lines(checks: dict[str, Any]) -> Iterator[str]:
    from annotator.measures.check_figures import check_lines

    if checks["articles"]:
        yield ""
        number = many(checks["articles"], "article")
        yield f"checks: {number} with gold, not counted above (docs/quality.md)"
        yield from (f"  {line}" for line in check_lines(checks["reviewers"]))


def _adjudication_lines(result: dict[str, Any]) -> Iterator[str]:
    """How many articles were adjudicated and by whom, and how many are to be."""
    if result["adjudicated"] or result["to_adjudicate"]:
        yield ""
        by = ", ".join(f"{name} {number:,}" for name, number in result["adjudicated"].items())
        done = many(sum(result["adjudicated"].values()), "article")
        yield f"{done} adjudicated{f' ({by})' if by else ''}, {result['to_adjudicate']:,} to be"


def _work_lines(result: dict[str, Any]) -> Iterator[str]:
    """A table of work and time per reviewer; pauses do not count, and items decided in bulk make
    nobody faster."""
    if not result["reviewers"]:
        return
    people = [*result["reviewers"], {**result["together"], "reviewer": "together"}]
    people = people if len(people) > 2 else people[:1]
    widest = max(8, *(len(one["reviewer"]) for one in people))
    yield ""
    yield (
        f"{'reviewer':<{widest}}{'articles':>10}{'one by one':>12}{'in bulk':>9}{'hours':>8}"
        f"{'one by one/hour':>17}{'keys/item':>11}"
    )
    for one in people:
        hourly, keys = one["items_per_hour"], one["keys_per_item"]
        yield (
            f"{one['reviewer']:<{widest}}{one['articles']:>10,}{one['one_by_one']:>12,}"
            f"{one['in_bulk']:>9,}{one['seconds'] / 3600:>8,.1f}"
            f"{'–' if hourly is None else f'{hourly:,.0f}':>17}"
            f"{'–' if keys is None else f'{keys:.2f}':>11}"
        )


def _carried_lines(carried: dict[str, Any]) -> Iterator[str]:
    if carried["reviews"]:
        came = many(carried["carried"], "decision")
        yield f"{came} carried over from earlier texts into {many(carried['reviews'], 'review')}"
    for reason, count in carried["not_carried"].items():
        yield f"  {count:,} not carried over: {reason}"


def _watcher_line(watcher: dict[str, Any] | None) -> str:
    if watcher is None:
        return "watcher: never started"
    at = time_from_text(watcher["at"])
    beat = Heartbeat(at, watcher["pid"], at, WatcherStatus.from_json(watcher))
    now = at + timedelta(seconds=watcher["seconds_ago"])
    if not beat.is_recent(now):
        return f"watcher: not running; {beat.end} at {time_to_text(at.replace(microsecond=0))}"
    said = [f"process {beat.pid}", *beat.doing(now, beat.status.waiting), beat.status.problem]
    return f"watcher: {', '.join(words for words in said if words)}"
