"""A found claim, its serialisable form in a Doc, and a draft of a claim."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Piece = tuple[int, int]
Pieces = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class FoundClaim:
    """A suggested claim; each piece is a half-open range of characters.

    `score` is the measured share of correct claims of this `pattern`. `source_entity` is the
    mention of the speaker: inside `source`, or the antecedent of a pronoun or "the official" there.
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
        """The claim as lists, strings and numbers, for any serialiser."""
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
        """The claim for a result of `to_plain`."""
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
    """A claim while it is assembled: the token numbers of each part.

    `anchor` is the token of the cue (without one, the first of the content), `region` the number of
    the last quotation that belongs to it, or -1.
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
