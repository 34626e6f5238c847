"""Identities and what people decided about them: a log, and what holds by it.

What a decision is about is an *operand*: the id of an identity, or a form, which is written
`form:person:brett mcgurk` (`form_of`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from annotator.core.across.shared_log import SharedLog

if TYPE_CHECKING:
    from annotator.core.across.mentions import NameKind


@dataclass(frozen=True, slots=True)
class Identity:
    """A person, group or place of the world; `type` is a label, `link` its id elsewhere, such as
    `wikidata:Q42`."""

    id: str
    name: str
    type: str
    link: str | None = None
    note: str | None = None


class IdentityKind(StrEnum):
    """The kinds of decisions on identities."""

    CREATE = "create"
    RENAME = "rename"
    MERGE = "merge"
    SPLIT = "split"
    DIFFERENT = "different"
    WITHDRAW = "withdraw"
    RESTORE = "restore"


Meant: TypeAlias = Identity | str


@dataclass(frozen=True, slots=True)
class IdentityDecision:
    """One decision on identities, as it was made.

    | kind | target | before | after |
    |---|---|---|---|
    | create | id | | the identity |
    | rename (also type, link, note) | id | the identity | the identity |
    | merge | id or form | | id of the identity that it is |
    | split | form | id of the identity that it was | id of the one that it is |
    | different | id or form | | id or form |
    | withdraw, restore | group | | |

    `at` is UTC. One key press is one `group`. `article` is set where a review of that article made
    the identity by a link; it is undone there.
    """

    id: str
    reviewer: str
    at: datetime
    group: str
    kind: IdentityKind
    target: str
    before: Meant | None = None
    after: Meant | None = None
    article: str | None = None

    @property
    def lane(self) -> str:
        """Whose undo it belongs to: the reviewer's, or that of one key press in a review."""
        if self.article is None:
            return self.reviewer
        is_undo = self.kind in (IdentityKind.WITHDRAW, IdentityKind.RESTORE)
        return f"{self.article} {self.target if is_undo else self.group}"


def form_of(words: str, label: str) -> str:
    """The form of a name, as decisions name it: its kind and its key (`mentions.key_of`). Empty if
    no key is left of the words."""
    # Imported here, so that the screens start without the lists of names.
    from annotator.core.across.mentions import key_of, kind_of

    key = key_of(words, label)
    return f"{_FORM}{kind_of(label, key)}:{key}" if key else ""


def is_form(operand: str) -> bool:
    """Whether an operand is a form and not the id of an identity."""
    return operand.startswith(_FORM)


def key_in(form: str) -> str:
    """The key in a form, as proposals name it."""
    return form.removeprefix(_FORM).partition(":")[2]


def kind_in(form: str) -> NameKind:
    """The kind of name in a form."""
    from annotator.core.across.mentions import NameKind

    return NameKind(form.removeprefix(_FORM).partition(":")[0])


_FORM = "form:"


@dataclass(frozen=True, slots=True)
class Redirect:
    """That an identity is another one, all of it or one form, by a standing decision made at `at`
    (UTC). `place` orders them."""

    place: int
    at: datetime
    form: str
    to: str


@dataclass(frozen=True)
class Identities:
    """What holds by the standing decisions.

    `named` are all identities that were made, also those merged into others; `tied` the identities
    of each form; `apart` the pairs of operands that differ.
    """

    named: Mapping[str, Identity] = field(default_factory=dict)
    redirects: Mapping[str, tuple[Redirect, ...]] = field(default_factory=dict)
    tied: Mapping[str, frozenset[str]] = field(default_factory=dict)
    apart: frozenset[frozenset[str]] = frozenset()

    @classmethod
    def of(cls, log: SharedLog[IdentityDecision]) -> Identities:
        """The identities by the decisions of a log that stand.

        A decision that names an identity which is not there, since its `create` was undone, has no
        effect until it is there again.
        """
        return cls.by(log.standing)

    @classmethod
    def by(cls, standing: Iterable[IdentityDecision]) -> Identities:
        """The same, by decisions that all stand, in their order."""
        decisions = tuple(standing)
        named = named_by(decisions)
        redirects: dict[str, list[Redirect]] = defaultdict(list)
        for source, redirect in redirects_by(decisions):
            if source in named and redirect.to in named:
                redirects[source].append(redirect)
        return cls(
            named,
            {source: tuple(own) for source, own in redirects.items()},
            {
                form: own
                for form, ids in tied_by(decisions).items()
                if (own := frozenset(ids & named.keys()))
            },
            apart_by(decisions),
        )

    def now(self, id: str, form: str = "", *, since: datetime | None = None) -> str:
        """The id of the identity that `id` is now, for a mention of this form.

        A split moves only what was tied before it: `since` is when (UTC); None: before all.
        """
        return follow(self.redirects, id, form, since=since)

    @property
    def standing(self) -> tuple[Identity, ...]:
        """The identities that are not merged into others, by name."""
        own = (one for id, one in self.named.items() if self.now(id) == id)
        return tuple(sorted(own, key=lambda one: (one.name.casefold(), one.id)))

    def of_form(self, form: str) -> frozenset[str]:
        """The ids of the standing identities that a form was said to name."""
        return frozenset(self.now(id) for id in self.tied.get(form, ()))

    def differ(self, one: str, other: str) -> bool:
        """Whether two operands were said to differ, under the ids that they have now."""
        pair = {self.now(one), self.now(other)}
        return any({self.now(name) for name in said} == pair for said in self.apart)


