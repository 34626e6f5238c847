"""What the card below the queue says: a welcome, an empty workspace, the end of the work; pure."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from annotator.core.ages import span_of_time
from annotator.core.reading_progress import Progress
from annotator.core.text.counted import many
from annotator.tui.keys import KeyMap
from annotator.tui.widgets.bar import BarLine, Piece, flowed

if TYPE_CHECKING:
    from annotator.core.reviewing.sitting import ArticleResult
    from annotator.core.workspace_config import WorkspaceConfig
    from annotator.store.values import Counts

_BAR, _ROOMY = 12, 100


def opening_card() -> tuple[BarLine, ...]:
    """Shown if opening the workspace takes longer than a moment."""
    return (
        BarLine((("strong", " Welcome. "), ("normal", "The workspace is being opened."))),
        BarLine((("muted", " The first start takes some seconds longer than later ones."),)),
    )


def welcome_card(
    config: WorkspaceConfig,
    keys: KeyMap,
    progress: Progress,
    *,
    doing: str = "",
    left: float | None = None,
    width: int = 120,
) -> tuple[BarLine, ...]:
    """The first steps, and how far the first articles are; `doing` is what is done before the
    first one, `left` the seconds to the last."""
    heading: list[Piece] = [("strong", f" Welcome, {config.reviewer}. ")]
    heading += [("normal", f"{many(progress.total, 'article')} in {_name_of(config.inbox)}  ")]
    heading += _bar(progress, doing, left, _BAR if width >= _ROOMY else _BAR // 2)
    return (
        BarLine(tuple(heading)),
        *_steps(keys, width),
        *_help(keys, width),
        BarLine((("muted", " Finished articles go by themselves to "), _records(config))),
    )


def empty_card(config: WorkspaceConfig, keys: KeyMap, width: int) -> tuple[BarLine, ...]:
    """Where articles come from."""
    add = f"annotator --workspace {shlex.quote(str(config.folder))} add FILE…"
    return (
        BarLine((("strong", f" Welcome, {config.reviewer}. "), ("normal", "No articles yet."))),
        BarLine((("muted", " Put files into  "), ("info", config.inbox))),
        BarLine((("muted", " or run          "), ("info", add))),
        BarLine((("muted", " Text, web pages, mails, documents, archives and JSON are read."),)),
        *_help(keys, width),
    )


def unfit_card(words: str, keys: KeyMap) -> tuple[BarLine, ...]:
    """Shown where a filter, in words, fits no article."""
    return (
        BarLine((("strong", " No article here. "), ("normal", f"The queue lists {words}."))),
        BarLine(
            (
                ("key", f" {keys.shown('queue_close')}"),
                ("normal", " lists all again   "),
                ("key", keys.shown("queue_filter")),
                ("normal", " chooses another filter"),
            )
        ),
    )


def end_card(
    config: WorkspaceConfig, results: Iterable[ArticleResult], counts: Counts | None
) -> tuple[BarLine, ...]:
    """What was done since the start, where it is, and what comes next."""
    from annotator.core.reviewing.sitting import summed, told_items, told_sitting  # rarely needed

    done = tuple(results)
    items = told_items(summed(done))
    folder = shlex.quote(str(config.folder))
    records = ""
    if counts is not None:
        records = f"  {counts.finished + counts.skipped + counts.unusable:,} in all"
    return (
        BarLine((("strong", f" {_heading(counts)} "), ("normal", told_sitting(done)))),
        BarLine((("muted", " Items    "), ("normal", items or "none"))),
        BarLine((("muted", " Records  "), _records(config), ("muted", records))),
        BarLine(
            (
                ("muted", " One file "),
                ("info", f"annotator --workspace {folder} export --output FILE"),
            )
        ),
        BarLine((("muted", " More     "), ("normal", f"new files in {config.inbox} appear here"))),
    )


def _heading(counts: Counts | None) -> str:
    """Why the queue opens no further article."""
    if counts is None or counts.in_review:
        return "Nothing else is ready."
    return "Nothing else is ready yet." if counts.waiting else "All articles are done."


def _bar(progress: Progress, doing: str, left: float | None, cells: int) -> Sequence[Piece]:
    if progress.total and progress.done >= progress.total:
        return (("good", "━" * cells), ("normal", " all are read"))
    filled = int(cells * progress.share)
    said = f" {progress.done:,} of {progress.total:,} read"
    if doing:
        said += f", {doing}"
    elif left is not None:
        said += f", {span_of_time(max(1.0, left))} left"
    return (
        ("good", "━" * filled),
        ("muted", "─" * (cells - filled)),
        ("normal", said if progress.total else f" {doing}"),
    )


def _steps(keys: KeyMap, width: int) -> list[BarLine]:
    accept, reject = keys.shown("accept"), keys.shown("reject")
    steps = (
        (("key", keys.shown("queue_next")), ("normal", " opens a ready article   ")),
        (("key", f"{accept} {reject}"), ("normal", " right, wrong   ")),
        (("key", "1-0"), ("normal", " another label   ")),
        (("key", keys.shown("accept_all")), ("normal", " accepts the rest and goes on   ")),
        (("key", keys.shown("undo")), ("normal", " undoes")),
    )
    return flowed(steps, width)


def _help(keys: KeyMap, width: int) -> list[BarLine]:
    rows = (
        (("key", keys.shown("queue_tour")), ("normal", " a tour of two minutes on a sample   ")),
        (("key", keys.shown("queue_help")), ("normal", " all keys and guidelines   ")),
        (("key", keys.shown("queue_quit")), ("normal", " quits")),
    )
    return flowed(rows, width)


def _records(config: WorkspaceConfig) -> Piece:
    return "info", str(Path(config.exports or "exports") / "records")


def _name_of(inbox: str) -> str:
    return f"{Path(inbox).name}/" if inbox else "the inbox"
