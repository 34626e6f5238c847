"""The board of a story as CSV: one row for each account."""

from __future__ import annotations

import csv
import io

from annotator.core.across.board import Account, Board, Proposition
from annotator.core.text.harmless import harmless_line
from annotator.formats.spreadsheet import FORMULA, MARK

COLUMNS = (
    *("proposition", "text", "conflict", "outlet", "published", "article", "title", "claim"),
    *("source", "stance", "certainty", "against", "says"),
)


def board_to_csv(board: Board) -> bytes:
    """UTF-8 with byte order mark, rows ended by CRLF. What a spreadsheet would take for a formula
    begins with an apostrophe, and no cell has control characters."""
    lines = io.StringIO(newline="")
    rows = csv.DictWriter(lines, COLUMNS, restval="")
    rows.writeheader()
    for number, row in enumerate(board.propositions, start=1):
        for account in row.accounts:
            cells = _cells(number, row, account)
            rows.writerow({name: _safe(value) for name, value in cells.items()})
    return MARK + lines.getvalue().encode()


def _cells(number: int, row: Proposition, account: Account) -> dict[str, str]:
    return {
        "proposition": str(number),
        "text": row.text,
        "conflict": "yes" if row.conflicts else "",
        "outlet": account.column.outlet or "",
        "published": account.column.published or "",
        "article": account.column.article,
        "title": account.column.name,
        "claim": account.claim,
        "source": account.source or "",
        "stance": account.stance.value,
        "certainty": account.certainty.value if account.certainty else "",
        "against": "yes" if account.is_against else "",
        "says": account.text,
    }


def _safe(value: str) -> str:
    safe = harmless_line(value)
    return f"'{safe}" if safe.startswith(FORMULA) else safe
