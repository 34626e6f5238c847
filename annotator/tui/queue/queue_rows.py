"""The queue in words: rows, counts, and the watcher's status; pure."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from annotator.core.ages import age, span_of_time
from annotator.core.states import ArticleState, QueueOrder
from annotator.tui.terminal.cells import shown, width_of
from annotator.tui.widgets.bar import BarLine, Piece
from annotator.tui.widgets.virtual_list import Cell, Row

if TYPE_CHECKING:
    from annotator.core.watcher_status import Heartbeat
    from annotator.store.values import Counts, InWork, PendingChanges, QueueRow

WIDE = 100
_TONES = {
    ArticleState.WAITING: "muted",
    ArticleState.FAILED: "bad",
    ArticleState.SUPERSEDED: "muted",
    ArticleState.READY: "info",
    ArticleState.IN_REVIEW: "accent",
    ArticleState.FINISHED: "good",
}
_IN_ORDER = (
    ArticleState.READY,
    ArticleState.IN_REVIEW,
    ArticleState.FINISHED,
    ArticleState.WAITING,
    ArticleState.FAILED,
    ArticleState.SUPERSEDED,
)
"""The states in the order of the counts."""
_NARROW = 72
_STATE, _OUTLET, _COUNT, _AGE, _STORY = 9, 16, 4, 11, 22


def queue_row(
    row: QueueRow, *, now: datetime, width: int, order: QueueOrder, outlets: bool = True
) -> Row:
    """One article; narrow screens leave out outlet and age, others the outlet if no article has one
    (`outlets`). `≈2` means two near-duplicates, `⇄2` two finished reviews to adjudicate, `⇄✓` that
    they were, `§` a story, with its title on wide screens. The
    confidence is shown if the queue is ordered by it."""
    wide = width >= WIDE
    bar, who = _bar_and_who(width)
    # Started and released: the reviewer can continue, and so can others.
    let_go = row.state is ArticleState.IN_REVIEW and not row.is_in_hand(now)
    said = "half done" if let_go else "away" if row.is_away(now) else row.state
    state = Cell(said, _TONES[row.state], width=_STATE)
    # The pipeline is English: an article in another language gets no suggestions.
    foreign = f"[{row.language}] " if row.language not in (None, "en") else ""
    title = Cell(foreign + row.title, "muted" if row.state is ArticleState.FINISHED else "normal")
    cells = [state, title]
    if row.alike:
        mark = f"≈{row.alike}"
        cells.append(Cell(mark, "info", width=len(mark)))
    if row.finished_reviews > 1:
        mark = "⇄✓" if row.adjudicated else f"⇄{row.finished_reviews}"
        cells.append(Cell(mark, "good" if row.adjudicated else "accent", width=len(mark)))
    if row.story is not None:
        mark = shown(f"§ {row.story}", _STORY) if wide else "§"
        cells.append(Cell(mark, "claim", width=width_of(mark)))
    if wide and outlets:
        cells.append(Cell(row.outlet or "", "muted", width=_OUTLET))
    known = row.state not in (ArticleState.WAITING, ArticleState.FAILED)
    if order is QueueOrder.LEAST_CONFIDENT:
        sure = f"{row.confidence:.2f}" if row.confidence is not None and known else ""
        cells.append(Cell(sure, "accent", width=_COUNT, align_right=True))
    cells += [
        Cell(str(row.entities) if known else "", width=_COUNT, align_right=True),
        Cell(str(row.claims) if known else "", width=_COUNT, align_right=True),
        _progress(row, bar),
        _who(row, now, who),
    ]
    if wide:
        when = row.finished or row.started or row.received
        cells.append(Cell(age(when, now), "muted", width=_AGE, align_right=True))
    return Row.of(row.id, *cells)


def _who(row: QueueRow, now: datetime, cells: int) -> Cell:
    """Whose review is shown; without one, who has the article open, or is to review it."""
    if row.reviewer:
        return Cell(row.reviewer, "normal", width=cells)
    if here := [one.reviewer for one in row.in_work if one.is_in_hand(now)]:
        return Cell(", ".join(here), "accent", width=cells)
    if row.assigned:
        return Cell(f"→ {', '.join(row.assigned)}", "muted", width=cells)
    return Cell("–", "muted", width=cells)


def who_is_in(row: QueueRow, now: datetime) -> str:
    """Who is in an article, and since when; whose it is to review. Empty if nobody is concerned."""
    told = [_begun(one, now) for one in row.in_work if not one.is_finished]
    done = [one.reviewer for one in row.in_work if one.is_finished]
    if done:
        told.append(f"finished by {' and '.join(done)}")
    if row.assigned:
        told.append(f"assigned to {' and '.join(row.assigned)}")
    return ", ".join(told)


def _begun(one: InWork, now: datetime) -> str:
    if one.away_since is not None and one.held_until is not None and one.is_in_hand(now):
        until = f"{one.held_until.astimezone():%Y-%m-%d %H:%M}"
        return f"{one.reviewer} took it along {age(one.away_since, now)}, until {until}"
    if one.is_in_hand(now):
        return f"{one.reviewer} is in it for {span_of_time((now - one.since).total_seconds())}"
    return f"half done by {one.reviewer}, begun {age(one.since, now)}"


def columns(width: int, order: QueueOrder, *, outlets: bool = True) -> BarLine:
    """The heads of the columns, over `queue_row`'s cells."""
    wide = width >= WIDE
    bar, who = _bar_and_who(width)
    done = "PROGRESS" if bar > len("PROGRESS") else "DONE"
    tail = [f"{'ENT':>{_COUNT}}", f"{'CLM':>{_COUNT}}", f"{done:<{bar}}", f"{'WHO':<{who}}"]
    if order is QueueOrder.LEAST_CONFIDENT:
        tail = [f"{'CONF':>{_COUNT}}", *tail]
    if wide:
        tail = [*([f"{'OUTLET':<{_OUTLET}}"] if outlets else []), *tail, f"{'WHEN':>{_AGE}}"]
    right = " ".join(tail)
    # One cell for the cursor before the row, one for the scroll bar after it.
    room = max(0, width - 1 - _STATE - 1 - 1 - len(right) - 1)
    head = f" {'STATE':<{_STATE}} {'TITLE':<{room}} {right}"
    return BarLine((("muted", head[:width]),))


