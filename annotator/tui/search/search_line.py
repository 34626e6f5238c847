"""The line of a search: what is typed, and where it is looked for; pure."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum

from annotator.core.search.query import Query
from annotator.core.search.sought import Sought
from annotator.tui.widgets.line_editor import Line

_SHORTEST = 3  # letters of a word that goes on by itself: shorter ones begin too many


class Scope(Enum):
    """Where words are looked for."""

    TEXT = "words in the text"
    SOURCES = "claims of a source"
    CUES = "words in cues"
    NAMES = "words in names"

    @property
    def words(self) -> str:
        """The scope in words."""
        return self.value


_SCOPES = tuple(Scope)


@dataclass(frozen=True, slots=True)
class SearchLine:
    """The typed line and the scope."""

    line: Line = field(default_factory=Line)
    scope: Scope = Scope.TEXT

    @property
    def text(self) -> str:
        return self.line.text

    def insert(self, words: str) -> SearchLine:
        """The line with `words` inserted at the cursor."""
        return replace(self, line=self.line.insert(words))

    def press(self, key: str) -> SearchLine:
        """The line after a key that types nothing."""
        return replace(self, line=self.line.press(key))

    def in_next_scope(self, by: int) -> SearchLine:
        """The same words in the scope that is `by` further on."""
        return replace(self, scope=_SCOPES[(_SCOPES.index(self.scope) + by) % len(_SCOPES)])

    def asks_the_same(self, other: SearchLine) -> bool:
        """Whether both find the same, wherever the cursor is."""
        return (self.text, self.scope) == (other.text, other.scope)

    def around_cursor(self, width: int) -> tuple[str, str]:
        """The text before and after the cursor, from where it fits into so many cells."""
        text, at = self.line.text, self.line.at
        return text[max(0, at - width + 12) : at], text[at:]

    @property
    def sought(self) -> Sought:
        """What is looked for. The last word goes on while it is typed; a blank ends it."""
        words = self.text.split()
        goes_on = bool(words) and len(words[-1]) >= _SHORTEST
        query = Query.of(self.text, last_goes_on=goes_on)
        match self.scope:
            case Scope.TEXT:
                return Sought(query)
            case Scope.SOURCES:
                return Sought(source=query)
            case Scope.CUES:
                return Sought(query, in_cues=True)
            case Scope.NAMES:
                return Sought(query, in_entities=True)
