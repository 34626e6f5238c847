"""The queue in words: rows, counts, and the watcher's status; pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from annotator.core.ages import age, span_of_time
from annotator.core.states import ArticleState, QueueOrder
from annotator.tui.queue.queue_columns import WIDE, Filled, Head, heads, title_width
from annotator.tui.terminal.cells import shown, width_of
from annotator.tui.widgets.bar import BarLine, Piece
from annotator.tui.widgets.virtual_list import Cell, Row

if TYPE_CHECKING:
    from annotator.core.watcher_status import Heartbeat
    from annotator.store.values import Counts, InWork, PendingChanges, QueueRow
    from annotator.tui.queue.poller import ListedGroup

_TONES = {
    ArticleState.WAITING: "muted",
    ArticleState.FAILED: "bad",
    ArticleState.SUPERSEDED: "muted",
    ArticleState.READY: "info",
    ArticleState.IN_REVIEW: "accent",
    ArticleState.FINISHED: "good",
    ArticleState.SKIPPED: "muted",
    ArticleState.UNUSABLE: "bad",
}
_IN_ORDER = (
    ArticleState.READY,
    ArticleState.IN_REVIEW,
    ArticleState.FINISHED,
    ArticleState.SKIPPED,
    ArticleState.UNUSABLE,
    ArticleState.WAITING,
    ArticleState.FAILED,
    ArticleState.SUPERSEDED,
)
"""The states in the order of the counts."""
_OVER = (ArticleState.FINISHED, ArticleState.SKIPPED, ArticleState.UNUSABLE)
_COUNTLESS = (ArticleState.WAITING, ArticleState.FAILED)
_STORY = 22
_ROOMY, _VERY_WIDE = 120, 150


@dataclass(frozen=True, slots=True)
class RowPlace:
    """Where a row stands: on a screen of so many cells, in an order, `below` another of its group
    (texts that are alike, or of one story), while these words are sought; it may be `left` over
    from before, where the filter no longer fits it."""

    width: int
    order: QueueOrder
    filled: Filled
    below: bool = False
    sought: tuple[str, ...] = ()
    left: bool = False


def queue_row(row: QueueRow, at: RowPlace, now: datetime) -> Row:
    """One article. `≈2` means two near-duplicates, `└ ≈ 96 %` one of the article above, `⟳` another
    version, `⇄2` two finished reviews to adjudicate, `⇄✓` that they were, `✎2` two notes, `§` a
    story, with its title on wide screens."""
    shown_heads = heads(at.width, at.order, at.filled)
    cells: list[Cell] = []
    for head in shown_heads:
        if head.name == "TITLE":
            cells += _title_and_marks(row, at, title_width(shown_heads, at.width))
        else:
            cells.append(_cell(head, row, now))
    return Row.of(row.id, *cells)


def _title_and_marks(row: QueueRow, at: RowPlace, room: int) -> list[Cell]:
    """The cells of the column of titles, which has so much room."""
    group, marks = _group(row, at), _marks(row, at)
    taken = sum((cell.width or 0) + 1 for cell in (*group, *marks))
    if row.story is not None and at.order is not QueueOrder.BY_STORY:
        # The story is told as far as the title leaves room for it.
        free = max(_STORY // 2, min(_STORY, room - taken - width_of(row.title) - 2))
        mark = shown(f"§ {row.story}", free) if at.width >= WIDE else "§"
        marks.append(Cell(mark, "claim", width=width_of(mark)))
        taken += width_of(mark) + 1
    return [*group, *_title(row, at, room - taken), *marks]


def group_heading(group: ListedGroup) -> Row:
    """The line above the articles of a story, or above those that are in none."""
    if group.articles is None:
        cells = [Cell("in no story", "muted")]
    else:
        noun = "article" if group.articles == 1 else "articles"
        title = Cell(f"§ {group.title} ", "claim", bold=True)
        cells = [title, Cell(f"{group.articles:,} {noun}", "muted")]
    return Row.of(f"group {group.place}", *cells, heading=True)


def _title(row: QueueRow, at: RowPlace, room: int) -> list[Cell]:
    """The title; words that are sought are marked, and stand within the room that it has."""
    # The pipeline is English: an article in another language gets no suggestions.
    foreign = f"[{row.language}] " if row.language not in (None, "en") else ""
    title, tone = foreign + row.title, "muted" if at.left or row.state in _OVER else "normal"
    hits = _hits(title, at.sought)
    if not hits:
        return [Cell(title, tone)]
    if hits[-1][1] > room > 8:
        cut = max(0, min(hits[0][0] - 2, hits[-1][1] - room + 4))
        title = f"…{title[cut:]}"
        hits = _hits(title, at.sought)
    cells, done = list[Cell](), 0
    for start, end in hits:
        cells += [Cell(title[done:start], tone, joined=bool(done))] if start > done else []
        cells.append(Cell(title[start:end], "accent", bold=True, joined=bool(cells)))
        done = end
    # What remains takes the rest of the room.
    return [*cells, Cell(title[done:], tone, joined=True)]


def _hits(title: str, sought: tuple[str, ...]) -> list[tuple[int, int]]:
    """Where the sought words stand first in a title, without overlaps."""
    small = title.lower()
    if len(small) != len(title):
        return []  # small letters that are longer: places would be wrong
    found = ((small.find(word.lower()), len(word)) for word in sought)
    hits: list[tuple[int, int]] = []
    for start, length in sorted(one for one in found if one[0] >= 0):
        if not hits or start >= hits[-1][1]:
            hits.append((start, start + length))
    return hits


def _group(row: QueueRow, at: RowPlace) -> list[Cell]:
    """The mark of a row below another of its group."""
    if not at.below:
        return []
    alike = row.similarity is not None and not row.is_version
    mark = f"└ ≈ {row.similarity:.0%}".replace("%", " %") if alike else "└"
    return [Cell(mark, "info", width=width_of(mark))]


def _marks(row: QueueRow, at: RowPlace) -> list[Cell]:
    """What is marked behind the title."""
    found: list[tuple[str, str]] = []
    if row.replaces is not None:
        found.append((_new_version(row.replaces, at.width), "accent"))
    elif row.has_newer:
        found.append(("⟳ older text" if at.width >= _VERY_WIDE else "⟳", "muted"))
    if row.alike and not at.below:
        found.append((f"≈{row.alike}", "info"))
    if row.finished_reviews > 1:
        adjudicated = ("⇄✓", "good")
        found.append(adjudicated if row.adjudicated else (f"⇄{row.finished_reviews}", "accent"))
    if row.notes:
        found.append((f"✎{row.notes}", "info"))
    return [Cell(mark, tone, width=width_of(mark)) for mark, tone in found]


def _new_version(decisions: int, width: int) -> str:
    if width < _ROOMY:
        return "⟳"
    if not decisions or width < _VERY_WIDE:
        return "⟳ new version"
    plural = "" if decisions == 1 else "s"
    return f"⟳ new version of {decisions:,} decided item{plural}"


def _cell(head: Head, row: QueueRow, now: datetime) -> Cell:
    """The cell of one article in a column."""
    width = head.width or 0
    match head.name:
        case "STATE":
            return Cell(row.state, _state_tone(row, now), width=width)
        case "OUTLET":
            return Cell(row.outlet or "", "muted", width=width)
        case "DONE":
            return _progress(row, width)
        case "WHO":
            return _who(row, now, width)
        case "CONF":
            return Cell(_confidence(row), "accent", width=width, align_right=True)
        case "ADDED":
            return Cell(age(row.received, now), "muted", width=width, align_right=True)
    counts = {"WORDS": row.words, "ENT": row.entities, "CLM": row.claims}
    known = head.name == "WORDS" or row.state not in _COUNTLESS
    tone = "muted" if head.name == "WORDS" else "normal"
    return Cell(f"{counts[head.name]:,}" if known else "", tone, width=width, align_right=True)


def _state_tone(row: QueueRow, now: datetime) -> str:
    """The tone of the state; a review that nobody has in hand is fainter."""
    let_go = row.state is ArticleState.IN_REVIEW and not row.is_in_hand(now)
    return "muted" if let_go else _TONES[row.state]


def _confidence(row: QueueRow) -> str:
    if row.confidence is None or row.state in _COUNTLESS:
        return ""
    return f"{100 * row.confidence:.0f} %"


def _who(row: QueueRow, now: datetime, cells: int) -> Cell:
    """Whose review is shown; without one, who has the article open, or is to review it."""
    if row.reviewer:
        away = "⇥ " if row.is_away(now) else ""
        return Cell(f"{away}{row.reviewer}", "normal", width=cells)
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
    return f"in review by {one.reviewer}, who let go of it; begun {age(one.since, now)}"


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


def _progress(row: QueueRow, cells: int) -> Cell:
    if row.state not in (ArticleState.IN_REVIEW, ArticleState.FINISHED) or not row.total:
        return Cell("", width=cells)
    done = row.total - row.open
    # Something decided is never nothing, and something open never all.
    filled = min(max(cells * done // row.total, done > 0), cells - (row.open > 0))
    tone = "good" if row.state is ArticleState.FINISHED else "accent"
    return Cell("━" * filled + "─" * (cells - filled), tone, width=cells)


def corrected(found: PendingChanges) -> str:
    """Tells that so many pending articles get other suggestions."""
    many = f"{found.articles:,}{'' if found.is_complete else ' or more'}"
    plural = "" if found.articles == 1 else "s"
    return f"Your decisions change the suggestions for {many} pending article{plural}."
