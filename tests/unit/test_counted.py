"""Numbers with their nouns."""

from __future__ import annotations

import pytest

from annotator.core.text.counted import many


@pytest.mark.parametrize(
    ("number", "words"),
    [(0, "0 decisions"), (1, "1 decision"), (2, "2 decisions"), (1204, "1,204 decisions")],
)
def test_a_number_has_its_noun(number: int, words: str) -> None:
    assert many(number, "decision") == words


def test_nouns_may_have_another_plural() -> None:
    assert [many(n, "identity", "identities") for n in (1, 2)] == ["1 identity", "2 identities"]
