"""How well claims are found, the contribution of each step, and the remaining errors.

    ANNOTATOR_TEST_DATA=DIR python -m tests.benchmarks.claim_steps [--json]

DIR holds `dev/polnear_dev.jsonl`: articles in which trained people marked who says what, one object
a line, as `annotator.training.claim_tiers` reads them. The tables of `docs/claims.md` are what this
prints. Texts are parsed once; each step is left out by putting in its place what changes nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path
from typing import Any
from unittest.mock import patch

import spacy
from spacy.tokens import Doc

from annotator.lexicon.cues import lexicon
from annotator.suggest.claims import finder, frames, reported, tiers, tree, word_order
from annotator.suggest.claims.component import article_paragraphs
from annotator.training.claim_metrics import (
    PRF,
    Bag,
    ClaimDoc,
    ClaimScores,
    Precision,
    Subset,
    compared,
    score,
)
from annotator.training.claim_tiers import MODEL, measured, read_gold, table

Texts = Mapping[str, ClaimDoc]
_EDGES = (0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.01)


def _none(*_: object) -> list[object]:
    return []


def _no_words(*_: object) -> set[int]:
    return set()


def _no_frame(*_: object) -> tuple[set[int], str]:
    return set(), ""


def _content(_tree: object, _verb: int, content: set[int]) -> set[int]:
    return content


def _last(*given: Any) -> Any:
    return given[-1]


# For each step, the functions it consists of and what stands for them where it is left out.
STEPS: Mapping[str, tuple[tuple[object, str, Callable[..., Any]], ...]] = {
    "quotations first, by word order": ((finder, "direct_claims", _none),),
    "inserted cues by word order": ((word_order, "around", lambda *_: (set(), set())),),
    "clauses after the cue by word order": ((word_order, "after", _no_words),),
    "clauses extended to their end": ((word_order, "grown_right", _content),),
    "clauses extended to their beginning": (
        (word_order, "grown_left", _content),
        (word_order, "with_subject", _content),
    ),
    "source: the noun phrase right before the verb": ((reported, "repaired", _last),),
    "source: another one where the parse has none": ((reported, "subject_before", _no_words),),
    "tags of cues repaired": ((tree.Tree, "_mend_verbs", lambda _: None),),
    "sentence ends repaired": ((tree.Tree, "_may_end", lambda *_: True),),
    "according to": ((finder, "according_claims", _none),),
    "nouns": ((finder, "noun_claims", _none),),
    "headlines, adverbs, lines after a colon": (
        (finder, "headline_claims", _none),
        (finder, "adverb_claims", _none),
        (finder, "with_blocks", _last),
    ),
    "floating quotations": ((finder, "attach_floating", _last),),
    "nested claims": ((finder, "nested_claims", _none),),
    "objects, passives, prepositions": (
        (frames, "_object", _no_frame),
        (frames, "_prepositional", _no_frame),
    ),
    "infinitives": ((frames, "_infinitive", _no_frame),),
}


@contextmanager
def without(step: str) -> Iterator[None]:
    """Finds claims as if this step did not exist."""
    with ExitStack() as stack:
        for owner, name, instead in STEPS[step]:
            stack.enter_context(patch.object(owner, name, instead))
        yield


def found_in(docs: Mapping[str, Doc]) -> dict[str, ClaimDoc]:
    """The claims that the finder has for each parsed text now."""
    return {
        name: ClaimDoc(
            doc.text,
            tuple(map(measured, finder.find_claims(doc, article_paragraphs(doc)))),
        )
        for name, doc in docs.items()
    }


def figures(gold: Texts, found: Texts) -> dict[str, tuple[float, float, float]]:
    """Percent F of contents equal, half equal, and half equal with the source; by kind."""
    result: dict[str, tuple[float, float, float]] = {}
    subsets: tuple[Subset | None, ...] = (None, "reported", "direct")
    for subset in subsets:
        exact, half, whole = (round(100 * one.f, 1) for one in _three(score(gold, found, subset)))
        result[subset or "all"] = exact, half, whole
    return result


def _three(one: ClaimScores) -> tuple[PRF, PRF, PRF]:
    return one.exact, one.half, one.tuple


def _tier_a_of(doc: ClaimDoc) -> ClaimDoc:
    return ClaimDoc(doc.text, tuple(claim for claim in doc.claims if claim.tier == "A"))


def bands(gold: Texts, found: Texts) -> tuple[Precision, list[tuple[float, int, float, float]]]:
    """How tier A and the scores fare on each half of the articles if the other half gives them.

    The precision of tier A; for each tenth of scores from 0.4 on its lower edge, how many claims
    have such a score, their mean score and the share of them that is right.
    """
    tier_a: list[Precision] = []
    scored: list[tuple[float, Precision]] = []
    for learnt, applied in ((0, 1), (1, 0)):
        rows = table(score(*_half_of(gold, found, learnt)).patterns)
        known = {name: (row["tier"], row["score"]) for name, row in rows.items()}
        with patch.object(tiers, "_table", lambda known=known: known):
            for pattern, precision in score(*_half_of(gold, found, applied)).patterns.items():
                if pattern.startswith(tiers.NESTED):  # the gold has none
                    continue
                tier, chance = tiers.rated(pattern)
                tier_a += [precision] if tier == "A" else []
                scored += [(chance, precision)] if chance is not None else []
    tenths = []
    for low, high in pairwise(_EDGES):
        within = [(chance, one) for chance, one in scored if low <= chance < high]
        if claims := sum(one.found for _, one in within):
            mean = sum(chance * one.found for chance, one in within) / claims
            right = together(one for _, one in within).tuple
            tenths.append((low, claims, round(mean, 3), round(right, 3)))
    return together(tier_a), tenths


def together(patterns: Iterable[Precision]) -> Precision:
    """The precision of several patterns as one."""
    parts = list(patterns)
    found = sum(one.found for one in parts) or 1
    half = sum(one.half * one.found for one in parts) / found
    return Precision(found, half, sum(one.tuple * one.found for one in parts) / found)


def _half_of(gold: Texts, found: Texts, which: int) -> tuple[Texts, Texts]:
    names = [name for number, name in enumerate(gold) if number % 2 == which]
    return {name: gold[name] for name in names}, {name: found[name] for name in names}


def errors(gold: Texts, found: Texts) -> dict[str, Counter[str]]:
    """What is missed, whose content or source is wrong, and what nobody marked: counts by kind.

    A content may be wrong at both of its edges.
    """
    names = ("marked and not found", "content not exact", "source wrong", "found and not marked")
    missing, content, source, unmarked = counts = [Counter[str]() for _ in names]
    for name, marked in gold.items():
        pairs, missed, more = compared(marked, found[name].claims)
        cues = [other.cue for other in (*more, *(other for _, other in pairs))]
        missing.update(_why_missed(one, marked.text, cues) for one in missed)
        unmarked.update(one.claim.pattern.split(" ")[0] for one in more)
        for one, other in pairs:
            content.update(_differences(one.content, other.content))
            source.update(_wrong_source(one, other))
    return dict(zip(names, counts, strict=True))


def _why_missed(one: Bag, text: str, cues: Iterable[frozenset[int]]) -> str:
    if not one.cue:
        return "no cue marked"
    if any(one.cue & cue for cue in cues):
        return "cue found, content less than half right"
    said = " ".join(text[start:end].lower() for start, end in one.claim.cue)
    known = lexicon()
    if any(known.verb(word) or known.noun(word) for word in re.findall(r"[\w-]+", said)):
        return "cue in the lexicon and not taken"
    return "cue not in the lexicon"


def _differences(one: frozenset[int], other: frozenset[int]) -> list[str]:
    if one == other:
        return []
    edges = {
        "begins late": min(other) > min(one),
        "begins early": min(other) < min(one),
        "ends early": max(other) < max(one),
        "ends late": max(other) > max(one),
    }
    wrong = [name for name, is_so in edges.items() if is_so]
    return ["claims", *(wrong or ["differs inside"])]


def _wrong_source(one: Bag, other: Bag) -> list[str]:
    if one.sources_agree(other):
        return []
    if not other.source:
        return ["none found"]
    return ["another noun phrase" if one.source else "one found where the text names none"]


def main() -> int:
    """Prints every figure, as lines to read or as one JSON object."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--json", action="store_true")
    chosen = arguments.parse_args()
    data = os.environ.get("ANNOTATOR_TEST_DATA")
    if not data:
        print("ANNOTATOR_TEST_DATA is not set.", file=sys.stderr)
        return 2
    gold = read_gold(Path(data) / "dev" / "polnear_dev.jsonl")
    nlp = spacy.load(MODEL, exclude=["annotator_claims"])
    docs = dict(zip(gold, nlp.pipe(doc.text for doc in gold.values()), strict=True))
    found = found_in(docs)
    steps = {"nothing": figures(gold, found)}
    for step in STEPS:
        with without(step):
            steps[step] = figures(gold, found_in(docs))
    whole, (tier_a, tenths) = score(gold, found), bands(gold, found)
    surest = score(gold, {name: _tier_a_of(doc) for name, doc in found.items()})
    precisions = [round(100 * prf.precision, 1) for prf in _three(surest)]
    result = {
        "marked": whole.gold,
        "found": whole.found,
        "tier A": {"found": surest.found, "exact, half, tuple": precisions},
        "tier A held out": asdict(tier_a),
        "scores held out": tenths,
        "without": steps,
        "errors": errors(gold, found),
    }
    if chosen.json:
        print(json.dumps(result))
    else:
        show(result)
    return 0


def show(result: Mapping[str, Any]) -> None:
    """Prints the figures as lines to read."""
    for name, figure in result.items():
        match figure:
            case dict():
                lines = [f"    {key}: {_plain(value)}" for key, value in figure.items()]
            case list():
                lines = [f"    {row}" for row in figure]
            case _:
                lines = [f"    {figure}"]
        print(name, *lines, sep="\n")


def _plain(value: object) -> object:
    match value:
        case Counter():
            return ", ".join(f"{name} {count}" for name, count in value.most_common())
        case float():
            return round(value, 3)
    return value


if __name__ == "__main__":
    sys.exit(main())
