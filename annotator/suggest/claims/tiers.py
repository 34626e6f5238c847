"""How often claims of each pattern were right where that was measured: their score and their tier.

`tiers.json` is written by `annotator.training.claim_tiers` from reviewed articles. A score is the share
of claims of the pattern whose content and source both matched; few cases are drawn to the share of all.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files


def rated(pattern: str) -> tuple[str, float | None]:
    """Tier (`A`, `B`) and score of a pattern; one that was never measured is `B` without a score."""
    entry = _table().get(pattern) or _table().get(pattern.partition(" ")[0])
    return entry if entry is not None else ("B", None)


@cache
def _table() -> dict[str, tuple[str, float]]:
    table = json.loads(files(__package__).joinpath("tiers.json").read_text(encoding="utf-8"))
    return {name: (row["tier"], row["score"]) for name, row in table["patterns"].items()}
