"""What a row of the table of keys is, and the rows that all lists have."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Mode(StrEnum):
    """The screen that reads the keys. Letter menus have their own letters."""

    QUEUE = "queue"
    REVIEW = "review"
    STORIES = "stories"
    BOARD = "board"
    PAIRS = "pairs"
    ADJUDICATION = "adjudication"
    FIGURES = "figures"
    STATISTICS = "statistics"
    HISTORY = "history"
    FINDINGS = "findings"
    PROBLEMS = "problems"
    IDENTITIES = "identities"
    EARLIER = "earlier"


@dataclass(frozen=True, slots=True)
class Key:
    """An action: its id, its keys, its screen, its section in help, its description.

    `hint` is its word in the footer, if it has a place there; lower `rank` first.
    """

    action: str
    keys: tuple[str, ...]
    mode: Mode
    section: str
    does: str
    hint: str = ""
    rank: int = 99


@dataclass(frozen=True, slots=True)
class KeyRows:
    """Makes the rows of a screen, which stand in one section of help; the names of their actions
    begin with the name of the screen."""

    mode: Mode
    section: str

    def __call__(self, action: str, keys: str, does: str, hint: str = "", rank: int = 99) -> Key:
        name = f"{self.mode}_{action}"
        return Key(name, tuple(keys.split()), self.mode, self.section, does, hint, rank)

    def moves(self, *, down: str = "down", up: str = "up") -> tuple[Key, ...]:
        """The keys that move in a list."""
        return (
            self("down", "down j", down),
            self("up", "up k", up),
            self("page_down", "pagedown", "a page down"),
            self("page_up", "pageup", "a page up"),
            self("top", "g home", "the top"),
            self("bottom", "G end", "the end"),
        )

    def close(self, does: str, hint: str = "", rank: int = 99) -> Key:
        """The keys that leave a list."""
        return self("close", "escape q", does, hint, rank)
