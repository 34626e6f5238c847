"""The private parts of Textual that we use.

No other module names them. The classes here give them public names to override and to call; `USED`
says for each which feature is lost if a release of Textual removes it, and a test looks for each.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from textual import constants, events
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._compositor import Compositor
from textual._time import get_time
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.driver import Driver
from textual.geometry import Region, Size
from textual.message import Message
from textual.screen import Screen
from textual.strip import Strip


@dataclass(frozen=True, slots=True)
class Used:
    """A private name of Textual, with its module or class, and its use."""

    where: str
    name: str
    feature: str


_PARSER = "textual._xterm_parser:XTermParser"
_SCREEN, _APP = "textual.screen:Screen", "textual.app:App"
_COMPOSITOR = "textual._compositor:Compositor"
_LINUX = "textual.drivers.linux_driver:LinuxDriver"
_ESCAPE = "esc and a key pressed right after it are two keys"
_ANY_BYTES = "no byte and no sequence that a terminal sends ends the screens"
_ONLY_CHANGED = "a key draws the lines that it changes, not the lines of all widgets"
_PACING = "over a slow line frames wait and show how things are by then"
_ARRANGED_ONCE = "a screen that opens is arranged once, not up to four times"
_CONTINUED = "the screens come back after ctrl+z, and end where their terminal is gone"
_BUGS = "an error ends the screens in good order and prints no article"
_COLORS = "a terminal whose name does not tell gets all the colours that it has"
USED = (  # of modules and classes
    Used("textual.constants", "COLOR_SYSTEM", _COLORS),
    Used("textual._time", "get_time", "keys and events are told apart by one clock"),
    Used("textual._ansi_sequences", "ANSI_SEQUENCES_KEYS", _ESCAPE),
    Used(_PARSER, "_sequence_to_key_events", _ESCAPE),
    Used(_PARSER, "tick", _ESCAPE),
    Used(_PARSER, "parse", _ANY_BYTES),
    Used("textual.drivers.linux_driver", "XTermParser", _ANY_BYTES),
    Used("textual.drivers.linux_driver", "getincrementaldecoder", _ANY_BYTES),
    Used(_SCREEN, "_on_timer_update", _PACING),
    Used(_SCREEN, "_compositor_refresh", _PACING),
    Used(_SCREEN, "_update_timer", _PACING),
    Used(_SCREEN, "_screen_resized", _ARRANGED_ONCE),
    Used(_COMPOSITOR, "_render_chops", _ONLY_CHANGED),
    Used(_COMPOSITOR, "_get_renders", _ONLY_CHANGED),
    Used(_LINUX, "_sigcont_application", _CONTINUED),
    Used(_LINUX, "_patch_lflag", _CONTINUED),
    Used(_LINUX, "_patch_iflag", _CONTINUED),
    Used(_LINUX, "_enable_mouse_support", _CONTINUED),
    Used(_LINUX, "_enable_bracketed_paste", _CONTINUED),
    Used(_LINUX, "_get_terminal_size", _CONTINUED),
    Used(_LINUX, "_run_input_thread", _BUGS),
    Used(_LINUX, "run_input_thread", _BUGS),
    Used(_APP, "_handle_exception", _BUGS),
    Used(_APP, "_fatal_error", _BUGS),
    Used(_APP, "_close_messages_no_wait", _BUGS),
)
OF_OBJECTS = (  # set when they are created
    Used(_PARSER, "_tokens", _ANY_BYTES),
    Used(_PARSER, "_gen", _ANY_BYTES),
    Used(_PARSER, "_awaiting", _ANY_BYTES),
    Used(_PARSER, "_timeout_time", _ESCAPE),
    Used(_SCREEN, "_compositor", _ONLY_CHANGED),
    Used(_LINUX, "_file", _PACING),
    Used(_LINUX, "_loop", _CONTINUED),
    Used(_LINUX, "_writer_thread", _CONTINUED),
    Used(_LINUX, "_key_thread", _CONTINUED),
    Used(_LINUX, "_must_signal_resume", _CONTINUED),
    Used(_LINUX, "_app", _CONTINUED),
    Used(_APP, "_driver", _PACING),
    Used(_APP, "_return_code", _BUGS),
)


# Time and keys


def event_time() -> float:
    """The time of Textual's events, in seconds."""
    return get_time()


