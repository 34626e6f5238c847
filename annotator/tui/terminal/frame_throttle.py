"""Screens that are drawn no faster than the terminal takes it.

Over a slow line Textual would send every frame: hold a key for a few seconds, and the text goes on
scrolling for half a minute. Here a frame waits until the one before it has gone out, and then shows
how things are by then: what has become of all the keys pressed meanwhile.
"""

from __future__ import annotations

from annotator.tui.terminal.textual_internals import GatedScreen


class ThrottledScreen(GatedScreen):
    """A screen whose frames wait as long as `waits_for_terminal` of the app says so."""

    @property
    def may_draw(self) -> bool:  # type: ignore[override]  # nobody sets it
        return not (self.is_current and getattr(self.app, "waits_for_terminal", False))
