"""Ties between claims of one text as labelled relations of other programs.

A relation says which claims are related and how. Who decided that, and a score, stand beside the
text in our files: `settled` combines them with the relations as people left them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from typing import Any

from annotator.core.annotations import MadeBy, Verdict
from annotator.core.claim_ties import Relation, Tie
from annotator.core.records.codec import Plain
from annotator.core.records.tie_rows import tie_to_dict, ties_from_list

LABELS = {relation: relation.value.capitalize() for relation in Relation}
"""The label of each relation: `Same`, `Supports`, `Contradicts`, `Unrelated`."""
JOINS_NONE = "relation that joins no two claims"
_READ = {label.casefold(): relation for relation, label in LABELS.items()}
_DRAWN = "drawn"


@dataclass(frozen=True, slots=True)
class Written:
    """A tie in a file that we wrote, and whether a relation shows it there."""

    tie: Tie
    is_drawn: bool


@dataclass(frozen=True, slots=True)
class Drawn:
    """A relation between two claims of a text, by id; `verdict` is that of a new tie."""

    claim: str
    relation: Relation
    other: str
    verdict: Verdict = Verdict.ACCEPTED


def relation_named(label: Any) -> Relation | None:
    """The relation with this label, in any case; None if there is none."""
    return _READ.get(label.casefold()) if isinstance(label, str) else None


def within(ties: Iterable[Tie], article: str, claims: Set[str]) -> Iterator[Tie]:
    """The ties between two of these claims of an article."""
    for tie in ties:
        if tie.article == article and tie.claim != tie.other and {tie.claim, tie.other} <= claims:
            yield tie


def rows_of(ties: Sequence[Tie], drawn: Set[Tie]) -> Plain:
    """The field `ties` of what we write beside a text; empty without ties."""
    if not ties:
        return {}
    return {
        "ties": [{**tie_to_dict(tie), **({_DRAWN: True} if tie in drawn else {})} for tie in ties]
    }


def written_in(rows: Sequence[Plain]) -> tuple[Written, ...]:
    """The inverse of `rows_of`; raises RecordError for an invalid row."""
    ties = ties_from_list(rows)
    return tuple(Written(tie, row.get(_DRAWN) is True) for tie, row in zip(ties, rows, strict=True))


def settled(written: Iterable[Written], drawn: Iterable[Drawn], article: str) -> Iterator[Tie]:
    """The ties of a text as people left them: those that we wrote, except for drawn ones whose
    relation was removed or changed, then new ones. Two relations of one pair are two ties."""
    left: dict[tuple[str, str], list[Drawn]] = {}
    for one in drawn:
        left.setdefault((one.claim, one.other), []).append(one)
    for was in written:
        tie = was.tie
        again = left.get((tie.claim, tie.other)) if tie.article == article else None
        if again:
            yield _as_drawn(tie, again.pop(0))
        elif not was.is_drawn:
            yield tie
    for further in left.values():
        for one in further:
            yield Tie(one.claim, one.relation, article, one.other, MadeBy.IMPORT, one.verdict)


def _as_drawn(tie: Tie, drawn: Drawn) -> Tie:
    if tie.relation is drawn.relation:
        return tie
    verdict = drawn.verdict if drawn.verdict is Verdict.PENDING else Verdict.CORRECTED
    return replace(tie, relation=drawn.relation, verdict=verdict)
