"""The measured precision of each pattern of claims: score and tier.

`annotator.training.claim_tiers` writes `tiers.json` from annotated articles. A score is the share
of claims of the pattern with correct content and source; for rare patterns it is smoothed towards
the more general pattern. The annotated articles have no claims within claims, so those of us get
the score of their pattern outside, lowered by what a reader found in 67 of them.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

SOURCELESS = "sourceless"
NESTED = "nested "
_WITHOUT_SOURCE = 0.5
_WITHIN_CLAIMS = 0.97  # 76 of 100 are right within claims, 78 of the same patterns outside


def rated(pattern: str) -> tuple[str, float | None]:
    """The tier (`A` or `B`) and score of a pattern, or of its nearest measured generalisation; `B`
    without a score if there is none.

    A pattern without a source is `B` if only a generalisation with sources was measured.
    """
    if pattern.startswith(NESTED):
        _, score = rated(pattern.removeprefix(NESTED))
        return "B", None if score is None else round(_WITHIN_CLAIMS * score, 3)
    table = _table()
    for name in plainer(pattern):
        if name in table:
            tier, score = table[name]
            if pattern.endswith(SOURCELESS) and not name.endswith(SOURCELESS):
                return "B", round(_WITHOUT_SOURCE * score, 3)
            return tier, score
    return "B", None


def plainer(pattern: str) -> tuple[str, ...]:
    """The pattern and its more general ones: `quote speech finite`, `quote speech`, `quote`."""
    words = pattern.split(" ")
    return tuple(" ".join(words[:n]) for n in range(len(words), 0, -1))


@cache
def _table() -> dict[str, tuple[str, float]]:
    table = json.loads(files(__package__).joinpath("tiers.json").read_text(encoding="utf-8"))
    return {name: (row["tier"], row["score"]) for name, row in table["patterns"].items()}
