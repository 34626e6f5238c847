"""Keyboards on which keys of the table are chords or type something else: other keys for these.

The setting `keyboard` names one. `[keys]` in the settings goes before it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class KeyboardLayout:
    """The keys of some actions; `places` has the digit at whose place the keyboard types another
    character, so that digits can be pressed without shift."""

    keys: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)

    def placed(self, pressed: str) -> str:
        """The digit at the place of a key that types another character, or else the key."""
        return self.places.get(pressed, pressed)


def _edges(left_out: str, left_in: str, right_in: str, right_out: str) -> dict[str, str]:
    return {
        "left_out": f"{left_out} [ ctrl+left",
        "left_in": f"{left_in} ] ctrl+right",
        "right_in": f"{right_in} {{ alt+shift+left",
        "right_out": f"{right_out} }} alt+shift+right",
    }


def _digits(typed: str) -> dict[str, str]:
    return dict(zip(typed, "1234567890", strict=True))


KEYBOARDS: Mapping[str, KeyboardLayout] = {
    "qwerty": KeyboardLayout(),
    "qwertz": KeyboardLayout({**_edges("ö", "ä", "Ä", "Ö"), "panel": "ß \\"}),
    "spanish": KeyboardLayout({**_edges("ñ", "ç", "Ç", "Ñ"), "panel": "º \\"}),
    "azerty": KeyboardLayout(
        {
            **_edges("ù", "$", "%", "£"),
            "panel": "² \\",
            "junk": "!",
            "sentence_left": "ctrl+up",
        },
        _digits("&é\"'(-è_çà"),
    ),
    "azerty-be": KeyboardLayout(
        {
            **_edges("ù", "µ", "%", "£"),
            "panel": "² \\",
            "sentence_left": "ctrl+up",
            "board_contradicts": "! 8",
            "pairs_contradicts": "! 8",
        },
        _digits("&é\"'(§è!çà"),
    ),
}
"""Each keyboard by its name in the settings."""