def counts_line(workspace: str, counts: Counts | None, width: int = WIDE) -> BarLine:
    """The title of the workspace, and the number of articles in each state; narrow screens show
    only the numbers, once they are known."""
    left: list[Piece] = [
        ("info", " annotator"),
        ("normal", "  queue"),
        ("muted", f"  {workspace}  "),
    ]
    if counts is not None and width < WIDE:
        left = [("normal", " ")]
    if counts is not None:
        noun = "article" if counts.articles == 1 else "articles"
        left.append(("strong", f"{counts.articles:,} {noun}"))
        for state in _IN_ORDER:
            if counts.of(state) or state in (ArticleState.READY, ArticleState.FINISHED):
                left.append((_TONES[state], f"   {counts.of(state):,} {state}"))
        if counts.rejected:
            files = "file" if counts.rejected == 1 else "files"
            left.append(("bad", f"   {counts.rejected:,} {files} rejected"))
    return BarLine(tuple(left))


def status_line(
    heartbeat: Heartbeat | None,
    counts: Counts,
    *,
    now: datetime,
    inbox: str,
    arrivals: tuple[Piece, ...] = (),
    problem: str | None = None,
) -> BarLine:
    """The watcher's status, or the `problem` that ended it, and the new arrivals."""
    left = [*arrivals]
    name = f"{Path(inbox).name}/" if inbox else "the inbox"
    if heartbeat is not None and heartbeat.is_recent(now) and not problem:
        doing = heartbeat.doing(now, counts.waiting)
        told = f"watching {name}{''.join(f', {words}' for words in doing)}"
        left += [("good", " ● "), ("normal", told)]
        if heartbeat.status.problem:
            left.append(("accent", f" ({heartbeat.status.problem})"))
    else:
        waits = f", {counts.waiting:,} waiting" if counts.waiting else ""
        left += [("bad", f" ○ no watcher{_why_none(heartbeat, now, name, problem)}")]
        left += [("normal", waits)]
    if not counts.articles and not arrivals:
        left.append(("accent", f"   No articles yet: put files into {name}"))
    return BarLine(tuple(piece for piece in left if piece[1]))


def arrivals_told(new: int, key: str) -> tuple[Piece, ...]:
    """The number of new arrivals and the key that shows them; nothing without any."""
    if not new:
        return ()
    noun = "arrival" if new == 1 else "arrivals"
    return ("accent", f" ↑ {new:,} new {noun}"), ("muted", f" ({key} shows what is new)  ")


def _why_none(heartbeat: Heartbeat | None, now: datetime, name: str, problem: str | None) -> str:
    """Why an inbox with this name has no watcher."""
    if problem:
        return f" of {name}: {problem}"
    if heartbeat is None:
        return ": what arrives is read once `annotator watch` runs"
    return f": {heartbeat.end} {span_of_time(heartbeat.silent(now))} ago"


def _bar_and_who(width: int) -> tuple[int, int]:
    """The cells for progress and reviewer."""
    return (10, 10) if width >= _NARROW else (5, 6)


def _progress(row: QueueRow, cells: int) -> Cell:
    if row.state not in (ArticleState.IN_REVIEW, ArticleState.FINISHED) or not row.total:
        return Cell("─" * cells, "muted", width=cells)
    filled = cells * (row.total - row.open) // row.total
    tone = "good" if filled == cells else "accent"
    return Cell("━" * filled + "─" * (cells - filled), tone, width=cells)


def corrected(found: PendingChanges) -> str:
    """Tells that so many pending articles get other suggestions."""
    many = f"{found.articles:,}{'' if found.is_complete else ' or more'}"
    plural = "" if found.articles == 1 else "s"
    return f"Your decisions change the suggestions for {many} pending article{plural}."
