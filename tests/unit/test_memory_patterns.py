"""Lists of names as patterns of spaCy's entity ruler."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.memory.entries import Entry, Outcome, Subject, Way, form_of
from annotator.core.memory.known import Known
from annotator.core.memory.ruler_patterns import named_in, patterns_of
from annotator.errors import RecordError

LABELS = ("PERSON", "ORG")


def known(form: str, label: str = "ORG", outcome: Outcome = Outcome.ACCEPTED) -> Known:
    at = datetime(2019, 1, 14, tzinfo=UTC)
    named = (Subject.ENTITY, form, label)
    return Known.of([Entry("e1", *named, outcome, Way.SINGLE, "ada", at, press="g1")])


def test_only_names_that_are_suggested_everywhere_are_written() -> None:
    forms = {
        "Harbour Board": known("Harbour Board"),
        "board": known("board"),
        "Quay": known("Quay", outcome=Outcome.REJECTED),
    }
    assert list(patterns_of(forms.items())) == [{"label": "ORG", "pattern": "Harbour Board"}]


@given(st.text(max_size=30), st.sampled_from(LABELS))
def test_written_values_are_read_back(words: str, label: str) -> None:
    form = f"H{form_of(words)}"
    for pattern in patterns_of([(form, known(form, label))]):
        assert named_in(json.dumps(pattern), LABELS) == (form_of(form), label)


def test_tokens_with_exact_words_are_read() -> None:
    pattern = {"label": "ORG", "pattern": [{"ORTH": "Harbour"}, {"TEXT": "Board"}], "id": "hb"}
    assert named_in(json.dumps(pattern), LABELS) == ("Harbour Board", "ORG")


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("{", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ('{"label": "ORG", "pattern": "Tern", "label": "PERSON"}', "'label' twice"),
        ("[]", "no label"),
        ('{"label": "SHIP", "pattern": "Tern"}', "no 'SHIP'"),
        ('{"label": "ORG", "pattern": " "}', "empty"),
        ('{"label": "ORG"}', "neither words nor tokens"),
        ('{"label": "ORG", "pattern": [{"LOWER": "tern"}]}', "more than one exact word"),
        ('{"label": "ORG", "pattern": [{"ORTH": "Tern", "OP": "?"}]}', "more than one exact word"),
        ('{"label": "ORG", "pattern": ["Tern"]}', "more than one exact word"),
    ],
)
def test_unusable_patterns_are_refused_with_a_reason(line: str, why: str) -> None:
    with pytest.raises(RecordError, match=why):
        named_in(line, LABELS)
