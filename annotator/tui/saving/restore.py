"""Restores decisions that the database did not accept from their files, at the next start.

Restoring a file twice has no effect, because the ids of stored decisions are known.
"""

from __future__ import annotations

import errno
import json
import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from annotator.core.assignment import ONE_REVIEW, ReviewPlan
from annotator.core.decisions import Decision
from annotator.core.records.codec import basis_to_dict, decision_from_dict, outcome_to_dict
from annotator.core.reviewing.rebase import Rebased
from annotator.core.text.counted import many
from annotator.errors import AnnotatorError, ArticlePurged
from annotator.replacing import leftovers
from annotator.tui.saving.rescue_files import FILES, UNFINISHED, new_path, write_lines

if TYPE_CHECKING:
    from annotator.store.store import Store

_LARGEST = 100_000_000
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Left:
    """A decision, or an unreadable line, that stays in its file, and why."""

    file: Path
    why: str


@dataclass(frozen=True, slots=True)
class Restored:
    """The number of stored decisions and their articles, the lines that stay in files, and the
    number of decisions on purged articles."""

    decisions: int = 0
    articles: int = 0
    left: tuple[Left, ...] = ()
    purged: int = 0


@dataclass(slots=True)
class _RescuedLine:
    """A line of a file, its decision (None if unreadable), and why it stays."""

    file: Path
    raw: str
    decision: Decision | None = None
    why: str | None = None
    says_more: bool = False


def restore(
    store: Store,
    folder: Path,
    *,
    now: datetime,
    lease_seconds: float,
    plan: ReviewPlan = ONE_REVIEW,
) -> Restored:
    """Store the decisions in the files of `folder` that still apply, under their reviewers' names.

    Stored decisions are removed from their file, and empty files are removed. The others stay.
    Nothing is lost on any failure: files change only after the store has.
    """
    _take_up(folder)
    lines = list(_lines(folder))
    reviews: dict[tuple[str, str], list[_RescuedLine]] = defaultdict(list)
    for line in lines:
        if line.decision is not None:
            reviews[line.decision.article, line.decision.reviewer].append(line)
    decisions = purged = articles = 0
    for (article, _), theirs in reviews.items():
        try:
            text = store.articles.get(article).text
            late = tuple(_quoting(theirs, text))
            fitted = Rebased()
            if late:
                fitted = store.reviews.append_late(
                    late,
                    text=text,
                    now=now,
                    lease_seconds=lease_seconds,
                    plan=plan,
                )
        except ArticlePurged:
            # Its text must not be kept, so the decisions are dropped too.
            purged += len(theirs)
        except AnnotatorError as error:
            for line in theirs:
                line.why = line.why or error.message
        else:
            decisions += len(fitted.new)
            articles += bool(fitted.new)
            _tell_lines(theirs, fitted)
    _keep_only_what_is_left(lines)
    left = tuple(Left(line.file, line.why) for line in lines if line.why is not None)
    if lines:
        _log.info("%d decisions restored, %d left in files", decisions, len(left))
    return Restored(decisions, articles, left, purged)


def _tell_lines(lines: Iterable[_RescuedLine], fitted: Rebased) -> None:
    """Set for each line that stays the reason, and what its decision was based on: that is no
    longer known once some of the lines are stored."""
    reasons = {decision.id: (decision, why) for decision, why in fitted.left}
    for line in lines:
        if line.decision is not None and line.decision.id in reasons:
            decision, line.why = reasons[line.decision.id]
            if line.decision.upon is None and decision.upon is not None:
                plain = {**json.loads(line.raw), "upon": basis_to_dict(decision.upon)}
                line.raw, line.says_more = json.dumps(plain), True


def waiting(folder: Path) -> dict[str, int]:
    """The rescue files of a folder, with their number of lines."""
    found = {}
    for path in _files(folder):
        # A file that cannot be read, or was just removed, counts as empty.
        found[path.name] = 0
        with suppress(OSError):
            found[path.name] = sum(1 for line in _raw_lines(path) if line.strip())
    return found


