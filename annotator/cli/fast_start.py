"""Parses simple calls of `run` and `review`, and the watcher that `run` starts, without typer.

Loading typer takes longer than drawing the first frame, and people wait for these two verbs and for
the first article.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from annotator.cli.context import Workspace, keep_from_others
from annotator.cli.review_screens import review_articles
from annotator.cli.run import COMPANION, run_everything

_VERBS: dict[str, Callable[[Workspace, str | None], None]] = {
    "run": run_everything,
    "review": review_articles,
}


def screens_asked_for(words: Sequence[str]) -> Callable[[], None] | None:
    """A function that carries out `[--workspace DIR] run|review [--reviewer NAME]`, or the watcher
    beside them; None for any other command line."""
    folder, rest = _option("--workspace", words)
    if tuple(rest) == COMPANION:
        from annotator.cli.watched_inbox import watch_beside_screens

        keep_from_others(Path(folder or "."))
        return partial(watch_beside_screens, Workspace(Path(folder or ".")))
    if not rest or rest[0] not in _VERBS:
        return None
    reviewer, left = _option("--reviewer", rest[1:])
    if left:
        return None
    workspace = Workspace(Path(folder or "."))
    keep_from_others(workspace.folder)
    return partial(_VERBS[rest[0]], workspace, reviewer)


def _option(name: str, words: Sequence[str]) -> tuple[str | None, Sequence[str]]:
    """The value of a leading option, and the remaining words."""
    if len(words) > 1 and words[0] == name and not words[1].startswith("-"):
        return words[1], words[2:]
    return None, words
