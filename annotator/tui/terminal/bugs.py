"""How the screens end by an error that nobody foresaw: in good order, showing no values.

Textual would print the values of all local variables, among them the articles and the password of
the database, and end with status 0 where the error was in one of its threads.
"""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import Any

from textual.worker import WorkerFailed

from annotator.errors import ScreensFailed
from annotator.tui.terminal.textual_internals import HookedApp


class Unbreaking(HookedApp):
    """An app that keeps the first error that ends it in `bug`, and prints nothing of it."""

    bug: BaseException | None = None

    def broke(self) -> None:
        """Does what has to be done while the screens are still there."""

    def end_by(self, error: BaseException) -> None:
        """Ends the app because of an error."""
        if self.bug is not None:
            return  # what comes after the first is of its making
        self.bug = error.error if isinstance(error, WorkerFailed) else error
        try:
            self.broke()
        except Exception as another:
            self.bug.add_note(f"Then, at ending: {type(another).__name__}")

    def panic(self, *_renderables: Any) -> None:
        """Ends the app; what there is to show of an error stands in `bug`."""
        self.end_by(RuntimeError("Textual ended the screens"))
        self.close_now(return_code=1)


def failed(bug: BaseException) -> ScreensFailed:
    """What is said of an error that ended the screens: what kind it was and where, no values."""
    where = traceback.extract_tb(bug.__traceback__)
    ours = [frame for frame in where if "annotator" in Path(frame.filename).parts] or where
    place = f", {Path(ours[-1].filename).name} line {ours[-1].lineno}" if ours else ""
    return ScreensFailed(
        f"The screens ended by an error of their own ({type(bug).__name__}{place}).",
        hint="What was decided is kept: start them again.",
    )
