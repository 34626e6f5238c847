"""What the component says of a text: one found claim, and its plain form that a Doc can carry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Piece = tuple[int, int]
Pieces = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class FoundClaim:
    """A claim as suggested; every piece is a half-open range of characters of the text.

    `score` is the share of claims of this `pattern` that were right where that was measured.
    `source_entity` is the mention that names the source: inside `source`, or what a pronoun or
    "the official" there stands for.
    """

    content: Pieces
    cue: Pieces = ()
    source: Pieces = ()
    quotation: str = "indirect"
    source_kind: str = "unspecified"
    stance: str = "asserts"
    certainty: str | None = None
    check_worthy: bool | None = None
    source_entity: Piece | None = None
    tier: str = "B"
    score: float | None = None
    pattern: str = ""

    def to_plain(self) -> dict[str, Any]:
        """Lists, strings and numbers alone, so that any serialiser can carry it."""
        return {
            "content": [list(piece) for piece in self.content],
            "cue": [list(piece) for piece in self.cue],
            "source": [list(piece) for piece in self.source],
            "quotation": self.quotation,
            "source_kind": self.source_kind,
            "stance": self.stance,
            "certainty": self.certainty,
            "check_worthy": self.check_worthy,
            "source_entity": list(self.source_entity) if self.source_entity else None,
            "tier": self.tier,
            "score": self.score,
            "pattern": self.pattern,
        }

    @classmethod
    def from_plain(cls, plain: dict[str, Any]) -> FoundClaim:
        """The claim that `to_plain` wrote down."""
        entity = plain["source_entity"]
        return cls(
            **{
                **plain,
                "content": _pieces(plain["content"]),
                "cue": _pieces(plain["cue"]),
                "source": _pieces(plain["source"]),
                "source_entity": (entity[0], entity[1]) if entity else None,
            }
        )


@dataclass(slots=True)
class Draft:
    """A claim in the making: the numbers of the tokens of each part.

    `anchor` is the token that carries the cue (without one, the first of the content), `region` the
    number of the last quotation that belongs to it, or -1.
    """

    anchor: int
    content: set[int]
    source: set[int]
    cue: set[int]
    pattern: str
    lemma: str = ""
    region: int = -1


def _pieces(plain: list[list[int]]) -> Pieces:
    return tuple((start, end) for start, end in plain)
