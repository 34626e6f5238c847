"""Decisions that the database did not take are brought back from their files at the next start.

Reading a file twice does nothing twice, since a decision that is stored is known by its id.
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

from annotator.core.decisions import Decision
from annotator.core.records.codec import basis_to_dict, decision_from_dict, outcome_to_dict
from annotator.core.reviewing.rebase import Rebased
from annotator.errors import AnnotatorError, ArticlePurged
from annotator.replacing import leftovers
from annotator.tui.saving.aside import FILES, UNFINISHED, new_path, write_lines
from annotator.tui.saving.aside import put_aside as put_aside

if TYPE_CHECKING:
    from annotator.store.store import Store

_LARGEST = 100_000_000
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Left:
    """A decision, or a line that is none, that stays in its file, and why."""

    file: Path
    why: str


@dataclass(frozen=True, slots=True)
class BroughtBack:
    """How many decisions were stored, in how many articles, and what stays in the files; how many
    went with an article that was purged."""

    decisions: int = 0
    articles: int = 0
    left: tuple[Left, ...] = ()
    purged: int = 0


@dataclass(slots=True)
class _Line:
    """A line of a file, the decision that it holds (None: not one), and why it has to stay."""

    file: Path
    raw: str
    decision: Decision | None = None
    why: str | None = None
    says_more: bool = False


def bring_back(
    store: Store,
    folder: Path,
    *,
    now: datetime,
    lease_seconds: float,
    reviews_per_article: int = 1,
) -> BroughtBack:
    """Stores what the files of `folder` hold, as far as it fits, under its reviewers' names.

    What is stored, or was before, leaves its file; a file with nothing left goes. What does not
    fit stays as it is. Whatever goes wrong, nothing is lost: files change after the store has.
    """
    _take_up(folder)
    lines = list(_lines(folder))
    reviews: dict[tuple[str, str], list[_Line]] = defaultdict(list)
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
                    reviews_per_article=reviews_per_article,
                )
        except ArticlePurged:
            # Its words are to be nowhere: neither are these.
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
        _log.info("%d decisions brought back, %d left in files", decisions, len(left))
    return BroughtBack(decisions, articles, left, purged)


def _tell_lines(lines: Iterable[_Line], fitted: Rebased) -> None:
    """Gives each line the reason why it stays, if it does, and what it was made upon: what that
    was can be said now, and not any more once some of the lines are stored."""
    reasons = {decision.id: (decision, why) for decision, why in fitted.left}
    for line in lines:
        if line.decision is not None and line.decision.id in reasons:
            decision, line.why = reasons[line.decision.id]
            if line.decision.upon is None and decision.upon is not None:
                plain = {**json.loads(line.raw), "upon": basis_to_dict(decision.upon)}
                line.raw, line.says_more = json.dumps(plain), True


def waiting(folder: Path) -> dict[str, int]:
    """The files of decisions in a folder that wait to be brought back: how many lines each has."""
    found = {}
    for path in _files(folder):
        # One that cannot be read, or was removed at this moment, is told with nothing in it.
        found[path.name] = 0
        with suppress(OSError):
            found[path.name] = sum(1 for line in _raw_lines(path) if line.strip())
    return found


def told(brought: BroughtBack) -> tuple[str, str]:
    """What to say of decisions that came back, and of those that did not; each empty if none."""
    back = left = ""
    if brought.decisions:
        where = f"in {_many(brought.articles, 'article')}"
        back = (
            f"{_many(brought.decisions, 'decision')} {where}, which could not be saved before, "
            f"{'is' if brought.decisions == 1 else 'are'} saved now."
        )
    if brought.purged:
        gone = "was" if brought.purged == 1 else "were"
        back += (
            f"{' ' if back else ''}{_many(brought.purged, 'decision')} on an article that has been "
            f"purged {gone} removed with it."
        )
    for file in dict.fromkeys(one.file for one in brought.left):
        here = [one.why for one in brought.left if one.file == file]
        reasons = " ".join(dict.fromkeys(here))
        stay = "stays" if len(here) == 1 else "stay"
        left += f"{_many(len(here), 'decision')} {stay} in {file.name}: {reasons}\n"
    if left:
        left += "The next start tries again; remove the file if you want nothing of it any more."
    return back, left


def _lines(folder: Path) -> Iterator[_Line]:
    for path in _files(folder):
        try:
            yield from _lines_of(path)
        except OSError as error:
            yield _Line(path, "", why=f"It cannot be read: {error.strerror}.")


def _lines_of(path: Path) -> Iterator[_Line]:
    """The lines of a file; OSError where it cannot be read."""
    for number, raw in enumerate(_raw_lines(path), start=1):
        if not raw.strip():
            continue
        try:
            yield _Line(path, raw, decision_from_dict(json.loads(raw)))
        except (ValueError, TypeError, LookupError, AttributeError, AnnotatorError):
            yield _Line(path, raw, why=f"Line {number} is no decision.")


def _take_up(folder: Path) -> None:
    """Makes files of what a writer that was killed had written: its decisions may be nowhere else.

    Its last line may be half of one, and is not. What another file holds is not taken up twice.
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
    # Only files: reading something else of that name might never end.
    return [path for path in sorted(folder.glob(FILES)) if path.is_file()]


def _raw_lines(path: Path) -> list[str]:
    """The lines of a file, whatever is in it; OSError where it cannot be read, or is too large to
    be one of ours."""
    if path.stat().st_size > _LARGEST:
        raise OSError(errno.EFBIG, f"it is larger than {_LARGEST:,} bytes")
    # Only LF ends a line: what else counts as one may stand in the words of a note.
    return path.read_text(encoding="utf-8", errors="surrogateescape").split("\n")


def _quoting(lines: Iterable[_Line], text: str) -> Iterator[Decision]:
    """The decisions whose items quote the article; the other lines are told that they do not."""
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


def _keep_only_what_is_left(lines: Sequence[_Line]) -> None:
    """Takes out of the files what is not to stay there.

    First of all each line that stays says what it was made upon: of lines that do not say, this is
    known from the others, as long as these are there.
    """
    files: dict[Path, list[_Line]] = defaultdict(list)
    for line in lines:
        files[line.file].append(line)
    for path, here in files.items():
        if any(line.says_more for line in here) and not _change(path, here):
            return  # they hold what is stored already, which the next start sees
    for path, here in files.items():
        left = [line for line in here if line.why is not None]
        if len(left) < len(here):
            _change(path, left)


def _change(path: Path, lines: Sequence[_Line]) -> bool:
    """Makes a file hold these lines, or removes it if there are none; whether that went well."""
    try:
        if lines:
            write_lines(path, [line.raw for line in lines])
        else:
            path.unlink(missing_ok=True)
    except OSError as error:
        _log.warning("%s cannot be changed: %s", path.name, error)
        return False
    return True


def _many(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
