"""Base of widgets that draw their own lines in the colours of the theme."""

from __future__ import annotations

from collections.abc import Mapping

from textual.theme import Theme
from textual.widget import Widget

from annotator.tui.theme.colours import Painter
from annotator.tui.theme.themes import palette_for


class ThemedWidget(Widget):
    """Has a painter for the current theme, and redraws when the theme changes."""

    _colors: Mapping[str, str]
    """Each label's `#rrggbb`."""
    _painter: Painter | None = None

    def on_mount(self) -> None:
        self.app.theme_changed_signal.subscribe(self, self._repaint)

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._forget()

    def _current_painter(self) -> Painter:
        """The painter of the current theme."""
        if self._painter is None:
            self._painter = Painter(palette_for(self.app.current_theme), self._colors)
        return self._painter

    def _repaint(self, _theme: Theme | None = None) -> None:
        self._forget()
        self.refresh()

    def _forget(self) -> None:
        self._painter = None
        self._forget_drawn()

    def _forget_drawn(self) -> None:
        """Drop cached drawings; for widgets that keep them."""
