"""Two machines offline and one at home, several people, one of them at all three: in whatever order
bundles come home, and however often, the store ends the same."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from annotator.core.across.identity_changes import IdentityPress, create, merge, rename
from annotator.core.across.identity_log import Identity, IdentityDecision
from annotator.core.across.story_changes import (
    StoryPress,
    create_story,
    rename_story,
    to_story_decisions,
)
from annotator.core.across.story_log import Story, StoryDecision
from annotator.core.assignment import ReviewPlan
from annotator.core.bundled import BundledArticle, BundleEntry
from annotator.core.decisions import DecisionGroup, is_joined, to_decisions
from annotator.core.journal.journal_problems import Problem
from annotator.core.record import SchemeId
from annotator.core.records.bundle_lines import entry_from_dict, entry_to_dict
from annotator.core.reviewing.joined_logs import standing_in_time
from annotator.errors import ReviewError
from annotator.export.records import records
from annotator.formats.jsonl import line_of
from annotator.store.bundling.bringing import BringTerms
from annotator.store.bundling.bundles import names_in
from annotator.store.journal.checking import Checks
from annotator.store.reviewing.finished_reviews import Which
from annotator.store.reviewing.taking import OpeningTerms
from annotator.store.store import Store
from tests.helpers.building import NOW, ready
from tests.helpers.examples import examples
from tests.helpers.machines import ITEMS, KINDS, TEXT, changes_of
from tests.helpers.store_caches import assert_caches_are_right
from tests.helpers.stores import empty_database, without_syncing

MANY = ReviewPlan(9)
PEOPLE = {"home": ("ann",), "laptop": ("ann", "bob"), "tablet": ("ann", "cat")}
places = st.sampled_from([*PEOPLE])
numbers = st.integers(0, 7)


@dataclass(frozen=True)
class Ended:
    """All that must be the same: the people's decisions of each review, the exported lines, and
    what holds across articles."""

    decisions: dict[tuple[str, str], frozenset[str]]
    lines: list[bytes]
    across: tuple[object, ...]


def problems_in(store: Store) -> list[Problem]:
    """What `verify` finds in a store, apart from exported files."""
    checks = Checks(store.database)
    found = [problem for one in checks.articles() for problem in one.problems]
    found += [one.problem for one in checks.logs() if one.problem is not None]
    return [*found, *checks.whole()]


class Offline(RuleBasedStateMachine):
    """People decide at three places; bundles are made and come home at any time."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="annotator-test-"))
        self.clock = count(1)
        self.stores = {place: self._empty(place) for place in PEOPLE}
        home = self.stores["home"]
        self.ids = [ready(home, text, ITEMS) for text in (TEXT, f"{TEXT} now")]
        for place in ("laptop", "tablet"):
            self._leave(place)
        self.made: list[list[BundleEntry]] = []

    def teardown(self) -> None:
        made = [*self.made, self._carried("laptop"), self._carried("tablet")]
        ends = [self._ended(made), self._ended([*reversed(made), *made[::2]])]
        assert ends[0] == ends[1]
        for store in self.stores.values():
            store.close()
        shutil.rmtree(self.folder)

    @rule(place=places, who=numbers, article=numbers, kind=st.integers(0, KINDS - 1), item=numbers)
    def press(self, place: str, who: int, article: int, kind: int, item: int) -> None:
        store, now, id = self.stores[place], self._now(), self.ids[article % 2]
        reviewer = PEOPLE[place][who % len(PEOPLE[place])]
        opened = store.reviews.open(id, reviewer, now=now, lease_seconds=60, plan=MANY)
        name = f"{place}-{reviewer}-{now:%H%M%S}"
        made = changes_of(opened.review, kind, item, name)
        group = DecisionGroup(name, id, reviewer, now, opened.review.next_seq, 1, 0.25)
        new = to_decisions(made, group, ids=(f"{name}-{n}" for n in count()))
        store.reviews.append(new, text=opened.article.text)
        store.reviews.release(id, reviewer)

    @rule(place=places, which=numbers, other=numbers)
    def name(self, place: str, which: int, other: int) -> None:
        """Decide on identities."""
        store, now, who = self.stores[place], self._now(), PEOPLE[place][-1]
        id, to = f"i{which % 3}", f"i{other % 3}"
        there = store.identities.held([id, to]).named.get(id)
        made = create(Identity(id, f"{place} {id}", "PERSON"))
        if there is not None:
            made = rename(there, Identity(id, f"{place} {now:%M%S}", "PERSON"))
            if other > 4:
                made = merge(id, to)
        name = f"{place}-{now:%H%M%S}"
        with suppress(ReviewError):
            store.identities.decide([made], IdentityPress(name, who, now), lambda: name)

    @rule(place=places, which=numbers)
    def tell(self, place: str, which: int) -> None:
        """Decide on stories."""
        store, now, who = self.stores[place], self._now(), PEOPLE[place][-1]
        name = f"{place}-{now:%H%M%S}"
        there = store.stories.all().named.get(f"s{which % 2}")
        made = create_story(Story(f"s{which % 2}", name, tuple(self.ids[: 1 + which % 2])))
        if there is not None:
            made = rename_story(there, f"{name} again")
        press = StoryPress(name, who, now)
        with suppress(ReviewError):
            store.stories.append(to_story_decisions([made], press, ids=[f"{name}-story"]))

    @rule(place=st.sampled_from(["laptop", "tablet"]))
    def make(self, place: str) -> None:
        self.made.append(self._carried(place))

    @rule(which=numbers)
    def come_home(self, which: int) -> None:
        if self.made:
            self._bring(self.stores["home"], self.made[which % len(self.made)])

    @rule(place=st.sampled_from(["laptop", "tablet"]))
    def leave_again(self, place: str) -> None:
        self._leave(place)

    def _empty(self, name: str) -> Store:
        return without_syncing(Store.open(empty_database(self.folder / f"{name}.db")))

    def _now(self) -> datetime:
        return NOW + timedelta(seconds=next(self.clock))

    def _leave(self, place: str) -> None:
        """What is at home goes along with the people of a place."""
        home = self.stores["home"]
        for id in self.ids:
            for reviewer in PEOPLE[place]:
                home.bundles.take(id, reviewer, OpeningTerms(self._now(), 1e5, MANY))
        self._bring(self.stores[place], self._bundle(home, PEOPLE[place]), is_outward=True)

    def _carried(self, place: str) -> list[BundleEntry]:
        return self._bundle(self.stores[place], PEOPLE[place])

    def _bundle(self, store: Store, reviewers: Sequence[str]) -> list[BundleEntry]:
        articles = [store.bundles.read(id, reviewers) for id in self.ids]
        names = [names_in(one) for one in articles]
        forms, ids = ({one for some in each for one in some} for each in zip(*names, strict=True))
        every = {f"i{n}" for n in range(3)} | ids
        entries: Iterable[BundleEntry] = (
            *store.bundles.identities(forms, every),
            *store.bundles.stories(self.ids),
            *articles,
        )
        return [entry_from_dict(entry_to_dict(one)) for one in entries]

    def _bring(self, store: Store, made: list[BundleEntry], *, is_outward: bool = False) -> None:
        terms = BringTerms(self._now(), None, MANY, is_outward=is_outward)
        store.bundles.bring_identities([d for d in made if isinstance(d, IdentityDecision)])
        store.bundles.bring_stories([d for d in made if isinstance(d, StoryDecision)])
        articles = [one for one in made if isinstance(one, BundledArticle)]
        for brought in store.bundles.bring(articles, terms):
            assert {one.kind for one in brought.conflicts} <= {"clash"}

    def _ended(self, made: Iterable[list[BundleEntry]]) -> Ended:
        """How a copy of home ends when these bundles come in, in this order."""
        name = f"end{next(self.clock)}.db"
        self.stores["home"].backup(self.folder / name)
        store = without_syncing(Store.open(f"sqlite:///{self.folder / name}"))
        try:
            for some in made:
                self._bring(store, some)
            assert_caches_are_right(store)
            assert problems_in(store) == []
            return self._all_of(store)
        finally:
            store.close()

    def _all_of(self, store: Store) -> Ended:
        decisions = {}
        for id in self.ids:
            for reviewer in ("ann", "bob", "cat"):
                review = store.reviews.get(id, reviewer).review
                made = [one for one in review.decisions if not is_joined(one)]
                decisions[id, reviewer] = frozenset(one.id for one in made)
                in_time = standing_in_time(review)
                assert (in_time.held, in_time.whole) == (review.held, review.whole)
        exported = records(store, scheme=SchemeId("s", "1"), which=Which.ALL)
        held, stories = store.identities.held([f"i{n}" for n in range(8)]), store.stories.all()
        across = (held.named, {id: held.now(id) for id in held.named}, stories.named)
        return Ended(decisions, [line_of(one) for one in exported], across)


Offline.TestCase.settings = settings(examples(4), stateful_step_count=10)
test_any_order_ends_the_same = Offline.TestCase
