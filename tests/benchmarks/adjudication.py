"""The number of keys that an adjudicator who knows the result needs.

    python -m tests.benchmarks.adjudication A.jsonl B.jsonl [MORE.jsonl ...] GOLD.jsonl [--json]

A, B and further files hold records of the same articles by different reviewers; GOLD says how each
article is to come out. The reviews are imported, and adjudicated by keys of the default map in the
real screen without a terminal, from the queue to the last article, until each equals its gold in
entities (span, label), claims (word tokens of content, cue and source; quotation, kind of source,
stance) and junk lines. Answers that nobody gave are given in the ordinary review screen, as `o`
opens it. Keys that open the first article and finish each count.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from annotator.core.adjudicating.difference_wording import variant_of
from annotator.core.adjudicating.differences import (
    DifferenceType,
    ReviewDifference,
    outcome,
    value_of,
)
from annotator.core.annotations import Claim, Entity, Item
from annotator.core.item_matching import overlap
from annotator.core.record import Record, record_from_dict
from annotator.core.review import Review, Status
from annotator.core.text.words import Words
from annotator.formats.jsonl import line_of
from annotator.importing.found_records import Sources
from annotator.importing.import_batches import Whose, import_files
from annotator.importing.label_mapping import Naming
from annotator.store.store import Store
from annotator.tui.adjudicating.adjudication_desk import AdjudicationDesk
from annotator.tui.adjudicating.adjudication_screen import AdjudicationScreen
from annotator.tui.queue.queue_screen import QueueScreen
from annotator.tui.review.review_screen import ReviewScreen
from tests.benchmarks.planner import Planner
from tests.benchmarks.simulated_keys import Gold
from tests.tui.desk import SCHEME, Desk, at_desk

_DIGITS = "1234567890"
_NOW = datetime(2019, 1, 14, 9, tzinfo=UTC)
_LETTERS = "abcd"


@dataclass
class Adjudicator:
    """At work from the queue on; `golds` says how each article is to come out."""

    desk: Desk
    golds: Mapping[str, Gold]
    keys: int = 0
    differences: int = 0
    unequal: list[str] = field(default_factory=list)

    @property
    def _screen(self) -> AdjudicationScreen | None:
        screen = self.desk.app.screen
        return screen if isinstance(screen, AdjudicationScreen) else None

    async def work(self) -> None:
        """Adjudicates all articles, one after the other."""
        await self._press("D")
        await self._ready()
        done: set[str] = set()
        while (screen := self._screen) is not None and screen.desk is not None:
            article = screen.desk.review.article
            if article in done:
                break
            done.add(article)
            await self._adjudicate(screen.desk, self.golds[article])
            await self._ready()

    async def _adjudicate(self, desk: AdjudicationDesk, gold: Gold) -> None:
        self.differences += len(desk.differences)
        await self._choose(desk, gold)
        if not self._is_equal(desk.review, gold):
            desk = await self._mended(gold)
            await self._choose(desk, gold)
        if not self._is_equal(desk.review, gold):
            self.unequal.append(gold.record.article.name)
        await self._press("enter")

    async def _choose(self, desk: AdjudicationDesk, gold: Gold) -> None:
        """Choose an answer to every open difference."""
        for _ in range(len(desk.differences)):
            one = desk.difference
            if one is None or outcome(desk.review, one) is not None:
                break
            await self._press(*self._keys_for(desk, one, gold))

    async def _mended(self, gold: Gold) -> AdjudicationDesk:
        """The adjudication after what nobody answered was marked in the review screen."""
        await self._press("o")
        await self.desk.until(lambda: isinstance(self.desk.app.screen, ReviewScreen))
        await self.desk.settle()
        planner = Planner(self.desk.screen, gold)
        await planner.mend()
        self.keys += planner.keys
        await self._press("q")
        await self.desk.until(lambda: self._screen is not None)
        await self._ready()
        screen = self._screen
        assert screen is not None  # as just awaited
        assert screen.desk is not None
        return screen.desk

    def _keys_for(self, desk: AdjudicationDesk, one: ReviewDifference, gold: Gold) -> Sequence[str]:
        """The keys that bring a difference nearest to the gold."""
        review = desk.review
        if one.contested is None:
            wanted = (n for n, o in enumerate(one.options) if o.answer is gold.record.answer)
            return _LETTERS[next(wanted, 0)]
        keys = [gold.key(item) for item in gold.items()]
        variants = [variant_of(review, option) for option in one.options]
        there = [item for item in variants if item is not None]
        found = [item for item in there if gold.key(item) in keys]
        if len({gold.key(item) for item in found}) > 1:
            return "+"
        partner = found[0] if found else _partner(there, gold, review)
        if partner is None:
            absent = (n for n, item in enumerate(variants) if item is None)
            number = next(absent, None)
            return "x" if number is None else _LETTERS[number]
        for number, item in enumerate(variants):
            if item is not None and _says_same(item, partner, one.type, gold):
                return _LETTERS[number]
        if isinstance(partner, Entity) and one.type in (
            DifferenceType.LABEL,
            DifferenceType.MISSING,
        ):
            return _label_keys(partner.label)
        return _LETTERS[next(n for n, item in enumerate(variants) if item is not None)]

    def _is_equal(self, review: Review, gold: Gold) -> bool:
        held = review.held.values()
        there = sorted(repr(gold.key(h.item)) for h in held if h.status is Status.ACCEPTED)
        return there == sorted(repr(gold.key(item)) for item in gold.items())

    async def _press(self, *keys: str) -> None:
        self.keys += len(keys)
        await self.desk.press(*keys)

    async def _ready(self) -> None:
        def is_ready() -> bool:
            screen = self.desk.app.screen
            if isinstance(screen, AdjudicationScreen):
                return screen.desk is not None and screen.takes_keys
            return isinstance(screen, QueueScreen) and screen.takes_keys

        await self.desk.until(is_ready)
        await self.desk.settle()


def _partner(there: Sequence[Item], gold: Gold, review: Review) -> Item | None:
    """The item of the gold that these are meant to be: the nearest, unless it stands already."""
    settled = {
        gold.key(held.item) for held in review.held.values() if held.status is Status.ACCEPTED
    }
    near = [
        (overlap(item, other), n, other)
        for n, other in enumerate(gold.items())
        for item in there
        if gold.key(other) not in settled
    ]
    best = max(near, default=(0.0, 0, None), key=lambda one: (one[0], -one[1]))
    return best[2] if best[0] > 0 else None


def _says_same(item: Item, wanted: Item, type: DifferenceType, gold: Gold) -> bool:
    """Whether an answer is that of the gold in what the difference is about."""
    if type is DifferenceType.MISSING or not isinstance(item, Claim):
        same = value_of(item, type) == value_of(wanted, type)
        return gold.key(item) == gold.key(wanted) if type is DifferenceType.MISSING else same
    assert isinstance(wanted, Claim)
    if type is DifferenceType.PART:
        parts = (
            (item.content, wanted.content),
            (item.cue, wanted.cue),
            (item.source, wanted.source),
        )
        return all(gold.tokens(one) == gold.tokens(other) for one, other in parts)
    return (item.quotation, item.source_kind, item.stance) == (
        wanted.quotation,
        wanted.source_kind,
        wanted.stance,
    )


def _label_keys(label: str) -> Sequence[str]:
    names = [one.name for one in SCHEME]
    if label in names[: len(_DIGITS)]:
        return _DIGITS[names.index(label)]
    return ("l", next(one.key for one in SCHEME if one.name == label))


def read(path: str) -> list[Record]:
    """The records of a file."""
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    return [record_from_dict(json.loads(line)) for line in lines]


def measure(reviews: Sequence[Sequence[Record]], golds: Iterable[Record]) -> dict[str, Any]:
    """The figures of the contract, and which articles did not come out equal."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(f"sqlite:///{folder}/annotator.db")
        for number, records in enumerate(reviews, start=1):
            _import(store, records, Path(folder) / f"{number}.jsonl", f"reviewer {number}")
        by_article = {one.article.id: Gold(one, Words(one.article.text)) for one in golds}
        found = asyncio.run(_worked(store, by_article))
        store.close()
    return {
        "differences": found.differences,
        "keys": found.keys,
        "articles": len(by_article),
        "unequal": found.unequal,
    }


