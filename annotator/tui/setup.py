"""All that the app is given: an open store, the configuration of the workspace, a clock."""

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
    """What the screens work with.

    `watcher_problem` says why our own watcher ended before us; None as long as it has not.
    """

    store: Store
    config: WorkspaceConfig
    watcher_problem: Callable[[], str | None] | None = None
    clock: Clock = field(default_factory=Clock)
