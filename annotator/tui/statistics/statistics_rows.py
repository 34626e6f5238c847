"""The views of the statistics as heads of columns, rows, and a line that explains them; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from annotator.core.reviewing.wording import shortened
from annotator.core.statistics.fates import Fates
from annotator.core.statistics.standing_notes import StandingNote
from annotator.core.statistics.text_plots import bar, on_scale, sparkline
from annotator.core.statistics.totals import (
    FEW,
    LabelFates,
    ScoreFates,
    Totals,
    changed_share,
    seconds_per_item,
)
from annotator.core.statistics.work_done import DoneReview, Unit, Work
from annotator.core.text.counted import many
from annotator.tui.widgets.rows import Cell, Row

_KINDS: dict[str | None, str] = {"entity": "entities", "claim": "claims", "junk": "junk lines"}
_NOUNS: dict[str | None, str] = {None: "all", **_KINDS}
_DAYS = 60


class View(StrEnum):
    """What is shown."""

    SPEED = "speed"
    SUGGESTIONS = "suggestions"
    SCORES = "scores"
    HARDEST = "hardest"
    NOTES = "notes"


@dataclass(frozen=True, slots=True)
class WantedFigures:
    """Which figures: those of a reviewer (None: all), by day or week, of suggestions that the
    reviewers saw or did not see."""

    view: View = View.SPEED
    reviewer: str | None = None
    unit: Unit = Unit.WEEK
    seen: bool = True


@dataclass(frozen=True, slots=True)
class ShownFigures:
    """A view: the heads of its columns, its rows, and what they mean. `places` has what the rows
    open by their keys."""

    heads: tuple[Cell, ...]
    rows: tuple[Row, ...]
    about: str
    places: Mapping[str, DoneReview | StandingNote]


def shown(
    wanted: WantedFigures,
    totals: Totals,
    names: Mapping[str, str],
    notes: Sequence[StandingNote],
    width: int,
) -> ShownFigures:
    """A view in so many cells."""
    match wanted.view:
        case View.SPEED:
            return _speed(wanted, totals, width)
        case View.SUGGESTIONS:
            return _suggestions(totals.by_label(wanted.reviewer, seen=wanted.seen), width)
        case View.SCORES:
            return _scores(wanted, totals, width)
        case View.HARDEST:
            return _hardest(wanted, totals, names)
        case View.NOTES:
            return _notes([one for one in notes if wanted.reviewer in (None, one.reviewer)])


# Speed

_SPEED = (("from", 10), ("finished", 8), ("one by one", 10), ("in bulk", 7), ("hours", 5),
          ("1 by 1/hour", 11), ("articles/h", 10), ("keys/item", 9))  # fmt: skip
_SPEED_BAR = 12


def _speed(wanted: WantedFigures, totals: Totals, width: int) -> ShownFigures:
    periods = totals.periods(wanted.unit, wanted.reviewer)
    room = _bar_room(_SPEED, width)
    fastest = max((one.work.items_per_hour or 0.0 for one in periods), default=0.0)
    rows = [
        Row.of(one.begins.isoformat(), *_work_cells(one.begins.isoformat(), one.work),
               *_rate_bar(one.work, fastest, room))
        for one in reversed(periods)
    ]  # fmt: skip
    if periods:
        every = totals.work(wanted.reviewer)
        rows.insert(0, Row.of("all", *_work_cells("all", every), *_rate_bar(every, fastest, room)))
    return ShownFigures(_heads(_SPEED), tuple(rows), _trend(wanted, totals), {})


def _work_cells(name: str, work: Work) -> Iterator[Cell]:
    values = (
        f"{work.finished:,}",
        f"{work.one_by_one:,}",
        f"{work.in_bulk:,}",
        f"{work.seconds / 3600:,.1f}",
        _number(work.items_per_hour, 0),
        _number(work.articles_per_hour, 1),
        _number(work.keys_per_item, 2),
    )
    yield Cell(name, "strong", _SPEED[0][1])
    for value, (_, size) in zip(values, _SPEED[1:], strict=True):
        yield Cell(value, width=size, align_right=True)


def _rate_bar(work: Work, fastest: float, room: int) -> Iterator[Cell]:
    """The speed as a bar, where there is room for one."""
    if room and fastest:
        yield Cell(bar((work.items_per_hour or 0.0) / fastest, room), "accent", room)


def _trend(wanted: WantedFigures, totals: Totals) -> str:
    """The last days with work as columns."""
    days = totals.periods(Unit.DAY, wanted.reviewer)[-_DAYS:]
    if len(days) < 2:
        return "one by one/hour counts no item that one key accepted with others"
    speed = sparkline([one.work.items_per_hour for one in days])
    keys = sparkline([one.work.keys_per_item for one in days])
    span = f"{many(len(days), 'day')} since {days[0].begins:%d %b}"
    return f"1 by 1/hour {speed}   keys/item {keys}   {span}"


# Suggestions

_FATES = (("of", 14), ("kept (95 %)", 22), ("decided", 7), ("bulk", 5), ("corrected", 9),
          ("rejected", 8), ("missed", 6))  # fmt: skip


def _suggestions(found: Sequence[LabelFates], width: int) -> ShownFigures:
    room = _bar_room(_FATES, width)
    rows = tuple(
        Row.of(f"{one.kind}:{one.label}", *_fate_cells(one, room))
        for one in found
        if one.fates.decided or one.fates.missed
    )
    about = "bulk: of those kept; missed: nothing was suggested there"
    return ShownFigures(_heads(_FATES), rows, about, {})


def _fate_cells(one: LabelFates, room: int) -> Iterator[Cell]:
    fates = one.fates
    tone = f"label:{one.label}" if one.label else "strong"
    yield Cell(f"  {one.label}" if one.label else _KINDS[one.kind], tone, _FATES[0][1])
    yield Cell(_kept(fates), "normal" if _is_enough(fates) else "muted", _FATES[1][1])
    counts = (fates.decided, fates.in_bulk, fates.corrected, fates.rejected, fates.missed)
    for count, (_, size) in zip(counts, _FATES[2:], strict=True):
        yield Cell(f"{count:,}", "normal" if count else "muted", size, align_right=True)
    if room and fates.right is not None and _is_enough(fates):
        yield Cell(bar(fates.right, room), "accent", room)


def _kept(fates: Fates) -> str:
    if fates.right is None or fates.interval is None or not _is_enough(fates):
        return "few" if fates.decided else "–"
    low, high = fates.interval
    return f"{fates.right:.1%} ({100 * low:.1f} to {100 * high:.1f})"


def _is_enough(fates: Fates) -> bool:
    return fates.decided >= FEW


# Scores

_SCORES = (("score", 12), ("mean", 5), ("kept (95 %)", 22), ("decided", 8), ("bulk", 6))
_LEAST_SCALE, _MOST_SCALE = 11, 51


def _scores(wanted: WantedFigures, totals: Totals, width: int) -> ShownFigures:
    room = min(_MOST_SCALE, max(_LEAST_SCALE, width - _used(_SCORES) - 3))
    rows: list[Row] = []
    by_noun = {
        noun: totals.by_score(wanted.reviewer, seen=wanted.seen, kind=kind)
        for kind, noun in _NOUNS.items()
    }
    if sum(map(bool, by_noun.values())) == 2:
        del by_noun["all"]  # the same as those of the one kind that there is
    for noun, found in by_noun.items():
        if found:
            rows.append(Row.of(f"head {noun}", Cell(noun, "info", bold=True), heading=True))
        rows += [Row.of(f"{noun} {one.tenth}", *_score_cells(one, room)) for one in found]
    scale = f"0{'.5':^{room - 2}}1"
    heads = (*_heads(_SCORES), Cell(scale, "muted", room))
    about = "● share kept with its interval, │ mean score: true where they meet"
    return ShownFigures(heads, tuple(rows), about, {})


def _score_cells(one: ScoreFates, room: int) -> Iterator[Cell]:
    fates, mean = one.fates, one.fates.mean_score or 0.0
    yield Cell(f"  {one.low:.1f} to {one.low + 0.1:.1f}", "strong", _SCORES[0][1])
    yield Cell(f"{mean:.2f}", width=_SCORES[1][1], align_right=True)
    yield Cell(_kept(fates), "normal" if _is_enough(fates) else "muted", _SCORES[2][1])
    for count, (_, size) in zip((fates.decided, fates.in_bulk), _SCORES[3:], strict=True):
        yield Cell(f"{count:,}", width=size, align_right=True)
    drawn = ""
    if fates.right is not None and fates.interval is not None and _is_enough(fates):
        drawn = on_scale(fates.right, *fates.interval, room, mark=mean)
    yield Cell(drawn, "accent", room)


# Articles

_HARD = (("changed", 9), ("s/item", 7), ("items", 6), ("reviewer", 12))


def _hardest(wanted: WantedFigures, totals: Totals, names: Mapping[str, str]) -> ShownFigures:
    rows: list[Row] = []
    places: dict[str, DoneReview | StandingNote] = {}
    lists = (
        ("most changed", totals.most_changed(wanted.reviewer)),
        ("slowest", totals.slowest(wanted.reviewer)),
    )
    for head, reviews in lists:
        if reviews:
            rows.append(Row.of(head, Cell(head, "info", bold=True), heading=True))
        for one in reviews:
            key = f"{head} {one.article} {one.work.reviewer}"
            places[key] = one
            rows.append(Row.of(key, *_hard_cells(one, names)))
    heads = (*_heads(_HARD, left=("reviewer",)), Cell("article", "strong"))
    about = "changed: share of its items that were corrected, rejected or missed"
    return ShownFigures(heads, tuple(rows), about, places)


def _hard_cells(one: DoneReview, names: Mapping[str, str]) -> Iterator[Cell]:
    share, slow = changed_share(one), seconds_per_item(one)
    yield Cell("–" if share is None else f"{share:.0%}", width=_HARD[0][1], align_right=True)
    yield Cell(_number(slow, 1), width=_HARD[1][1], align_right=True)
    yield Cell(f"{one.work.items:,}", width=_HARD[2][1], align_right=True)
    yield Cell(one.work.reviewer, "muted", _HARD[3][1])
    yield Cell(names.get(one.article, one.article[:12]), "strong")


_NOTE = (("day", 10), ("reviewer", 12), ("on", 22))


def _notes(notes: Sequence[StandingNote]) -> ShownFigures:
    rows: list[Row] = []
    places: dict[str, DoneReview | StandingNote] = {}
    before = ""
    for number, one in enumerate(notes):
        if one.article != before:
            before = one.article
            title = Cell(one.title, "info", bold=True)
            rows.append(Row.of(f"article {number}", title, heading=True))
        key = f"{number} {one.article}"
        places[key] = one
        rows.append(
            Row.of(
                key,
                Cell(f"{one.at:%Y-%m-%d}", "muted", _NOTE[0][1]),
                Cell(one.reviewer, "muted", _NOTE[1][1]),
                Cell(shortened(one.about), "normal", _NOTE[2][1]),
                Cell(shortened(one.text, 400), "strong"),
            )
        )
    heads = (*_heads(_NOTE, left=("day", "reviewer", "on")), Cell("note", "strong"))
    return ShownFigures(
        heads, tuple(rows), "the newest notes first; enter opens the article there", places
    )


def _heads(columns: Sequence[tuple[str, int]], left: Sequence[str] = ()) -> tuple[Cell, ...]:
    """Heads of columns; but for the first and those named, they stand to the right."""
    return tuple(
        Cell(name, "strong", size, align_right=place > 0 and "(" not in name and name not in left)
        for place, (name, size) in enumerate(columns)
    )


def _bar_room(columns: Sequence[tuple[str, int]], width: int) -> int:
    """The cells that are left for a bar beside these columns; 0 if too few are."""
    room = width - _used(columns) - 3
    return min(40, room) if room >= _SPEED_BAR else 0


def _used(columns: Sequence[tuple[str, int]]) -> int:
    return sum(size + 1 for _, size in columns)


def _number(value: float | None, digits: int) -> str:
    return "–" if value is None else f"{value:,.{digits}f}"
