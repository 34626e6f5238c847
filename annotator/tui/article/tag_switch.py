"""Switches the tags of an article on and off."""

from __future__ import annotations

from collections.abc import Callable

from textual.theme import Theme

from annotator.tui.article.scene import Scene
from annotator.tui.theme.designs import Palette


class TagSwitch:
    """Whether tags are drawn: as the reviewer chose, or else as the theme needs it.

    `palette` returns the current one; `changed` is called when lines must be broken again.
    """

    def __init__(
        self, scene: Scene, palette: Callable[[], Palette], changed: Callable[[], None]
    ) -> None:
        self._scene, self._palette, self._changed = scene, palette, changed
        self._chosen: bool | None = None

    @property
    def is_on(self) -> bool:
        """Whether tags are drawn."""
        return self._scene.tagged

    def choose(self, on: bool | None) -> None:
        """Draw tags or not; None: only in themes without tints, where nothing else tells every
        label from the others."""
        self._chosen = on
        self.update()

    def update(self, _theme: Theme | None = None) -> None:
        """Follow the theme, unless the reviewer chose."""
        is_on = not self._palette().is_tinted if self._chosen is None else self._chosen
        if is_on != self._scene.tagged:
            self._scene.tagged = is_on
            self._changed()
