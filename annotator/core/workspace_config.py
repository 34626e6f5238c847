"""The configuration of a workspace as plain values: the validated settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from annotator.core.assignment import ReviewPlan, Viewer
from annotator.core.labels import LabelScheme


@dataclass(frozen=True)
class WorkspaceConfig:
    """The configuration for the screens; `Settings` documents and validates each setting.

    `folder` is the folder of the workspace, which also holds unsaved decisions until the next
    start, and `name` its name. `scheme` is the label scheme from `labels` and `colours`,
    `guidelines` the shipped text.
    """

    name: str
    folder: Path
    scheme: LabelScheme
    guidelines: str
    database: str
    inbox: str
    reviewer: str
    reviews_per_article: int
    overlap: float
    unassisted: float
    checks: float
    confidence: float
    fold_below: float
    wrong_after: int
    lease_seconds: float
    theme: str | None
    keys: Mapping[str, str]
    adjudicators: tuple[str, ...] = ()
    keyboard: str = "qwerty"
    exports: str = ""
    on_finish: tuple[str, ...] = ()
    on_finish_seconds: float = 60.0

    @property
    def plan(self) -> ReviewPlan:
        """How the team shares its articles."""
        return ReviewPlan(self.reviews_per_article, self.overlap, self.unassisted, self.checks)

    @property
    def viewer(self) -> Viewer:
        """The reviewer, and how the team shares its articles."""
        return Viewer(self.reviewer, self.plan)

    @property
    def label_colors(self) -> Mapping[str, str]:
        """Each label's `#rrggbb`."""
        return {label.name: label.color for label in self.scheme}
