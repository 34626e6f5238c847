"""Layers of screens: how screens open over one another and close, and when they take keys.

While a screen waits for something, keys wait too and are handled afterwards. Every wait ends, after
success, failure or cancellation, in a screen that takes keys.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events
from textual.app import App
from textual.dom import DOMNode
from textual.screen import Screen

from annotator.tui.keyboards import KEYBOARDS, KeyboardLayout
from annotator.tui.keys import pressed_key
from annotator.tui.screens.terminal_cursor import place_cursor
from annotator.tui.screens.waiting import Waiting
from annotator.tui.terminal.frame_throttle import ThrottledScreen
from annotator.tui.terminal.keyboard import Keyboard, Typed, now
from annotator.tui.terminal.pastes import FOLLOWS_WITHIN, looks_pasted, plain
from annotator.tui.terminal.received import KeysTogether
from annotator.tui.terminal.textual_internals import arrange_once, draw_only_changed

if TYPE_CHECKING:
    from annotator.tui.screens.offers import Offering
    from annotator.tui.theme.appearance import Appearance

TO_BE_THERE = "to be there"
PASTED = "Pasted text does nothing here. If it was meant as keys, press them again."
WAITING = "The database takes its time. Keys wait for it; ctrl+q leaves."
_PATIENCE = 3.0  # seconds until the reviewer is told


class Meaning(Enum):
    """The meaning of a key for a screen, as far as it matters when the key is pressed."""

    LEAVES = auto()
    """The key leaves the screen."""
    SEARCHES = auto()
    """The key opens a line to type: pasted text that follows in the same piece is for that line."""
    OTHER = auto()


class KeyScreen(ThrottledScreen):
    """A screen that gets keys from the app's keyboard, when it is shown and waits for nothing.

    `Screen` itself would get keys later, through the focused widget. `LEAVING_PASSES` names things
    that are only awaited for display: a key that leaves does not wait for them.
    """

    before_frame = staticmethod(place_cursor)
    LEAVING_PASSES: ClassVar[frozenset[str]] = frozenset()
    opens_articles: ClassVar[bool] = False
    """Whether articles opened over it lead back to it; then it has a `come_back`."""

    def __init__(self) -> None:
        super().__init__()
        draw_only_changed(self)
        arrange_once(self)
        self.waiting = Waiting(self, self.say, lambda: keyboard_app(self).resume_keys())
        self.waiting.awaits(TO_BE_THERE)
        self._was_shown = False
        self._pasted_at = float("-inf")
        # The time at which the screen over this one was closed.
        self.uncovered_at = float("-inf")

    async def on_event(self, event: events.Event) -> None:
        # While the app exits, Textual opens screens without widgets: such a screen is never shown,
        # so it does not begin.
        if isinstance(event, events.Mount) and not self.is_attached:
            return
        if isinstance(event, events.ScreenResume):
            # As it opens, all its widgets have just been styled.
            event.refresh_styles = event.refresh_styles and self._was_shown
            self._was_shown = True
        await super().on_event(event)

    def on_mount(self) -> None:
        # Textual calls this after the handler of the screen's own class.
        self.waiting.arrived(TO_BE_THERE)

    def on_screen_resume(self) -> None:
        keyboard_app(self).resume_keys()

    @property
    def takes_keys(self) -> bool:
        """Whether it waits for nothing."""
        return not self.waiting.awaited

    # Layers

    def show_over(self, screen: Screen[Any]) -> None:
        """Open a screen over this one, unless another one is there already or the app exits."""
        if self.app.screen is self and self.is_attached:
            self.app.push_screen(screen)

    def close(self) -> None:
        """Close this screen, if it is on top of another one."""
        if self.app.screen is self and len(self.app.screen_stack) > 1:
            self.app.pop_screen()
            below = self.app.screen
            if isinstance(below, KeyScreen):
                below.uncovered_at = now()

    # Keys

    def takes_at_once(self, typed: Typed) -> bool:
        """Whether to take this although the screen waits for something."""
        is_free = self.waiting.awaited <= self.LEAVING_PASSES and typed.at > self.uncovered_at
        return is_free and self.meaning(typed) is Meaning.LEAVES

    def take(self, typed: Typed) -> None:
        """Take a key or a paste.

        A leaving key is ignored if it was pressed while another screen was still over this one:
        held a little too long, the key that closes that one would leave this one too.
        """
        is_late = typed.pasted is None and typed.at <= self.uncovered_at
        if is_late and self.meaning(typed) is Meaning.LEAVES:
            self.say(f"Ignored {typed.pressed}: pressed before this was shown. Press it again.")
        elif typed.pasted is None:
            self.press(typed.pressed, typed.character)
        elif not self.insert(typed.pasted):
            if typed.at > self._pasted_at + FOLLOWS_WITHIN:
                self.say(PASTED)  # once for all pieces of a paste
            self._pasted_at = typed.at

    @abstractmethod
    def press(self, pressed: str, character: str | None) -> None:
        """Handle a key, given by its name in the table of keys."""

    def meaning(self, _typed: Typed) -> Meaning:
        """The current meaning of a key for the screen."""
        return Meaning.OTHER

    def insert(self, _words: str) -> bool:
        """Insert pasted text into the line being typed; returns whether there is one."""
        return False

    def say(self, message: str) -> None:
        """Show a message."""
        self.app.notify(message, severity="warning", markup=False)


class KeyboardApp(App[None]):
    """An app whose keys go through its one keyboard."""

    def __init__(self, *, ansi_color: bool | None = None) -> None:
        super().__init__(ansi_color=ansi_color)
        self.keyboard = Keyboard(self._on_top)
        self.layout_of_keys = KEYBOARDS["qwerty"]
        self.offering: Offering | None = None
        self.appearance: Appearance | None = None
        self._pasting_until = 0.0

    async def on_event(self, event: events.Event) -> None:
        if self._on_top() is None or getattr(event, "is_forwarded", False):
            await super().on_event(event)
        elif isinstance(event, events.Key):
            self.app_focus = True
            if event.time < self._pasting_until and _types_text(event):
                self._take_pasted((event,), event.time)
            else:
                self.take_key(_typed(event, event.time, self.layout_of_keys))
        elif isinstance(event, events.Paste):
            self.keyboard.type(Typed(event.time, "", pasted=event.text))
        else:
            await super().on_event(event)

    def on_keys_together(self, event: KeysTogether) -> None:
        """Press keys that arrived in one piece one after the other, unless they are pasted text.

        Pasted text behind a key that opens a search is typed into that search; of its keys only an
        enter at its very end is pressed.
        """
        keys, at = event.keys, event.at
        opening = 1 if self._opens_search(keys[0], at) else 0
        if at < self._pasting_until:
            self._take_pasted(keys, at)
        elif not looks_pasted([key.character or "" for key in keys[opening:]]):
            self._take_keys(keys, at)
        else:
            ends = len(keys) - 1 if opening and _is_line(keys) else len(keys)
            self._take_keys(keys[:opening], at)
            self._take_pasted(keys[opening:ends], at)
            self._take_keys(keys[ends:], at)

    def _opens_search(self, key: events.Key, at: float) -> bool:
        top = self._on_top()
        return (
            top is not None
            and top.meaning(_typed(key, at, self.layout_of_keys)) is Meaning.SEARCHES
        )

    def _take_keys(self, keys: Iterable[events.Key], at: float) -> None:
        for key in keys:
            self.take_key(_typed(key, at, self.layout_of_keys))

    def _take_pasted(self, keys: Iterable[events.Key], at: float) -> None:
        self._pasting_until = at + FOLLOWS_WITHIN
        words = plain("".join(key.character or "" for key in keys))
        self.keyboard.type(Typed(at, "", pasted=words))

    def take_key(self, typed: Typed) -> None:
        """Handle a key: keys of the whole app here, all others in the screen on top."""
        self.keyboard.type(typed)
        if len(self.keyboard) == 1:
            self.set_timer(_PATIENCE, self._tell_of_waiting)

    def _tell_of_waiting(self) -> None:
        since, top = self.keyboard.waits_since, self._on_top()
        if since is None or top is None or top.waiting.is_quiet:
            return
        if now() - since >= _PATIENCE:
            self.notify(WAITING, severity="warning", markup=False)

    def resume_keys(self) -> None:
        """Dispatch the queued keys, from the app's own loop."""
        if len(self.keyboard):
            self.call_later(self.keyboard.dispatch)

    def _on_top(self) -> KeyScreen | None:
        screen = self.screen_stack[-1] if self.screen_stack else None
        return screen if isinstance(screen, KeyScreen) else None


def keyboard_app(node: DOMNode) -> KeyboardApp:
    """The app of a widget or screen, as one with a keyboard."""
    assert isinstance(node.app, KeyboardApp)
    return node.app


def _typed(key: events.Key, at: float, layout: KeyboardLayout) -> Typed:
    """A key as the table of keys writes it; a key at the place of a digit is this digit."""
    pressed = layout.placed(pressed_key(key.key, key.character))
    return Typed(at, pressed, key.character)


def _types_text(key: events.Key) -> bool:
    return key.is_printable or key.character in ("\r", "\n", "\t")


def _is_line(keys: Sequence[events.Key]) -> bool:
    """Whether an enter ends these keys, and no line end is before it."""
    *before, last = keys
    return last.key == "enter" and not any(key.character in ("\r", "\n") for key in before)
