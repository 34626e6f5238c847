"""Speed, the fates of suggestions, the hardest articles and notes, as lines of text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from annotator.cli.context import many
from annotator.core.reviewing.wording import shortened
from annotator.core.statistics.text_plots import bar, on_scale, sparkline

Plain = dict[str, Any]
_WEEKS, _DAYS, _HARD, _NOTES = 8, 30, 5, 10
_KINDS = {"entity": "entities", "claim": "claims", "junk": "junk lines"}
_BAR, _SCALE = 20, 41


def speed_lines(periods: dict[str, list[Plain]]) -> Iterator[str]:
    """Work by week, and the speed of days as a line of columns."""
    weeks = [one for one in periods["weeks"] if not one["reviewer"]]
    days = [one for one in periods["days"] if not one["reviewer"]]
    if not weeks:
        return
    yield ""
    yield (
        f"{'week of':<12}{'finished':>10}{'one by one':>12}{'in bulk':>9}"
        f"{'one by one/hour':>17}{'articles/hour':>15}{'keys/item':>11}"
    )
    for one in weeks[-_WEEKS:]:
        yield (
            f"{one['from']:<12}{one['finished']:>10,}{one['one_by_one']:>12,}{one['in_bulk']:>9,}"
            f"{_number(one['items_per_hour'], 0):>17}{_number(one['articles_per_hour'], 1):>15}"
            f"{_number(one['keys_per_item'], 2):>11}"
        )
    if len(days) > 1:
        last = days[-_DAYS:]
        yield f"days, one by one/hour  {sparkline([one['items_per_hour'] for one in last])}"
        yield f"days, keys/item        {sparkline([one['keys_per_item'] for one in last])}"
        yield f"  ({last[0]['from']} to {last[-1]['from']}, days with work)"


def fate_lines(suggestions: dict[str, Plain]) -> Iterator[str]:
    """What became of suggestions by label, and kept ones against their scores."""
    for side, whose in (("seen", "saw them"), ("unseen", "did not see them")):
        found = suggestions[side]
        if not any(one["units"] or one["missed"] for one in found["labels"]):
            continue
        yield ""
        yield f"suggestions whose reviewers {whose}: kept (95 %), decided, missed (docs/quality.md)"
        for one in found["labels"]:
            yield from _fate_line(one)
        yield from _score_lines([one for one in found["scores"] if not one["kind"]])


def _fate_line(one: Plain) -> Iterator[str]:
    name = f"  {one['label']}" if one["label"] else _KINDS[one["kind"]]
    if not one["units"] and not one["missed"]:
        return
    kept, drawn = "not enough", " " * _BAR
    if one["enough"]:
        kept, drawn = _between(one), bar(one["right"], _BAR)
    counts = f"{one['units']:,} decided, {one['in_bulk']:,} in bulk, {one['missed']:,} missed"
    yield f"  {name:<16}{drawn}  {kept:<22}{counts}"


def _score_lines(scores: Sequence[Plain]) -> Iterator[str]:
    if not scores:
        return
    yield f"  {'score':<10}{'mean':>6}{'kept':>12}  {'0':<{_SCALE // 2}}.5{'1':>{_SCALE // 2 - 1}}"
    for one in scores:
        span = f"{one['from']:.1f}–{one['from'] + 0.1:.1f}"
        drawn = on_scale(one["right"], one["low"], one["high"], _SCALE) if one["enough"] else ""
        kept = f"{one['right']:.2f}" if one["enough"] else "not enough"
        yield f"  {span:<10}{one['mean_score']:>6.2f}{kept:>12}  {drawn:<{_SCALE}} {one['units']:,}"


def hardest_lines(hardest: dict[str, list[Plain]]) -> Iterator[str]:
    """The articles of which most was changed, and those that took longest."""
    for head, key in (("most changed", "changed"), ("slowest", "slow")):
        if not hardest[key]:
            continue
        yield ""
        yield f"{head}:"
        for one in hardest[key][:_HARD]:
            figure = (
                f"{one['changed_share']:.0%} of its items"
                if key == "changed"
                else f"{one['seconds_per_item']:.1f} s an item"
            )
            yield f"  {figure:<18}{shortened(one['title'], 60)} ({one['reviewer']})"


def note_lines(notes: Sequence[Plain]) -> Iterator[str]:
    """The newest notes."""
    if notes:
        yield ""
        yield f"notes ({many(len(notes), 'note')}, the newest first; `annotator log` has the rest):"
    for one in notes[:_NOTES]:
        yield f"  {one['at'][:10]} {one['reviewer']}: {shortened(one['text'], 80)}"
        yield f"    on {one['about']}, {shortened(one['title'], 60)}"


def _between(one: Plain) -> str:
    return f"{one['right']:.1%} ({one['low']:.1%} to {one['high']:.1%})".replace("%", "")


def _number(value: float | None, digits: int) -> str:
    return "–" if value is None else f"{value:,.{digits}f}"
