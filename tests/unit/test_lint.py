"""What in finished work contradicts itself or the guidelines, and what does not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given

from annotator.core.across.identity_log import Identity
from annotator.core.annotations import Claim, Entity, Junk, JunkKind, Quotation, SourceKind
from annotator.core.article import Article, Span
from annotator.core.lint.form_consistency import MOST_PLACES, FormConsistency, findings
from annotator.core.lint.lint_finding import MENDED_BY, FindingKind
from annotator.core.lint.rules import findings_in
from annotator.core.record import Record
from annotator.export.records import records_of_file
from annotator.tui.keys import KEYS
from tests.helpers.items import entity, record_of, span
from tests.helpers.record_strategies import records

GOLD = Path(__file__).parents[2] / "seeds/gold"
SAID = "“We have lost 47 boats,” said Ada Low. “We will not sail again this year.”\n"


def told(*made: Record) -> list[tuple[str, str]]:
    """Kind and words of each finding."""
    texts = {record.article.id: record.article.text for record in made}
    return [(one.kind, one.span.of(texts[one.article])) for one in findings(made)]


def marked(text: str, words: str, label: str) -> Record:
    return record_of(text, entity(text, words, label))


def claim(text: str, content: str, source: str = "", **more: object) -> Claim:
    pieces = (span(text, source),) if source else ()
    fields = {"quotation": Quotation.DIRECT, "source_kind": SourceKind.NAMED} | more
    return Claim("c1", (span(text, content),), (), pieces, **fields)  # type: ignore[arg-type]  # the test's own fields


@pytest.mark.parametrize(
    ("words", "label"),
    [
        ("the Harbour Board", "ORG"),
        ("a month", "DATE"),
        ("Captain Ada Low", "PERSON"),
        ("Gen. Bo Marsh", "PERSON"),
        ("more than 2,000", "CARDINAL"),
        ("About 40%", "PERCENT"),
        ("Port Ellis’s", "GPE"),
        ("“Port Ellis”", "GPE"),
        ("Port Ellis,", "GPE"),
    ],
)
def test_words_that_the_guidelines_leave_out_of_a_span(words: str, label: str) -> None:
    assert told(marked(f"So {words} it is.", words, label)) == [("edges", words)]


@pytest.mark.parametrize(
    ("words", "label"),
    [
        ("Harbour Board", "ORG"),
        ("The Hague", "GPE"),
        ("the long way out", "WORK_OF_ART"),
        ("Captain", "PERSON"),
        ("General Motors", "ORG"),
        ("2,000", "CARDINAL"),
        ("Jones (Jr)", "PERSON"),
        ("Theatre Royal", "FAC"),
        ("Another Place", "FAC"),
        ("o'clock", "TIME"),
    ],
)
def test_what_belongs_to_a_span(words: str, label: str) -> None:
    assert told(marked(f"So {words} it is.", words, label)) == []


def test_a_capital_article_is_one_only_where_others_mark_the_name_without_it() -> None:
    board = marked("The Board met.", "The Board", "ORG")
    assert told(board) == []
    assert told(board, marked("A Board met.", "Board", "ORG")) == [("edges", "The Board")]


def test_the_rarer_label_of_a_form_is_found_within_an_article_and_across() -> None:
    text = "Ellis votes. Ellis waits. Ellis sleeps."
    one = record_of(
        text, entity(text, "Ellis", "GPE"), entity(text, "Ellis", "GPE", nth=1),
        entity(text, "Ellis", "PERSON", nth=2),
    )  # fmt: skip
    other = marked("Ellis again.", "Ellis", "LOC")
    found = [*findings([one, other])]
    assert [(one.kind, one.article, one.span) for one in found] == [
        ("two-labels", one.article.id, Span(26, 31)),
        ("two-labels", other.article.id, Span(0, 5)),
    ]
    assert found[0].message == "“Ellis” is PERSON here, GPE 2 times"


def test_numbers_may_count_different_things() -> None:
    assert told(marked("Two.", "Two", "CARDINAL"), marked("Two!", "Two", "DATE")) == []


def test_places_of_a_form_are_kept_up_to_a_number() -> None:
    forms = FormConsistency()
    for number in range(2 * MOST_PLACES):
        forms.add(marked(f"Ellis {number}", "Ellis", "GPE"))
        forms.add(marked(f"{number} Ellis", "Ellis", "ORG"))
        forms.add(marked(f"{number} Ellis {number}", "Ellis", "ORG"))
    assert len([*forms.findings()]) == MOST_PLACES


def test_nothing_is_marked_inside_junk() -> None:
    text = "Read more: Ada Low sails, says Bo Marsh.\nAda Low sailed."
    junk = Junk("j", Span(0, 40), JunkKind.RELATED_LINK)
    said = claim(text, "Ada Low sails", "Bo Marsh", quotation=Quotation.INDIRECT)
    made = record_of(text, junk, entity(text, "Ada Low"), entity(text, "Ada Low", nth=1), said)
    assert told(made) == [("in-junk", "Ada Low"), ("in-junk", "Ada Low sails")]


def test_entities_do_not_overlap() -> None:
    text = "Port Ellis Harbour Board"
    made = record_of(
        text, entity(text, "Port Ellis Harbour", "FAC"), entity(text, "Harbour Board", "ORG")
    )
    assert told(made) == [("overlap", "Harbour Board")]


def test_a_quotation_is_in_a_claim() -> None:
    first = claim(SAID, "“We have lost 47 boats,”", "Ada Low")
    assert told(record_of(SAID, first)) == [("quotation", "“We will not sail again this year.”")]
    assert told(record_of('The "so-called old harbour" is new.')) == []


def test_undecided_items_give_no_finding() -> None:
    made = record_of(SAID, unknown=(Span(0, len(SAID)),))
    assert told(made) == []


def test_a_figure_that_is_claimed_has_a_source() -> None:
    text = "It is said that 47 boats were lost."
    number = entity(text, "47", "CARDINAL")
    said = claim(
        text, "47 boats were lost", quotation=Quotation.INDIRECT,
        source_kind=SourceKind.UNSPECIFIED,
    )  # fmt: skip
    assert told(record_of(text, number, said)) == [("number", "47")]
    assert told(record_of(text, number, replace(said, source_kind=SourceKind.AUTHOR))) == []
    assert told(record_of(text, number)) == []
    outer = replace(claim(text, "said that 47 boats were lost", "It"), id="c2")
    outer = replace(outer, quotation=Quotation.INDIRECT)
    assert told(record_of(text, number, said, outer)) == []


def test_attributes_agree_with_the_parts() -> None:
    quote = "“We have lost 47 boats,”"
    right = claim(SAID, quote, "Ada Low")
    rest = claim(SAID, "“We will not sail again this year.”", "Ada Low")
    for wrong in (
        replace(right, quotation=Quotation.INDIRECT),
        replace(right, source_kind=SourceKind.UNSPECIFIED),
        replace(right, source=(), source_kind=SourceKind.NAMED),
    ):
        assert told(record_of(SAID, wrong, replace(rest, id="c2"))) == [("attributes", quote)]
    assert told(record_of(SAID, right, replace(rest, id="c2"))) == []


def test_the_gold_of_the_project_is_nearly_free_of_findings() -> None:
    made = [record for file in sorted(GOLD.glob("*.jsonl")) for record in records_of_file(file)]
    # Two claims in the passive, a long phrase in scare quotes, a language that is also a people.
    assert sorted(one.kind for one in findings(made)) == [
        "number", "number", "quotation", "two-labels",
    ]  # fmt: skip


@given(records())
def test_findings_stand_in_the_text_and_say_what_mends_them(record: Record) -> None:
    for one in findings([record]):
        assert 0 <= one.span.start < one.span.end <= len(record.article.text)
        assert one.article == record.article.id
        assert "\n" not in one.message
        assert one.mended_by


def test_every_kind_is_mended_by_actions_of_the_review_screen() -> None:
    actions = {key.action for key in KEYS}
    assert MENDED_BY.keys() == set(FindingKind)
    assert actions.issuperset(action for mends in MENDED_BY.values() for action in mends)


def test_a_long_text_is_judged_in_linear_time() -> None:
    line = "“We will not sail again this year,” said Ada Low, the harbour master.\n"
    text = line * 3000
    names = tuple(
        Entity(f"e{n}", Span(n * len(line) + 41, n * len(line) + 48), "PERSON") for n in range(3000)
    )
    found = [*findings_in(replace(record_of("x"), article=Article(text), entities=names))]
    assert len(found) == 3000


def test_an_identity_under_two_labels_is_found_where_it_is_rarer() -> None:
    def named(text: str, label: str) -> Record:
        board = replace(entity(text, text.split(" is")[0], label), identity="i")
        identities = (Identity("i", "Harbour Board", "ORG"),)
        return replace(record_of(text, board), identities=identities)

    made = named("Harbour Board is open.", "ORG"), named("HB is open.", "ORG")
    found = [*findings([*made, named("The Board is shut.", "FAC")])]
    assert [(one.kind, one.message) for one in found if one.kind == "two-types"] == [
        ("two-types", "“Harbour Board” is FAC here, ORG 2 times in 2 articles")
    ]
