"""The report as one self-contained HTML page: plots, each with its figures as a table beside it.

It loads nothing and runs nothing, and is readable in light and dark and on paper.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from annotator.core.states import ArticleState
from annotator.export.html_page import html_page, safe
from annotator.export.svg_plots import (
    Calibrated,
    PlotColumn,
    Share,
    bars,
    columns_over_time,
    line_over_time,
    scores_against_truth,
    shares_with_intervals,
)

Plain = Mapping[str, Any]
_KINDS = {"entity": "entities", "claim": "claims", "junk": "junk lines"}
_WEEKS, _DAYS = 26, 60
_STYLE = """
:root { color-scheme: light dark; --paper: #fdfcfa; --ink: #1d2125; --soft: #59626b;
  --line: #d9d5cd; --head: #f1eee8; --one: #2f6da8; --two: #b9cde0; --mark: #b5651d; }
@media (prefers-color-scheme: dark) { :root { --paper: #16191c; --ink: #e4e6e8; --soft: #9aa4ad;
  --line: #33393f; --head: #1f2428; --one: #7fb4e6; --two: #37516a; --mark: #e9a566; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 62rem; padding: 1.5rem; background: var(--paper);
  color: var(--ink); font: 16px/1.45 system-ui, "Segoe UI", Roboto, Helvetica, Arial, sans-serif; }
h1 { margin: 0 0 .25rem; font-size: 1.6rem; }
h2 { margin: 2.2rem 0 .5rem; font-size: 1.2rem; border-bottom: 1px solid var(--line); }
h3 { margin: 1.2rem 0 .4rem; font-size: 1rem; }
p { margin: 0 0 .8rem; color: var(--soft); }
.scroll { overflow-x: auto; margin: .5rem 0 1rem; }
table { border-collapse: collapse; font-size: .88rem; }
caption { text-align: left; color: var(--soft); padding-bottom: .3rem; }
th, td { padding: .3rem .7rem .3rem 0; border-bottom: 1px solid var(--line); text-align: left;
  vertical-align: top; overflow-wrap: break-word; max-width: 26rem; }
thead th { border-bottom: 2px solid var(--line); }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
svg { display: block; width: 100%; height: auto; margin: .5rem 0; }
svg text { fill: var(--soft); font-size: 12px; }
.grid { stroke: var(--line); stroke-width: 1; }
.diagonal { stroke: var(--soft); stroke-width: 1; stroke-dasharray: 4 4; }
.interval { stroke: var(--one); stroke-width: 3; stroke-linecap: round; opacity: .55; }
.dot { fill: var(--one); }
.joined { stroke: var(--one); stroke-width: 2; }
.ground { fill: var(--head); }
.series0 { fill: var(--one); } .series1 { fill: var(--two); }
.key { display: inline-block; width: .8em; height: .8em; margin-right: .3em; }
.key.series0 { background: var(--one); } .key.series1 { background: var(--two); }
footer { margin-top: 2rem; color: var(--soft); font-size: .8rem; }
@media print {
  :root { --paper: #fff; --ink: #000; --soft: #444; --line: #bbb; --one: #1f5a94; --two: #b9cde0; }
  @page { margin: 14mm; }
  body { max-width: none; padding: 0; font-size: 11px; }
  .scroll { overflow: visible; }
  section, tr, svg { break-inside: avoid; }
  thead { display: table-header-group; }
}
"""


def report_page(result: Plain, name: str, made_at: datetime) -> bytes:
    """The page of the figures of `report`, UTF-8. Titles, names and notes are escaped."""
    return html_page(f"Report: {name}", _STYLE, _body(result, made_at))


def _body(result: Plain, made_at: datetime) -> Iterator[str]:
    yield f"<p>{made_at:%Y-%m-%d %H:%M} UTC; days and weeks are in UTC too. "
    yield f"Model: {safe(str(result.get('model', '')))}</p>"
    for part in (
        _progress,
        _work,
        _speed,
        _suggestions,
        _hardest,
        _agreement,
        _checks,
        _notes,
        _problems,
    ):
        yield "<section>"
        yield from part(result)
        yield "</section>"
    yield "<footer>Made by annotator. What the figures mean, and what they do not: "
    yield "docs/quality.md and docs/agreement.md.</footer>"


def _progress(result: Plain) -> Iterator[str]:
    yield "<h2>Progress</h2>"
    every = max(1, result["articles"])
    states = [(state, result[state.field]) for state in ArticleState]
    shares = [Share(str(s), n / every, None, None, f"{n:,}") for s, n in states]
    yield from bars("Articles by state, as shares of all", shares)
    rows = [(str(state), number, f"{number / every:.1%}") for state, number in states]
    yield from _table("Articles by state", ("state", "articles", "share"), rows)


def _work(result: Plain) -> Iterator[str]:
    people = [*result["reviewers"], {**result["together"], "reviewer": "together"}]
    if not result["reviewers"]:
        yield "<p>Nobody has decided anything yet.</p>"
        return
    yield "<h2>Work</h2>"
    yield "<p>Items decided in bulk make nobody faster: speeds count those decided one by one.</p>"
    yield from _table("Work by reviewer", ("reviewer", *_WORK_HEADS), _work_rows(people))


_WORK_HEADS = ("finished", "one by one", "in bulk", "hours", "one by one/hour", "articles/hour",
               "keys/item")  # fmt: skip


def _work_rows(rows: Iterable[Plain], head: str = "reviewer") -> list[tuple[object, ...]]:
    return [
        (
            one[head],
            *(one["finished"], one["one_by_one"], one["in_bulk"]),
            *(f"{one['seconds'] / 3600:,.1f}", _number(one["items_per_hour"], 0)),
            *(_number(one["articles_per_hour"], 1), _number(one["keys_per_item"], 2)),
        )
        for one in rows
    ]


def _speed(result: Plain) -> Iterator[str]:
    for unit, most in (("weeks", _WEEKS), ("days", _DAYS)):
        rows = [one for one in result["periods"][unit] if not one["reviewer"]][-most:]
        if not rows:
            continue
        yield f"<h2>By {unit[:-1]}</h2>"
        yield '<p><span class="key series0"></span>decided one by one '
        yield '<span class="key series1"></span>decided in bulk</p>'
        columns = [PlotColumn(o["from"][5:], (o["one_by_one"], o["in_bulk"])) for o in rows]
        yield from columns_over_time(f"Items decided in each {unit[:-1]}", columns)
        for name, key in _RATES:
            yield f"<h3>{name}</h3>"
            points = [(one["from"][5:], one[key]) for one in rows]
            yield from line_over_time(f"{name}, by {unit[:-1]}", points)
        caption = f"Work by {unit[:-1]}, by its first day"
        yield from _table(caption, ("from", *_WORK_HEADS), _work_rows(rows, "from"))


def _suggestions(result: Plain) -> Iterator[str]:
    for side, whose in (("seen", "who saw them"), ("unseen", "who did not see them")):
        found = result["suggestions"][side]
        labels = [one for one in found["labels"] if one["units"] or one["missed"]]
        if not labels:
            continue
        yield f"<h2>Suggestions, by reviewers {whose}</h2>"
        if side == "seen":
            yield "<p>Who sees a suggestion tends to agree with it: these shares are not the "
            yield "quality of the pipeline.</p>"
        yield from shares_with_intervals(
            f"Share of decided suggestions that were kept, with intervals of 95 %: {whose}",
            [_share(one) for one in labels],
        )
        heads = ("of", "kept", *_FATE_HEADS)
        yield from _table("What became of suggestions", heads, [_fate_row(one) for one in labels])
        yield from _scores(found["scores"], whose)


_RATES = (
    ("Items decided one by one in an hour", "items_per_hour"),
    ("Articles finished in an hour", "articles_per_hour"),
    ("Keys an item", "keys_per_item"),
)
_FATE_HEADS = ("95 %", "decided", "kept as suggested", "of these in bulk", "corrected", "rejected",
               "left open", "missed")  # fmt: skip


def _share(one: Plain) -> Share:
    right, low, high = (one[name] if one["enough"] else None for name in ("right", "low", "high"))
    return Share(_of(one), right, low, high, f"{one['units']:,} decided")


def _of(one: Plain) -> str:
    return one.get("label") or _KINDS.get(one["kind"], "all")


def _fate_row(one: Plain) -> tuple[object, ...]:
    return (
        _of(one),
        _percent(one["right"]) if one["enough"] else "not enough",
        f"{_percent(one['low'])} to {_percent(one['high'])}" if one["enough"] else "–",
        *(one["units"], one["kept"], one["in_bulk"], one["corrected"], one["rejected"]),
        *(one["open"], one["missed"]),
    )


def _scores(scores: Sequence[Plain], whose: str) -> Iterator[str]:
    every = [one for one in scores if not one["kind"]]
    if not every:
        return
    yield "<h3>Scores against truth</h3>"
    points = [
        Calibrated(o["mean_score"], o["right"], o["low"], o["high"], o["units"])
        for o in every
        if o["enough"]
    ]
    yield from scores_against_truth(f"Scores against the share kept: {whose}", points)
    heads = ("of", "score", "mean score", "kept", *_FATE_HEADS[:4])
    rows = [
        (
            _of(one),
            f"{one['from']:.1f} to {one['from'] + 0.1:.1f}",
            f"{one['mean_score']:.3f}",
            *_fate_row(one)[1:6],
        )
        for one in scores
    ]
    yield from _table("Suggestions by score", heads, rows)


def _hardest(result: Plain) -> Iterator[str]:
    found = result["hardest"]
    if not found["changed"] and not found["slow"]:
        return
    yield "<h2>Hardest articles</h2>"
    changed = [
        (
            one["title"],
            one["reviewer"],
            one["items"],
            one["changed"],
            _percent(one["changed_share"]),
        )
        for one in found["changed"]
    ]
    heads = ("article", "reviewer", "items", "changed", "share")
    yield from _table("Of which most was changed", heads, changed)
    slow = [
        (one["title"], one["reviewer"], one["items"], _number(one["seconds_per_item"], 1))
        for one in found["slow"]
    ]
    yield from _table("That took longest", ("article", "reviewer", "items", "seconds/item"), slow)


def _agreement(result: Plain) -> Iterator[str]:
    agreed = result["agreement"]
    if not agreed["pairs"]:
        return
    yield "<h2>Agreement between reviewers</h2>"
    yield f"<p>Over {agreed['pairs']:,} pairs of reviews.</p>"
    measures = [one for one in agreed["measures"] if one["low"] is not None]
    shares = [
        Share(
            f"{one['of']} {one['measure']}"[:24], *_within(one), f"{one['units']:,} {one['unit']}"
        )
        for one in measures
        if one["enough"] and one["value"] >= 0
    ]
    if shares:
        yield from shares_with_intervals("Agreement with intervals of 95 %", shares)
    rows = [
        (one["of"], one["measure"], f"{one['value']:.3f}", f"{one['low']:.3f} to {one['high']:.3f}",
         f"{one['units']:,} {one['unit']}", "" if one["enough"] else "not enough")
        for one in measures
    ]  # fmt: skip
    yield from _table("Measures", ("of", "measure", "value", "95 %", "units", ""), rows)


def _within(one: Plain) -> tuple[float, float, float]:
    """Value and interval, cut to the scale from 0 to 1."""
    value, low, high = (min(1.0, max(0.0, one[name])) for name in ("value", "low", "high"))
    return value, low, high


def _checks(result: Plain) -> Iterator[str]:
    if not result["checks"]["articles"]:
        return
    yield "<h2>Checks</h2>"
    yield f"<p>{result['checks']['articles']:,} articles with gold, not counted above.</p>"
    rows = [
        (name, own["checks"], own["skipped"], own["missed"], own["added"], *_f1(own["together"]))
        for name, own in result["checks"]["reviewers"].items()
    ]
    heads = ("reviewer", "finished", "skipped", "missed", "added", "F1", "95 %", "units")
    yield from _table("How near reviewers came to the gold", heads, rows)


def _f1(own: Plain) -> tuple[object, ...]:
    if not own["enough"] or own["low"] is None:
        return "not enough", "–", own["units"]
    between = f"{_percent(own['low'])} to {_percent(own['high'])}"
    return _percent(own["value"]), between, own["units"]


def _notes(result: Plain) -> Iterator[str]:
    if result["notes"]:
        yield "<h2>Notes</h2>"
        rows = [
            (one["at"][:10], one["reviewer"], one["title"], one["about"], one["text"])
            for one in result["notes"]
        ]
        heads = ("day", "reviewer", "article", "on", "note")
        yield from _table("The newest notes", heads, rows)


def _problems(result: Plain) -> Iterator[str]:
    if result["rejected"] or result["failed_articles"]:
        yield "<h2>Problems</h2>"
    files = [(o["path"], f"{o['reason']} {o['hint']}".strip()) for o in result["rejected"]]
    yield from _table("Rejected files", ("file", "why"), files)
    failed = [(one["title"], one["reason"] or "") for one in result["failed_articles"]]
    yield from _table("Articles without suggestions", ("article", "why"), failed)


def _table(caption: str, heads: Sequence[str], rows: Sequence[Sequence[object]]) -> Iterator[str]:
    """A table; numbers and what is written like one stand to the right. None without rows."""
    if not rows:
        return
    kinds = [' class="n"' if _is_number(rows[0][n]) else "" for n in range(len(heads))]
    head = "".join(f'<th scope="col"{k}>{safe(h)}</th>' for h, k in zip(heads, kinds, strict=True))
    yield f'<div class="scroll"><table><caption>{safe(caption)}</caption>'
    yield f"<thead><tr>{head}</tr></thead><tbody>"
    for row in rows:
        first, *rest = row
        cells = "".join(
            f"<td{kind}>{_cell(cell)}</td>" for cell, kind in zip(rest, kinds[1:], strict=True)
        )
        yield f'<tr><th scope="row">{_cell(first)}</th>{cells}</tr>'
    yield "</tbody></table></div>"


def _is_number(cell: object) -> bool:
    is_plain = isinstance(cell, str) and cell[:1] in "0123456789–" and " " not in cell
    return isinstance(cell, int | float) or (is_plain and "-" not in str(cell))


def _cell(cell: object) -> str:
    return f"{cell:,}" if isinstance(cell, int) else safe(str(cell))


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{value:.1%}"


def _number(value: float | None, digits: int) -> str:
    return "–" if value is None else f"{value:,.{digits}f}"
