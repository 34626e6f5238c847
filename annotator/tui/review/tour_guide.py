"""The guide of the tour: asks for one key at a time in the review screen."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from annotator.core.reviewing.sitting import Sitting
from annotator.core.tour import TourStep, compared
from annotator.tui.keys import KeyMap, Mode, show_key
from annotator.tui.review.review_screen import ReviewScreen
from annotator.tui.review.review_source import ReviewStart
from annotator.tui.review.tour_source import TourSource, shipped_sample
from annotator.tui.widgets.bar import Bar, BarLine

if TYPE_CHECKING:
    from annotator.tui.app_setup import AppSetup
    from annotator.tui.review.actions import Workbench
    from annotator.tui.saving.writer import Writer

_LEAVE = ("back", "close")
_ALWAYS = ("help",)
_LINES = 3


def tour_screen(setup: AppSetup, keys: KeyMap) -> ReviewScreen:
    """The review screen with the sample and its guide.

    The workspace is read, for what is known of names, and never changed. Raises SettingsError if
    the sample is missing.
    """
    sample, scheme = shipped_sample()
    config = replace(setup.config, scheme=scheme, confidence=0.0, fold_below=0.0)
    source = TourSource(sample, config.reviewer)
    writer = source.writer()
    guide = TourGuide(source, keys, writer)
    return ReviewScreen(
        replace(setup, config=config, sitting=Sitting()),
        keys,
        writer,
        source,
        ReviewStart(sample.article.id, guide=guide),
    )


class TourGuide:
    """Waits for the key of each step; any other key is answered with a word."""

    def __init__(self, source: TourSource, keys: KeyMap, writer: Writer) -> None:
        self.bar = Bar(id="tour")
        self._source, self._keys, self._writer = source, keys, writer
        self._steps, self._place = source.sample.steps, 0
        self._missed = ""

    @property
    def _step(self) -> TourStep | None:
        """The current step; None at the end."""
        return self._steps[self._place] if self._place < len(self._steps) else None

    def shown(self, work: Workbench, width: int) -> None:
        """The article is shown, at the start or after it was finished."""
        self._advance(work)
        self.show(width)

    def takes(self, pressed: str, close: Callable[[], None]) -> bool:
        """Whether the screen may handle a key; a key that leaves closes the screen."""
        action, step = self._keys.action(Mode.REVIEW, pressed), self._step
        self._missed = ""
        if action in _LEAVE or (step is None and action == "finish"):
            self._writer.close(0)
            close()
            return False
        if action in _ALWAYS or (step is not None and action == step.action):
            return True
        if step is not None:
            self._missed = f"Here it is {self._key(step)}, not {show_key(pressed)}."
        return False

    def acted(self, work: Workbench, width: int) -> None:
        """A key was handled."""
        self._advance(work)
        self.show(width)

    def show(self, width: int) -> None:
        """Show what is asked for, or how it ended."""
        step = self._step
        if step is None:
            result = compared(self._source.review, self._source.sample.gold)
            words = (
                f"That is how articles are reviewed: {result}. {self._shown('help')} lists all "
                "keys in any article. Nothing of this was saved."
            )
            place, foot = "Tour, the end", f"{self._shown('finish')} goes back to the queue"
        else:
            words = step.words.format(key=self._key(step))
            place = f"Tour, {self._place + 1} of {len(self._steps)}"
            foot = self._missed or "esc leaves the tour; nothing of it is saved"
        lines = textwrap.wrap(words, max(20, width - 2))[: _LINES - 1]
        tone = "accent" if self._missed else "muted"
        self.bar.styles.height = _LINES
        self.bar.show(
            *(BarLine((("strong", f" {line}"),)) for line in lines),
            *(BarLine() for _ in range(_LINES - 1 - len(lines))),
            BarLine(((tone, f" {foot}"),), (("info", f" {place} "),)),
        )

    def _advance(self, work: Workbench) -> None:
        """Go on if the step is done, and put focus and caret where the next key needs them."""
        step, review = self._step, work.state.review
        while step is not None and step.is_done(review):
            self._place += 1
            step = self._step
        if step is not None and step.item is not None:
            work.navigation.focus_on(step.item)
        elif step is not None and step.place is not None:
            work.finding.show(step.place)

    def _key(self, step: TourStep) -> str:
        return self._shown(step.action)

    def _shown(self, action: str) -> str:
        return self._keys.shown(action)
