"""Simple calls of `run` and `review` mean the same to the fast parser and to typer."""

from pathlib import Path

import pytest

from annotator.cli import fast_start, verbs, watched_inbox
from annotator.cli.run import COMPANION

CALLS = [
    ["run"],
    ["review"],
    ["--workspace", "desk", "run"],
    ["review", "--reviewer", "ada"],
    ["--workspace", "desk", "review", "--reviewer", "Ada L"],
]
OTHERS = [
    [],
    ["report"],
    ["review", "--help"],
    ["run", "extra"],
    ["--reviewer", "ada", "run"],
    ["--workspace", "--help", "run"],
    ["review", "--reviewer"],
    ["--version"],
    ["watch"],
    ["watch", "--companion", "--json"],
]


@pytest.fixture(autouse=True)
def opened(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str | None, Path]]:
    """What would be opened: verb, reviewer, workspace."""
    seen: list[tuple[str, str | None, Path]] = []

    def opener(verb: str) -> object:
        return lambda workspace, reviewer: seen.append((verb, reviewer, workspace.folder))

    for verb, name in (("run", "run_everything"), ("review", "review_articles")):
        monkeypatch.setitem(fast_start._VERBS, verb, opener(verb))
        monkeypatch.setattr(verbs, name, opener(verb))
    return seen


@pytest.mark.parametrize("words", CALLS, ids=" ".join)
def test_both_parsers_agree_on_a_plain_call(
    words: list[str], opened: list[tuple[str, str | None, Path]]
) -> None:
    quick = fast_start.screens_asked_for(words)
    assert quick is not None
    quick()
    verbs.app(words, standalone_mode=False)
    assert opened[0] == opened[1]


@pytest.mark.parametrize("words", OTHERS, ids=" ".join)
def test_other_calls_go_to_the_full_parser(words: list[str]) -> None:
    assert fast_start.screens_asked_for(words) is None


def test_the_watcher_beside_the_screens_needs_no_typer(monkeypatch: pytest.MonkeyPatch) -> None:
    watched: list[Path] = []
    monkeypatch.setattr(
        watched_inbox, "watch_beside_screens", lambda workspace: watched.append(workspace.folder)
    )
    quick = fast_start.screens_asked_for(["--workspace", "desk", *COMPANION])
    assert quick is not None
    quick()
    assert watched == [Path("desk")]
