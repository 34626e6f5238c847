"""Measures how often claims of each pattern are right; writes the table that scores come from.

    python -m annotator.training.claim_tiers GOLD.jsonl [MODEL]

GOLD holds one JSON object a line with `text` and `claims` (each with `content`, `source` and
`cue`, lists of `[start, end]`). Nothing is learnt from its words: all that is kept is, for each
pattern, how many claims were found and how many of them were right.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import spacy

from annotator.suggest.claims import FoundClaim
from annotator.suggest.claims.tiers import NESTED, plainer
from annotator.training.claim_metrics import ClaimDoc, MeasuredClaim, Precision, score

TABLE = Path(__file__).parents[1] / "suggest" / "claims" / "tiers.json"
MODEL = Path(__file__).parents[1] / "suggest" / "model"
_WEIGHT = 8  # a pattern's own cases count against this many of the plainer pattern
_FEWEST = 5  # with fewer cases the plainer pattern speaks for this one
_TIER_A_HALF, _TIER_A_TUPLE = 0.9, 0.8


def measured(found: FoundClaim) -> MeasuredClaim:
    """A found claim in the form that the metrics compare."""
    return MeasuredClaim(
        found.content,
        found.cue,
        found.source,
        attributes={
            "quotation": found.quotation,
            "source_kind": found.source_kind,
            "stance": found.stance,
            "certainty": found.certainty,
        },
        pattern=found.pattern,
        tier=found.tier,
    )


def read_gold(path: Path) -> dict[str, ClaimDoc]:
    """The texts of a gold file with their claims, by line number."""
    docs = {}
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            entry = json.loads(line)
            docs[str(number)] = ClaimDoc(
                entry["text"], tuple(_marked(claim) for claim in entry["claims"])
            )
    return docs


def table(patterns: Mapping[str, Precision]) -> dict[str, dict[str, Any]]:
    """For each pattern and each plainer one: cases, shares right, score (0 to 1) and tier.

    Claims within claims are left out: the gold has none, so that it says nothing of ours.
    """
    patterns = {name: one for name, one in patterns.items() if not name.startswith(NESTED)}
    cases: Counter[str] = Counter()
    half: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for pattern, precision in patterns.items():
        for name in plainer(pattern):
            cases[name] += precision.found
            half[name] += round(precision.half * precision.found)
            right[name] += round(precision.tuple * precision.found)
    everything = sum(round(p.tuple * p.found) for p in patterns.values())
    everything_half = sum(round(p.half * p.found) for p in patterns.values())
    total = sum(p.found for p in patterns.values()) or 1
    rows: dict[str, dict[str, Any]] = {}
    drawn: dict[str, tuple[float, float]] = {"": (everything_half / total, everything / total)}
    for name in sorted(cases, key=lambda one: (one.count(" "), one)):
        parent = drawn[(*plainer(name), "")[1]]
        weight = cases[name] + _WEIGHT
        drawn[name] = (
            (half[name] + _WEIGHT * parent[0]) / weight,
            (right[name] + _WEIGHT * parent[1]) / weight,
        )
        if cases[name] < _FEWEST:
            continue
        best = drawn[name][0] >= _TIER_A_HALF and drawn[name][1] >= _TIER_A_TUPLE
        rows[name] = {
            "cases": cases[name],
            "half": round(half[name] / cases[name], 3),
            "tuple": round(right[name] / cases[name], 3),
            "score": round(drawn[name][1], 3),
            "tier": "A" if best else "B",
        }
    return dict(sorted(rows.items()))


def main(arguments: list[str]) -> None:
    """Measure and write the table."""
    gold = read_gold(Path(arguments[0]))
    nlp = spacy.load(arguments[1] if len(arguments) > 1 else MODEL)
    docs = nlp.pipe(doc.text for doc in gold.values())
    found = {
        name: ClaimDoc(doc.text, tuple(measured(claim) for claim in doc._.claims))
        for name, doc in zip(gold, docs, strict=True)
    }
    write(score(gold, found).patterns, texts=len(gold))


def write(patterns: Mapping[str, Precision], *, texts: int, path: Path = TABLE) -> None:
    """Put the table where the component reads it."""
    rows = (f"  {json.dumps(name)}: {json.dumps(row)}" for name, row in table(patterns).items())
    head = json.dumps({"texts": texts, "claims": sum(p.found for p in patterns.values())})
    body = ",\n".join(rows)
    path.write_text(f'{{"measured": {head}, "patterns": {{\n{body}\n}}}}\n', encoding="utf-8")


def _marked(claim: Mapping[str, Any]) -> MeasuredClaim:
    return MeasuredClaim(
        _pieces(claim["content"]), _pieces(claim.get("cue", ())), _pieces(claim.get("source", ()))
    )


def _pieces(pairs: Iterable[Iterable[int]]) -> tuple[tuple[int, int], ...]:
    return tuple((start, end) for start, end in pairs)


if __name__ == "__main__":
    main(sys.argv[1:])
