"""Ends the screens cleanly after an unexpected error, without showing values.

Textual would print the values of all local variables, including articles and the database password,
and exit with status 0 after an error in one of its threads.
"""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import Any

from textual.worker import WorkerFailed

from annotator.errors import ScreensFailed
from annotator.tui.terminal.textual_internals import HookedApp


class Unbreaking(HookedApp):
    """An app that keeps the first error that ends it in `bug`, and prints nothing."""

    bug: BaseException | None = None

    def broke(self) -> None:
        """Clean up while the screens still exist."""

    def end_by(self, error: BaseException) -> None:
        """End the app because of an error."""
        if self.bug is not None:
            return  # later errors are consequences of the first
        self.bug = error.error if isinstance(error, WorkerFailed) else error
        try:
            self.broke()
        except Exception as another:
            self.bug.add_note(f"Then, at ending: {type(another).__name__}")

    def panic(self, *_renderables: Any) -> None:
        """End the app; `bug` has the details of the error."""
        self.end_by(RuntimeError("Textual ended the screens"))
        self.close_now(return_code=1)


def failed(bug: BaseException) -> ScreensFailed:
    """Two lines about an error that ended the screens: its type and location, without values."""
    where = traceback.extract_tb(bug.__traceback__)
    ours = [frame for frame in where if "annotator" in Path(frame.filename).parts] or where
    place = f", {Path(ours[-1].filename).name} line {ours[-1].lineno}" if ours else ""
    return ScreensFailed(
        f"The screens ended by an error of their own ({type(bug).__name__}{place}).",
        hint="What was decided is kept: start them again.",
    )
