"""Guidelines as paragraphs, and what they say on a term."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.annotations import JunkKind, SourceKind, Stance
from annotator.core.guidelines import Emphasis, inline, on_term, paragraphs, sections
from tests.tui.desk import SCHEME

TEXT = """# How to decide

Mark what
the text says.

## 1. Entities

- **ORG**: `bodies`, not
  *groups*.
- **ORG or GPE**: the shorter.
* Not this one.

### Edges

## 2. Claims
`cue`, the words.
"""
SHIPPED = paragraphs(
    (Path(__file__).parents[2] / "schema" / "guidelines.md").read_text(encoding="utf-8")
)


def test_lines_of_a_paragraph_are_joined_and_placed_below_their_headings() -> None:
    found = paragraphs(TEXT)
    assert [(one.level, one.bullet, one.text) for one in found] == [
        (1, False, "How to decide"),
        (0, False, "Mark what the text says."),
        (2, False, "1. Entities"),
        (0, True, "ORG: bodies, not groups."),
        (0, True, "ORG or GPE: the shorter."),
        (0, True, "Not this one."),
        (3, False, "Edges"),
        (2, False, "2. Claims"),
        (0, False, "cue, the words."),
    ]
    assert found[3].section == ("How to decide", "Entities")
    assert found[-1].section == ("How to decide", "Claims")
    assert sections(found) == ("Entities", "Claims")


def test_emphasis_is_told_without_its_signs() -> None:
    assert list(inline("**ORG**: `a` or *b*, 2 * 3 * 4")) == [
        (Emphasis.STRONG, "ORG"),
        (Emphasis.NONE, ": "),
        (Emphasis.CODE, "a"),
        (Emphasis.NONE, " or "),
        (Emphasis.ITALIC, "b"),
        (Emphasis.NONE, ", 2 * 3 * 4"),
    ]


def test_the_paragraph_of_a_term_comes_first_then_others_on_it() -> None:
    found = on_term(paragraphs(TEXT), "org")
    assert [one.text for one in found] == ["ORG: bodies, not groups.", "ORG or GPE: the shorter."]
    assert on_term(paragraphs(TEXT), "org", "claims") == ()
    assert on_term(paragraphs(TEXT), "rg") == ()


@pytest.mark.parametrize(
    "term",
    [
        *(label.name for label in SCHEME),
        *("source", "cue", "content", "stance"),
        *(str(kind) for kind in (*SourceKind, *Stance, *JunkKind)),
    ],
)
def test_the_shipped_guidelines_say_something_on_every_term(term: str) -> None:
    assert on_term(SHIPPED, term)


@given(st.text("ab*`#- \n1.", max_size=60))
def test_any_text_is_read_and_no_letter_is_lost(text: str) -> None:
    letters = [one for one in text if one in "ab"]
    assert [one for found in paragraphs(text) for one in found.text if one in "ab"] == letters
