"""The lines around an article and the rows beside it: what an item was, where it is, how far one
is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.annotations import Item, SourceKind, Stance
from annotator.core.edits import Part, PartName, piece_at, without_source
from annotator.core.review import ReviewItem, Status
from annotator.core.reviewing.item_filter import filter_counts, item_test
from annotator.core.reviewing.wording import was
from annotator.core.states import ItemFilter
from annotator.tui.review.item_rows import Room, Shown, claim_row, contains
from annotator.tui.review.review_menus import item_filter_menu, item_order_menu
from annotator.tui.review.status_lines import Around, of_item, progress
from tests.helpers.items import entity, span
from tests.tui.desk import SCHEME, TEXT, claim, suggestions
from tests.unit.test_commands import review_of

ORG = entity(TEXT, "Greyline Ferries", "ORG")
SAID = claim(
    TEXT,
    "that Greyline Ferries had asked for two million crowns",
    "said",
    "Ilva Marrow, the harbour master",
)
INNER = claim(TEXT, "two million crowns", "asked for", "Greyline Ferries")


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        (ORG, ORG, ""),
        (ORG, replace(ORG, label="GPE"), "ORG"),
        (ORG, replace(ORG, span=span(TEXT, "Greyline")), "“Greyline Ferries”"),
        (SAID, replace(SAID, stance=Stance.DENIES), "asserts"),
        (SAID, replace(SAID, cue=()), "cue “said”"),
        (replace(SAID, source=()), SAID, "without source"),
        (None, ORG, ""),
    ],
)
def test_the_earlier_content_of_an_item_is_shown_in_words(
    before: Item | None, now: Item, told: str
) -> None:
    assert was(before, now, TEXT) == told


def line(held: ReviewItem, part: Part | None = None) -> str:
    return "".join(words for _, words, *_ in of_item(held, part, Around(TEXT)))


def test_the_score_is_not_told_of_what_the_reviewer_chose() -> None:
    review = review_of(ORG)
    suggested = review.held[ORG.id]
    assert f"score {ORG.score:.0%}" in line(suggested)
    corrected = replace(suggested, item=replace(ORG, label="GPE"), status=Status.ACCEPTED)
    assert "score" not in line(corrected)
    assert "was ORG" in line(corrected)


def test_a_part_is_told_with_its_own_offsets() -> None:
    held = review_of(SAID).held[SAID.id]
    cue = SAID.cue[0]
    assert line(held, Part(PartName.CUE)).endswith(f"{cue.start}–{cue.end}")
    assert line(held).endswith(f"{SAID.span.start}–{SAID.span.end}")


@given(st.integers(0, 300), st.integers(0, 300), st.integers(2, 40))
def test_progress_shows_what_has_begun_and_is_full_only_at_the_end(
    done: int, total: int, cells: int
) -> None:
    done = min(done, total)
    drawn = "".join(words for _, words, *_ in progress(done, total, cells))
    assert len(drawn) == cells
    assert (drawn[0] in "━╸") is (done > 0)
    assert (drawn == "━" * cells) is (0 < total == done)


def test_a_claim_without_a_source_has_nobody_as_its_kind_of_source() -> None:
    bare = without_source(replace(SAID, source_kind=SourceKind.COLLECTIVE), TEXT)
    assert bare is not None
    assert (bare.source, bare.source_kind) == ((), SourceKind.UNSPECIFIED)


def test_the_piece_that_was_added_is_found() -> None:
    quay = span(TEXT, "quay")
    wider = replace(SAID, content=(*SAID.content, quay))
    assert piece_at(wider, PartName.CONTENT, quay) == Part(PartName.CONTENT, 1)
    assert piece_at(SAID, PartName.CONTENT, quay) is None


def row(shown: Shown) -> list[str]:
    held = shown.review.held[SAID.id]
    return ["".join(cell.text for cell in cells) for cells in claim_row(held, shown).lines]


def test_a_long_source_leaves_room_for_the_cue_and_a_wide_panel_wraps_the_content() -> None:
    review = review_of(SAID)
    narrow = row(Shown(review, TEXT, 0.5, Room(40)))
    assert len(narrow) == 2
    assert "Ilva Marrow, the harbou…said" in narrow[0]
    wide = row(Shown(review, TEXT, 0.5, Room(44, wraps=True)))
    assert len(wide) == 3
    assert f"{wide[1]} {wide[2]}" == SAID.content[0].of(TEXT)


def test_a_claim_in_another_ones_content_is_further_to_the_right() -> None:
    assert contains(SAID, INNER)
    assert not contains(INNER, SAID)
    assert not contains(SAID, SAID)
    review = review_of(SAID)
    assert "└" in row(Shown(review, TEXT, 0.5, depth=1))[0]


def test_the_menu_of_filters_counts_what_passes_and_shows_what_is_chosen() -> None:
    review = review_of(*suggestions())
    given_items = tuple(review.held.values())
    everything = (*ItemFilter, *SCHEME)
    counts = filter_counts(given_items, everything, confidence=0.5, text=TEXT)
    assert counts[ItemFilter.ALL] == len(given_items)
    for wanted, count in counts.items():
        test = item_test(wanted, 0.5, TEXT)
        assert count == sum(1 for one in given_items if test(one))
    menu = item_filter_menu(SCHEME, counts, ItemFilter.CLAIMS)
    claims = menu.by_letter["c"]
    assert (claims.words, claims.tone) == ("claims 1", "accent")
    assert menu.by_letter["+"].tone == "muted"
    assert item_order_menu().by_letter["u"].tone == "normal"
