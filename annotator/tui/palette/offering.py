"""What the palette lists in a workspace, and the lines used last."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial

from textual.app import App

from annotator.tui.app_setup import AppSetup
from annotator.tui.preferences import Preferences
from annotator.tui.screens.offers import Below, Offer
from annotator.tui.screens.waiting import begin

RECENT = 6
_NAME = "palette"
"""The name under which the lines used last are kept."""


class WorkspaceOffering:
    """Lists the lines of the registry, and keeps the recent ones with the workspace."""

    def __init__(self, app: App[None], setup: AppSetup, preferences: Preferences) -> None:
        self._app, self._setup, self._preferences = app, setup, preferences

    @property
    def recent(self) -> tuple[str, ...]:
        return self._preferences.words(_NAME)

    def over(self, below: Below) -> tuple[Offer, ...]:
        from annotator.tui.palette.registry import offers_over  # it needs all screens

        return offers_over(replace(below, setup=self._setup))

    def prepare(self) -> None:
        begin(self._app, partial(asyncio.to_thread, load_sources), group="palette")

    def used(self, offer: Offer) -> None:
        kept = [name for name in self.recent if name != offer.name]
        self._preferences.choose(_NAME, (offer.name, *kept)[:RECENT])
        begin(self._app, partial(asyncio.to_thread, self._preferences.save), group="preferences")


def load_sources() -> None:
    """Load what the lines come from."""
    import annotator.tui.palette.registry  # noqa: F401  # loaded here, used later
    from annotator.core.across.quantities import quantities_in

    quantities_in("2 ships")  # claims with numbers are counted; this reads the words for that
