"""Items and decisions in words."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from annotator.core.annotations import Claim, Entity, Junk, JunkKind
from annotator.core.article import Article, Span
from annotator.core.decisions import Change, accept, add, finish, note_article, reject, relabel
from annotator.core.review import Review
from annotator.core.reviewing.wording import done, named, shortened, told
from tests.helpers.strategies import EPOCH, reviewed_articles, stamped

TEXT = "Oslo met Bo.\nRead more\n"
OSLO = Entity("e", Span(0, 4), "GPE")
BO = Entity("b", Span(9, 11), "PERSON")
SAID = Claim("c", (Span(0, 12),))
LINE = Junk("j", Span(13, 22), JunkKind.RELATED_LINK)


def both(*changes: Change) -> tuple[str, str]:
    review = Review.of("a" * 64, "cy", (OSLO, BO, SAID, LINE))
    decisions = stamped(list(changes), review)
    return told(decisions, TEXT), done(decisions, TEXT)


def test_items_are_named_by_kind_or_label_and_text() -> None:
    assert named(OSLO, TEXT) == "GPE “Oslo”"
    assert named(SAID, TEXT, 8) == "claim “Oslo me…”"
    assert named(LINE, TEXT) == "junk “Read more”"
    assert named(None, TEXT) == "the article"


def test_quotation_marks_of_the_text_become_single_ones() -> None:
    text = "“It “stands”,” he said"
    assert named(Claim("c", (Span(0, 14),)), text) == "claim “‘It ‘stands’,’”"


def test_one_decision_names_its_item() -> None:
    assert both(accept(OSLO)) == ("accept GPE “Oslo”", "accepted GPE “Oslo”")
    assert both(relabel(OSLO, "ORG")) == ("correct ORG “Oslo”", "corrected ORG “Oslo”")
    assert both(add(BO)) == ("add PERSON “Bo”", "added PERSON “Bo”")


def test_several_decisions_are_counted() -> None:
    assert both(accept(OSLO), reject(BO), accept(LINE), finish()) == (
        "accept of 2 items, reject PERSON “Bo”, finish",
        "accepted 2 items, rejected PERSON “Bo”, finished",
    )


def test_a_note_on_the_article() -> None:
    assert both(note_article("cy", EPOCH, "odd")) == ("note on the article",) * 2


@given(reviewed_articles(at_most=5), st.integers(2, 60))
def test_names_are_short_and_on_one_line(reviewed: tuple[Article, Review], limit: int) -> None:
    article, review = reviewed
    for held in review.held.values():
        name = named(held.item, article.text, limit)
        assert "\n" not in name
        assert len(name) <= limit + 30
    for decision in review.decisions:
        assert told([decision], article.text)
        assert done([decision], article.text)


@given(st.text(), st.integers(1, 40))
def test_shortened_text_fits(words: str, limit: int) -> None:
    assert len(shortened(words, limit)) <= limit
