"""Remembers the decisions that the database confirmed, in case it loses them.

Removing the log of an open database, or the database itself, removes saved decisions. Those of this
session are then written to files, like unsaved ones.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from annotator.core.decisions import Decision, Kind
from annotator.errors import AnnotatorError, ArticlePurged, DatabaseGone
from annotator.tui.saving.rescue_files import Rescued, RescueFiles, Unwritten

if TYPE_CHECKING:
    from textual.app import App

# Key presses; older ones have long been moved from the log into the database.
_KEPT = 5000


class Acknowledged:
    """Passes decisions on to `append` and remembers the confirmed ones.

    If the database turns out to be gone, they are written to files in `folder`. `finished` is
    called with article, reviewer and whether it is an adjudication once a finish is stored.
    """

    def __init__(
        self,
        append: Callable[[Sequence[Decision], str], None],
        folder: Path,
        finished: Callable[[str, str, bool], None] | None = None,
    ) -> None:
        self._append, self._finished = append, finished
        self._rescue_files = RescueFiles(folder)
        self._taken: deque[tuple[Sequence[Decision], str]] = deque(maxlen=_KEPT)
        self.rescued = Rescued()

    def append(self, decisions: Sequence[Decision], text: str) -> None:
        """Store decisions; raises what `append` raises, DatabaseGone only after the others are
        safe."""
        try:
            self._append(decisions, text)
        except DatabaseGone:
            self._rescue()
            raise
        except ArticlePurged:
            # The article was purged: its text, and so the decisions on it, must not be kept.
            gone = {decision.article for decision in decisions}
            still = [one for one in self._taken if not {made.article for made in one[0]} & gone]
            self._taken = deque(still, maxlen=_KEPT)
            raise
        self._taken.append((decisions, text))
        if self._finished is not None:
            for one in decisions:
                if one.kind is Kind.FINISH:
                    self._finished(one.article, one.reviewer, one.adjudicates)

    def look(self, check: Callable[[], None]) -> None:
        """Write everything to files if `check` says that the database is gone."""
        try:
            check()
        except DatabaseGone:
            self._rescue()
        except AnnotatorError:
            pass  # other errors lose nothing

    def _rescue(self) -> None:
        taken: list[Unwritten] = [
            (decision, text) for decisions, text in tuple(self._taken) for decision in decisions
        ]
        if taken:
            self.rescued = self._rescue_files.keep(taken)


def teller(app: App[None]) -> Callable[[str], None]:
    """Shows a problem in the app, from any thread but its own."""

    def tell(problem: str) -> None:
        show = partial(app.notify, problem, severity="warning", markup=False, timeout=15)
        app.call_from_thread(show)

    return tell
