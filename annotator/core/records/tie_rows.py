"""Ties of claims as rows of a record, and as the outcomes of decisions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from enum import StrEnum
from typing import Any, TypeVar

from annotator.core.annotations import MadeBy, Verdict
from annotator.core.claim_ties import Relation, Tie
from annotator.core.records.encode import Plain
from annotator.errors import RecordError

_Choice = TypeVar("_Choice", bound=StrEnum)


def tie_to_dict(tie: Tie) -> Plain:
    """A tie in record form."""
    return {
        "claim": tie.claim,
        "relation": tie.relation.value,
        "article": tie.article,
        "other": tie.other,
        "made_by": tie.made_by.value,
        "verdict": tie.verdict.value,
        "score": tie.score,
    }


def tie_from_dict(plain: Mapping[str, Any], where: str) -> Tie:
    """The inverse of `tie_to_dict`; raises RecordError naming an invalid field."""
    score = plain.get("score")
    if score is not None and (
        isinstance(score, bool) or not isinstance(score, int | float) or not 0 <= score <= 1
    ):
        raise RecordError(f"{where}.score: expected 0 to 1 or null, found {score!r:.80}")
    return Tie(
        _name(plain, "claim", where),
        _choice(plain, "relation", Relation, where),
        _name(plain, "article", where),
        _name(plain, "other", where),
        _choice(plain, "made_by", MadeBy, where),
        _choice(plain, "verdict", Verdict, where),
        None if score is None else float(score),
    )


def ties_from_list(rows: Iterable[Mapping[str, Any]]) -> tuple[Tie, ...]:
    """The ties of a record; raises RecordError naming an invalid field."""
    return tuple(tie_from_dict(row, f"ties[{n}]") for n, row in enumerate(rows))


def check_ties(ties: Iterable[Tie], claims: Set[str]) -> None:
    """Raises RecordError for a tie that a record with these claims cannot have."""
    pairs = set[tuple[str, str, str]]()
    for n, tie in enumerate(ties):
        if tie.claim not in claims:
            raise RecordError(f"ties[{n}].claim: the record has no claim {tie.claim!r:.60}")
        if tie.pair in pairs:
            raise RecordError(f"ties[{n}]: these two claims are tied twice")
        pairs.add(tie.pair)


def _name(plain: Mapping[str, Any], field: str, where: str) -> str:
    value = plain.get(field)
    if isinstance(value, str) and value:
        return value
    raise RecordError(f"{where}.{field}: expected an id, found {value!r:.80}")


def _choice(plain: Mapping[str, Any], field: str, choices: type[_Choice], where: str) -> _Choice:
    try:
        return choices(plain.get(field, ""))
    except ValueError:
        known = ", ".join(choices)
        raise RecordError(
            f"{where}.{field}: {plain.get(field)!r:.80} is not one of {known}"
        ) from None
