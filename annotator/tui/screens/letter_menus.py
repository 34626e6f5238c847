"""The letter menus that the help lists: labels, attributes of a claim, kinds of junk."""

from __future__ import annotations

from annotator.core.annotations import JunkKind
from annotator.core.labels import Label, LabelScheme
from annotator.core.records.fields import CLAIM_ATTRIBUTES, AttributeValue
from annotator.tui.widgets.letter_menu import Choice, LetterMenu, menu_of

_ATTRIBUTES = {attribute.name: attribute for attribute in CLAIM_ATTRIBUTES}
_LETTERS = (
    ("stance", "stance", "adqpmcj", ""),
    ("source", "source_kind", "NACDWU", ""),
    ("quotation", "quotation", "irx", ""),
    ("certainty", "certainty", "1230", "not worded"),
    ("check-worthy", "check_worthy", "ynz", "undecided"),
)
"""For each attribute: the head of its row, its name, a letter for each value (the last for null, if
allowed), and the words for null."""
_TRUTHS = {True: "yes", False: "no"}


def label_menu(scheme: LabelScheme, *, title: str) -> LetterMenu[Label]:
    """Every label by its letter."""
    choices = (Choice(label.key, label.name, label, f"label:{label.name}") for label in scheme)
    return menu_of("labels", title, choices)


def attribute_menu(*, title: str) -> LetterMenu[AttributeValue]:
    """Every value of every attribute of a claim, by one letter."""
    rows = ((head, _choices(name, letters, null)) for head, name, letters, null in _LETTERS)
    return LetterMenu("attributes", title, tuple(rows))


def _choices(name: str, letters: str, null: str) -> tuple[Choice[AttributeValue], ...]:
    attribute = _ATTRIBUTES[name]
    values = sorted(attribute.values, key=lambda value: value is None)
    return tuple(
        Choice(
            letter,
            null if value is None else _TRUTHS[value] if isinstance(value, bool) else value,
            AttributeValue(attribute, value),
        )
        for letter, value in zip(letters, values, strict=True)
    )


def junk_menu(*, title: str) -> LetterMenu[JunkKind]:
    """Every kind of junk by a letter."""
    letters = zip("arpcdDfnstob", JunkKind, strict=True)
    return menu_of("junk", title, (Choice(letter, kind, kind) for letter, kind in letters))
