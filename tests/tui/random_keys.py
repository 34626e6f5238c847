"""Somebody who presses any key: whatever comes of it, the screens go on, and let out.

Keys of the whole table and letters come one by one or together, with clicks, pastes and terminals
of other sizes between. After some the queue must be reached by `escape` and `q` alone; an app that
was left is started again on the same store.
"""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field
from typing import Any

from textual import events

from annotator.core.decisions import Decision, Kind
from annotator.core.reviewing.seen_text import SHOWN_SECONDS
from annotator.store.store import Store
from annotator.tui.app import AnnotatorApp
from annotator.tui.keys import keymap
from annotator.tui.queue.queue_screen import QueueScreen
from annotator.tui.review.review_screen import ReviewScreen
from tests.tui.desk import Desk, _key, at_desk
from tests.tui.frames import StillApp

_ENDING = ("q", "ctrl+q", "ctrl+c")
_NOT_HERE = ("ctrl+z",)  # there is no shell to go back to
_TABLE = tuple(key for row in keymap().keys for key in row.keys if key not in _NOT_HERE)
_TYPED = tuple("abcdefghijklmnoprstuvwxyz0123456789 .,;:-_/?!()[]{}<>'\"@#")
_EDITING = (
    "enter", "escape", "tab", "shift+tab", "backspace", "delete", "up", "down", "left", "right",
    "home", "end", "pageup", "pagedown", "space", "f1", "ctrl+a", "ctrl+e", "ctrl+u", "ctrl+w",
)  # fmt: skip
_OPENING = ("enter", "n")
_DECIDING = ("a", "x", "1", "4", "n", "p", "space", "u", "pagedown", "]", ".")
_PASTES = ("Ada Low", "a\nb\tc", "\x1b[31m\x07\x9b", "[red]x[/", "é\u202e𝒜👩‍👩‍👧", "x" * 5000)
_SIZES = ((100, 30), (80, 24), (120, 40), (40, 12), (20, 6), (7, 3), (300, 80))
_LEGIBLE = 20  # columns; in fewer, words are broken
_ONE_BY_ONE = (Kind.ACCEPT, Kind.REJECT, Kind.CORRECT)
_PATIENCE = 3000  # looks at 5 ms


