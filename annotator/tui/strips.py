"""Strips: short modes at the foot of a screen that take every letter until they are done.

A strip is a value: a title and what each letter stands for. The screen that opened it does what was
chosen.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from annotator.core.annotations import Certainty, JunkKind, Quotation, SourceKind, Stance
from annotator.core.labels import LabelScheme
from annotator.tui.widgets.bar import BarLine, flowed

Value = str | bool | None


@dataclass(frozen=True, slots=True)
class Choice:
    """What a letter stands for: words to show in a tone, and what is handed back."""

    letter: str
    words: str
    value: tuple[str, Value]
    tone: str = "normal"


@dataclass(frozen=True)
class Strip:
    """A mode by name; rows of choices under a title. Letters within a strip do not repeat."""

    name: str
    title: str
    rows: tuple[tuple[str, tuple[Choice, ...]], ...]

    @cached_property
    def by_letter(self) -> dict[str, Choice]:
        return {choice.letter: choice for _, choices in self.rows for choice in choices}

    def lines(self, width: int) -> list[BarLine]:
        """The strip as it is drawn in `width` cells: its title, then its choices."""
        lines = [BarLine((("accent", f" {self.title}"),), (("muted", "esc closes "),))]
        for head, choices in self.rows:
            groups = [
                (("strong", choice.letter), (choice.tone, f" {choice.words}  "))
                for choice in choices
            ]
            lead = [(("muted", f"{head:<12} "),)] if head else []
            lines += flowed([*lead, *groups], width, further=" " * 14 if head else " ")
        return lines


def label_strip(scheme: LabelScheme, *, title: str) -> Strip:
    """Every label by its letter."""
    choices = (
        Choice(label.key, label.name, ("label", label.name), f"label:{label.name}")
        for label in scheme
    )
    return strip_of("labels", title, choices)


def same_strip(scheme: LabelScheme, *, title: str) -> Strip:
    """The decisions that can be made for every equal string, label digits among them."""
    decisions = (
        Choice("a", "accept", ("same", "accept"), "good"),
        Choice("x", "reject", ("same", "reject"), "bad"),
        Choice("*", "as it stands", ("same", "as it stands")),
        Choice("l", "a label by its letter", ("same", "label")),
    )
    digits = (
        Choice(digit, label.name, ("label", label.name), f"label:{label.name}")
        for digit, label in zip("1234567890", scheme, strict=False)
    )
    return strip_of("same", title, (*decisions, *digits))


def attribute_strip(*, title: str) -> Strip:
    """Every value of every attribute of a claim by one letter."""
    stances = zip("adqpmcj", Stance, strict=True)
    kinds = zip("NACDWU", SourceKind, strict=True)
    marks = zip("irx", Quotation, strict=True)
    sure = zip("123", Certainty, strict=True)
    return Strip(
        "attributes",
        title,
        (
            ("stance", tuple(Choice(key, v.value, ("stance", v.value)) for key, v in stances)),
            ("source", tuple(Choice(key, v.value, ("source_kind", v.value)) for key, v in kinds)),
            ("quotation", tuple(Choice(k, v.value, ("quotation", v.value)) for k, v in marks)),
            (
                "certainty",
                (
                    *(Choice(key, v.value, ("certainty", v.value)) for key, v in sure),
                    Choice("0", "not worded", ("certainty", None)),
                ),
            ),
            (
                "check-worthy",
                (
                    Choice("y", "yes", ("check_worthy", True)),
                    Choice("n", "no", ("check_worthy", False)),
                    Choice("z", "undecided", ("check_worthy", None)),
                ),
            ),
        ),
    )


def junk_strip(*, title: str) -> Strip:
    """Every kind of junk by a letter."""
    letters = dict(zip("arpcdDfnstob", JunkKind, strict=True))
    return strip_of(
        "junk", title, (Choice(k, v.value, ("junk", v.value)) for k, v in letters.items())
    )


def skip_strip() -> Strip:
    """What can be said of a whole article instead of reviewing it."""
    return strip_of(
        "skip",
        "This article",
        (
            Choice("s", "skip it: not for this dataset", ("answer", "skip")),
            Choice(
                "u",
                "it is unusable: broken, not an article, not in English",
                ("answer", "unusable"),
            ),
        ),
    )


def filter_strip() -> Strip:
    """What the items can be filtered by."""
    choices = (
        ("*", "all"),
        ("o", "open"),
        ("u", "unsure"),
        ("a", "accepted"),
        ("m", "corrected"),
        ("+", "added"),
        ("x", "rejected"),
        ("e", "entities"),
        ("c", "claims"),
        ("j", "junk"),
        ("l", "label"),
    )
    return strip_of(
        "items",
        "Only items that are",
        (Choice(key, words, ("only", words)) for key, words in choices),
    )


def span_strip(spans: Iterable[tuple[str, str]], *, name: str, title: str) -> Strip:
    """Spans of the text to pick from: pairs of a letter and the words it stands for."""
    choices = (Choice(letter, words, ("span", letter)) for letter, words in spans)
    return strip_of(name, title, choices)


def strip_of(name: str, title: str, choices: Iterable[Choice]) -> Strip:
    """A strip of one row."""
    return Strip(name, title, (("", tuple(choices)),))
