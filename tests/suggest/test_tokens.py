"""Rules of the tokeniser that separate names from other words."""

from __future__ import annotations

import re
from functools import cache

from hypothesis import given
from hypothesis import strategies as st
from spacy.lang.en import English
from spacy.language import Language
from spacy.tokenizer import Tokenizer

from annotator.suggest.tokens import divide_at_names

WORDS = ("U.S.-led", "-Commissioner", "don't", "can't", "e.g.", "a.m.", "U.K.", ":-)", "Ph.D.")
texts = st.lists(st.sampled_from(WORDS) | st.text("aB.-–' \n", max_size=8)).map(" ".join)


@cache
def nlp() -> Language:
    made = English()
    divide_at_names(made)
    return made


@cache
def one_rule_after_the_other() -> Tokenizer:
    """A tokeniser that has tokenised its exceptions anew after each rule that was set."""
    divided, again = nlp().tokenizer, English().tokenizer
    again.prefix_search = re.compile(divided.prefix_search.__self__.pattern).search
    again.infix_finditer = re.compile(divided.infix_finditer.__self__.pattern).finditer
    return again


def test_names_are_divided_from_what_stands_before_and_behind_them() -> None:
    words = [token.text for token in nlp()("The U.S.-led force met -Commissioner Hale.")]
    assert words == ["The", "U.S.", "-", "led", "force", "met", "-", "Commissioner", "Hale", "."]


@given(texts)
def test_exceptions_stay_as_they_are_with_the_rules(text: str) -> None:
    expected = [token.text for token in one_rule_after_the_other()(text)]
    assert [token.text for token in nlp()(text)] == expected


def test_exceptions_are_tokenised_anew_once() -> None:
    fresh = English()
    searched: list[str] = []
    search = fresh.tokenizer.suffix_search

    def noted(text: str) -> re.Match[str] | None:
        searched.append(text)
        found: re.Match[str] | None = search(text)
        return found

    fresh.tokenizer.suffix_search = noted
    searched.clear()
    fresh.tokenizer.rules = fresh.tokenizer.rules
    once = len(searched)
    searched.clear()
    divide_at_names(fresh)
    assert 0 < len(searched) < 1.2 * once


def test_rules_are_added_once() -> None:
    before = nlp().tokenizer.prefix_search
    divide_at_names(nlp())
    assert nlp().tokenizer.prefix_search == before
