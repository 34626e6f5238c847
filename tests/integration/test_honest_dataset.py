"""The card of a dataset that two reviewers made, and the same figures worked out by hand.

Paragraphs of `seeds/gold` are articles. A simulated pipeline suggests what gold has, with faults;
two simulated reviewers decide in a real store: a share of the articles is reviewed twice, a share
of the reviews starts without suggestions, and with suggestions they accept some wrong ones.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from annotator.cli.export_dataset import _measured
from annotator.cli.report_figures import report_figures
from annotator.cli.report_lines import report_lines
from annotator.core.annotations import Entity, MadeBy, Verdict
from annotator.core.arrival import Arrival, FileState
from annotator.core.article import Article, Origin, Span
from annotator.core.assignment import ReviewPlan
from annotator.core.decisions import Change, accept, add, finish, reject, relabel
from annotator.core.labels import scheme_from
from annotator.core.record import ReviewFacts, SchemeId
from annotator.export.dataset_folder import Dataset
from annotator.export.records import records
from annotator.formats.jsonl import records_in
from annotator.store.store import Store
from tests.helpers.building import HOLD, NOW, suggest
from tests.helpers.strategies import stamped

GOLD = Path(__file__).parents[2] / "seeds" / "gold"
PLAN = ReviewPlan(overlap=0.4, unassisted=0.4)
SECONDS = 2.0
SCHEME = scheme_from(
    {
        "name": "news",
        "version": "1",
        "label": [{"name": "ORG", "key": "o", "color": "#336699", "meaning": "a group"}],
    }
)
Mark = tuple[int, int, str]
Written = tuple[dict[str, Any], str]


@dataclass(frozen=True)
class GoldArticle:
    """A paragraph with its entities, and what the simulated pipeline suggests."""

    article: Article
    gold: tuple[Entity, ...]
    suggested: tuple[Entity, ...]


@dataclass
class ByHand:
    """What the simulation did: counts of items and times, and what stands in each review."""

    items: Counter[str] = field(default_factory=Counter)
    timed: Counter[str] = field(default_factory=Counter)
    presses: Counter[str] = field(default_factory=Counter)
    stands: dict[tuple[str, str], set[Mark]] = field(default_factory=dict)
    assisted: dict[tuple[str, str], bool] = field(default_factory=dict)


def gold_articles() -> Iterator[GoldArticle]:
    """The paragraphs of the gold that have two entities or more."""
    draw = random.Random(20)
    for path in sorted(GOLD.glob("*.jsonl")):
        (record,) = records_in(path)
        start = 0
        for line in record.article.text.split("\n"):
            here = Span(start, start + len(line) + 1)
            start = here.end
            inside = [one for one in record.entities if here.contains(one.span)]
            if len(inside) < 2:
                continue
            gold = tuple(
                Entity(
                    f"{n}", Span(one.span.start - here.start, one.span.end - here.start), one.label
                )
                for n, one in enumerate(inside)
            )
            article = Article(line, origin=Origin(name=path.name, part=str(here.start)))
            yield GoldArticle(article, gold, tuple(suggestions(gold, draw)))


def suggestions(gold: tuple[Entity, ...], draw: random.Random) -> Iterator[Entity]:
    """Most of the gold, some of it under a wrong label, with scores."""
    for one in gold:
        chance = draw.random()
        if chance < 0.75:
            yield replace(one, made_by=MadeBy.PIPELINE, score=0.9)
        elif chance < 0.9:
            wrong = "ORG" if one.label != "ORG" else "PERSON"
            yield replace(one, label=wrong, made_by=MadeBy.PIPELINE, score=0.6)


def mark(one: Entity) -> Mark:
    return one.span.start, one.span.end, one.label


Worked = tuple[Store, list[GoldArticle], ByHand]


@dataclass
class Simulation:
    """Reviewers at work in a store; what they do is counted by hand."""

    store: Store
    by_hand: ByHand = field(default_factory=ByHand)
    draw: random.Random = field(default_factory=lambda: random.Random(7))

    def take_in(self, found: list[GoldArticle]) -> None:
        for n, one in enumerate(found):
            state = FileState(n, 1, 1, 1)
            self.store.files.take_in([Arrival(f"/in/{n}.txt", state, NOW, (one.article,))])
        suggest(self.store, {one.article.id: one.suggested for one in found})

    def review(self, one: GoldArticle, reviewer: str) -> None:
        """One review, finished."""
        assisted = PLAN.assists(one.article.id, reviewer)
        opened = self.store.reviews.open(
            one.article.id,
            reviewer,
            now=NOW,
            lease_seconds=HOLD,
            plan=replace(PLAN, reviews_per_article=2),
        )
        self._key = one.article.id, reviewer
        self.by_hand.assisted[self._key] = assisted
        self.by_hand.stands[self._key] = set()
        self._review, self._text = opened.review, one.article.text
        left = self._decide_suggestions(one) if assisted else []
        self._add_missing(one, chance=0.5 if assisted else 0.7)
        self._press([*map(accept, left), finish()])
        for item in left:
            self._count("in_bulk", item)
        if not left:
            return

    def _decide_suggestions(self, one: GoldArticle) -> list[Entity]:
        """Decide some suggestions one by one; returns those to accept with the finish."""
        left: list[Entity] = []
        gold = {mark(each): each for each in one.gold}
        by_place = {each.span: each for each in one.gold}
        for item in self._review.entities:
            chance = self.draw.random()
            right = mark(item) in gold
            if right and chance < 0.4:
                self._press([accept(item)])
                self._count("one_by_one", item)
            elif right or chance < 0.6:
                left.append(item)
            elif chance < 0.8:
                now = by_place[item.span]
                self._press([relabel(item, now.label)])
                self._count("corrected", now)
            else:
                self._press([reject(item)])
                self._count("rejected", None)
        return left

    def _add_missing(self, one: GoldArticle, *, chance: float) -> None:
        taken = {item.span for item in self._review.entities}
        for each in one.gold:
            if each.span not in taken and self.draw.random() < chance:
                new = replace(each, id=f"new-{each.id}", made_by=MadeBy.REVIEWER)
                self._press([add(new)])
                self._count("added", new)

    def _press(self, changes: list[Change]) -> None:
        """One key press, stored; it takes two seconds."""
        made = [
            replace(one, seconds=SECONDS if n == 0 else 0.0)
            for n, one in enumerate(stamped(changes, self._review, at=NOW))
        ]
        self.store.reviews.append(made, text=self._text)
        self._review = self._review.decide(*made)
        self.by_hand.presses[self._key[1]] += 1

    def _count(self, way: str, item: Entity | None) -> None:
        self.by_hand.items[way] += 1
        self.by_hand.timed[self._key[1]] += way != "in_bulk"
        if item is not None:
            self.by_hand.stands[self._key].add(mark(item))


@pytest.fixture(scope="module")
def worked(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Worked]:
    folder = tmp_path_factory.mktemp("team")
    store = Store.open(f"sqlite:///{folder / 'team.db'}")
    found = list(islice(gold_articles(), 48))
    work = Simulation(store)
    work.take_in(found)
    for one in found:
        work.review(one, "ada")
        if PLAN.reviews_of(one.article.id) == 2:
            work.review(one, "bo")
    yield store, found, work.by_hand
    store.close()


@pytest.fixture(scope="module")
def written(worked: Worked, tmp_path_factory: pytest.TempPathFactory) -> Written:
    """The statistics and the card."""
    store, _, _ = worked
    folder = tmp_path_factory.mktemp("out") / "dataset"
    dataset = Dataset(SCHEME, {}, overlaps=store.statistics.overlaps())
    dataset.write(records(store, scheme=SchemeId("news", "1")), folder)
    statistics = json.loads((folder / "statistics.json").read_text(encoding="utf-8"))
    return statistics, (folder / "README.md").read_text(encoding="utf-8")


def f_of(marks: list[tuple[set[Mark], set[Mark]]]) -> float:
    """F1 over all pairs together."""
    return 2 * sum(len(a & b) for a, b in marks) / sum(len(a) + len(b) for a, b in marks)


def test_items_are_told_apart_by_how_they_were_decided(worked: Worked, written: Written) -> None:
    items, by_hand = written[0]["items"], worked[2].items
    assert items["accepted_one_by_one"] == by_hand["one_by_one"] > 0
    assert items["accepted_in_bulk"] == by_hand["in_bulk"] > 0
    assert items["corrected"] == by_hand["corrected"] > 0
    assert items["added"] == by_hand["added"] > 0
    assert items["rejected"] == by_hand["rejected"] > 0
    share = by_hand["in_bulk"] / (by_hand["in_bulk"] + by_hand["one_by_one"])
    assert items["bulk_share"] == round(share, 4)
    assert f"Items: {by_hand['in_bulk']:,} ({share:.1%}) of " in written[1]


def test_items_accepted_with_the_finish_count_as_in_bulk(
    worked: Worked,
) -> None:
    store, _, by_hand = worked
    bulk = [opened.review for opened in store.finished.reviews()]
    accepted = [
        item for review in bulk for item in review.items if item.verdict is Verdict.ACCEPTED
    ]
    assert len(accepted) == by_hand.items["one_by_one"] + by_hand.items["in_bulk"]


def test_speed_is_of_items_decided_one_by_one(worked: Worked, written: Written) -> None:
    store, _, by_hand = worked
    told = {one.reviewer: one for one in store.statistics.work()}
    for reviewer in ("ada", "bo"):
        hours = by_hand.presses[reviewer] * SECONDS / 3600
        rate = by_hand.timed[reviewer] / hours
        own = written[0]["reviewers"][reviewer]
        assert own["items_per_hour"] == round(rate, 1)
        assert own["hours"] == round(hours, 4)
        assert told[reviewer].items_per_hour == pytest.approx(rate)


def test_articles_are_counted_by_how_they_were_reviewed(worked: Worked, written: Written) -> None:
    _, found, by_hand = worked
    twice = sum((one.article.id, "bo") in by_hand.assisted for one in found)
    assert written[0]["reviewed"] == {"double": twice, "single": len(found) - twice}
    alone = sum(not assisted for assisted in by_hand.assisted.values())
    assert written[0]["help"] == {
        "assisted": len(by_hand.assisted) - alone,
        "unassisted": alone,
    }
    share = alone / len(by_hand.assisted)
    assert f"{alone:,} ({share:.1%}) without suggestions." in written[1]


def test_agreement_is_that_of_the_articles_reviewed_twice(worked: Worked, written: Written) -> None:
    _, found, by_hand = worked
    ids = [one.article.id for one in found if (one.article.id, "bo") in by_hand.stands]
    pairs = [(by_hand.stands[id, "ada"], by_hand.stands[id, "bo"]) for id in ids]
    (told,) = [
        one for one in written[0]["agreement"] if (one["measure"], one["of"]) == ("f1", "entities")
    ]
    assert told["value"] == round(f_of(pairs), 4)
    assert told["units"] == sum(len(a | b) for a, b in pairs)
    assert told["low"] < told["value"] < told["high"]
    shown = f"{told['value']:.3f} | {told['low']:.3f} to {told['high']:.3f}"
    assert f"| entities | f1 | {shown} | {told['units']:,} items |" in written[1]


def test_anchoring_is_the_agreement_with_the_pipeline_with_help_and_without(
    worked: Worked, written: Written
) -> None:
    _, found, by_hand = worked
    suggested = {one.article.id: set(map(mark, one.suggested)) for one in found}
    expected = {}
    for name, assisted in (("assisted", True), ("unassisted", False)):
        keys = [key for key, helped in by_hand.assisted.items() if helped is assisted]
        expected[name] = f_of([(by_hand.stands[key], suggested[key[0]]) for key in keys])
        told = written[0]["anchoring"][name]["entities"]
        assert told["value"] == round(expected[name], 4)
        assert told["reviews"] == len(keys)
        assert told["articles"] == len({article for article, _ in keys})
        assert told["low"] < told["value"] < told["high"]
    more = written[0]["anchoring"]["difference"]["entities"]
    assert more["value"] == pytest.approx(expected["assisted"] - expected["unassisted"], abs=1e-4)
    assert 0 < more["low"] < more["value"] < more["high"]
    assert f"- entities: higher by {100 * more['value']:.1f} (95 %: " in written[1]
    assert "- claims: with suggestions not enough" in written[1]


def test_adjudications_replace_reviews_in_the_records_but_not_in_what_is_measured(
    worked: Worked, written: Written, tmp_path: Path
) -> None:
    store, found, by_hand = worked
    rows = [*records(store, scheme=SchemeId("news", "1"))]
    twice = [one.article.id for one in found if (one.article.id, "bo") in by_hand.assisted]
    chosen = ReviewFacts("cy", "adjudication", bulk=0)
    settled = [
        replace(row, review=chosen) if row.article.id in twice else row
        for row in rows
        if row.article.id not in twice or row.review.reviewer == "ada"
    ]
    measured = _measured(store)
    assert list(measured.measures) == written[0]["agreement"]
    assert measured.anchoring == written[0]["anchoring"]
    overlaps = store.statistics.overlaps()
    Dataset(SCHEME, {}, overlaps=overlaps, measured=measured).write(settled, tmp_path / "out")
    statistics = json.loads((tmp_path / "out" / "statistics.json").read_text(encoding="utf-8"))
    assert statistics["reviewed"] == {"adjudicated": len(twice), "single": len(found) - len(twice)}
    accepted = sum(
        item.verdict is Verdict.ACCEPTED
        for row in settled
        for item in row.items
        if row.review.kind == "adjudication"
    )
    assert statistics["items"]["accepted_in_adjudication"] == accepted > 0
    for name in ("agreement", "anchoring"):
        assert statistics[name] == written[0][name]


def test_the_report_says_the_same(worked: Worked, written: Written) -> None:
    result = report_figures(worked[0], NOW)
    assert result["anchoring"] == written[0]["anchoring"]
    assert any("higher by" in line for line in report_lines(result))
