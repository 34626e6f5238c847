"""The attributes of a claim: one table for readers, defaults, formats and columns.

A new attribute needs a field of `Claim`, a row here, its key in `encode.claim_to_dict` and in
`schema/record.schema.json`, its letters in `tui/screens/letter_menus.py`, and, in
`suggest/claims/`, a field of `FoundClaim` and the code that fills it. Formats, columns, comparisons
and the screen's words follow from the row; a test names what was forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeAlias

from annotator.core.annotations import Certainty, Claim, Quotation, SourceKind, Stance, Tier

Value: TypeAlias = StrEnum | bool | None
_FLAGS: Mapping[str, bool] = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute: one of `choices`, or a boolean without them.

    `default` is that of `Claim`. With a default of None the value can be null, and stored claims
    may lack the key; with any other they must have it. `read` converts a JSON value and raises
    KeyError or TypeError for an invalid one.
    """

    name: str
    choices: type[StrEnum] | None
    default: Value
    read: Callable[[Any], Any] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "read", _reader(self.choices, self.default))

    @property
    def values(self) -> tuple[Value, ...]:
        """All possible values, null first if allowed."""
        values: tuple[Value, ...] = (True, False) if self.choices is None else tuple(self.choices)
        return (None, *values) if self.default is None else values

    @property
    def words(self) -> tuple[str, ...]:
        """The values as words, for plain text formats."""
        return tuple(_FLAGS) if self.choices is None else tuple(self.choices)

    def word(self, claim: Claim) -> str | None:
        """The value of `claim` as one of `words`; None for null."""
        value = getattr(claim, self.name)
        if value is None:
            return None
        return str(value).lower() if self.choices is None else str(value)

    def phrase(self, claim: Claim) -> str | None:
        """The value of `claim` as a phrase that is clear without the attribute's name: `denies`,
        `not check-worthy`; None for null."""
        if self.choices is not None:
            return self.word(claim)
        flag, title = getattr(claim, self.name), self.name.replace("_", "-")
        return None if flag is None else title if flag else f"not {title}"

    def of_word(self, word: str) -> Value:
        """The value for one of `words`; raises ValueError for other words."""
        if self.choices is not None:
            return self.choices(word)
        if word not in _FLAGS:
            raise ValueError(f"{word!r} is not one of {', '.join(_FLAGS)}")
        return _FLAGS[word]


@dataclass(frozen=True, slots=True)
class AttributeValue:
    """A value for one attribute."""

    attribute: Attribute
    value: Value


def _reader(choices: type[StrEnum] | None, default: Value) -> Callable[[Any], Any]:
    if choices is None:
        return _flag
    known: dict[str | None, StrEnum | None] = {one.value: one for one in choices}
    if default is None:
        known[None] = None
    return known.__getitem__


def _flag(value: Any) -> bool | None:
    # 0 and 1 equal False and True, but are invalid here.
    if value is None or type(value) is bool:
        return value
    raise TypeError("expected true, false or null")


CLAIM_ATTRIBUTES = (
    Attribute("quotation", Quotation, Quotation.INDIRECT),
    Attribute("source_kind", SourceKind, SourceKind.UNSPECIFIED),
    Attribute("stance", Stance, Stance.ASSERTS),
    Attribute("certainty", Certainty, None),
    Attribute("check_worthy", None, None),
)
"""The attributes that reviewers set, in the order of a record."""

TIER = Attribute("tier", Tier, Tier.A)
"""The tier of a suggestion; reviewers do not set it."""