def told(restored: Restored) -> tuple[str, str]:
    """Messages about the restored decisions and about the others; empty if there are none."""
    back = left = ""
    if restored.decisions:
        where = f"in {many(restored.articles, 'article')}"
        back = (
            f"{many(restored.decisions, 'decision')} {where} that could not be saved before "
            f"{'is' if restored.decisions == 1 else 'are'} saved now."
        )
    if restored.purged:
        gone = "was" if restored.purged == 1 else "were"
        back += (
            f"{' ' if back else ''}{many(restored.purged, 'decision')} on a purged article "
            f"{gone} removed with it."
        )
    for file in dict.fromkeys(one.file for one in restored.left):
        here = [one.why for one in restored.left if one.file == file]
        reasons = " ".join(dict.fromkeys(here))
        stay = "stays" if len(here) == 1 else "stay"
        left += f"{many(len(here), 'decision')} {stay} in {file.name}: {reasons}\n"
    if left:
        left += "The next start tries again; remove the file to give these decisions up."
    return back, left


def _lines(folder: Path) -> Iterator[_RescuedLine]:
    for path in _files(folder):
        try:
            yield from _lines_of(path)
        except OSError as error:
            yield _RescuedLine(path, "", why=f"It cannot be read: {error.strerror}.")


def _lines_of(path: Path) -> Iterator[_RescuedLine]:
    """The lines of a file; OSError if it cannot be read."""
    for number, raw in enumerate(_raw_lines(path), start=1):
        if not raw.strip():
            continue
        try:
            yield _RescuedLine(path, raw, decision_from_dict(json.loads(raw)))
        except (ValueError, TypeError, LookupError, AttributeError, AnnotatorError):
            yield _RescuedLine(path, raw, why=f"Line {number} is no decision.")


def _take_up(folder: Path) -> None:
    """Turn the partial files of killed writers into rescue files: nothing else may have their
    decisions.

    An incomplete last line is dropped. Lines that another file has are not taken up again.
    """
    with suppress(OSError), leftovers(folder, UNFINISHED) as found:
        known = {line.decision.id for line in _lines(folder) if line.decision is not None}
        for path in found:
            with suppress(OSError):
                new = [
                    (line.decision.article, line.raw)
                    for line in _lines_of(path)
                    if line.decision is not None and line.decision.id not in known
                ]
                if new:
                    write_lines(new_path(folder, new[0][0]), [raw for _, raw in new])
                path.unlink()


def _files(folder: Path) -> list[Path]:
    # Only regular files: reading another kind might never end.
    return [path for path in sorted(folder.glob(FILES)) if path.is_file()]


def _raw_lines(path: Path) -> list[str]:
    """The lines of a file, whatever it contains; OSError if it cannot be read or is too large for
    one of ours."""
    if path.stat().st_size > _LARGEST:
        raise OSError(errno.EFBIG, f"it is larger than {_LARGEST:,} bytes")
    # Only LF ends a line: other line separators may occur in notes.
    return path.read_text(encoding="utf-8", errors="surrogateescape").split("\n")


def _quoting(lines: Iterable[_RescuedLine], text: str) -> Iterator[Decision]:
    """The decisions whose items match the article's text; the other lines get this as their
    reason."""
    for line in lines:
        decision = line.decision
        if decision is None:
            continue
        plain = json.loads(line.raw)
        for outcome, written in ((decision.before, "before"), (decision.after, "after")):
            if outcome_to_dict(outcome, text) != plain.get(written):
                line.why = "What it quotes does not stand in the article there."
        if line.why is None:
            yield decision


def _keep_only_what_is_left(lines: Sequence[_RescuedLine]) -> None:
    """Remove stored lines from the files.

    Before that, record in each remaining line what its decision was based on: this is derived from
    the other lines and would be lost with them.
    """
    files: dict[Path, list[_RescuedLine]] = defaultdict(list)
    for line in lines:
        files[line.file].append(line)
    for path, here in files.items():
        if any(line.says_more for line in here) and not _change(path, here):
            return  # its decisions are stored already; the next start detects that
    for path, here in files.items():
        left = [line for line in here if line.why is not None]
        if len(left) < len(here):
            _change(path, left)


def _change(path: Path, lines: Sequence[_RescuedLine]) -> bool:
    """Rewrite a file with these lines, or remove it if there are none; returns whether that
    succeeded."""
    try:
        if lines:
            write_lines(path, [line.raw for line in lines])
        else:
            path.unlink(missing_ok=True)
    except OSError as error:
        _log.warning("%s cannot be changed: %s", path.name, error)
        return False
    return True
