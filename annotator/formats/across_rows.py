"""The fields of a record about more than its text: identities, story, ties and suggesters, as read
from files that people edit in other programs.

Claims may have been deleted there, and rows damaged. Each row is checked by itself, so that one
that does not fit is refused alone, and the rest of its record is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from annotator.core.claim_ties import Tie, ties_among
from annotator.core.record import Record
from annotator.core.records.codec import Plain
from annotator.core.records.identity_list import identities_from_list
from annotator.core.records.suggesters import suggesters_from_list
from annotator.core.records.tie_rows import ties_from_list
from annotator.errors import RecordError
from annotator.formats.refusals import RefusedPiece

INVALID = "invalid identity, story, tie or suggester"
CLAIM_GONE = "tie of a claim that is not there"
_READ: Mapping[str, Callable[[list[Any]], tuple[Any, ...]]] = {
    "identities": identities_from_list,
    "suggesters": suggesters_from_list,
    "ties": ties_from_list,
}


def without_invalid(plain: Plain, lost: list[RefusedPiece]) -> Plain:
    """The fields of a record without an invalid story and invalid rows of identities, suggesters
    and ties, which are added to `lost`."""
    there = [name for name in _READ if name in plain]
    if not there and "story" not in plain:
        return plain
    checked = {**plain, **{name: _valid_rows(name, plain[name], lost) for name in there}}
    story = plain.get("story")
    if story is not None and not _is_word(story):
        lost.append(RefusedPiece(f"story: expected an id, found {story!r:.60}", INVALID, ()))
        del checked["story"]
    return checked


def with_ties(record: Record, ties: Iterable[Tie], lost: list[RefusedPiece]) -> Record:
    """The record with those of these ties whose claims are there; the others are added to `lost`.

    Nothing of the article is missing without the tie of a claim that somebody deleted.
    """
    told = tuple(ties)
    if not told:
        return record
    claims = {claim.id for claim in record.claims}
    kept: dict[tuple[str, str, str], Tie] = {}
    for tie in told:
        if not ties_among((tie,), claims, record.article.id):
            gone = tie.other if tie.claim in claims else tie.claim
            reason = f"tie of {tie.claim!r:.60}: the claim {gone!r:.60} is not there"
            lost.append(RefusedPiece(reason, CLAIM_GONE, (), whole=True))
        elif kept.setdefault(tie.pair, tie) is not tie:
            reason = f"tie of {tie.claim!r:.60}: the two claims are tied twice"
            lost.append(RefusedPiece(reason, INVALID, ()))
    return replace(record, ties=tuple(kept.values()))


def _valid_rows(name: str, rows: Any, lost: list[RefusedPiece]) -> list[Any]:
    if rows is None:
        return []
    if not isinstance(rows, list):
        lost.append(RefusedPiece(f"{name}: expected a list, found {rows!r:.60}", INVALID, ()))
        return []
    kept, seen = [], set[str]()
    for n, row in enumerate(rows):
        if problem := _problem(name, row, seen):
            lost.append(RefusedPiece(f"{name}[{n}]{problem}", INVALID, ()))
        else:
            kept.append(row)
    return kept


def _problem(name: str, row: Any, seen: set[str]) -> str | None:
    """What is wrong with a row; None if it is valid. `seen` are the ids of identities so far."""
    if not isinstance(row, dict):
        return f": expected an object, found {row!r:.60}"
    try:
        _READ[name]([row])
    except RecordError as error:
        return error.message.removeprefix(f"{name}[0]")
    if any(isinstance(value, str) and "\0" in value for value in row.values()):
        return ": has a NUL character"
    if name == "identities":
        if row["id"] in seen:
            return f".id: {row['id']!r:.60} is the id of another identity too"
        seen.add(row["id"])
    return None


def _is_word(value: Any) -> bool:
    return isinstance(value, str) and value != "" and "\0" not in value