def follow(
    redirects: Mapping[str, tuple[Redirect, ...]], id: str, form: str, *, since: datetime | None
) -> str:
    """The id that `id` is now by these redirects. A split is followed once, and only before what
    was merged later, so that what was split can be merged again."""
    place, seen = -1, {id}
    splits: set[Redirect] = set()
    while True:
        own = redirects.get(id, ())
        steps = [one for one in own if not one.form and one.to not in seen]
        steps += [
            one
            for one in own
            if one.form == form != "" and one.place > place and one not in splits
            if since is None or one.at > since
        ]
        if not steps:
            return id
        step = min(steps, key=lambda one: (one.place < place, one.place))
        if step.form:
            splits.add(step)
            seen.clear()
        id, place = step.to, step.place
        seen.add(id)


def named_by(standing: Iterable[IdentityDecision]) -> dict[str, Identity]:
    """The identities that decisions make, by id, as they were renamed since.

    Of several decisions that make one, which were made on machines that did not know of each
    other, the first holds. A change of one field leaves the others, so that undoing it takes back
    nothing else.
    """
    decisions = tuple(standing)
    named: dict[str, Identity] = {}
    for one in decisions:
        if one.kind is IdentityKind.CREATE and isinstance(one.after, Identity):
            named.setdefault(one.target, replace(one.after, id=one.target))
    for one in decisions:
        if one.kind is IdentityKind.RENAME and one.target in named:
            named[one.target] = _renamed(named[one.target], one)
    return named


def _renamed(now: Identity, decision: IdentityDecision) -> Identity:
    before, after = decision.before, decision.after
    if not isinstance(before, Identity) or not isinstance(after, Identity):
        return now
    changed = {
        name: getattr(after, name)
        for name in ("name", "type", "link", "note")
        if getattr(after, name) != getattr(before, name)
    }
    return replace(now, **changed)


def redirects_by(standing: Iterable[IdentityDecision]) -> Iterable[tuple[str, Redirect]]:
    """Which ids decisions make others, all of them or one form; in their order."""
    for place, one in enumerate(standing):
        match one.kind, one.target, one.before, one.after:
            case IdentityKind.MERGE, id, _, str() as to if not is_form(id):
                yield id, Redirect(place, one.at, "", to)
            case IdentityKind.SPLIT, form, str() as id, str() as to:
                yield id, Redirect(place, one.at, form, to)


def tied_by(standing: Iterable[IdentityDecision]) -> dict[str, set[str]]:
    """The ids of the identities that decisions tie forms to."""
    tied: dict[str, set[str]] = defaultdict(set)
    for one in standing:
        if not isinstance(one.after, str) or not is_form(one.target):
            continue
        if one.kind is IdentityKind.SPLIT and isinstance(one.before, str):
            tied[one.target].discard(one.before)
        if one.kind in (IdentityKind.MERGE, IdentityKind.SPLIT):
            tied[one.target].add(one.after)
    return {form: ids for form, ids in tied.items() if ids}


def apart_by(standing: Iterable[IdentityDecision]) -> frozenset[frozenset[str]]:
    """The pairs of operands that decisions say differ."""
    return frozenset(
        frozenset((one.target, one.after))
        for one in standing
        if one.kind is IdentityKind.DIFFERENT and isinstance(one.after, str)
    )
