"""A line editor as a value; pure.

The screen passes it keys itself, so that keys typed right after the one that opens the line are
never taken for commands.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """The typed text and the cursor."""

    text: str = ""
    at: int = 0

    @classmethod
    def of(cls, text: str) -> Line:
        return cls(text, len(text))

    def insert(self, words: str) -> Line:
        """The line with `words` inserted at the cursor; line ends become blanks."""
        flat = " ".join(words.splitlines()) if "\n" in words or "\r" in words else words
        return Line(self.text[: self.at] + flat + self.text[self.at :], self.at + len(flat))

    def press(self, key: str) -> Line:
        """The line after a key that types nothing; unchanged if the key has no meaning here."""
        text, at = self.text, self.at
        match key:
            case "backspace" if at:
                return Line(text[: at - 1] + text[at:], at - 1)
            case "delete":
                return Line(text[:at] + text[at + 1 :], at)
            case "left":
                return Line(text, max(0, at - 1))
            case "right":
                return Line(text, min(len(text), at + 1))
            case "home":
                return Line(text, 0)
            case "end":
                return Line(text, len(text))
            case "ctrl+u":
                return Line(text[at:], 0)
            case "ctrl+w":
                kept = text[:at].rstrip()
                kept = kept[: kept.rfind(" ") + 1]
                return Line(kept + text[at:], len(kept))
            case _:
                return self
