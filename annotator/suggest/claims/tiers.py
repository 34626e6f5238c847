"""How often claims of each pattern were right where that was measured: their score and their tier.

`tiers.json` is written by `annotator.training.claim_tiers` from articles that people annotated. A
score is the share of claims of the pattern whose content and source were both right, rare patterns
drawn towards the plainer pattern they belong to.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

SOURCELESS = "sourceless"
_WITHOUT_SOURCE = 0.5


def rated(pattern: str) -> tuple[str, float | None]:
    """Tier (`A` or `B`) and score of a pattern; one never measured is `B` without a score.

    A claim without a source says nothing of the plainer pattern, whose claims have one: it is `B`.
    """
    table = _table()
    for name in plainer(pattern):
        if name in table:
            tier, score = table[name]
            if pattern.endswith(SOURCELESS) and not name.endswith(SOURCELESS):
                return "B", round(_WITHOUT_SOURCE * score, 3)
            return tier, score
    return "B", None


def plainer(pattern: str) -> tuple[str, ...]:
    """The pattern and the ones it is a case of: `quote speech finite`, `quote speech`, `quote`."""
    words = pattern.split(" ")
    return tuple(" ".join(words[:n]) for n in range(len(words), 0, -1))


@cache
def _table() -> dict[str, tuple[str, float]]:
    table = json.loads(files(__package__).joinpath("tiers.json").read_text(encoding="utf-8"))
    return {name: (row["tier"], row["score"]) for name, row in table["patterns"].items()}
