"""Each step of the claims benchmark finds something in the sample articles."""

from __future__ import annotations

from pathlib import Path

import pytest
from spacy.tokens import Doc

from annotator.formats.jsonl import records_in
from tests.benchmarks.claim_steps import STEPS, found_in, without
from tests.helpers.claim_docs import shipped

# The parse of these articles passes over no noun phrase right before a verb.
NOT_HERE = "source: the noun phrase right before the verb"
GOLD = Path(__file__).parents[2] / "seeds" / "gold"


@pytest.fixture(scope="module")
def docs() -> dict[str, Doc]:
    records = [record for path in sorted(GOLD.glob("*.jsonl")) for record in records_in(path)]
    return {record.article.id: shipped()(record.article.text) for record in records}


@pytest.mark.parametrize("step", [step for step in STEPS if step != NOT_HERE])
def test_leaving_a_step_out_changes_the_claims(docs: dict[str, Doc], step: str) -> None:
    whole = found_in(docs)
    with without(step):
        assert found_in(docs) != whole