def is_key_sequence(sequence: str) -> bool:
    """Whether Textual has a key for these characters."""
    return sequence in ANSI_SEQUENCES_KEYS


class KeyParser(XTermParser):
    """Textual's parser of terminal input."""

    def keys_of(self, sequence: str, *, alt: bool) -> Iterator[events.Key]:
        """The keys of a sequence; with `alt`, nothing that completes a sequence came after ESC."""
        yield from super()._sequence_to_key_events(sequence, alt)

    def read(self, characters: str) -> Iterator[Message]:
        """The messages of some characters; an unreadable sequence raises any exception."""
        yield from XTermParser.feed(self, characters)

    @property
    def is_overdue(self) -> bool:
        """Whether the wait for a sequence after ESC is over."""
        return self._timeout_time is not None and get_time() >= self._timeout_time

    def time_out(self) -> Iterator[Message]:
        """The messages of the characters that were held back."""
        yield from XTermParser.tick(self)

    def begin_anew(self) -> None:
        """Reset the parser after a sequence that broke it."""
        self._tokens.clear()
        self._timeout_time = None
        self._gen = self.parse(self._tokens.append)
        self._awaiting = next(self._gen)

    def _sequence_to_key_events(self, sequence: str, alt: bool = False) -> Iterable[events.Key]:
        return self.keys_of(sequence, alt=alt)


def read_with(
    driver: type[Driver], parser: type[XTermParser], decoder: Callable[[str], Callable[[], Any]]
) -> None:
    """Make a driver read its terminal with this parser and this decoder of bytes."""
    import codecs

    # The driver creates both inside the function that reads, by these names in its module.
    for kind in driver.__mro__:
        module = vars(sys.modules[kind.__module__])
        if module.get("XTermParser") is XTermParser:
            module["XTermParser"] = parser
        if module.get("getincrementaldecoder") is codecs.getincrementaldecoder:
            module["getincrementaldecoder"] = decoder


# Colours


def draw_in(color_system: str) -> None:
    """Make apps of this process draw in a colour system, unless the environment names another."""
    if constants.COLOR_SYSTEM == "auto":
        vars(constants)["COLOR_SYSTEM"] = color_system


# Frames


class SparingCompositor(Compositor):
    """A compositor that asks widgets only for lines that are to be drawn.

    Textual's asks all widgets for all their lines in every frame, and leaves out most of them.
    """

    _is_drawn: Callable[[int], bool] = staticmethod(lambda _: True)

    def _render_chops(
        self, crop: Region, is_rendered_line: Callable[[int], bool]
    ) -> Sequence[Mapping[int, Strip]]:
        self._is_drawn = is_rendered_line
        return super()._render_chops(crop, is_rendered_line)

    def _get_renders(
        self, crop: Region | None = None
    ) -> Iterable[tuple[Region, Region, list[Strip]]]:
        for widget, (region, clip) in self.visible_widgets.items():
            shown = region.intersection(clip)
            lines = [y for y in shown.line_range if self._is_drawn(y)]
            if lines and shown.width and (crop is None or crop.overlaps(shown)):
                part = Region(shown.x, lines[0], shown.width, lines[-1] - lines[0] + 1)
                yield region, part, widget.render_lines(part.translate(-region.offset))


def draw_only_changed(screen: Screen[Any]) -> None:
    """Make a new screen draw by a `SparingCompositor`."""
    screen._compositor = SparingCompositor()


def arrange_once(screen: Screen[Any]) -> None:
    """Make a screen arrange its widgets for another size only.

    Textual's does so again for each report of the size that it has: three times as it opens.
    """
    arrange = screen._screen_resized

    def for_another(size: Size) -> None:
        if size != screen._compositor.size:
            arrange(size)

    screen._screen_resized = for_another  # type: ignore[method-assign]  # of this screen alone


