"""How good proposals across articles are, compared with the gold of `seeds/across`."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from heapq import nlargest
from itertools import combinations
from math import log, sqrt
from pathlib import Path
from typing import Any

from annotator.core.across.claim_readings import stems_in
from annotator.core.across.mentions import Place
from annotator.core.across.proposals import Annotated, Proposals, propose_across
from annotator.core.across.story_proposals import dot
from annotator.core.record import Record

Plain = dict[str, Any]


def proposed(golds: Iterable[Record]) -> Proposals:
    """The proposals for the articles of some records, from their entities and claims alone; of
    several records of one article, the first counts."""
    first: dict[str, Record] = {}
    for record in golds:
        first.setdefault(record.article.id, record)
    return propose_across(
        Annotated(one.article, one.entities, one.claims) for one in first.values()
    )


def as_contract(found: Proposals) -> Plain:
    """The proposals in the form of the contract, with the stories."""
    return {
        "clusters": [[list(place) for place in one.mentions] for one in found.identities],
        "pairs": [
            {
                "a": list(tie.one),
                "b": list(tie.other),
                "relation": tie.relation.value,
                "score": tie.score,
            }
            for tie in found.ties
        ],
        "stories": [list(story.articles) for story in found.stories],
    }


def b_cubed(
    system: Mapping[Place, Hashable], gold: Mapping[Place, Hashable]
) -> tuple[float, float, float]:
    """Precision, recall and F over the mentions of `gold`, as fractions; a mention that the system
    does not have is alone."""
    answers: dict[Place, Hashable] = {place: system.get(place, place) for place in gold}
    both = Counter((answers[place], gold[place]) for place in gold)
    sizes = Counter(answers.values()), Counter(gold.values())
    precision = sum(n * n / sizes[0][answer] for (answer, _), n in both.items()) / len(gold)
    recall = sum(n * n / sizes[1][key] for (_, key), n in both.items()) / len(gold)
    return precision, recall, 2 * precision * recall / (precision + recall)


def against_gold(golds: Sequence[Record], found: Proposals, folder: Path) -> Plain:
    """The figures of `--gold`, with the two baselines for names."""
    ids = {one.article.id for one in golds}
    gold = {
        (article, entity): row["id"]
        for row in _rows(folder / "identities.jsonl")
        for article, entity in row["mentions"]
        if article in ids
    }
    system = {place: n for n, one in enumerate(found.identities) for place in one.mentions}
    texts = {
        (one.article.id, entity.id): entity.span.of(one.article.text)
        for one in golds
        for entity in one.entities
    }
    surnames = {place: text.split()[-1] for place, text in texts.items()}
    people = {place for one in found.identities if one.type == "PERSON" for place in one.mentions}
    by_surname = {place: surnames[place] if place in people else texts[place] for place in texts}
    return {
        "names": len(gold),
        "b_cubed": [round(value, 4) for value in b_cubed(system, gold)],
        "equal_strings": [round(value, 4) for value in b_cubed(texts, gold)],
        "surnames": [round(value, 4) for value in b_cubed(by_surname, gold)],
        **_ties_found(golds, found, folder),
        **_stories_found(found, folder, ids),
    }


def _ties_found(golds: Sequence[Record], found: Proposals, folder: Path) -> Plain:
    """How many of the ties are among the first five of either claim, and how many of these have
    the right relation (`same` and `supports` counted as one)."""
    ids = {one.article.id for one in golds}
    gold = {
        frozenset((tuple(row["a"]), tuple(row["b"]))): row["relation"]
        for row in _rows(folder / "ties.jsonl")
        if {row["a"][0], row["b"][0]} <= ids
    }
    offered = {frozenset((tie.one, tie.other)): tie.relation.value for tie in found.ties}
    hits = [pair for pair in gold if pair in offered]
    side = {"same": "agrees", "supports": "agrees"}
    right = sum(
        side.get(gold[pair], gold[pair]) == side.get(offered[pair], offered[pair]) for pair in hits
    )
    return {
        "ties": len(gold),
        "ties_in_five": len(hits),
        "by_stems_alone": len(gold.keys() & stems_alone(golds)),
        "relation_right": right,
    }


def _stories_found(found: Proposals, folder: Path, ids: set[str]) -> Plain:
    gold = _pairs(
        [one for one in row["articles"] if one in ids] for row in _rows(folder / "stories.jsonl")
    )
    system = _pairs(story.articles for story in found.stories)
    return {
        "story_pairs": len(gold),
        "story_pairs_proposed": len(system),
        "story_pairs_right": len(gold & system),
    }


def _pairs(groups: Iterable[Iterable[str]]) -> set[tuple[str, str]]:
    return {pair for group in groups for pair in combinations(sorted(group), 2)}


def _rows(path: Path) -> list[Plain]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def stems_alone(golds: Sequence[Record], *, at_most: int = 5) -> set[frozenset[Place]]:
    """The baseline for ties: for each claim so many of other articles, by the cosine of the tf-idf
    of the stems of the contents."""
    words = {
        (one.article.id, claim.id): stems_in(one.article.text, claim.content, ())
        for one in golds
        for claim in one.claims
    }
    documents = Counter(stem for own in words.values() for stem in own)
    vectors: dict[Place, dict[Hashable, float]] = {
        place: {stem: n * log(len(words) / documents[stem]) for stem, n in own.items()}
        for place, own in words.items()
    }
    lengths = {place: sqrt(dot(own, own)) or 1 for place, own in vectors.items()}
    pairs: set[frozenset[Place]] = set()
    for place, own in vectors.items():
        likeness = (
            (dot(own, vectors[other]) / lengths[other], other)
            for other in vectors
            if other[0] != place[0]
        )
        best = nlargest(at_most, likeness)
        pairs |= {frozenset((place, other)) for value, other in best if value > 0}
    return pairs
