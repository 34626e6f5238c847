"""What the guidelines say on the item at hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from annotator.core.annotations import Item, Stance
from annotator.core.edits import Part, PartName
from annotator.core.guidelines import paragraphs
from annotator.tui.review.guideline_bar import guideline_lines, terms_of
from annotator.tui.widgets.bar import BarLine
from tests.helpers.items import entity
from tests.tui.desk import SCHEME, TEXT, claim, junk

GUIDELINES = paragraphs(
    (Path(__file__).parents[2] / "schema" / "guidelines.md").read_text(encoding="utf-8")
)
DENIAL = replace(claim(TEXT, "any delay", "denied", "The council"), stance=Stance.DENIES)


def told(lines: list[BarLine]) -> str:
    flat = ("".join(words for _, words, *_ in line.left) for line in lines)
    return " ".join(" ".join(flat).split())


@pytest.mark.parametrize(
    ("item", "part", "words"),
    [
        (entity(TEXT, "PORT ANSEL", "GPE"), None, "countries, provinces, cities"),
        (DENIAL, None, "states that something said or suspected is untrue"),
        (DENIAL, Part(PartName.SOURCE), "is the whole noun phrase that goes with the cue"),
        (DENIAL, Part(PartName.CUE), "is the verb with its auxiliaries"),
        (junk(TEXT, "Advertisement"), None, "a sponsor"),
    ],
)
def test_the_paragraph_on_the_item_at_hand_is_shown(
    item: Item, part: Part | None, words: str
) -> None:
    lines = guideline_lines(GUIDELINES, terms_of(item, part), 200, 6)
    assert words in told(lines)


def test_it_is_cut_to_its_rows_and_says_so() -> None:
    lines = guideline_lines(GUIDELINES, ("GPE", "ORG", "DATE"), 60, 3, frozenset(SCHEME.by_name))
    assert len(lines) == 3
    assert told(lines).endswith("…")
    assert lines[0].left[1][0] == "label:GPE"


@pytest.mark.parametrize("terms", [(), ("NOT_A_LABEL",)])
def test_without_anything_to_say_it_says_that(terms: tuple[str, ...]) -> None:
    assert told(guideline_lines(GUIDELINES, terms, 80, 3))
