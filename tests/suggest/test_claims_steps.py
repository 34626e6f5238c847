"""Each step of the claims benchmark finds something in the sample articles."""

from __future__ import annotations

from pathlib import Path

import pytest
from spacy.tokens import Doc

from annotator.formats.jsonl import records_in
from tests.benchmarks.claim_steps import STEPS, found_in, without
from tests.helpers.claim_docs import shipped

# The parse of these articles makes no mistake that these steps would mend.
NOT_HERE = frozenset(
    (
        "source: the noun phrase right before the verb",
        "clauses extended to their beginning",
        "sentence ends repaired",
    )
)
NOUNS = "The warning by engineers that the wall will fall came late."
GOLD = Path(__file__).parents[2] / "seeds" / "gold"


@pytest.fixture(scope="module")
def docs() -> dict[str, Doc]:
    records = [record for path in sorted(GOLD.glob("*.jsonl")) for record in records_in(path)]
    texts = {record.article.id: record.article.text for record in records}
    return {name: shipped()(text) for name, text in (*texts.items(), ("nouns", NOUNS))}


@pytest.mark.parametrize("step", [step for step in STEPS if step not in NOT_HERE])
def test_leaving_a_step_out_changes_the_claims(docs: dict[str, Doc], step: str) -> None:
    whole = found_in(docs)
    with without(step):
        assert found_in(docs) != whole
