"""What the database said it has, kept until the end: it may turn out that it has not.

Whoever removes the log of an open database, or the database itself, takes away what was saved
before. This session's part of it is then put into files, like what could not be saved.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path

from annotator.core.decisions import Decision
from annotator.errors import AnnotatorError, ArticlePurged, DatabaseGone
from annotator.tui.saving.aside import Aside, PutAside, Unwritten

# Key presses; what is older has long been taken over from the log into the database.
_KEPT = 5000


class Acknowledged:
    """Passes decisions on to `append` and remembers those that it took.

    When it finds that the database is not there any more they go into files in `folder`.
    """

    def __init__(self, append: Callable[[Sequence[Decision], str], None], folder: Path) -> None:
        self._append = append
        self._aside = Aside(folder)
        self._taken: deque[tuple[Sequence[Decision], str]] = deque(maxlen=_KEPT)
        self.rescued = PutAside()

    def append(self, decisions: Sequence[Decision], text: str) -> None:
        """Stores decisions; whatever `append` raises, and DatabaseGone once the others are safe."""
        try:
            self._append(decisions, text)
        except DatabaseGone:
            self._rescue()
            raise
        except ArticlePurged:
            # Its words are to be nowhere; what was decided on them is not to be kept either.
            gone = {decision.article for decision in decisions}
            still = [one for one in self._taken if not {made.article for made in one[0]} & gone]
            self._taken = deque(still, maxlen=_KEPT)
            raise
        self._taken.append((decisions, text))

    def look(self, check: Callable[[], None]) -> None:
        """Puts everything into files if `check` says that the database is not there any more."""
        try:
            check()
        except DatabaseGone:
            self._rescue()
        except AnnotatorError:
            pass  # whatever else is wrong takes nothing away

    def _rescue(self) -> None:
        taken: list[Unwritten] = [
            (decision, text) for decisions, text in tuple(self._taken) for decision in decisions
        ]
        if taken:
            self.rescued = self._aside.keep(taken)
