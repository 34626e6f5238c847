"""All that the app is given: plain values and an open store."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from annotator.core.labels import LabelScheme
from annotator.tui.clock import Clock

if TYPE_CHECKING:
    from annotator.store.store import Store


@dataclass(frozen=True)
class AppSetup:
    """What the screens work with.

    `keymap` gives actions other keys (see `keys.py`); `confidence` is the score under which
    *accept all* stops first; `rescue` is the folder for decisions that could not be written, from
    which the next start brings them back.
    `watcher_problem` says why our own watcher ended before us; None as long as it has not.
    """

    store: Store
    reviewer: str
    scheme: LabelScheme
    rescue: Path
    keymap: Mapping[str, str] = field(default_factory=dict)
    confidence: float = 0.6
    theme: str | None = None
    guidelines: str = ""
    reviews_per_article: int = 1
    lease_seconds: float = 1800.0
    workspace: str = ""
    inbox: Path | str = ""
    watcher_problem: Callable[[], str | None] | None = None
    clock: Clock = field(default_factory=Clock)

    @property
    def label_colors(self) -> Mapping[str, str]:
        """Each label's `#rrggbb`."""
        return {label.name: label.color for label in self.scheme}
