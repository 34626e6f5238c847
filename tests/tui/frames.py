"""An app without a terminal that draws only the frames somebody could come to look at.

As a screen opens Textual draws up to ten frames, one after each step of the arrangement, and
without a terminal throws each away: a third of the time of a test. Here one frame is drawn once all
has settled, of all that has changed since the one before. Lists read from the store what they draw:
they are drawn soon even where nobody waits until all has settled.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import ClassVar

import annotator.tui.app
from annotator.tui.app import AnnotatorApp
from annotator.tui.review.review_screen import ReviewScreen
from annotator.tui.terminal.textual_internals import GatedScreen

_SOON = 0.01
"""Seconds until a frame is drawn that nobody has asked for."""


class StillApp(AnnotatorApp):
    """The app, which draws an article when it is told to, and other screens soon."""

    CSS_PATH: ClassVar[str] = str(  # Textual would look for it beside this class
        Path(annotator.tui.app.__file__).with_name(AnnotatorApp.CSS_PATH)
    )
    is_drawing = False
    will_draw = False

    @property
    def is_headless(self) -> bool:
        """From the start, when Textual does not know it yet: the theme stays as it is set first."""
        return True

    def draw(self) -> bool:
        """Draws what lies on top as it is now; False if that is what was drawn last."""
        stack = self.screen_stack if self.is_running else ()
        screen = stack[-1] if stack else None
        if not isinstance(screen, GatedScreen) or not screen._is_held_back:
            return False
        self.is_drawing = True
        try:
            screen._on_timer_update()
        finally:
            self.is_drawing = False
        return True

    def draw_soon(self) -> None:
        """Draws in a moment, unless it is done before."""
        if not self.will_draw:
            self.will_draw = True
            asyncio.get_running_loop().call_later(_SOON, self._draw_at_last)

    def _draw_at_last(self) -> None:
        self.will_draw = False
        if not isinstance(self.screen_stack[-1] if self.screen_stack else None, ReviewScreen):
            self.draw()


_draw_frame = GatedScreen._compositor_refresh


def _hold_frame_back(self: GatedScreen) -> None:
    app = self.app
    if not isinstance(app, StillApp) or app.is_drawing:
        _draw_frame(self)
        return
    self._is_held_back = True
    if not isinstance(self, ReviewScreen):
        app.draw_soon()


GatedScreen._compositor_refresh = _hold_frame_back  # type: ignore[method-assign]  # in tests
