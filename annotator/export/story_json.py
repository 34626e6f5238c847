"""The board of a story as plain values, and as rows for spreadsheets and graphs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from annotator.core.across.board import Account, Board, BoardColumn, BoardConflict, Proposition
from annotator.core.across.propositions import DecidedTie
from annotator.core.across.ties import TieProposal

Plain = dict[str, Any]


def board_to_dict(board: Board, ties: tuple[DecidedTie, ...]) -> Plain:
    """Articles, propositions with their accounts, decided ties, and ties proposed and not decided
    on."""
    return {
        "articles": [column_to_dict(one) for one in board.columns],
        "propositions": [_proposition(one) for one in board.propositions],
        "ties": [_tie(one) for one in ties if one.pair <= board.accounts.keys()],
        "proposed": [{**_tie(one), "score": one.score} for one in board.offered],
    }


def column_to_dict(column: BoardColumn) -> Plain:
    """An article of a story."""
    return {
        "article": column.article,
        "name": column.name,
        "outlet": column.outlet,
        "published": column.published,
    }


def _proposition(row: Proposition) -> Plain:
    return {
        "text": row.text,
        "outlets": row.outlets,
        "accounts": [_account(one) for one in row.accounts],
        "conflict": bool(row.conflicts),
        "conflicts": [_conflict(one) for one in row.conflicts],
    }


def _account(account: Account) -> Plain:
    return {
        "article": account.column.article,
        "outlet": account.column.outlet,
        "published": account.column.published,
        "claim": account.claim,
        "text": account.text,
        "source": account.source,
        "stance": account.stance.value,
        "certainty": account.certainty and account.certainty.value,
        "against": account.is_against,
    }


def _conflict(conflict: BoardConflict) -> Plain:
    return {
        "one": list(conflict.one),
        "other": list(conflict.other),
        "why": conflict.kind.value,
    }


def _tie(tie: DecidedTie | TieProposal) -> Plain:
    return {"one": list(tie.one), "other": list(tie.other), "relation": tie.relation.value}


def lines_of(title: str, board: Board) -> Iterator[str]:
    """The board as lines of text: propositions, below each its accounts."""
    yield title
    for row in board.propositions:
        if len(row.accounts) > 1:
            mark = "conflict: " if row.conflicts else ""
            yield ""
            yield f"{mark}{row.text}"
            for account in row.accounts:
                yield f"  {account.column.account_of}: {_said(account)}"
    alone = sum(len(row.accounts) == 1 for row in board.propositions)
    if alone:
        yield ""
        yield f"{alone:,} of one account only"


def _said(account: Account) -> str:
    who = account.source or "no source"
    return f"{who} · {account.held}: {account.text}"
