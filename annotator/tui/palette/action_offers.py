"""The actions of the table of keys that can be done now, as lines of the palette."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from annotator.tui.action_names import NAMES, name_of
from annotator.tui.keys import Key, show_key
from annotator.tui.screens.offers import Below, Offer

_PLACES = {action: place for place, action in enumerate(NAMES)}
_LABEL = "label_"
"""Labels are listed by their names instead."""
_MOVES = ("Move ", "Select ")


def act_offers(below: Below) -> Iterator[Offer]:
    """Every action but moves."""
    return (offer for offer in _offers(below) if not offer.words.startswith(_MOVES))


def move_offers(below: Below) -> Iterator[Offer]:
    """Moves of a cursor, and selections by key."""
    return (offer for offer in _offers(below) if offer.words.startswith(_MOVES))


def _offers(below: Below) -> Iterator[Offer]:
    keys = (key for key in below.keymap.keys if key.mode is below.mode and _is_listed(key))
    for key in sorted(keys, key=lambda key: _PLACES.get(key.action, len(_PLACES))):
        if below.can(key.action):
            yield Offer(
                key.action,
                name_of(key.action, key.does),
                partial(below.act, key.action),
                keys=" ".join(show_key(pressed) for pressed in key.keys),
                about=key.does,
            )


def _is_listed(key: Key) -> bool:
    of_a_label = key.action.startswith(_LABEL) and key.action[len(_LABEL) :].isdigit()
    return not of_a_label and not key.action.endswith("palette")
