"""`python -m annotator.cli.browser_screens`: the screens of one browser tab.

Started by `annotator serve` alone: they speak the protocol of textual-serve instead of drawing on a
terminal. What `annotator review` prints at its end is shown in the browser.
"""

from __future__ import annotations

import contextlib
import io
import sys
from pathlib import Path

from annotator.cli.context import Workspace, keep_from_others, tell_error
from annotator.cli.review_screens import show_screens
from annotator.errors import AnnotatorError
from annotator.tui.terminal.browser_driver import say_last


def main(folder: str, reviewer: str) -> int:
    """The exit status of the screens of a workspace; no name means the workspace's reviewer."""
    workspace = Workspace(Path(folder))
    keep_from_others(workspace.folder)
    status, said = 0, io.StringIO()
    with contextlib.redirect_stderr(said):
        try:
            show_screens(workspace, reviewer or None)
        except AnnotatorError as error:
            tell_error(error)
            status = 1
        except KeyboardInterrupt:
            status = 130
    sys.stderr.write(said.getvalue())
    say_last(said.getvalue())
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
