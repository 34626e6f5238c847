"""The board of a story as one self-contained HTML page, to send round.

It loads nothing, runs nothing, and is readable on a phone, on paper, and in light and dark.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from annotator.core.across.board import Account, Board, BoardColumn, ConflictKind, Proposition
from annotator.core.text.counted import many
from annotator.export.html_page import html_page, safe

_WHY = {
    ConflictKind.DECIDED: "contradict each other",
    ConflictKind.PROPOSED: "seem to contradict each other",
    ConflictKind.STANCE: "one denies what another asserts",
    ConflictKind.NUMBERS: "numbers differ",
}
_STYLE = """
:root { color-scheme: light dark; --paper: #fdfcfa; --ink: #1d2125; --soft: #5b646d;
  --line: #d9d5cd; --head: #f1eee8; --warn: #a3341f; --warned: #fbeae5; --mark: #e6edf5;
  --against: #fbeae5; }
@media (prefers-color-scheme: dark) { :root { --paper: #16191c; --ink: #e4e6e8; --soft: #9aa4ad;
  --line: #33393f; --head: #1f2428; --warn: #ff9d87; --warned: #33211d; --mark: #22303d;
  --against: #3a2420; } }
* { box-sizing: border-box; }
body { margin: 0; padding: 1.5rem; background: var(--paper); color: var(--ink);
  font: 16px/1.45 system-ui, "Segoe UI", Roboto, Helvetica, Arial, sans-serif; }
h1 { margin: 0 0 .25rem; font-size: 1.6rem; line-height: 1.2; }
h2 { margin: 2rem 0 .5rem; font-size: 1.15rem; }
p { margin: 0 0 1rem; color: var(--soft); }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: 6px; }
table { border-collapse: collapse; min-width: 100%; }
th, td { padding: .6rem .7rem; border-bottom: 1px solid var(--line); vertical-align: top;
  text-align: left; font-size: .9rem; min-width: 12rem; max-width: 22rem;
  overflow-wrap: anywhere; }
thead th { background: var(--head); }
tbody tr:last-child > * { border-bottom: 0; }
tbody th { position: sticky; left: 0; background: var(--head); font-weight: 600;
  border-right: 1px solid var(--line); }
tr.conflict > th { background: var(--warned); border-left: 4px solid var(--warn); }
small, .who { color: var(--soft); font-weight: normal; }
.why { display: block; margin-top: .3rem; color: var(--warn); font-size: .8rem; font-weight: 600; }
.account + .account { margin-top: .6rem; }
.stance { display: inline-block; padding: 0 .4em; border-radius: 4px; background: var(--mark);
  font-size: .8rem; font-weight: 600; }
.against .stance { background: var(--against); color: var(--warn); }
ul { margin: 0 0 1rem; padding-left: 1.2rem; }
li { margin: .3rem 0; overflow-wrap: anywhere; }
footer { margin-top: 2rem; color: var(--soft); font-size: .8rem; }
@media (max-width: 700px) {
  body { padding: 1rem; }
  .scroll { border: 0; }
  table, tbody, tr, th, td { display: block; max-width: none; min-width: 0; }
  thead { display: none; }
  tbody tr { margin-bottom: 1rem; border: 1px solid var(--line); border-radius: 6px; }
  tbody th { position: static; border-right: 0; }
  td:empty { display: none; }
  td::before { content: attr(data-of); display: block; color: var(--soft); font-size: .8rem;
    font-weight: 600; }
}
@media print {
  @page { size: landscape; margin: 12mm; }
  body { padding: 0; font-size: 11px; }
  .scroll { overflow: visible; border: 0; }
  th, td { min-width: 0; max-width: none; padding: 3px 5px; font-size: 9px; }
  tr, li { break-inside: avoid; }
  thead { display: table-header-group; }
}
"""


def story_page(title: str, board: Board) -> bytes:
    """The page, UTF-8. Everything from articles is escaped."""
    return html_page(title, _STYLE, _body(board))


def _body(board: Board) -> Iterator[str]:
    shared = [row for row in board.propositions if len(row.accounts) > 1]
    alone = [row for row in board.propositions if len(row.accounts) == 1]
    yield f"<p>{_summary(board, shared)}</p>"
    yield from _table(board.columns, shared)
    yield from _alone(board.columns, alone)
    yield "<footer>Claims as they were marked in the articles. What was not decided by a person "
    yield "is grouped by a program and may be wrong.</footer>"


def _summary(board: Board, shared: list[Proposition]) -> str:
    conflicts = sum(bool(row.conflicts) for row in shared)
    articles = many(len(board.columns), "article")
    told = f"{many(len(shared), 'proposition')} in several accounts"
    return f"{articles}; {told}, {conflicts:,} with accounts in conflict."


def _table(columns: tuple[BoardColumn, ...], rows: list[Proposition]) -> Iterator[str]:
    if not rows:
        return
    told = {one.column.article for row in rows for one in row.accounts}
    shown = [column for column in columns if column.article in told]
    heads = "".join(f'<th scope="col">{_head(column)}</th>' for column in shown)
    yield '<div class="scroll"><table>'
    yield f'<thead><tr><th scope="col">Proposition</th>{heads}</tr></thead>'
    yield "<tbody>"
    for row in rows:
        yield (
            f'<tr class="conflict">{_row(row, shown)}</tr>'
            if row.conflicts
            else (f"<tr>{_row(row, shown)}</tr>")
        )
    yield "</tbody></table></div>"


def _head(column: BoardColumn) -> str:
    day = (column.published or "")[:10]
    return f"{safe(column.account_of)}<br><small>{safe(day)}</small>"


def _row(row: Proposition, columns: Iterable[BoardColumn]) -> str:
    kinds = dict.fromkeys(one.kind for one in row.conflicts)
    why = "".join(f'<span class="why">{_WHY[kind]}</span>' for kind in kinds)
    cells = "".join(
        f'<td data-of="{safe(column.account_of)}">{_cell(row.of(column.article))}</td>'
        for column in columns
    )
    return f'<th scope="row">{safe(row.text)}{why}</th>{cells}'


def _cell(accounts: Iterable[Account]) -> str:
    return "".join(
        f'<div class="account{" against" if one.is_against else ""}">{_account(one)}</div>'
        for one in accounts
    )


def _account(one: Account) -> str:
    who = f'<span class="who">{safe(one.source)}</span> ' if one.source else ""
    return f'{who}<span class="stance">{safe(one.held)}</span> {safe(one.text)}'


def _alone(columns: Iterable[BoardColumn], rows: list[Proposition]) -> Iterator[str]:
    if rows:
        yield "<h2>In one account only</h2>"
    for column in columns:
        own = [one for row in rows for one in row.of(column.article)]
        if own:
            yield f"<h3>{_head(column)}</h3><ul>"
            yield from (f"<li>{_account(one)}</li>" for one in own)
            yield "</ul>"
