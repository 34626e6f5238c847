"""The keys at the foot of a review: those for what is here, the most important first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from annotator.tui.keys import KeyMap
from annotator.tui.review.situation import Here
from annotator.tui.widgets.bar import BarLine, Piece, hint, in_a_row

_DIGITS = "digits"
_EDGES = "edge keys"
_Words = tuple[tuple[str, str], ...]

_ITEM: _Words = (("accept", "accept"), ("reject", "reject"))
_ON: _Words = (("next_open", "next"), ("undo", "undo"), ("accept_all", "all"))
_LESS: _Words = (
    ("note", "note"),
    ("guideline", "guideline"),
    ("leave", "leave open"),
    ("repeat", "repeat"),
    ("jump", "jump"),
    ("palette", "more"),
    ("panel", "panel"),
)
HINTS: Mapping[Here, _Words] = {
    Here.ENTITY: (
        *_ITEM,
        (_DIGITS, "label"),
        ("label", "any label"),
        *_ON,
        (_EDGES, "edges"),
        ("same", "all equal"),
        ("claim", "claim"),
        ("next_part", "claim around"),
        ("identity", "who"),
        *_LESS,
    ),
    Here.CLAIM: (
        *_ITEM,
        ("next_part", "parts"),
        ("attributes", "attributes"),
        ("source", "source"),
        ("cue", "cue"),
        *_ON,
        (_EDGES, "edges"),
        ("speaker", "who speaks"),
        ("no_source", "no source"),
        *_LESS,
    ),
    Here.PART: (
        (_EDGES, "edges"),
        ("next_part", "next part"),
        ("accept", "accept"),
        ("source", "source"),
        ("cue", "cue"),
        ("drop_part", "remove"),
        ("no_source", "no source"),
        ("speaker", "who speaks"),
        ("attributes", "attributes"),
        *_ON,
        ("reject", "reject"),
        *_LESS,
    ),
    Here.JUNK: (*_ITEM, ("junk", "kind"), *_ON, (_EDGES, "edges"), ("same", "all equal"), *_LESS),
    Here.WORDS: (
        (_DIGITS, "mark"),
        ("label", "any label"),
        ("claim", "claim"),
        ("source", "source"),
        ("cue", "cue"),
        ("further_piece", "piece"),
        ("close", "drop"),
        ("edges", "new edges"),
        (_EDGES, "edges"),
        ("junk", "junk"),
        ("copy", "copy"),
        ("undo", "undo"),
    ),
    Here.TEXT: (
        ("next_open", "next"),
        (_DIGITS, "mark"),
        ("label", "any label"),
        ("claim", "claim"),
        ("jump", "jump"),
        ("accept_all", "all"),
        ("undo", "undo"),
        ("junk", "junk line"),
        ("search", "search"),
        ("anchor", "select"),
        ("filter", "filter"),
        ("note", "note"),
        ("palette", "more"),
        ("panel", "panel"),
    ),
    Here.FINISHED: (
        ("reopen", "reopen"),
        ("undo", "undo"),
        ("next_item", "next item"),
        ("jump", "jump"),
        ("search", "search"),
        ("filter", "filter"),
        ("guideline", "guideline"),
        ("palette", "more"),
        ("panel", "panel"),
    ),
}
"""For what is here, actions and their words, the most important first."""
_ALWAYS: _Words = (("finish", "finish"), ("back", "queue"), ("help", "help"))
# Few differ in one article; the rest of a long sitting begins anew.
_MOST_MADE = 100
_EDGE_KEYS = ("left_out", "left_in", "right_in", "right_out")


class Feet:
    """The lines at the foot; a line that was made before is not made again."""

    def __init__(self, keymap: KeyMap) -> None:
        self._keymap = keymap
        self._made: dict[tuple[object, ...], BarLine] = {}

    def line(
        self, here: Here, width: int, *, can: Callable[[str], bool], modes: Sequence[str] = ()
    ) -> BarLine:
        """The keys that do something here, as many as fit; on the right the modes in force, and how
        to finish, to go back and to get help, which are never cut."""
        offered = tuple((action, word) for action, word in HINTS[here] if _is_on(action, can))
        asked = (here, offered, width, *modes)
        line = self._made.get(asked)
        if line is None:
            if len(self._made) >= _MOST_MADE:
                self._made.clear()
            line = self._made[asked] = _foot(here, offered, self._keymap, width, modes)
        return line


def _foot(here: Here, offered: _Words, keymap: KeyMap, width: int, modes: Sequence[str]) -> BarLine:
    always = [
        _hint(keymap, action, "next article" if _goes_on(action, here) else word)
        for action, word in _ALWAYS
    ]
    pinned = in_a_row([pieces for pieces in always if pieces], width).left
    told: tuple[Piece, ...] = (("info", f" {', '.join(modes)} "),) if modes else ()
    right = (*told, *pinned, ("normal", " "))
    room = width - sum(len(words) for _, words, *_ in right) - 1
    groups = [_hint(keymap, action, word) for action, word in offered]
    return BarLine(in_a_row([pieces for pieces in groups if pieces], room).left, right)


def _goes_on(action: str, here: Here) -> bool:
    return action == "finish" and here is Here.FINISHED


def _is_on(action: str, can: Callable[[str], bool]) -> bool:
    return can({_DIGITS: "label", _EDGES: "left_out"}.get(action, action))


def _hint(keymap: KeyMap, action: str, word: str) -> tuple[Piece, ...]:
    """A key and its word; nothing for an action without a key."""
    if action == _DIGITS:
        key = _several(keymap, ("label_1", "label_0"), between="-")
    elif action == _EDGES:
        key = _several(keymap, _EDGE_KEYS)
    else:
        key = keymap.first(action)
    return hint(key, word) if key else ()


def _several(keymap: KeyMap, actions: Sequence[str], between: str = "") -> str:
    """The keys of several actions as one; empty if one has none, or they are too long for that."""
    keys = [keymap.first(action) for action in actions]
    return between.join(keys) if all(len(key) == 1 for key in keys) else ""
