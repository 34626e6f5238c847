"""The dependencies of the app: an open store, the workspace's configuration, a clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from annotator.core.workspace_config import WorkspaceConfig
from annotator.tui.clock import Clock

if TYPE_CHECKING:
    from annotator.store.store import Store


@dataclass(frozen=True)
class AppSetup:
    """The dependencies of the screens.

    `watcher_problem` says why our own watcher ended before us; None while it runs.
    """

    store: Store
    config: WorkspaceConfig
    watcher_problem: Callable[[], str | None] | None = None
    clock: Clock = field(default_factory=Clock)
