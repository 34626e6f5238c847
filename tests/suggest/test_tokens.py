"""Rules of the tokeniser that separate names from other words."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.lang.en import English
from spacy.language import Language
from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc
from spacy.util import registry

from annotator.suggest.pipeline import shipped_folder
from annotator.suggest.tokens import divide_at_names, load_pipeline

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


# While a pipeline is loaded


def test_a_pipeline_is_loaded_as_spacy_loads_it_with_the_rules() -> None:
    expected = spacy.load(shipped_folder())
    divide_at_names(expected)
    loaded = load_pipeline(str(shipped_folder()))
    assert loaded.tokenizer.to_bytes() == expected.tokenizer.to_bytes()
    assert type(loaded.tokenizer) is Tokenizer
    assert loaded.config == expected.config
    assert loaded.meta == expected.meta


def test_exceptions_of_the_language_are_not_tokenised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(English.Defaults, "tokenizer_exceptions", {"a": [{"ORTH": "not a"}]})
    with pytest.raises(ValueError, match="E997"):
        English()
    assert load_pipeline(str(shipped_folder())).tokenizer.rules


def test_patterns_of_a_pipeline_are_divided_like_texts(tmp_path: Path) -> None:
    made = English()
    made.add_pipe("entity_ruler").add_patterns([{"label": "ORG", "pattern": "U.S.-led"}])
    made.to_disk(tmp_path)
    (found,) = load_pipeline(str(tmp_path))("The U.S.-led force").ents
    assert (found.text, found.label_) == ("U.S.-led", "ORG")


def test_a_component_may_read_a_text_while_it_is_made(tmp_path: Path) -> None:
    read: list[Doc] = []

    @Language.factory("reads_while_made")  # type: ignore[untyped-decorator]  # spaCy's
    def make(nlp: Language, name: str) -> object:  # noqa: ARG001  # spaCy names both
        read.append(nlp.make_doc("I don't."))
        return lambda doc: doc

    made = English()
    made.add_pipe("reads_while_made")
    made.to_disk(tmp_path)
    load_pipeline(str(tmp_path))
    assert [[token.text for token in doc] for doc in read] == [["I", "do", "n't", "."]] * 2


class _Letters:
    """A tokeniser of another kind: each letter is a token."""

    def __init__(self, nlp: Language) -> None:
        self._vocab = nlp.vocab

    def __call__(self, text: str) -> Doc:
        return Doc(self._vocab, words=list(text), spaces=[False] * len(text))

    def to_disk(self, file: Path, *, exclude: object) -> None:
        """Nothing is kept."""

    from_disk = to_disk


def test_a_tokeniser_of_another_kind_is_left_alone(tmp_path: Path) -> None:
    registry.tokenizers.register("letters_of_a_test", func=lambda: _Letters)
    kind = {"@tokenizers": "letters_of_a_test"}
    English.from_config({"nlp": {"tokenizer": kind}}).to_disk(tmp_path)
    loaded = load_pipeline(str(tmp_path))
    assert [token.text for token in loaded("don't")] == ["d", "o", "n", "'", "t"]
    assert loaded.config["nlp"]["tokenizer"] == kind
