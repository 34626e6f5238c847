"""Unreadable rows of columns: what is lost, and which words become unknown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.record import Record
from annotator.formats.conll.conll_tags import from_brackets, tangled
from tests.helpers.columns import entities_of, read


def unknown_of(record: Record) -> list[str]:
    return [span.of(record.article.text) for span in record.unknown]


@pytest.mark.parametrize("mark", ["-", "_", ""])
def test_a_missing_tag_is_unknown_and_not_outside(mark: str) -> None:
    (record,), refused, notes = read(f"Ada\tB-PERSON\nmet\t{mark}\nBob\t{mark}\nin\tO\n")
    assert refused == []
    assert entities_of(record) == [("Ada", "PERSON")]
    assert unknown_of(record) == ["met Bob"]
    assert "are unknown, not outside" in notes[1]


def test_an_entity_continuing_after_an_unknown_word_is_unknown() -> None:
    (record,), _, _ = read("Ada\t_\nLow\tI-PERSON\nLee\tI-PERSON\nleft\tO\n")
    assert (entities_of(record), unknown_of(record)) == ([], ["Ada Low Lee"])


BAD = {
    "no tag": ("Bob", "row without a tag"),
    "a tag that is none": ("Bob IPERSON", "invalid tag"),
}


@pytest.mark.parametrize("row", BAD)
def test_a_bad_row_makes_its_word_and_its_entity_unknown(row: str) -> None:
    line, kind = BAD[row]
    before = "Paris B-GPE\nfell O\n\nAda B-PERSON\n"
    (record,), (refused,), _ = read(f"{before}{line}\nHay I-PERSON\nleft O\nRome B-GPE\n")
    assert record.article.text == "Paris fell\nAda Bob Hay left Rome"
    assert entities_of(record) == [("Paris", "GPE"), ("Rome", "GPE")]
    assert unknown_of(record) == ["Ada Bob Hay"]
    assert (refused.line, refused.kind, refused.article) == (5, kind, record.article.id)


@pytest.mark.parametrize("row", ["New York NNP B-GPE", "\tNNP\tB-GPE"])
def test_a_row_with_an_unclear_word_drops_its_sentence(row: str) -> None:
    good = "Ada NNP B-PERSON\nleft VBD O\n\n" * 6
    (record,), (refused,), _ = read(f"{good}in IN O\n{row}\n\nBob NNP B-PERSON\n")
    assert record.article.text == "Ada left\n" * 6 + "Bob"
    assert "its sentence is left out" in refused.reason


@given(
    st.lists(st.lists(st.sampled_from(["Ada B-PER", "Low I-PER", "left O", "x", "y ?-", "z _"]),
             min_size=1, max_size=6), min_size=1, max_size=4)
)  # fmt: skip
def test_only_words_tagged_outside_are_outside(sentences: list[list[str]]) -> None:
    known = "Ada B-PER\nleft O\n\n" * 8
    rows = "\n\n".join("\n".join(one) for one in sentences)
    (record,), _, _ = read(f"{known}{rows}\n")
    text = record.article.text
    covered = [*(one.span for one in record.entities), *record.unknown]
    words = [word for line in text.split("\n") for word in line.split(" ")]
    told = [row for row in (known + rows).split("\n") if row]
    assert words == [row.split(" ")[0] for row in told]
    place = 0
    for word, row in zip(words, told, strict=True):
        place = text.index(word, place)
        inside = any(one.start <= place < one.end for one in covered)
        assert inside == (not row.endswith(" O"))
        place += len(word)


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ("Ada B-PER\nLow I-PER\nleft o\n", "the word and the entity that ends before it"),
        ("Ada B-PER\nLow\nleft O\n", "the word and the entity that ends before it"),
        ("Ada U-PER\nleft o\nBo O\n", "the word is unknown"),
        ("Ada O\nleft o\nBo O\n", "the word is unknown"),
        ("left o\nAda O\nBo O\n", "the word is unknown"),
        ("Ada o\nleft o\nBo O\n", "the word is unknown"),
    ],
)
def test_an_entity_dropped_with_a_word_is_reported(rows: str, told: str) -> None:
    (record,), refused, _ = read("Cy U-PER\nbe O\nit O\nnow O\nhere O\n\n" + rows)
    assert refused
    assert all(told in one.reason for one in refused)
    assert len(record.entities) == 1 + ("U-PER" in rows)


BRACKETED = "x 0 0 Bo (PERSON)\nx 0 1 met *\nx 0 2 them *\nx 0 3 all *\n\n"


@pytest.mark.parametrize(
    ("cells", "why", "line", "unknown"),
    [
        (["(ORG*", "(PERSON)", "*)", "*"], "an entity contains another one", 6, ["The King talk"]),
        (
            ["(ORG*", "(PERSON*", "*)", "*)"],
            "an entity contains another one",
            6,
            ["The King talk won"],
        ),
        (["(ORG*", "(PERSON*", "*", "*"], "but not closed", 6, ["The King talk won"]),
        (["*", "*", "(ORG*", "*"], "but not closed", 8, ["talk won"]),
        (["*", "*)", "*", "*"], "but not opened", 7, ["King"]),
        (["(ORG)", "*)", "*", "*"], "but not opened", 7, ["King"]),
    ],
)
def test_nested_or_unmatched_brackets_are_refused(
    cells: list[str], why: str, line: int, unknown: list[str]
) -> None:
    words = ["The", "King", "talk", "won"]
    rows = [
        f"x 0 {n} {word} {cell}" for n, (word, cell) in enumerate(zip(words, cells, strict=True))
    ]
    (record,), refused, _ = read(BRACKETED + "\n".join(rows) + "\n")
    assert [(one.line, one.kind) for one in refused] == [(line, "brackets that do not match")]
    assert why in refused[0].reason
    assert unknown_of(record) == unknown
    kept = [("Bo", "PERSON"), *([("The", "ORG")] if cells[0] == "(ORG)" else [])]
    assert entities_of(record) == kept


@given(st.lists(st.sampled_from(["*", "(A*", "(A)", "*)", "(B*", "(B)"]), min_size=1, max_size=7))
def test_only_reported_words_lose_their_bracket(cells: list[str]) -> None:
    """What matches gives back its names; all else stands in a tangle."""
    held = list(from_brackets(cells))
    lost = {place for one in tangled(cells) for place in range(one.start, one.stop)}
    assert {place for place, tag in enumerate(held) if tag is None} == lost
    left = [cell for place, cell in enumerate(cells) if place not in lost]
    opened = sum(cell.startswith("(") for cell in left)
    assert opened == sum(cell.endswith(")") for cell in left)
    assert opened == sum((tag or "").startswith("B-") for tag in held)
