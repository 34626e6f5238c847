"""Key bindings: the table of keys, with the changes that `[keys]` in the settings makes.

A key is written as the character it types (`a`, `A`, `,`) or by name (`space`, `shift+tab`,
`ctrl+r`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from annotator.errors import SettingsError
from annotator.tui.key_rows import Key as Key
from annotator.tui.key_rows import Mode as Mode
from annotator.tui.key_table import KEYS as KEYS
from annotator.tui.key_table import SECTIONS as SECTIONS
from annotator.tui.keyboards import KEYBOARDS

_KEY_NAMES = (
    "space enter tab escape backspace delete insert up down left right home end pageup pagedown "
    "f1 f2 f3 f4 f5 f6 f7 f8 f9 f10 f11 f12"
)
_NAMED = frozenset(_KEY_NAMES.split())
_MODIFIERS = frozenset(("shift", "ctrl", "alt"))
_SHOWN = {
    "up": "↑", "down": "↓", "left": "←", "right": "→", "escape": "esc", "pageup": "pgup",
    "pagedown": "pgdn",
}  # fmt: skip
_PRESSED = {told: key for key, told in _SHOWN.items()}


@dataclass(frozen=True)
class KeyMap:
    """The current key bindings."""

    keys: tuple[Key, ...]
    actions: Mapping[tuple[Mode, str], str]
    _hinted: dict[Mode, tuple[tuple[str, str], ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def action(self, mode: Mode, pressed: str) -> str | None:
        """The action of `pressed` on a screen, if any."""
        return self.actions.get((mode, pressed))

    def of(self, action: str) -> Key:
        """The row of an action; KeyError if there is none."""
        return next(key for key in self.keys if key.action == action)

    def shown(self, action: str) -> str:
        """The keys of an action, for display."""
        return " ".join(show_key(key) for key in self.of(action).keys)

    def first(self, action: str) -> str:
        """The first key of an action, for display; empty if it has none, or there is no such
        action."""
        keys = next((key.keys for key in self.keys if key.action == action), ())
        return show_key(keys[0]) if keys else ""

    def hints(self, mode: Mode) -> tuple[tuple[str, str], ...]:
        """Key and word of every action in the footer, the most important first."""
        if mode not in self._hinted:
            hinted = sorted((key for key in self.keys if key.mode is mode and key.hint), key=_rank)
            self._hinted[mode] = tuple(_hint(key) for key in hinted if key.keys)
        return self._hinted[mode]


def keymap(changes: Mapping[str, str] | None = None, keyboard: str = "qwerty") -> KeyMap:
    """The table for a keyboard, with `changes` (action to keys, separated by blanks; empty: no
    key).

    SettingsError for an unknown action or key, or if two actions of a screen share a key.
    """
    own = KEYBOARDS[keyboard].keys
    changes = {**own, **(changes or {})}
    known = {key.action for key in KEYS}
    for action in changes:
        if action not in known:
            import difflib  # only needed here, and the first frame waits for this module

            near = difflib.get_close_matches(action, known, n=1)
            raise SettingsError(
                f"There is no action {action!r} to give keys to.",
                hint=f"Did you mean {near[0]!r}?" if near else "`?` in the UI lists the actions.",
            )
    keys = tuple(
        replace(key, keys=tuple(changes[key.action].split())) if key.action in changes else key
        for key in KEYS
    )
    actions: dict[tuple[Mode, str], str] = {}
    for key in keys:
        for pressed in key.keys:
            _check_key(key.action, pressed)
            other = actions.setdefault((key.mode, pressed), key.action)
            if other != key.action:
                raise SettingsError(
                    f"{pressed!r} is the key of both {other!r} and {key.action!r}.",
                    hint="Give one of them another key under [keys].",
                )
    return KeyMap(keys, actions)


def pressed_key(key: str, character: str | None) -> str:
    """The name in the table of a key that Textual calls `key` and that types `character`."""
    if character and character.isprintable() and character != " " and len(character) == 1:
        return character
    return key


def means_nothing(pressed: str, keys: KeyMap, mode: Mode) -> str:
    """The message for a key without action on a screen."""
    if pressed == "ctrl+c":
        queue = mode is Mode.QUEUE
        leave = keys.shown("queue_quit" if queue else "back")
        told = f"{leave} quits" if queue else f"{leave} goes back to the queue, ctrl+q quits"
        return f"ctrl+c does nothing; {told}."
    where = keys.shown("queue_help" if mode is Mode.QUEUE else "help")
    return f"{show_key(pressed)} does nothing; {where} lists the keys."


def show_key(key: str) -> str:
    """A key, for display in footer and help."""
    *modifiers, last = key.split("+") if len(key) > 1 else [key]
    return "+".join((*modifiers, _SHOWN.get(last, last)))


def pressed_by(shown: str) -> str:
    """The key that is displayed so; empty if several are, or none."""
    *modifiers, last = shown.split("+") if len(shown) > 1 else [shown]
    named = _PRESSED.get(last, last)
    if named in _NAMED or (len(named) == 1 and named.isprintable() and named != " "):
        return "+".join((*modifiers, named))
    return ""


def _check_key(action: str, key: str) -> None:
    if len(key) == 1 and key.isprintable():
        return
    *modifiers, last = key.split("+")
    if set(modifiers) <= _MODIFIERS and (last in _NAMED or (modifiers and len(last) == 1)):
        return
    raise SettingsError(
        f"{key!r} for {action!r} is not a key.",
        hint="Write the character that it types, or a name like space, enter, ctrl+r, shift+left.",
    )


def _rank(key: Key) -> int:
    return key.rank


def _hint(key: Key) -> tuple[str, str]:
    # The four edge keys share one word.
    if key.action == "left_out" and key.keys[:1] == ("[",):
        return "[]{}", key.hint
    return show_key(key.keys[0]), key.hint
