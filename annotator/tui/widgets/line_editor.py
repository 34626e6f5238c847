"""One line being typed, as a value; pure.

The screen feeds it keys itself, so that what is typed fast after the key that opens the line can
never be taken for a command.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """What has been typed, and where the next character goes."""

    text: str = ""
    at: int = 0

    @classmethod
    def of(cls, text: str) -> Line:
        return cls(text, len(text))

    def insert(self, words: str) -> Line:
        """With `words` at the cursor; line ends become blanks."""
        flat = " ".join(words.splitlines()) if "\n" in words or "\r" in words else words
        return Line(self.text[: self.at] + flat + self.text[self.at :], self.at + len(flat))

    def press(self, key: str) -> Line:
        """After a key that types nothing; unchanged where it has no meaning here."""
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
