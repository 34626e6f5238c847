"""Waits of tests that end as soon as an app has nothing left to do, as its event loop tells.

Textual's own waits send a message to each widget and then sleep until the process hardly uses the
processor: half of what a key costs in a test, and longer the busier the machine is. Here a wait is
over when nothing is left to run in the loop and in the threads that work for it, and the screen is
arranged and drawn. Threads that are held up on purpose are waited for no longer than `PATIENCE`.
"""

from __future__ import annotations

import asyncio
from time import monotonic
from typing import Any

import textual.app
import textual.pilot
from textual.app import App
from textual.pilot import Pilot
from textual.screen import Screen

from annotator.tui.terminal.textual_internals import GatedScreen
from annotator.tui.terminal.threads import StoreThreads
from tests.tui.frames import StillApp

PATIENCE = 1.0
"""Seconds for what threads do."""
_STEPS = 20
"""In which a screen is arranged at most: one that is covered or held up is never done."""


async def quiet() -> None:
    """Waits until nothing is left to run but what waits for time to pass."""
    loop: Any = asyncio.get_running_loop()
    until = monotonic() + PATIENCE
    while True:
        await asyncio.sleep(0)
        # Asked first: a thread that ends between the two questions leaves something to run.
        at_work = _threads_work(loop)
        if loop._ready:
            continue
        if not at_work or monotonic() > until:
            return
        await asyncio.sleep(0.001)


async def settled(app: App[Any]) -> None:
    """Waits until the app is quiet, and its screen arranged and drawn."""
    for _ in range(_STEPS):
        await quiet()
        stack = app.screen_stack if app.is_running else ()
        if not stack:
            return
        if app._resize_timer is not None:
            app._check_resize()
        elif _is_due(stack[-1]):
            stack[-1]._on_timer_update()
        elif not (isinstance(app, StillApp) and app.draw()):
            return


def _threads_work(loop: Any) -> bool:
    threads = loop._default_executor
    return isinstance(threads, StoreThreads) and threads.unfinished > 0


def _is_due(screen: Screen[Any]) -> bool:
    """Whether the screen waits for its next turn to be arranged; one held back only to be drawn."""
    is_held_back = isinstance(screen, GatedScreen) and screen._is_held_back
    return bool(
        screen._layout_required
        or screen._scroll_required
        or screen._recompose_required
        or screen._callbacks
        or (not is_held_back and (screen._repaint_required or screen._dirty_widgets))
    )


async def _pause(pilot: Pilot[Any], delay: float | None = None) -> None:
    await asyncio.sleep(delay or 0)
    await settled(pilot.app)


async def _for_screen(pilot: Pilot[Any], _timeout: float = 0) -> bool:
    await settled(pilot.app)
    return True


async def _for_idle(_least: float = 0, _most: float = 0) -> None:
    await quiet()


def end_waits_when_quiet() -> None:
    """From now on the waits of all pilots of this process are such."""
    setattr(Pilot, "pause", _pause)  # noqa: B010  # in tests
    setattr(Pilot, "_wait_for_screen", _for_screen)  # noqa: B010  # private
    for module in (textual.app, textual.pilot):
        setattr(module, "wait_for_idle", _for_idle)  # noqa: B010
