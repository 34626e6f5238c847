"""How the screens look: the theme, and whether tags are shown, as settings and reviewer chose."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from textual.app import App

from annotator.tui.theme.themes import choices, theme_for, themes

if TYPE_CHECKING:
    from annotator.tui.preferences import Preferences

_THEME, _TAGS, _LAST = "theme", "tags", "last theme"
"""The names under which they are kept with the workspace."""


class Appearance:
    """The look of one app; `no_color` if its reviewer wants no colours at all.

    A theme chosen in the screens counts until the one in the settings is changed. Until the
    settings are read, `first` is shown.
    """

    def __init__(self, app: App[None], *, no_color: bool, first: str | None = None) -> None:
        self._app = app
        self._environment = {"NO_COLOR": "1"} if no_color else {}
        self._preferences: Preferences | None = None
        self._by_settings: str | None = None
        for theme in themes():
            app.register_theme(theme)
        self.theme: str | None = None
        """The theme that is wanted; the terminal may show less of it. None: the usual one."""
        self.show(first)

    def begin(self, preferences: Preferences, by_settings: str | None) -> None:
        """Show what was chosen for the open workspace."""
        self._preferences, self._by_settings = preferences, by_settings
        chosen, against = (*preferences.words(_THEME), "", "")[:2]
        self.show(chosen if chosen and against == (by_settings or "") else by_settings)
        self._keep_last()

    @property
    def themes(self) -> tuple[str, ...]:
        """The themes that look different on this terminal."""
        return choices(self._environment, self._system)

    def show(self, theme: str | None) -> None:
        """Show a theme, until another one is shown."""
        self.theme = theme
        found = theme_for(theme, self._environment, self._system)
        if found != self._app.theme:
            self._app.theme = found

    def keep(self, theme: str) -> None:
        """Show a theme from now on, in later sessions too."""
        self.show(theme)
        self._choose(_THEME, (theme, self._by_settings or ""))
        self._keep_last()

    @property
    def tags(self) -> bool | None:
        """Whether tags are wanted; None if the reviewer never said."""
        chosen = None if self._preferences is None else self._preferences.word(_TAGS)
        return None if chosen is None else chosen == "on"

    def keep_tags(self, on: bool) -> None:
        """Show tags or not, in later sessions too."""
        self._choose(_TAGS, "on" if on else "off")

    def _keep_last(self) -> None:
        """Keep the theme for the first frame of the next session."""
        if self._preferences is not None and (self.theme or "") != (
            self._preferences.word(_LAST) or ""
        ):
            self._choose(_LAST, self.theme or "")

    @property
    def _system(self) -> str | None:
        return None if self._app.is_headless else self._app.console.color_system

    def _choose(self, name: str, chosen: str | tuple[str, ...]) -> None:
        preferences = self._preferences
        if preferences is not None:
            preferences.choose(name, chosen)
            save = partial(asyncio.to_thread, preferences.save)
            self._app.run_worker(
                save,  # type: ignore[arg-type]  # the type of its result is beyond mypy here
                group="preferences",
            )


def last_theme(folder: Path) -> str | None:
    """The theme of the last session in a workspace; None if it is not known, or was the usual one.

    The first frame waits for this: it reads one small file, if there is one.
    """
    from annotator.tui.preferences import Preferences

    return Preferences(folder).word(_LAST) or None
