"""Screens that draw frames no faster than the terminal accepts them.

Over a slow connection Textual would send every frame: hold a key for a few seconds, and the text
keeps scrolling for half a minute. Here a frame waits until the previous one has been sent, and then
shows the current state, after all keys pressed meanwhile.
"""

from __future__ import annotations

from annotator.tui.terminal.textual_internals import GatedScreen


class ThrottledScreen(GatedScreen):
    """A screen whose frames wait while `waits_for_terminal` of the app is true."""

    @property
    def may_draw(self) -> bool:  # type: ignore[override]  # nobody sets it
        return not (self.is_current and getattr(self.app, "waits_for_terminal", False))
