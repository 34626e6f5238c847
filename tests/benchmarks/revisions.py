"""The share of a review that is carried over to a revision, and the near-duplicates found.

`python -m tests.benchmarks.revisions [--revisions 20] [--json]`

Carry-over: each sample article is reviewed to its gold over what the shipped pipeline suggests;
then sentences are put in, taken out and reworded at random, and the pipeline reads the new text.
Counted are the decisions on words in sentences that did not change.

Near-duplicates: each article of `articles/` under ANNOTATOR_TEST_DATA (without it, each sample
article) is told again under another headline, with one more paragraph, and with both; and all
different articles are compared with each other.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations, count
from pathlib import Path
from typing import Any

from annotator.core.annotations import Item, MadeBy
from annotator.core.decisions import accept, add, finish, reject
from annotator.core.record import Record
from annotator.core.review import Review
from annotator.core.reviewing.projection import WhyNot, carry_over
from annotator.core.text.shingles import ALIKE, likeness, shingles
from annotator.store.linking.minhash import bands_of
from annotator.suggest.pipeline import Pipeline, load
from tests.helpers.revisions import placed_in, revised, seeds
from tests.helpers.strategies import stamped

WANTED = 0.97
_SEED = 20181219


def main() -> int:
    """Prints the figures; exit status 1 if too little comes over or anything to wrong words."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--revisions", type=int, default=20, help="of each sample article")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    rng = random.Random(_SEED)
    carried = carry_figures(chosen.revisions, rng)
    alike = alike_figures(_articles(), rng)
    if chosen.json:
        print(json.dumps({"carry_over": carried, "near_duplicates": alike}))
    else:
        for name, figures in (("carry-over", carried), ("near-duplicates", alike)):
            print(name)
            for what, figure in figures.items():
                print(f"  {what.replace('_', ' '):<34}{figure}")
    return int(carried["wrong"] > 0 or carried["share"] < WANTED)


def carry_figures(revisions: int, rng: random.Random) -> dict[str, Any]:
    """Decisions in unchanged sentences, how many came over, how many to other words, why not."""
    pipeline = load(None)
    due = came = wrong = missed_elsewhere = 0
    reasons: Counter[str] = Counter()
    seconds: list[float] = []
    for record in seeds():
        review = _reviewed(record, _suggested(pipeline, record.article.text))
        for _ in range(revisions):
            revision = revised(record.article.text, rng, rng.randint(1, 8))
            items = _suggested(pipeline, revision.new)
            new_id = map("made-{}".format, count()).__next__
            start = time.process_time()
            done = carry_over(revision.old, review, revision.new, items, new_id)
            seconds.append(time.process_time() - start)
            after = Review.of("new", "ada", items)
            after = after.decide(*stamped(done.changes, after))
            for one in done.items:
                placed = placed_in(one.item, revision.place_of)
                if one.to is not None:
                    held = after.held[one.to]
                    now = held.suggested if held.status == "rejected" else held.item
                    wrong += now is None or _quotes(now, revision.new) != _quotes(
                        one.item, revision.old
                    )
                    wrong += placed is not None and now is not None and now.spans != placed.spans
                if placed is None:
                    missed_elsewhere += one.to is None
                elif one.reason is not WhyNot.NOT_SUGGESTED:
                    due, came = due + 1, came + (one.to is not None)
                if placed is not None and one.reason is not None:
                    reasons[one.reason.value] += 1
    return {
        "decisions_in_unchanged_sentences": due,
        "carried_over": came,
        "share": round(came / due, 4),
        "wrong": wrong,
        "in_changed_sentences_not_carried": missed_elsewhere,
        "milliseconds_median": round(sorted(seconds)[len(seconds) // 2] * 1000, 2),
        "not_carried": dict(reasons.most_common()),
    }


def alike_figures(texts: Sequence[str], rng: random.Random) -> dict[str, Any]:
    """Shares of stories told again that are linked, and how many different ones are."""
    start = time.process_time()
    bands = [set(bands_of(text)) for text in texts]
    cost = (time.process_time() - start) / len(texts)
    found: dict[str, Any] = {"articles": len(texts), "milliseconds_each": round(cost * 1000, 3)}
    for name, headline, paragraph in (
        ("another_headline", True, False),
        ("one_more_paragraph", False, True),
        ("both", True, True),
    ):
        again = [_told_again(text, texts, rng, headline, paragraph) for text in texts]
        pairs = zip(texts, bands, again, strict=True)
        linked = [_is_linked(text, some, other) for text, some, other in pairs]
        found[f"linked_{name}"] = round(sum(linked) / len(linked), 4)
    kept = [shingles(text) for text in texts]
    different = list(combinations(range(len(texts)), 2))
    found["pairs_of_different_articles"] = len(different)
    found["of_these_linked"] = sum(
        bool(bands[a] & bands[b]) and likeness(kept[a], kept[b]) >= ALIKE for a, b in different
    )
    return found


def _articles() -> list[str]:
    folder = os.environ.get("ANNOTATOR_TEST_DATA")
    if not folder:
        return [record.article.text for record in seeds()]
    paths = sorted(Path(folder, "articles").glob("*/*.txt"))
    texts = [path.read_text(encoding="utf-8", errors="replace") for path in paths]
    return [text for text in texts if shingles(text)]


def _is_linked(text: str, bands: set[int], other: str) -> bool:
    return bool(bands & set(bands_of(other))) and likeness(shingles(text), shingles(other)) >= ALIKE


def _told_again(
    text: str, texts: Sequence[str], rng: random.Random, headline: bool, paragraph: bool
) -> str:
    title, _, body = text.partition("\n")
    lines = body.split("\n")
    if headline:
        title = "A wholly different headline about the same thing"
    if paragraph:
        others = [line for line in rng.choice(texts).split("\n") if len(line.split()) >= 25]
        further = rng.choice(others or ["The mayor, asked about it, said that he knew of nothing."])
        lines.insert(rng.randrange(len(lines) + 1), further)
    return "\n".join((title, *lines))


def _suggested(pipeline: Pipeline, text: str) -> tuple[Item, ...]:
    (items,) = pipeline.suggest([text])
    return tuple(items)


def _reviewed(record: Record, suggested: Sequence[Item]) -> Review:
    """A finished review that says what the gold says."""
    review = Review.of("old", "ada", suggested)
    gold = {_substance(item): item for item in record.items}
    for item in suggested:
        right = gold.pop(_substance(item), None)
        review = review.decide(*stamped([accept(item) if right else reject(item)], review))
    for n, item in enumerate(gold.values()):
        made = replace(item, id=f"gold-{n}", made_by=MadeBy.REVIEWER, score=None)
        review = review.decide(*stamped([add(made)], review))
    return review.decide(*stamped([finish()], review))


def _substance(item: Item) -> tuple[object, ...]:
    """Words and label: which suggestion is which item of the gold."""
    label = getattr(item, "label", None) or getattr(item, "kind", None)
    return (type(item), item.spans, label)


def _quotes(item: Item, text: str) -> tuple[str, ...]:
    return tuple(span.of(text) for span in item.spans)


if __name__ == "__main__":
    sys.exit(main())
