"""The configuration of a workspace as plain values: settings once they are validated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from annotator.core.labels import LabelScheme


@dataclass(frozen=True)
class WorkspaceConfig:
    """What the screens know of their workspace; `Settings` explains each setting and validates it.

    `folder` is the folder of the workspace and `name` what it is called; decisions that could not
    be saved lie in it until the next start. `scheme` is what `labels` and `colours` give,
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
    confidence: float
    wrong_after: int
    lease_seconds: float
    theme: str | None
    keys: Mapping[str, str]

    @property
    def label_colors(self) -> Mapping[str, str]:
        """Each label's `#rrggbb`."""
        return {label.name: label.color for label in self.scheme}
