"""One reviewer at several screens, some of which cannot save: in any order of restoring, no older
decision overrides a newer one, and none is lost."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from annotator.core.annotations import Entity
from annotator.core.article import Article, Span
from annotator.core.decisions import (
    Answer,
    Change,
    Decision,
    DecisionGroup,
    Kind,
    accept,
    add,
    correct,
    finish,
    note,
    reject,
    reopen,
    skip,
    to_decisions,
)
from annotator.core.review import Review
from annotator.core.reviewing.basis import KnownDecisions, is_made_upon
from annotator.core.reviewing.rebase import rebase_decisions
from annotator.errors import ReviewError
from tests.helpers.strategies import EPOCH

TEXT = "Ada met Bo and Cy in Sund."
ITEMS = tuple(Entity(f"e{at}", Span(at, at + 2), "PERSON") for at in (0, 8, 15))
WHOLE = (Kind.FINISH, Kind.REOPEN, Kind.SKIP)
KINDS = ("accept", "reject", "correct", "note", "all", "add", "undo", "redo", "finish", "skip")


@dataclass
class Screen:
    """A review on one of the screens, and its unsaved decisions."""

    review: Review
    known: KnownDecisions
    unsaved: list[Decision] = field(default_factory=list)
    refused: bool = False


class Desk:
    """The log, the screens, the files, and the reviewer's actions in their order.

    `says_upon`: files say what decisions were based on; `remembers`: after one refusal, later
    decisions of that screen are refused.
    """

    def __init__(
        self, *, says_upon: bool = True, remembers: bool = True, clock: Iterator[int]
    ) -> None:
        self.log = Review.of(Article(TEXT).id, "ada", ITEMS)
        self.screens = [self._opened() for _ in range(3)]
        self.files: list[list[Decision]] = []
        self.made: dict[str, Decision] = {}
        self.seen: dict[str, list[str]] = {}
        self.outcome_stands: set[str] = set()
        self.says_upon, self.remembers, self.clock = says_upon, remembers, clock

    def open(self, number: int) -> None:
        self._put_aside(self.screens[number])
        self.screens[number] = self._opened()

    def press(self, number: int, kind: str, which: int, *, reachable: bool) -> None:
        screen = self.screens[number]
        changes = tuple(changes_of(screen.review, kind, which))
        if not changes:
            return
        name = len(self.made)
        press = to_decisions(
            changes,
            DecisionGroup(
                id=f"g{name}",
                article=screen.review.article,
                reviewer="ada",
                at=EPOCH + timedelta(seconds=next(self.clock)),
                first_seq=screen.review.next_seq,
            ),
            ids=[f"d{name + n:03}" for n in range(len(changes))],
        )
        press = screen.known.made(press)
        try:
            after = screen.review.decide(*press)
        except ReviewError:
            return
        seen = [decision.id for decision in screen.review.decisions]
        for decision in press:
            self.made[decision.id] = decision
            self.seen[decision.id] = seen
        screen.review = after
        screen.known.add(*press)
        screen.unsaved += press
        if reachable:
            self._save(screen)
        else:
            # It goes on trying, and has it in a file meanwhile.
            self._into_a_file(press)

    def start(self, files: Iterable[int], *, killed: bool) -> None:
        """Some of the files are brought back; `killed` before they are changed."""
        some = sorted({n % len(self.files) for n in files}) if self.files else []
        fitted = rebase_decisions(self.log, [one for n in some for one in self.files[n]])
        self.log = self.log.decide(*fitted.new)
        self.outcome_stands |= {d.id for d in fitted.known} - {d.id for d in self.log.decisions}
        if killed:
            return
        left = {decision.id: decision for decision, _ in fitted.left}
        for n in some:
            self.files[n] = [left[d.id] for d in self.files[n] if d.id in left]

    def _opened(self) -> Screen:
        return Screen(self.log, KnownDecisions(self.log.decisions))

    def _save(self, screen: Screen) -> None:
        """Like the store: the unsaved key presses, one after the other."""
        for group in dict.fromkeys(decision.group for decision in screen.unsaved):
            press = [decision for decision in screen.unsaved if decision.group == group]
            stored = {decision.id for decision in self.log.decisions}
            if press[0].id not in stored:
                fits = press[0].seq == self.log.next_seq and is_made_upon(self.log, press)
                screen.refused |= self.remembers and not fits
                if screen.refused or not fits:
                    self._into_a_file(press)
                else:
                    self.log = self.log.decide(*press)
        screen.unsaved = []

    def _put_aside(self, screen: Screen) -> None:
        self._into_a_file(screen.unsaved)
        screen.unsaved = []

    def _into_a_file(self, decisions: Sequence[Decision]) -> None:
        if decisions:
            self.files.append([d if self.says_upon else replace(d, upon=None) for d in decisions])


def changes_of(review: Review, kind: str, which: int) -> Iterator[Change]:
    items = [held.item for held in review.held.values()]
    item = items[which % len(items)]
    match kind:
        case "accept":
            yield accept(item)
        case "reject":
            yield reject(item)
        case "correct" if isinstance(item, Entity):
            yield correct(item, replace(item, label=("ORG", "GPE", "PERSON")[which % 3]))
        case "note":
            yield note(item, f"n{which}")
        case "all":
            yield from map((accept, reject)[which % 2], items[: 2 + which % 2])
        case "add":
            yield add(Entity(f"a{which % 2}", Span(21, 25), "GPE"))
        case "undo":
            yield from filter(None, [review.undo()])
        case "redo":
            yield from filter(None, [review.redo()])
        case "finish":
            yield reopen() if review.finished else finish()
        case "skip":
            yield skip(Answer.SKIP)


def check(desk: Desk) -> None:
    log = desk.log.decisions
    ids = [decision.id for decision in log]
    assert len(ids) == len(set(ids))
    assert [decision.seq for decision in log] == list(range(1, len(log) + 1))
    # Nothing is gone.
    waiting = {d.id for some in (*desk.files, *(s.unsaved for s in desk.screens)) for d in some}
    assert set(desk.made) <= set(ids) | waiting | desk.outcome_stands
    known, newest, whole = KnownDecisions(), dict[str, str](), set[str | None]()
    for decision in log:
        # Nothing older goes over something newer, item by item, undo and redo included.
        for item in known.items(decision):
            before = newest.get(item, "")
            assert before <= decision.id
            # Nor anything over what was not on the screen that it was made at.
            own = before and desk.made[before].group == decision.group
            assert not before or own or before in desk.seen[decision.id] or not desk.says_upon
            newest[item] = decision.id
        # What is said of the whole article is said of all that was decided by then.
        if desk.says_upon and (decision.kind in WHOLE or decision.target in whole):
            assert desk.seen[decision.id] == [one.id for one in log if one.seq < decision.seq]
            whole.add(decision.group)
        known.add(decision)


Step = tuple[Any, ...]
_press = st.tuples(
    st.just("press"),
    st.integers(0, 2),
    st.sampled_from(KINDS) | st.sampled_from(KINDS[:2]),
    st.integers(0, 2),
    st.booleans() | st.just(True),
)
_open = st.tuples(st.just("open"), st.integers(0, 2))
_start = st.tuples(st.just("start"), st.lists(st.integers(0, 9), max_size=4), st.booleans())
STEPS: st.SearchStrategy[list[Step]] = st.lists(
    st.one_of(_press, _press, _press, _open, _start), max_size=40
)
# Two decisions cannot be saved, the second is taken otherwise elsewhere, the screens start twice.
SECOND_START: list[Step] = [
    ("press", 0, "accept", 1, False),
    ("press", 0, "accept", 0, False),
    ("press", 1, "reject", 0, True),
    ("start", [0, 1], False),
    ("start", [0, 1], False),
]
# Two keys at a screen that does not know yet what was saved at another one.
STALE_KEYS: list[Step] = [
    ("press", 1, "reject", 1, True),
    ("press", 0, "accept", 0, True),
    ("press", 0, "accept", 1, True),
]


def play(desk: Desk, steps: Iterable[Step]) -> None:
    for step in steps:
        match step:
            case ("press", number, kind, which, reachable):
                desk.press(number, kind, which, reachable=reachable)
            case ("open", number):
                desk.open(number)
            case ("start", files, killed):
                desk.start(files, killed=killed)
        check(desk)
    for number in range(3):
        desk.open(number)
    for _ in range(3):
        desk.start(range(len(desk.files)), killed=False)
        check(desk)
    # What is left once is left for good: another start changes nothing.
    before = desk.log
    desk.start(range(len(desk.files)), killed=False)
    assert desk.log == before


def ticking(times: Sequence[int]) -> Iterator[int]:
    while True:
        yield from times


TIMES = st.lists(st.integers(0, 50), min_size=1)


@example(SECOND_START, [0])
@example(STALE_KEYS, [0])
@given(STEPS, TIMES)
def test_rebasing_with_arbitrary_clocks(steps: list[Step], times: list[int]) -> None:
    play(Desk(clock=ticking(times)), steps)


@example(STALE_KEYS, [0])
@given(STEPS, TIMES)
def test_a_decision_with_a_matching_number_but_another_basis_is_left(
    steps: list[Step], times: list[int]
) -> None:
    play(Desk(remembers=False, clock=ticking(times)), steps)


@example(SECOND_START)
@given(STEPS)
def test_files_of_earlier_versions_are_rebased_by_number_and_time(steps: list[Step]) -> None:
    play(Desk(says_upon=False, clock=itertools.count()), steps)
