"""The dependencies of the app: an open store, the workspace's configuration, a clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from annotator.core.reviewing.sitting import Sitting
from annotator.core.workspace_config import WorkspaceConfig
from annotator.tui.clock import Clock

if TYPE_CHECKING:
    from annotator.core.lint.lint_finding import LintFinding
    from annotator.store.store import Store


Findings: TypeAlias = "Callable[[], Iterator[Sequence[LintFinding]]]"


Finished: TypeAlias = Callable[[Callable[[str], None], str, str, bool], None]
"""Takes what tells the reviewer a line, then the article, the reviewer, and whether the review is
an adjudication."""


def no_findings() -> Iterator[Sequence[LintFinding]]:
    """For screens that never ask for findings."""
    return iter(())


@dataclass(frozen=True)
class AppSetup:
    """The dependencies of the screens.

    `watcher_problem` says why our own watcher ended before us; None while it runs. `findings` reads
    what contradicts itself in the reviewer's finished reviews, one review after the other.
    `sitting` is what was done since the screens were started. `export` writes all finished reviews
    to a file and returns how many; it raises ExportError if that fails. `finished` is called, from
    a thread, for each review that was finished here and stored; it returns at once.
    """

    store: Store
    config: WorkspaceConfig
    watcher_problem: Callable[[], str | None] | None = None
    clock: Clock = field(default_factory=Clock)
    findings: Findings = no_findings
    sitting: Sitting = field(default_factory=Sitting)
    finished: Finished | None = None
    export: Callable[[Path], int] | None = None
