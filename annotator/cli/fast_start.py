"""The plain calls of `run` and `review`, understood without what reads all other command lines.

That takes longer to load than the first frame takes to draw, and these two people wait for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from annotator.cli.context import choose_workspace
from annotator.cli.review_screens import review_articles
from annotator.cli.run import run_everything

_VERBS: dict[str, Callable[[str | None], None]] = {
    "run": run_everything,
    "review": review_articles,
}


def screens_asked_for(words: Sequence[str]) -> Callable[[], None] | None:
    """What `[--workspace DIR] run|review [--reviewer NAME]` asks for; None for any other call."""
    folder, rest = _option("--workspace", words)
    if not rest or rest[0] not in _VERBS:
        return None
    reviewer, left = _option("--reviewer", rest[1:])
    if left:
        return None
    choose_workspace(Path(folder or "."))
    return partial(_VERBS[rest[0]], reviewer)


def _option(name: str, words: Sequence[str]) -> tuple[str | None, Sequence[str]]:
    """The value of an option that stands first, and the words behind it."""
    if len(words) > 1 and words[0] == name and not words[1].startswith("-"):
        return words[1], words[2:]
    return None, words
