"""Screens that are drawn no faster than the terminal takes it.

Over a slow line Textual would send every frame: hold a key for a few seconds, and the text goes on
scrolling for half a minute. Here a frame waits until the one before it has gone out, and then shows
how things are by then: what has become of all the keys pressed meanwhile.
"""

from __future__ import annotations

from textual.screen import Screen


class PacedScreen(Screen[None]):
    """A screen whose frames wait as long as `waits_for_terminal` of the app says so."""

    _held_back = False

    @property
    def _has_to_wait(self) -> bool:
        return self.is_current and getattr(self.app, "waits_for_terminal", False)

    def _on_timer_update(self) -> None:
        if self._has_to_wait:
            return  # the timer goes on: the next turn comes in a sixtieth of a second
        super()._on_timer_update()
        if self._held_back:
            self._compositor_refresh()

    def _compositor_refresh(self) -> None:
        self._held_back = self._has_to_wait
        if self._held_back:
            self._update_timer.resume()
        else:
            super()._compositor_refresh()
