"""What a review says of its article as a whole, and of pairs of claims."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from annotator.core.claim_ties import Tie
from annotator.core.decisions import Answer, ArticleNote, Decision, Finished, Kind
from annotator.errors import ReviewError


@dataclass(frozen=True, slots=True)
class WholeReview:
    """The decisions on the whole article, and on pairs of claims."""

    answer: Answer = Answer.ACCEPT
    notes: tuple[ArticleNote, ...] = ()
    finished: datetime | None = None
    told: Finished = field(default_factory=Finished)
    ties: tuple[Tie, ...] = ()


def whole_after(whole: WholeReview, decision: Decision) -> WholeReview:
    """The decisions on the whole article after this one."""
    match decision.kind, decision.after:
        case Kind.NOTE, ArticleNote() as remark:
            return replace(whole, notes=(*whole.notes, remark))
        case Kind.SKIP, Answer() as answer:
            return replace(whole, answer=answer)
        case Kind.FINISH, after:
            told = after if isinstance(after, Finished) else Finished()
            return replace(whole, finished=decision.at, told=told)
        case Kind.REOPEN, _:
            if not whole.finished:
                raise ReviewError("This review is not finished.")
            # A reviewer who reopens it sees the whole text, so nothing stays unknown.
            return replace(whole, finished=None, answer=Answer.ACCEPT, told=Finished())
        case ((Kind.NOTE | Kind.SKIP), _):
            return whole
        case _:
            raise ReviewError(f"{decision.kind} is a decision on an item but has no target.")
