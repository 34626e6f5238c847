"""The sample of the tour as a review that only memory keeps."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from annotator.core.labels import LabelScheme, scheme_from
from annotator.core.record import record_from_dict
from annotator.core.review import Review
from annotator.core.tour import TourSample, tour_sample
from annotator.errors import SettingsError
from annotator.shipped_files import bundled, shipped_gold
from annotator.store.values import OpenedReview
from annotator.tui.saving.writer import Saved, Writer

if TYPE_CHECKING:
    from annotator.core.decisions import Decision

_SAMPLE = "plainfield-courier"


class TourSource:
    """The one review of the tour: opened again after it is finished, stored nowhere."""

    def __init__(self, sample: TourSample, reviewer: str) -> None:
        self.sample = sample
        self.review = Review.of(sample.article.id, reviewer, sample.suggestions)

    def open(self, _article: str) -> OpenedReview:
        return OpenedReview(self.sample.article, self.review, None, datetime.now(UTC))

    def next_after(self, article: str) -> str | None:
        """The same article: the tour ends where it was finished."""
        return article

    def left(self) -> int | None:
        return None

    def told_of(self, _article: str) -> str:
        return ""

    def renew(self, article: str) -> None:
        """Nobody else can open it."""

    def release(self, article: str) -> None:
        """Nobody else can open it."""

    def writer(self) -> Writer:
        """A writer that keeps decisions in this object."""
        return Writer(self._append, _ignore_saved, lambda *_: None)

    def _append(self, decisions: Sequence[Decision], _text: str) -> None:
        self.review = self.review.decide(*decisions)


def _ignore_saved(_saved: Saved) -> None:
    """The header shows what is saved; in the tour that is nothing."""


def shipped_sample() -> tuple[TourSample, LabelScheme]:
    """The sample that comes with annotator, and the labels that it uses.

    Raises SettingsError if its files are missing.
    """
    scheme = scheme_from(tomllib.loads(bundled("labels.toml").read_text(encoding="utf-8")))
    file = next((one for one in shipped_gold() if one.stem == _SAMPLE), None)
    if file is None:
        raise SettingsError("The sample of the tour is missing.", hint="Install annotator again.")
    with file.open(encoding="utf-8") as lines:
        record = record_from_dict(json.loads(next(lines)))
    return tour_sample(record, scheme), scheme
