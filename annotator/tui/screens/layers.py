"""Screens that lie over one another: one safe way to open one, to close it, to wait for something.

Whatever a screen waits for, keys wait with it and come to it afterwards; and every wait ends, by
success, by failure or by being given up, in a screen that takes keys again.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Coroutine, Iterable
from typing import Any

from textual import events
from textual.app import App
from textual.dom import DOMNode
from textual.screen import Screen

from annotator.errors import AnnotatorError
from annotator.tui.keys import pressed_key
from annotator.tui.terminal.frame_throttle import ThrottledScreen
from annotator.tui.terminal.keyboard import Keyboard, Typed, now
from annotator.tui.terminal.pastes import FOLLOWS_WITHIN, looks_pasted, plain
from annotator.tui.terminal.received import KeysTogether

_TO_BE_THERE = "to be there"
PASTED = "Pasted text does nothing here. If it was meant as keys, press them again."
WAITING = "The database takes its time. Keys wait for it; ctrl+q leaves."
_PATIENCE = 3.0  # seconds after which that is said


def begin(
    node: DOMNode,
    work: Callable[[], Coroutine[Any, Any, None]],
    *,
    group: str,
    exclusive: bool = False,
) -> None:
    """Begins `work` beside all else; it ends with `node`. `exclusive` gives up others of its group.

    It is given as a function, for of a coroutine that is given up before its first step, Python
    complains.
    """
    node.run_worker(
        work,  # type: ignore[arg-type]  # the type of its result is beyond mypy here
        group=group,
        exclusive=exclusive,
    )


class KeyScreen(ThrottledScreen):
    """A screen that is handed keys by the app's keyboard, once it is there and waits for nothing.

    `Screen` itself would have keys come through the widget in focus, at some later time.
    """

    def __init__(self) -> None:
        super().__init__()
        self._awaited: dict[str, object] = {_TO_BE_THERE: object()}
        self._pasted_at = float("-inf")
        # When the screen that lay over this one was closed.
        self.uncovered_at = float("-inf")

    @property
    def keyboard_app(self) -> KeyboardApp:
        """The app, as one with a keyboard."""
        assert isinstance(self.app, KeyboardApp)
        return self.app

    async def on_event(self, event: events.Event) -> None:
        # Once the app ends Textual gives a screen that is opened none of its widgets: it is never
        # seen, so it does not begin.
        if isinstance(event, events.Mount) and not self.is_attached:
            return
        await super().on_event(event)

    def on_mount(self) -> None:
        # Textual calls this after the one of the screen's own class.
        self.arrived(_TO_BE_THERE)

    def on_screen_resume(self) -> None:
        self.keyboard_app.resume_keys()

    # Waiting

    @property
    def takes_keys(self) -> bool:
        """Whether nothing is waited for."""
        return not self._awaited

    @property
    def awaited(self) -> frozenset[str]:
        """What is waited for."""
        return frozenset(self._awaited)

    def awaits(self, what: str) -> None:
        """Keys wait from now on, until `what` has `arrived`."""
        self._awaited[what] = object()

    def arrived(self, what: str) -> None:
        """Nobody has to wait for `what` any longer."""
        if self._awaited.pop(what, None) is not None:
            self.keyboard_app.resume_keys()

    def fetch(self, what: str, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Does `work`; keys wait until it is over, however it ends. Where the store fails, that is
        said.

        Of two works for the same thing the later one stands, and the other is given up.
        """
        token = self._awaited[what] = object()

        async def until_over() -> None:
            try:
                await work()
            except AnnotatorError as error:
                self.say(f"{error.message} {error.hint}")
            finally:
                if self._awaited.get(what) is token:
                    self.arrived(what)

        begin(self, until_over, group=what, exclusive=True)

    def tell_of_waiting(self) -> None:
        """Says that keys wait, where one does not see it."""
        self.app.notify(WAITING, severity="warning", markup=False)

    # Over one another

    def show_over(self, screen: Screen[Any]) -> None:
        """Opens a screen over this one, unless something lies over it already or the app ends."""
        if self.app.screen is self and self.is_attached:
            self.app.push_screen(screen)

    def close(self) -> None:
        """Goes back to the screen below, if this one lies on top and there is one below."""
        if self.app.screen is self and len(self.app.screen_stack) > 1:
            self.app.pop_screen()
            below = self.app.screen
            if isinstance(below, KeyScreen):
                below.uncovered_at = now()

    # Keys

    def takes_at_once(self, _typed: Typed) -> bool:
        """Whether this is taken although something is still waited for."""
        return False

    def take(self, typed: Typed) -> None:
        """Takes a key or a paste.

        A key that leaves is not taken if it was pressed while something still lay over this screen:
        held down a little too long, the one that closes that would leave this screen with it.
        """
        if typed.pasted is None and typed.at <= self.uncovered_at and self.leaves(typed):
            self.say(f"Ignored {typed.pressed}: pressed before this was shown. Press it again.")
        elif typed.pasted is None:
            self.press(typed.pressed, typed.character)
        elif not self.insert(typed.pasted):
            if typed.at > self._pasted_at + FOLLOWS_WITHIN:
                self.say(PASTED)  # once for all the pieces of one
            self._pasted_at = typed.at

    @abstractmethod
    def press(self, pressed: str, character: str | None) -> None:
        """Takes a key, by the name it has in the table of keys."""

    def leaves(self, _typed: Typed) -> bool:
        """Whether a key leaves the screen, as it is now."""
        return False

    def insert(self, _words: str) -> bool:
        """Puts what was pasted into the line that is being typed; whether there is one."""
        return False

    def begins_a_search(self, _typed: Typed) -> bool:
        """Whether what comes in one piece with this key, after it, is looked for and not done."""
        return False

    def say(self, message: str) -> None:
        """Says something to the reviewer."""
        self.app.notify(message, severity="warning", markup=False)


