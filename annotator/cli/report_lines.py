"""The figures of `report` as lines of text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from annotator.cli.agreement_figures import hidden_in_words
from annotator.cli.context import many
from annotator.cli.report_figures import LISTED
from annotator.cli.statistics_lines import fate_lines, hardest_lines, note_lines, speed_lines
from annotator.cli.suggester_figures import suggester_lines
from annotator.core.records.codec import time_from_text
from annotator.core.states import ArticleState
from annotator.core.statistics.text_plots import bar
from annotator.core.watcher_status import Heartbeat, WatcherStatus

_BAR = 20


def report_lines(result: dict[str, Any]) -> Iterator[str]:
    """The figures as lines of text."""
    if not result["reads_everything"]:
        yield (
            "This role of the database may not read all reviews: below, work, agreement and checks "
            "are of those that it may read."
        )
    yield f"{'articles':<12}{result['articles']:>9,}"
    for state in ArticleState:
        yield f"  {state:<10}{result[state.field]:>9,}{_share(result, state)}".rstrip()
    for one in result["failed_articles"]:
        yield f"    {one['title']}: {one['reason'] or 'see the log for the reason'}"
    if result["failed"] > len(result["failed_articles"]):
        yield f"    and {result['failed'] - len(result['failed_articles']):,} more"
    if result["failed"]:
        yield "    to retry: press `r` in the queue, then `t`; or run `annotator add --again`"
    yield f"{'rejected':<12}{len(result['rejected']):>9,}"
    for file in result["rejected"][:LISTED]:
        seen = f"{file['size']:,} bytes, read {_when(file['at'])}"
        yield f"    {file['path']} ({seen}): {file['reason']} {file['hint']}".rstrip()
    if len(result["rejected"]) > LISTED:
        yield f"    and {len(result['rejected']) - LISTED:,} more; --json lists them all"
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
    yield from speed_lines(result["periods"])
    yield from fate_lines(result["suggestions"])
    yield from hardest_lines(result["hardest"])
    yield from note_lines(result["notes"])
    yield from _adjudication_lines(result)
    yield from suggester_lines(result["suggesters"])
    yield from agreement_lines(result["agreement"])
    yield from _anchoring_lines(result["anchoring"])
    yield from _check_lines(result["checks"])
    yield ""
    yield _watcher_line(result["watcher"])


def agreement_lines(agreed: dict[str, Any]) -> Iterator[str]:
    """Agreement between reviewers, if two reviewed one article, and what may not be read."""
    if agreed["hidden"]:
        yield ""
        yield hidden_in_words(agreed["hidden"])
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
        return f"watcher: not running; {beat.end} at {_when(watcher['at'])}"
    said = [f"process {beat.pid}", *beat.doing(now, beat.status.waiting), beat.status.problem]
    return f"watcher: {', '.join(words for words in said if words)}"


def _share(result: dict[str, Any], state: ArticleState) -> str:
    """The share of all articles as a bar, if there are any in this state."""
    count = result[state.field]
    return f"  {bar(count / result['articles'], _BAR)}" if count else ""


def _when(text: str) -> str:
    """A time (UTC) to the minute."""
    return f"{time_from_text(text):%Y-%m-%d %H:%M}"
