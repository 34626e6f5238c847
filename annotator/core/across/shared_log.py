"""A log that several reviewers write: which of its decisions stand, and what each can undo.

It knows nothing of what is decided, so that every log across articles can use it: that of
identities does, that of stories can. A decision has an `id` (the same decision twice is one), a
`group` (all decisions of one key press), a `lane` (whose undo it belongs to, usually the
reviewer), a `kind`, and a `target`. A `withdraw` takes back the last standing group of its lane,
which is its target; a `restore` puts the group withdrawn last back to its place, as long as
nothing else was decided in that lane. Fold the decisions in `standing` to get what holds.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Generic, Protocol, TypeVar

from annotator.errors import ReviewError


class Logged(Protocol):
    """What the log must know of a decision."""

    @property
    def id(self) -> str: ...
    @property
    def group(self) -> str: ...
    @property
    def lane(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def target(self) -> str: ...


D = TypeVar("D", bound=Logged)


@dataclass(frozen=True, slots=True)
class Press(Generic[D]):
    """The decisions made by one key press; `place` orders presses as they were made."""

    id: str
    lane: str
    place: int
    decisions: tuple[D, ...]


@dataclass(frozen=True)
class SharedLog(Generic[D]):
    """Decisions in the order in which they were stored; immutable, `after` returns a new one.

    `presses` stand, in the order in which they were made; `withdrawn` are those of each lane that
    can be restored, the one withdrawn last at the end.
    """

    decisions: tuple[D, ...] = ()
    presses: tuple[Press[D], ...] = ()
    withdrawn: Mapping[str, tuple[Press[D], ...]] = field(default_factory=dict)

    def after(self, *decisions: D) -> SharedLog[D]:
        """The log with these decisions in addition; a repeated one has no effect.

        Raises ReviewError if one withdraws or restores anything but the last group of its lane.
        """
        fold, known = _LogFold(self), {decision.id for decision in self.decisions}
        for decision in decisions:
            if decision.id not in known:
                known.add(decision.id)
                fold.take(decision)
        return fold.result()

    @classmethod
    def in_time(cls, decisions: Iterable[D], at: Callable[[D], Any]) -> SharedLog[D]:
        """The log of decisions made on machines that did not know of each other, in the order of
        `at`: a press stands unless its last undo or redo is an undo, whatever else was decided.

        Where everybody knew of everything before, this is the log that `after` returns.
        """
        made = tuple(sorted(decisions, key=at))
        groups: dict[str, Press[D]] = {}
        undone: dict[str, int] = {}
        last_of_lane: dict[str, int] = {}
        for place, one in enumerate(made):
            if one.kind == "withdraw":
                undone[one.target] = place
            elif one.kind == "restore":
                undone.pop(one.target, None)
            else:
                press = groups.get(one.group, Press(one.group, one.lane, place, ()))
                groups[one.group] = replace(press, decisions=(*press.decisions, one))
                last_of_lane[one.lane] = place
        presses = tuple(press for group, press in groups.items() if group not in undone)
        withdrawn: dict[str, tuple[Press[D], ...]] = {}
        for group, place in sorted(undone.items(), key=lambda pair: pair[1]):
            if group in groups and place > last_of_lane[groups[group].lane]:
                lane = groups[group].lane
                withdrawn[lane] = (*withdrawn.get(lane, ()), groups[group])
        return cls(made, presses, withdrawn)

    @property
    def standing(self) -> tuple[D, ...]:
        """The decisions that stand, in the order in which they were made."""
        return tuple(decision for press in self.presses for decision in press.decisions)

    def undoable(self, lane: str) -> Press[D] | None:
        """The press that undo would withdraw; None if there is none."""
        return next((press for press in reversed(self.presses) if press.lane == lane), None)

    def redoable(self, lane: str) -> Press[D] | None:
        """The press that redo would restore; None if there is none."""
        return next(iter(self.withdrawn.get(lane, ())[-1:]), None)


class _LogFold(Generic[D]):
    """Takes decisions into a mutable copy of a log."""

    def __init__(self, log: SharedLog[D]) -> None:
        self.decisions = list(log.decisions)
        self.presses = list(log.presses)
        self.withdrawn = dict(log.withdrawn)

    def result(self) -> SharedLog[D]:
        return SharedLog(tuple(self.decisions), tuple(self.presses), self.withdrawn)

    def take(self, decision: D) -> None:
        match decision.kind:
            case "withdraw":
                self._withdraw(decision)
            case "restore":
                self._restore(decision)
            case _:
                self._do(decision)
        self.decisions.append(decision)

    def _do(self, decision: D) -> None:
        self.withdrawn.pop(decision.lane, None)
        last = self.presses[-1] if self.presses else None
        if last is None or last.id != decision.group:
            self.presses.append(self._press(decision))
        else:
            self.presses[-1] = replace(last, decisions=(*last.decisions, decision))

    def _press(self, decision: D) -> Press[D]:
        return Press(decision.group, decision.lane, len(self.decisions), (decision,))

    def _withdraw(self, decision: D) -> None:
        lane, presses = decision.lane, self.presses
        place = next((n for n in reversed(range(len(presses))) if presses[n].lane == lane), None)
        if place is None or presses[place].id != decision.target:
            raise ReviewError("Only the last standing decision can be undone.")
        self.withdrawn[lane] = (*self.withdrawn.get(lane, ()), presses.pop(place))

    def _restore(self, decision: D) -> None:
        *before, last = self.withdrawn.get(decision.lane) or (None,)
        if last is None or last.id != decision.target:
            raise ReviewError("Only the decision undone last can be redone.")
        self.withdrawn[decision.lane] = tuple(one for one in before if one is not None)
        insort(self.presses, last, key=lambda press: press.place)