class KeyboardApp(App[None]):
    """An app whose keys go through its one keyboard."""

    def __init__(self, *, ansi_color: bool | None = None) -> None:
        super().__init__(ansi_color=ansi_color)
        self.keyboard = Keyboard(self._on_top)
        self._pasting_until = 0.0

    async def on_event(self, event: events.Event) -> None:
        if self._on_top() is None or getattr(event, "is_forwarded", False):
            await super().on_event(event)
        elif isinstance(event, events.Key):
            self.app_focus = True
            if event.time < self._pasting_until and _types_text(event):
                self._take_pasted((event,), event.time)
            else:
                self.take_key(_typed(event, event.time))
        elif isinstance(event, events.Paste):
            self.keyboard.type(Typed(event.time, "", pasted=event.text))
        else:
            await super().on_event(event)

    def on_keys_together(self, event: KeysTogether) -> None:
        """Keys that came in one piece are pressed one after the other, unless they are a text."""
        keys, top = event.keys, self._on_top()
        is_searched = top is not None and top.begins_a_search(_typed(keys[0], event.at))
        is_text = not is_searched and looks_pasted([key.character or "" for key in keys])
        if is_text or event.at < self._pasting_until:
            self._take_pasted(keys, event.at)
            return
        for key in keys:
            self.take_key(_typed(key, event.at))

    def _take_pasted(self, keys: Iterable[events.Key], at: float) -> None:
        self._pasting_until = at + FOLLOWS_WITHIN
        words = plain("".join(key.character or "" for key in keys))
        self.keyboard.type(Typed(at, "", pasted=words))

    def take_key(self, typed: Typed) -> None:
        """Takes a key: what is not for the whole app goes to the screen on top."""
        self.keyboard.type(typed)
        if len(self.keyboard) == 1:
            self.set_timer(_PATIENCE, self._tell_of_waiting)

    def _tell_of_waiting(self) -> None:
        since, top = self.keyboard.waits_since, self._on_top()
        if since is not None and top is not None and now() - since >= _PATIENCE:
            top.tell_of_waiting()

    def resume_keys(self) -> None:
        """Hands over the keys that waited, in the app's own turn."""
        if len(self.keyboard):
            self.call_later(self.keyboard.dispatch)

    def _on_top(self) -> KeyScreen | None:
        screen = self.screen_stack[-1] if self.screen_stack else None
        return screen if isinstance(screen, KeyScreen) else None


def _typed(key: events.Key, at: float) -> Typed:
    """A key as the table of keys writes it."""
    return Typed(at, pressed_key(key.key, key.character), key.character)


def _types_text(key: events.Key) -> bool:
    return key.is_printable or key.character in ("\r", "\n", "\t")
