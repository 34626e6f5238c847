"""Lines of alias files: names and whose they are, or why a line gives none."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.across.alias_lines import LONGEST_LINE, MOST_NAMES, aliases_in
from annotator.core.across.identity_log import Identity
from annotator.errors import RecordError


def line(**fields: object) -> str:
    return json.dumps(fields)


def test_a_line_gives_its_name_and_its_aliases() -> None:
    found = aliases_in(line(id="wikidata:Q1", name="Islamic State", aliases=["ISIS", "isis", "…"]))
    identity = Identity("wikidata:Q1", "Islamic State", "", "wikidata:Q1")
    assert found == (("islamic state", identity), ("isis", identity))


def test_a_line_without_an_id_has_one_of_its_own() -> None:
    ((_, identity),) = aliases_in(line(name="Ada  Low", type="PERSON"))
    assert identity == Identity("alias:Ada Low", "Ada Low", "PERSON")


def test_titles_do_not_matter() -> None:
    keys = {key for key, _ in aliases_in(line(name="Mr Ada Low"))}
    assert keys == {"ada low", "mr ada low"}


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("{", "not JSON"),
        ("[]", "not an object"),
        (line(aliases=["a"]), "`name` is missing"),
        (line(name=3), "`name` is missing"),
        (line(name="a" * 300), "`name` is missing"),
        (line(name="a", aliases="b"), "not a list of names"),
        (line(name="a", aliases=[1]), "not a list of names"),
        (line(name="a", aliases=["b"] * (MOST_NAMES + 1)), "more than 500 names"),
        ("[" * 100_000, "not JSON"),
        ('{"name": "a", "aliases": ["b"], "aliases": ["c"]}', "'aliases' twice"),
        (" " * (LONGEST_LINE + 1), "characters"),
    ],
)
def test_other_lines_are_refused(words: str, why: str) -> None:
    with pytest.raises(RecordError, match=why):
        aliases_in(words)


@given(st.text() | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(json.dumps))
def test_any_line_gives_names_or_an_error(words: str) -> None:
    try:
        found = aliases_in(words)
    except RecordError:
        return
    assert all(key for key, _ in found)