async def _worked(store: Store, golds: Mapping[str, Gold]) -> Adjudicator:
    async with AsyncExitStack() as stack:
        desk = await stack.enter_async_context(at_desk(store, size=(120, 40)))
        at_work = Adjudicator(desk, golds)
        await at_work.work()
        await desk.settle()
    kinds = {one.article.id: one.kind for one in store.finished.reviews()}
    for article, gold in golds.items():
        if kinds.get(article) != "adjudication":
            at_work.unequal.append(gold.record.article.name)
    return at_work


def _import(store: Store, records: Sequence[Record], path: Path, reviewer: str) -> None:
    path.write_bytes(b"".join(line_of(replace(one, suggesters=())) for one in records))
    labels = {item.label for one in records for item in one.items if isinstance(item, Entity)}
    labels |= {item.label for one in records for item in one.rejected if isinstance(item, Entity)}
    labels |= {one.name for one in SCHEME}
    done = import_files(
        Sources((path,), received=_NOW),
        store=store,
        naming=Naming(labels),
        whose=Whose(reviewer),
        now=_NOW,
    )
    if done.refused:
        raise SystemExit(f"{path.name}: {done.refused[0]}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", nargs="+", metavar="FILE.jsonl", help="A, B, more; GOLD last")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    if len(chosen.files) < 3:
        parser.error("give the records of two reviewers, and the gold")
    *reviews, gold = map(read, chosen.files)
    result = measure(reviews, gold)
    if chosen.json:
        print(json.dumps(result, ensure_ascii=False))
        return
    print(f"{result['differences']} differences in {result['articles']} articles")
    print(f"{result['keys']} keys")
    for name in result["unequal"]:
        print(f"did not come out equal: {name}", file=sys.stderr)


if __name__ == "__main__":
    main()