@dataclass
class RandomKeys:
    """Presses keys; `pressed` are the last ones, for whoever looks into a failure."""

    dice: random.Random
    pressed: list[str] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)
    """Items that were decided on one by one although nothing of them was on the screen."""
    looked_for: int = 0
    """How many decisions were compared with the screen for that."""

    async def work(self, store: Store, keys: int, **setup: Any) -> None:
        """Press so many keys; starts the app as often as it is left. Raises AssertionError if it
        crashes, or neither takes keys nor lets out."""
        done = 0
        while done < keys:
            async with at_desk(store, size=self.dice.choice(_SIZES[:3]), **setup) as desk:
                while desk.app.is_running and done < keys:
                    done += await self._some(desk)
                    if self.dice.random() < 0.03:
                        await self._go_back(desk)
                await self._leave(desk)

    async def _some(self, desk: Desk) -> int:
        """A few keys, or something else; returns how many keys."""
        chance = self.dice.random()
        if chance < 0.03:
            await self._resize(desk)
        elif chance < 0.06:
            self._paste(desk)
        elif chance < 0.09:
            await self._click(desk)
        elif chance < 0.2:
            return await self._burst(desk)
        else:
            await self._press_one(desk)
        return 1

    def _key(self, desk: Desk) -> str:
        top = desk.app.screen if desk.app.is_running else None
        if self.dice.random() < 0.25 and isinstance(top, ReviewScreen | QueueScreen):
            return self.dice.choice(_DECIDING if isinstance(top, ReviewScreen) else _OPENING)
        chance = self.dice.random()
        if chance < 0.006:
            return self.dice.choice(_ENDING)
        if chance < 0.25:
            return self.dice.choice(_EDITING)
        if chance < 0.35:
            return self.dice.choice(_TYPED)
        return self.dice.choice(_TABLE)

    def _send(self, desk: Desk, key: str) -> None:
        self.pressed = [*self.pressed[-60:], key]
        desk.clock.elapsed += self.dice.choice((0.0, SHOWN_SECONDS, SHOWN_SECONDS))
        desk.app.post_message(events.Key(*_key(key)))

    async def _press_one(self, desk: Desk) -> None:
        """One key, and what it decided one by one must have been there to see."""
        desk.lift_keys()
        before, shown = _decisions(desk), _shown(desk)
        self._send(desk, self._key(desk))
        await self._rest(desk)
        new = tuple(one for one in _decisions(desk) if one not in before)
        # The app of the tests holds frames back: some are empty yet.
        is_legible = desk.app.size.width >= _LEGIBLE and bool(shown.strip())
        if is_legible and len(new) == 1 and new[0].kind in _ONE_BY_ONE:
            words = _words(new[0], desk)
            self.looked_for += bool(words)
            if words and words not in shown + _shown(desk):
                self.unseen.append(f"{new[0].kind} of {words!r} after {self.pressed[-6:]}")

    async def _burst(self, desk: Desk) -> int:
        count = self.dice.randint(2, 8)
        for _ in range(count):
            self._send(desk, self._key(desk))
        await self._rest(desk)
        return count

    async def _resize(self, desk: Desk) -> None:
        width, height = self.dice.choice(_SIZES)
        self.pressed.append(f"{width}x{height}")
        await desk.pilot.resize_terminal(width, height)

    def _paste(self, desk: Desk) -> None:
        text = self.dice.choice(_PASTES)
        self.pressed.append(f"paste {text[:9]!r}")
        desk.app.post_message(events.Paste(text))

    async def _click(self, desk: Desk) -> None:
        width, height = desk.app.size
        place = self.dice.randrange(max(width, 1)), self.dice.randrange(max(height, 1))
        self.pressed.append(f"click {place}")
        await desk.pilot.click(offset=place, times=self.dice.randint(1, 2))
        await self._rest(desk)

    async def _rest(self, desk: Desk) -> None:
        """Wait until keys are taken and done with, or the app is over."""
        for _ in range(_PATIENCE):
            await asyncio.sleep(0)
            app = desk.app
            top = app.screen_stack[-1] if app.is_running and app.screen_stack else None
            taken: bool = not app._message_queue.qsize() and not len(app.keyboard)
            if top is None or (taken and getattr(top, "takes_keys", True)):
                break
            await asyncio.sleep(0.005)
        else:
            raise AssertionError(f"no key is taken after {self.pressed[-20:]}")
        if desk.app.is_running and isinstance(desk.app, StillApp):
            desk.app.draw()

    async def _go_back(self, desk: Desk) -> None:
        """To the queue, by keys alone."""
        for _ in range(12):
            if not desk.app.is_running or desk.app.screen is desk.queue:
                return
            for key in ("escape", "escape", "q"):
                if desk.app.is_running and desk.app.screen is not desk.queue:
                    desk.lift_keys()
                    self._send(desk, key)
                    await self._rest(desk)
        raise AssertionError(f"no way back from {desk.app.screen} after {self.pressed[-30:]}")

    async def _leave(self, desk: Desk) -> None:
        """Ctrl+q ends the app from wherever it is, and it ended well."""
        for _ in range(3):
            if desk.app.is_running:
                desk.lift_keys()
                self._send(desk, "ctrl+q")
                await self._rest(desk)
        for _ in range(_PATIENCE):
            if not desk.app.is_running:
                break
            await asyncio.sleep(0.005)
        assert isinstance(desk.app, AnnotatorApp)
        assert not desk.app.is_running, f"ctrl+q ends nothing after {self.pressed[-20:]}"
        assert desk.app.bug is None, f"{desk.app.bug!r} after {self.pressed[-20:]}"


def problems_of(store: Store) -> list[str]:
    """What `annotator verify` finds wrong with a store."""
    found = [one for article in store.checks.articles() for one in article.problems]
    found += [log.problem for log in store.checks.logs() if log.problem]
    return [f"{one.kind}: {one.message}" for one in (*found, *store.checks.whole())]


def _decisions(desk: Desk) -> tuple[Decision, ...]:
    """The decisions of the open review, if there is one."""
    screen = desk.app.screen if desk.app.is_running else None
    if not isinstance(screen, ReviewScreen) or screen.work is None:
        return ()
    return screen.work.state.review.decisions


def _words(decision: Decision, desk: Desk) -> str:
    """The first word of what was decided on; empty if the review is not open any more."""
    screen = desk.app.screen
    if not isinstance(screen, ReviewScreen) or screen.work is None:
        return ""
    state = screen.work.state
    held = state.review.held.get(decision.target or "")
    if state.review.article != decision.article or held is None:
        return ""
    return next(iter(held.item.span.of(state.text).split()), "")


def _shown(desk: Desk) -> str:
    """What is on the screen."""
    if not desk.app.is_running or not isinstance(desk.app.screen, ReviewScreen):
        return ""
    strips = desk.app.screen._compositor.render_strips()
    return "\n".join(strip.text for strip in strips)
