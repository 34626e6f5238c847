"""Reads ties of claims from relations of Label Studio."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from annotator.core.annotations import Verdict
from annotator.core.claim_ties import Relation
from annotator.formats.external_text import InvalidAnnotation, name_in
from annotator.formats.tie_relations import JOINS_NONE, Drawn, relation_named


@dataclass(frozen=True, slots=True)
class TieRow:
    """A relation that may be a tie, and what its label says."""

    row: Mapping[str, Any]
    relation: Relation


def relation_of(row: Mapping[str, Any]) -> Relation | None:
    """What the label of a relation says of two claims; None if it has no such label."""
    labels = row.get("labels")
    found = map(relation_named, labels if isinstance(labels, list) else ())
    return next((relation for relation in found if relation), None)


def drawn(tie: TieRow, owners: Mapping[Any, str], verdict: Verdict) -> Drawn:
    """The tie of the claims that own the pieces at both ends; raises InvalidAnnotation if these are
    not two claims."""
    ends = [name_in(tie.row.get(end)) for end in ("from_id", "to_id")]
    one, other = ends if tie.row.get("direction") != "left" else reversed(ends)
    claim, second = owners.get(one), owners.get(other)
    if not claim or not second or claim == second:
        raise InvalidAnnotation(
            f"{tie.relation} from {one} to {other} joins no two claims", JOINS_NONE
        )
    return Drawn(claim, tie.relation, second, verdict)
