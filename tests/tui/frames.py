"""An app without a terminal that draws only the frames somebody could come to look at.

As an article opens Textual draws seven frames, one after each step of the arrangement, and without
a terminal throws each away: a third of the time of a test. Here one frame is drawn once all has
settled, of all that has changed since the one before. The queue draws all of its frames: it reads
what it draws.
"""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import annotator.tui.app
from annotator.tui.app import AnnotatorApp
from annotator.tui.review.review_screen import ReviewScreen
from annotator.tui.terminal.textual_internals import GatedScreen


class StillApp(AnnotatorApp):
    """The app, which draws an article when it is told to."""

    CSS_PATH: ClassVar[str] = str(  # Textual would look for it beside this class
        Path(annotator.tui.app.__file__).with_name(AnnotatorApp.CSS_PATH)
    )
    is_drawing = False

    def draw(self) -> None:
        """Draws what lies on top as it is now, where that is not what was drawn last."""
        screen = self.screen if self.is_running else None
        if isinstance(screen, ReviewScreen) and screen._is_held_back:
            self.is_drawing = True
            try:
                screen._compositor_refresh()
            finally:
                self.is_drawing = False


_draw_frame = GatedScreen._compositor_refresh


def _hold_frame_back(self: GatedScreen) -> None:
    app = self.app
    if isinstance(self, ReviewScreen) and isinstance(app, StillApp) and not app.is_drawing:
        self._is_held_back = True
    else:
        _draw_frame(self)


GatedScreen._compositor_refresh = _hold_frame_back  # type: ignore[method-assign]  # in tests
