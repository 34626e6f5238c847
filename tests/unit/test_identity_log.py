"""The log of decisions on identities: what stands, who can undo what, and what holds by it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.across import identity_changes as changes
from annotator.core.across.identity_changes import (
    IdentityChange,
    IdentityPress,
    check,
    to_identity_decisions,
)
from annotator.core.across.identity_log import (
    Identities,
    Identity,
    IdentityDecision,
    form_of,
    is_form,
    key_in,
    kind_in,
)
from annotator.core.across.mentions import NameKind
from annotator.core.across.shared_log import SharedLog
from annotator.errors import ReviewError
from tests.helpers.strategies import EPOCH

FORMS = tuple(form_of(words, "PERSON") for words in ("Brett McGurk", "McGurk", "McGuir"))
FULL, SURNAME, ODD = FORMS


@dataclass
class Desk:
    """Several reviewers who decide on identities, in one log."""

    log: SharedLog[IdentityDecision] = field(default_factory=SharedLog)
    numbers: Iterator[int] = field(default_factory=count)

    @property
    def held(self) -> Identities:
        return Identities.of(self.log)

    def decide(self, who: str, *made: IdentityChange) -> None:
        """One key press; raises ReviewError if it does not fit."""
        at = EPOCH + timedelta(seconds=len(self.log.decisions))
        press = IdentityPress(f"g{next(self.numbers)}", who, at)
        ids = (f"d{next(self.numbers)}" for _ in made)
        new = to_identity_decisions(made, press, ids=ids)
        if made[0].kind not in ("withdraw", "restore"):
            check(self.held, new)
        elif made[0].kind == "restore":
            again = self.log.redoable(who)
            check(self.held, again.decisions if again else ())
        self.log = self.log.after(*new)

    def create(self, name: str, *, who: str = "ra") -> str:
        id = f"i{next(self.numbers)}"
        self.decide(who, changes.create(Identity(id, name, "PERSON")))
        return id

    def undo(self, who: str = "ra") -> None:
        press = self.log.undoable(who)
        assert press
        self.decide(who, changes.withdraw(press.id))

    def redo(self, who: str = "ra") -> None:
        press = self.log.redoable(who)
        assert press
        self.decide(who, changes.restore(press.id))


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_form_says_its_kind_and_its_key() -> None:
    assert FULL == "form:person:brett mcgurk"
    assert (is_form(FULL), key_in(FULL), kind_in(FULL)) == (True, "brett mcgurk", NameKind.PERSON)
    assert form_of("Mr McGurk", "PERSON") == SURNAME
    assert form_of("Washington", "GPE") != form_of("Washington", "PERSON")
    assert not is_form("wikidata:Q42")
    assert form_of("…", "PERSON") == ""


def test_a_merged_identity_is_the_other_one(desk: Desk) -> None:
    one, other, third = desk.create("McGurk"), desk.create("Brett McGurk"), desk.create("B. McGurk")
    desk.decide("ra", changes.merge(one, other))
    desk.decide("jo", changes.merge(other, third))
    assert [desk.held.now(id) for id in (one, other, third)] == [third] * 3
    assert [identity.id for identity in desk.held.standing] == [third]


def test_a_split_takes_the_mentions_of_a_form_that_were_tied_before(desk: Desk) -> None:
    one, other = desk.create("Brett McGurk"), desk.create("Ann McGurk")
    desk.decide("ra", changes.merge(SURNAME, one))
    desk.decide("ra", changes.split(SURNAME, was=one, now=other))
    held = desk.held
    assert (held.now(one), held.now(one, FULL), held.now(one, SURNAME)) == (one, one, other)
    assert held.now(one, SURNAME, since=EPOCH + timedelta(days=1)) == one
    assert held.of_form(SURNAME) == {other}


def test_split_identities_can_be_merged_again(desk: Desk) -> None:
    one, other = desk.create("Brett McGurk"), desk.create("Ann McGurk")
    desk.decide("ra", changes.split(SURNAME, was=one, now=other))
    desk.decide("ra", changes.merge(other, one))
    assert desk.held.now(one, SURNAME) == one


def test_a_difference_holds_for_what_its_identities_are_merged_into(desk: Desk) -> None:
    one, other, third = desk.create("One"), desk.create("Other"), desk.create("Third")
    desk.decide("ra", changes.differ(one, other))
    desk.decide("ra", changes.merge(other, third))
    assert desk.held.differ(one, third)
    assert not desk.held.differ(FULL, SURNAME)


def test_undo_takes_back_only_what_its_own_decision_changed(desk: Desk) -> None:
    id = desk.create("McGurk")
    first = desk.held.named[id]
    desk.decide("ra", changes.rename(first, replace(first, name="Brett McGurk")))
    second = desk.held.named[id]
    desk.decide("jo", changes.rename(second, replace(second, note="envoy")))
    desk.undo("ra")
    assert desk.held.named[id] == replace(first, note="envoy")


def test_what_others_decided_holds_again_once_the_identity_is_there_again(desk: Desk) -> None:
    one, other = desk.create("One", who="jo"), desk.create("Other")
    desk.decide("jo", changes.merge(one, other))
    desk.undo("ra")
    assert desk.held.now(one) == one
    desk.redo("ra")
    assert desk.held.now(one) == other


def test_a_decision_of_ones_own_ends_redo_and_that_of_another_does_not(desk: Desk) -> None:
    desk.create("One")
    desk.undo()
    desk.create("Two", who="jo")
    assert desk.log.redoable("ra")
    desk.create("Three")
    assert not desk.log.redoable("ra")


def test_nobody_undoes_what_another_decided(desk: Desk) -> None:
    desk.create("One", who="jo")
    group = desk.log.presses[0].id
    with pytest.raises(ReviewError):
        desk.decide("ra", changes.withdraw(group))


def test_identities_made_in_a_review_are_undone_in_it(desk: Desk) -> None:
    made = changes.create(Identity("i", "One", "PERSON"))
    press = IdentityPress("g", "ra", EPOCH, article="a1")
    log = desk.log.after(*to_identity_decisions([made], press, ids=["d"]))
    assert log.undoable("ra") is None
    undone = replace(press, group="g2")
    log = log.after(*to_identity_decisions([changes.withdraw("g")], undone, ids=["d2"]))
    assert not log.standing


@pytest.mark.parametrize(
    "change",
    [
        changes.merge("nobody", "i0"),
        changes.merge(SURNAME, "nobody"),
        changes.merge("i0", "i0"),
        changes.merge("i0", SURNAME),
        changes.merge("merged", "i0"),
        changes.split("i0", was="i0", now="merged"),
        changes.differ(SURNAME, SURNAME),
        changes.create(Identity("i0", "again", "PERSON")),
        changes.create(Identity(FULL, "a form", "PERSON")),
        changes.rename(Identity("i0", "a", "PERSON"), Identity("other", "b", "PERSON")),
    ],
)
def test_what_does_not_fit_is_refused(desk: Desk, change: IdentityChange) -> None:
    for id in ("i0", "merged"):
        desk.decide("ra", changes.create(Identity(id, id, "PERSON")))
    desk.decide("ra", changes.merge("merged", "i0"))
    before = desk.log
    with pytest.raises(ReviewError):
        desk.decide("ra", change)
    assert desk.log == before


# Any order of commands

WHO = st.sampled_from(("ra", "jo"))
PLACE = st.integers(0, 5)
COMMANDS = st.tuples(
    st.sampled_from(
        ("create", "rename", "merge", "tie", "split", "differ", "undo", "redo", "undo", "redo")
    ),
    WHO,
    PLACE,
    PLACE,
    st.sampled_from(FORMS),
)
Command = tuple[str, str, int, int, str]


def play(commands: list[Command]) -> Desk:
    """A desk after these commands; those that do not fit are refused and change nothing."""
    desk = Desk()
    for command in commands:
        try:
            _play(desk, command)
        except (ReviewError, AssertionError, IndexError):
            continue
    return desk


def _play(desk: Desk, command: Command) -> None:
    name, who, one, other, form = command
    ids = list(desk.held.named)
    commands: dict[str, Callable[[], object]] = {
        "create": lambda: desk.create(f"N{one}", who=who),
        "rename": lambda: desk.decide(who, _renamed(desk.held.named[ids[one]], other)),
        "merge": lambda: desk.decide(who, changes.merge(ids[one], ids[other])),
        "tie": lambda: desk.decide(who, changes.merge(form, ids[one])),
        "split": lambda: desk.decide(who, changes.split(form, was=ids[one], now=ids[other])),
        "differ": lambda: desk.decide(who, changes.differ(ids[one], form)),
        "undo": lambda: desk.undo(who),
        "redo": lambda: desk.redo(who),
    }
    commands[name]()


def _renamed(identity: Identity, number: int) -> IdentityChange:
    return changes.rename(identity, replace(identity, note=f"note {number}"))


@given(st.lists(COMMANDS, max_size=25))
def test_undo_all_the_way_back_leaves_nothing(commands: list[Command]) -> None:
    desk = play(commands)
    for who in ("ra", "jo"):
        while desk.log.undoable(who):
            desk.undo(who)
    assert desk.held == Identities()


@given(st.lists(COMMANDS, max_size=25), WHO)
def test_redo_restores_what_undo_took_back(commands: list[Command], who: str) -> None:
    desk = play(commands)
    before, undone = desk.held, 0
    while desk.log.undoable(who):
        desk.undo(who)
        undone += 1
    for _ in range(undone):
        desk.log = desk.log.after(_restoring(desk, who))
    assert desk.held == before


def _restoring(desk: Desk, who: str) -> IdentityDecision:
    press = desk.log.redoable(who)
    assert press
    shared = IdentityPress("again", who, EPOCH)
    made = [changes.restore(press.id)]
    return to_identity_decisions(made, shared, ids=[f"d{next(desk.numbers)}"])[0]


@given(st.lists(COMMANDS, max_size=25))
def test_the_same_decision_twice_is_one(commands: list[Command]) -> None:
    desk = play(commands)
    assert desk.log.after(*desk.log.decisions) == desk.log
    twice = [decision for decision in desk.log.decisions for _ in range(2)]
    assert SharedLog[IdentityDecision]().after(*twice) == desk.log


@given(st.lists(COMMANDS, max_size=25), st.sampled_from(FORMS))
def test_every_identity_is_now_one_that_stands(commands: list[Command], form: str) -> None:
    held = play(commands).held
    standing = {identity.id for identity in held.standing}
    for id in held.named:
        assert held.now(id) in standing
        assert held.now(id, form) in held.named
    assert held.of_form(form) <= standing
