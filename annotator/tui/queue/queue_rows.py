"""The words of the queue: rows, counts, and what the watcher is doing; pure."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from annotator.core.states import ArticleState, QueueOrder
from annotator.tui.widgets.bar import BarLine, Piece
from annotator.tui.widgets.virtual_list import Cell, Row

if TYPE_CHECKING:
    from annotator.store.values import Counts, Heartbeat, QueueRow
    from annotator.tui.saving.writer import Saved, Writer

ASIDE = "unsaved-….jsonl"
WIDE = 100
_TONES = {
    ArticleState.WAITING: "muted",
    ArticleState.FAILED: "bad",
    ArticleState.SUPERSEDED: "muted",
    ArticleState.READY: "info",
    ArticleState.IN_REVIEW: "accent",
    ArticleState.FINISHED: "good",
}
_NARROW = 72
_STATE, _OUTLET, _COUNT, _AGE = 9, 16, 4, 11


def queue_row(
    row: QueueRow, *, now: datetime, width: int, order: QueueOrder, outlets: bool = True
) -> Row:
    """One article; narrow screens leave out outlet and age, as do others the outlet where no
    article has `outlets`. `≈2` says that two others tell nearly the same. Its confidence is shown
    where the queue is ordered by it."""
    wide = width >= WIDE
    bar, who = _bar_and_who(width)
    # Begun, and in nobody's hands now: whoever began can go on, and so can somebody else.
    let_go = row.state is ArticleState.IN_REVIEW and not row.is_in_hand(now)
    said = "half done" if let_go else row.state
    state = Cell(said, _TONES[row.state], width=_STATE)
    # The pipeline is English: an article in another language comes without suggestions.
    foreign = f"[{row.language}] " if row.language not in (None, "en") else ""
    title = Cell(foreign + row.title, "muted" if row.state is ArticleState.FINISHED else "normal")
    cells = [state, title]
    if row.alike:
        mark = f"≈{row.alike}"
        cells.append(Cell(mark, "info", width=len(mark)))
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
        Cell(row.reviewer or "–", "normal" if row.reviewer else "muted", width=who),
    ]
    if wide:
        when = row.finished or row.started or row.received
        cells.append(Cell(age(when, now), "muted", width=_AGE, align_right=True))
    return Row.of(row.id, *cells)


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
    """What the program is called, and how many articles are in which state; narrow screens show
    the numbers alone as soon as they are known."""
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
        for number, what, tone in (
            (counts.ready, "ready", "info"),
            (counts.in_review, "in review", "accent"),
            (counts.finished, "finished", "good"),
            (counts.waiting, "waiting", "muted"),
            (counts.failed, "failed", "bad"),
            (counts.superseded, "superseded", "muted"),
            (counts.rejected, "file rejected" if counts.rejected == 1 else "files rejected", "bad"),
        ):
            if number or what in ("ready", "finished"):
                left.append((tone, f"   {number:,} {what}"))
    return BarLine(tuple(left))


def unsaved_pieces(saved: Saved) -> list[Piece]:
    """How many decisions the database does not take, and where they are meanwhile."""
    where = f", in {ASIDE}" if saved.kept else ""
    return [("bad", f"✗ {saved.waiting} not saved{where}")]


def unsaved(writer: Writer | None) -> tuple[Piece, ...]:
    """How much cannot be written now, or came too late: an article may have been left before."""
    pieces: list[Piece] = []
    if writer is not None and writer.saved.reason:
        pieces += [*unsaved_pieces(writer.saved), ("normal", " ")]
    if writer is not None and writer.saved.refused:
        pieces.append(("bad", f"✗ {writer.saved.refused} in {ASIDE} "))
    return tuple(pieces)


def status_line(
    heartbeat: Heartbeat | None,
    counts: Counts,
    *,
    now: datetime,
    inbox: str,
    new: int,
    key: str,
    problem: str | None = None,
) -> BarLine:
    """What the watcher is doing, or the `problem` that ended it, and what has arrived."""
    left: list[Piece] = []
    name = f"{Path(inbox).name}/" if inbox else "the inbox"
    silent = None if heartbeat is None else (now - heartbeat.at).total_seconds()
    if new:
        noun = "arrival" if new == 1 else "arrivals"
        left += [("accent", f" ↑ {new:,} new {noun}"), ("muted", f" ({key} shows what is new)  ")]
    waits: Piece = ("normal", f", {counts.waiting:,} waiting" if counts.waiting else "")
    if problem:
        left += [("bad", f" ○ no watcher of {name}: {problem}"), waits]
    elif heartbeat is None or silent is None:
        left += [("bad", " ○ no watcher: what arrives is read once `annotator watch` runs"), waits]
    elif not heartbeat.is_recent(now):
        what = "it ended" if heartbeat.is_last else "its last sign of life was"
        told = f" ○ no watcher: {what} {_span_of_time(silent)} ago"
        left += [("bad", told), waits]
    else:
        scanned = heartbeat.details.get("scanned_seconds_ago")
        left += [("good", " ● "), ("normal", f"watching {name}")]
        if isinstance(scanned, int | float):
            left.append(("normal", f", last scan {_span_of_time(scanned + silent)} ago"))
        left += [waits, *_doing(heartbeat, counts)]
    if not counts.articles and not new:
        left.append(("accent", f"   No articles yet: put files into {name}"))
    return BarLine(tuple(piece for piece in left if piece[1]))


def _doing(heartbeat: Heartbeat, counts: Counts) -> list[Piece]:
    """What the watcher said of itself besides."""
    details = heartbeat.details
    said: list[Piece] = []
    if counts.waiting and details.get("ready") == 0:
        said.append(("normal", ", pipeline loading"))
    if unsettled := details.get("unsettled"):
        noun = "file" if unsettled == 1 else "files"
        said.append(("normal", f", {unsettled:,} {noun} still being written"))
    if trouble := details.get("problem"):
        said.append(("accent", f" ({trouble})"))
    return said


def age(then: datetime, now: datetime) -> str:
    """How long ago, in the largest unit that fits."""
    seconds = (now - then).total_seconds()
    return "just now" if seconds < 5 else f"{_span_of_time(seconds)} ago"


def _span_of_time(seconds: float) -> str:
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{int(seconds // size)} {unit}"
    return f"{int(seconds)} s"


def _bar_and_who(width: int) -> tuple[int, int]:
    """The cells that progress and reviewer get."""
    return (10, 10) if width >= _NARROW else (5, 6)


def _progress(row: QueueRow, cells: int) -> Cell:
    if row.state not in (ArticleState.IN_REVIEW, ArticleState.FINISHED) or not row.total:
        return Cell("─" * cells, "muted", width=cells)
    filled = cells * (row.total - row.open) // row.total
    tone = "good" if filled == cells else "accent"
    return Cell("━" * filled + "─" * (cells - filled), tone, width=cells)
