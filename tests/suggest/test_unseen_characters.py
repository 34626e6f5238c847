"""Invisible characters do not affect the analysis of a text, and are kept."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc

from annotator.core.annotations import Claim, Item, problems
from annotator.core.article import Span
from annotator.core.text.invisible import seen_in
from annotator.suggest.language import detect
from annotator.suggest.pipeline import Pipeline
from tests.helpers.claim_docs import shipped_pipeline
from tests.unit.test_invisible import UNSEEN

ARTICLE = (
    "Bridge in Halden is closed\n\n"
    "The mayor of Halden, Nora Hale, said on Tuesday that the bridge was unsafe. “We will not "
    "pay,” Peter Roe told the BBC. The US-led coalition sent 40 tanks.\n\n"
    "Advertisement\n\n"
    "“It was dark.\n\n“Then the lights went out,” said Ola Brandt in Oslo."
)


@pytest.fixture(scope="module")
def expected(pipeline: Pipeline) -> tuple[Item, ...]:
    (items,) = pipeline.suggest([ARTICLE])
    assert {type(item).__name__ for item in items} == {"Entity", "Claim", "Junk"}
    return items


def as_seen(items: tuple[Item, ...], text: str) -> tuple[Item, ...]:
    """Items of a text as items of what is seen of it; each must begin and end on what is seen."""
    seen = seen_in(text)
    if seen is None:
        return items
    at = {place: number for number, place in enumerate(seen.places)}

    def moved(span: Span) -> Span:
        return Span(at[span.start], at[span.end - 1] + 1)

    def one(item: Item) -> Item:
        if isinstance(item, Claim):
            content, cue, source = (
                tuple(map(moved, part)) for part in (item.content, item.cue, item.source)
            )
            return replace(item, content=content, cue=cue, source=source)
        return replace(item, span=moved(item.span))

    return tuple(map(one, items))


@pytest.mark.parametrize(
    "mark", ["\ufe01", "\U000e0101" * 40, "\u200b\u200d\u200c", "\u2060\ufeff"]
)
@pytest.mark.parametrize("every", [" ", "e", "\n"])
def test_invisible_characters_everywhere_change_nothing(
    pipeline: Pipeline, expected: tuple[Item, ...], mark: str, every: str
) -> None:
    text = mark + ARTICLE.replace(every, mark + every + mark) + mark
    (items,) = pipeline.suggest([text])
    assert as_seen(items, text) == expected
    assert not any(problem for item in items for problem in problems(item, text))


@given(st.lists(st.tuples(st.integers(0, len(ARTICLE)), st.sampled_from(UNSEEN)), max_size=60))
def test_invisible_characters_anywhere_change_nothing(marks: list[tuple[int, str]]) -> None:
    pipeline = shipped_pipeline()
    text = ARTICLE
    for place, mark in sorted(marks, reverse=True):
        text = text[:place] + mark + text[place:]
    (items,) = pipeline.suggest([text])
    assert as_seen(items, text) == pipeline_items()


def test_hard_wrapped_text_keeps_its_paragraphs(pipeline: Pipeline) -> None:
    plain = (
        "The mayor of the old harbour town of Halden said on Tuesday that the\n"
        "long bridge over the river was unsafe and that it would have to be\n"
        "closed for a year, since nobody had looked at its piers for a very\n"
        "long time and the water had taken most of the stones away.\n"
    )
    text = plain.replace(" ", "\U000e0100\U000e0101\U000e0102 ")
    (items,), (marked,) = pipeline.suggest([plain]), pipeline.suggest([text])
    assert any(isinstance(item, Claim) for item in items)
    assert as_seen(marked, text) == items


def test_ready_made_docs_keep_their_tokens(pipeline: Pipeline) -> None:
    words = [
        "\ufeff",
        "No\u00adra\ufe00",
        "Hale",
        "said",
        "\u200b",
        "the",
        "US",
        "was",
        "late",
        ".",
    ]
    doc = Doc(pipeline.nlp.vocab, words=words)
    (found,) = pipeline.docs([doc])
    assert found is doc
    assert [token.text for token in found] == words
    assert [(ent.text, ent.label_) for ent in found.ents] == [
        ("No\u00adra\ufe00 Hale", "PERSON"),
        ("US", "GPE"),
    ]
    assert [token.tag_ for token in found if token.text in ("said", "the")] == ["VBD", "DT"]
    assert found[3].dep_ == "ROOT"
    assert len(list(found.sents)) >= 1
    (claim,) = found._.claims
    text = found.text
    assert [text[start:end] for start, end in claim.source] == ["No\u00adra\ufe00 Hale"]
    assert [text[start:end] for start, end in claim.content] == ["the US was late"]


def test_docs_without_invisible_characters_are_unchanged(pipeline: Pipeline) -> None:
    docs = [Doc(pipeline.nlp.vocab, words=["Nora", "Hale", "left", "."]) for _ in range(3)]
    found = list(pipeline.docs(docs))
    assert all(one is other for one, other in zip(docs, found, strict=True))
    assert found[0].ents[0].text == "Nora Hale"


@pytest.mark.parametrize("mark", ["\u00ad", "\ufe01", "\U000e0101" * 30, "\u200b"])
def test_the_language_ignores_invisible_characters(mark: str) -> None:
    assert detect(ARTICLE.replace("e", f"e{mark}")) == "en"
    assert detect(mark * 3_000 + ARTICLE) == "en"


@cache
def pipeline_items() -> tuple[Item, ...]:
    (items,) = shipped_pipeline().suggest([ARTICLE])
    return items