class GatedScreen(Screen[None]):
    """A screen whose frames are drawn only while `may_draw`; a delayed frame is drawn then."""

    may_draw: bool
    before_frame: ClassVar[staticmethod[[Screen[Any]], None]] = staticmethod(lambda _: None)
    """Called before each frame."""
    _is_held_back = False

    def _on_timer_update(self) -> None:
        if not self.may_draw:
            return  # the timer continues: the next turn comes in a sixtieth of a second
        super()._on_timer_update()
        if self._is_held_back:
            self._compositor_refresh()

    def _compositor_refresh(self) -> None:
        self._is_held_back = not self.may_draw
        if self._is_held_back:
            self._update_timer.resume()
        else:
            self.before_frame(self)
            super()._compositor_refresh()


# End by an error


class HookedApp(App[None]):
    """An app that gets the error that ends it, and prints nothing about it."""

    def end_by(self, error: BaseException) -> None:
        """Called with each error that ends the app."""

    def close_now(self, return_code: int) -> None:
        """End the app without waiting for anything."""
        self._return_code = return_code
        self._close_messages_no_wait()

    def _handle_exception(self, error: Exception) -> None:
        self.end_by(error)
        super()._handle_exception(error)

    def _fatal_error(self) -> None:
        self._close_messages_no_wait()


def driver_of(app: App[Any]) -> Driver | None:
    """The driver that an app reads and writes its terminal with; None before it runs."""
    return app._driver


# Unix terminals

if sys.platform != "win32":
    import contextlib
    import termios
    import tty

    from textual.drivers.linux_driver import LinuxDriver

    class OpenDriver(LinuxDriver):
        """Textual's driver for terminals."""

        @property
        def file(self) -> Any:
            """The file that it writes to."""
            return self._file

        @file.setter
        def file(self, file: Any) -> None:
            self._file: Any = file

        def begin(self) -> None:
            """Set the terminal up for the screens, at the start and after a suspension."""
            super().start_application_mode()  # type: ignore[no-untyped-call]  # as it is there

        def start_application_mode(self) -> None:
            self.begin()

        @property
        def is_up(self) -> bool:
            """Whether it reads and writes."""
            return self._writer_thread is not None and self._key_thread is not None

        @property
        def was_suspended(self) -> bool:
            """Whether the app itself requested the suspension and will resume."""
            return self._must_signal_resume

        def continued(self, *signal: Any) -> None:
            """Handle SIGCONT, in a signal handler."""
            super()._sigcont_application(*signal)

        def read_terminal(self) -> None:
            """Read until the end, in a thread."""
            self.run_input_thread()

        def call_soon(self, work: Callable[[], None]) -> None:
            """Run work in the app's loop, from a handler or a thread."""
            if self._loop is not None:
                self._loop.call_soon_threadsafe(work)

        def end_app_by(self, error: BaseException) -> None:
            """End the app because of an error in a thread."""
            self._app.call_later(self._app._handle_exception, error)

        def set_modes(self) -> None:
            """Set the terminal modes that the screens need, whatever a shell changed."""
            with contextlib.suppress(termios.error):
                modes = termios.tcgetattr(self.fileno)
                modes[tty.LFLAG] = self._patch_lflag(modes[tty.LFLAG])
                modes[tty.IFLAG] = self._patch_iflag(modes[tty.IFLAG])
                modes[tty.CC][termios.VMIN] = 1
                termios.tcsetattr(self.fileno, termios.TCSANOW, modes)

        def ask_for_all(self) -> None:
            """Request mouse and paste reports, and redraw everything."""
            self._enable_mouse_support()
            self._enable_bracketed_paste()
            size = Size(*self._get_terminal_size())
            self._app.post_message(events.Resize(size, size))
            self._app.refresh(layout=True)

        def _sigcont_application(self, *signal: Any) -> None:
            self.continued(*signal)

        def _run_input_thread(self) -> None:
            self.read_terminal()
