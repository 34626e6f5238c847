"""Decisions that the database did not take are brought back from their files at the next start.

Reading a file twice does nothing twice, since a decision that is stored is known by its id.
"""

from __future__ import annotations

import json
import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from annotator.core.codec import decision_from_dict, outcome_to_dict
from annotator.core.decisions import Decision
from annotator.core.late import fit
from annotator.errors import AnnotatorError
from annotator.tui.aside import FILES, write_lines
from annotator.tui.aside import put_aside as put_aside

if TYPE_CHECKING:
    from annotator.store.store import Store

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Left:
    """A decision, or a line that is none, that stays in its file, and why."""

    file: Path
    why: str


@dataclass(frozen=True, slots=True)
class BroughtBack:
    """How many decisions were stored, in how many articles, and what stays in the files."""

    decisions: int = 0
    articles: int = 0
    left: tuple[Left, ...] = ()


@dataclass(slots=True)
class _Line:
    """A line of a file, the decision that it holds (None: not one), and why it has to stay."""

    file: Path
    raw: str
    decision: Decision | None = None
    why: str | None = None


@dataclass(slots=True)
class _Done:
    decisions: int = 0
    articles: set[str] = field(default_factory=set)


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
    lines = list(_lines(folder))
    reviews: dict[tuple[str, str], list[_Line]] = defaultdict(list)
    for line in lines:
        if line.decision is not None:
            reviews[line.decision.article, line.decision.reviewer].append(line)
    done = _Done()
    for (article, reviewer), theirs in reviews.items():
        try:
            opened = store.open_review(
                article,
                reviewer,
                now=now,
                lease_seconds=lease_seconds,
                reviews_per_article=reviews_per_article,
            )
            text = opened.article.text
            try:
                fitted = fit(opened.review, _quoting(theirs, text))
                store.append(fitted.new, text=text)
            finally:
                store.release_review(article, reviewer)
        except AnnotatorError as error:
            for line in theirs:
                line.why = error.message
            continue
        if fitted.new:
            done.decisions += len(fitted.new)
            done.articles.add(article)
        reasons = {decision.id: why for decision, why in fitted.left}
        for line in theirs:
            if line.decision is not None and line.why is None:
                line.why = reasons.get(line.decision.id)
    _keep_only_what_is_left(lines)
    left = tuple(Left(line.file, line.why) for line in lines if line.why is not None)
    if lines:
        _log.info("%d decisions brought back, %d left in files", done.decisions, len(left))
    return BroughtBack(done.decisions, len(done.articles), left)


def waiting(folder: Path) -> dict[str, int]:
    """The files of decisions in a folder that wait to be brought back: how many lines each has."""
    return {
        path.name: sum(1 for line in _raw_lines(path) if line.strip())
        for path in sorted(folder.glob(FILES))
    }


def told(brought: BroughtBack) -> tuple[str, str]:
    """What to say of decisions that came back, and of those that did not; each empty if none."""
    back = left = ""
    if brought.decisions:
        where = f"in {_many(brought.articles, 'article')}"
        back = (
            f"{_many(brought.decisions, 'decision')} {where}, which could not be saved before, "
            f"{'is' if brought.decisions == 1 else 'are'} saved now."
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
    for path in sorted(folder.glob(FILES)):
        for number, raw in enumerate(_raw_lines(path), start=1):
            if not raw.strip():
                continue
            try:
                yield _Line(path, raw, decision_from_dict(json.loads(raw)))
            except (ValueError, TypeError, LookupError, AttributeError, AnnotatorError):
                yield _Line(path, raw, why=f"Line {number} is no decision.")


def _raw_lines(path: Path) -> list[str]:
    """The lines of a file, whatever is in it; none where it cannot be read."""
    try:
        # Only LF ends a line: what else counts as one may stand in the words of a note.
        return path.read_text(encoding="utf-8", errors="surrogateescape").split("\n")
    except OSError as error:
        _log.warning("%s cannot be read: %s", path.name, error)
        return []


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
    for path in {line.file for line in lines}:
        here = [line for line in lines if line.file == path]
        left = [line.raw for line in here if line.why is not None]
        try:
            if not left:
                path.unlink(missing_ok=True)
            elif len(left) < len(here):
                write_lines(path, left)
        except OSError as error:
            # Then it holds what is stored already, which the next start sees.
            _log.warning("%s cannot be changed: %s", path.name, error)


def _many(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
