"""The board of a story as rows: a proposition, and below it the accounts, one column each; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from annotator.core.across.board import Account, Board, BoardColumn, Proposition
from annotator.core.across.mentions import Place
from annotator.core.annotations import Stance
from annotator.tui.terminal.cells import shown, width_of
from annotator.tui.widgets.bar import Piece
from annotator.tui.widgets.rows import Cell, Row

LINES = 5
"""Lines of a row: the proposition, who holds it and how, two of what is said, a blank one."""
_COLUMN, _LEAST = 30, 20
_MARKED, _OPPOSED, _NOTHING = "●", "≠", "·"
_STANCES = {
    Stance.DENIES: "bad",
    Stance.DEMANDS: "claim",
    Stance.PREDICTS: "info",
    Stance.COMMITS: "info",
}


@dataclass(frozen=True, slots=True)
class BoardWindow:
    """The columns that are shown: from `first`, as many as fit into `width` cells."""

    first: int
    width: int
    count: int

    @classmethod
    def around(cls, column: int, *, of: int, first: int, width: int) -> BoardWindow:
        """The window that shows a column, moved from `first` as little as possible."""
        fits = max(1, min(of, width // (_COLUMN + 1)))
        start = min(max(first, column - fits + 1), column)
        return cls(max(0, min(start, of - fits)), width, fits)

    @property
    def room(self) -> int:
        """The cells of one column."""
        return max(_LEAST, (self.width - self.count) // self.count)

    def of(self, columns: Sequence[BoardColumn]) -> Sequence[BoardColumn]:
        """The columns shown."""
        return columns[self.first : self.first + self.count]


@dataclass(frozen=True, slots=True)
class BoardTable:
    """What is drawn of a board: the claim under the cursor, and the marked one."""

    board: Board
    window: BoardWindow
    cursor: Place | None = None
    marked: Place | None = None

    def heads(self) -> tuple[Piece, ...]:
        """The names of the columns, with arrows where more are hidden."""
        columns = self.board.columns
        shown_now = self.window.of(columns)
        last = self.window.first + len(shown_now) < len(columns)
        pieces: list[Piece] = [("muted", "‹" if self.window.first else " ")]
        for column in shown_now:
            day = (column.published or "")[:10]
            name = shown(column.account_of, self.window.room - len(day) - 2)
            text = f"{name} {day}".ljust(self.window.room)
            pieces += [("strong", text[: len(name)]), ("muted", text[len(name) :] + " ")]
        return (*pieces, ("muted", "›" if last else ""))

    def row(self, index: int) -> Row | None:
        """The row of a proposition."""
        if not 0 <= index < len(self.board.propositions):
            return None
        row = self.board.propositions[index]
        columns = self.window.of(self.board.columns)
        accounts = [self._shown(row.of(column.article)) for column in columns]
        lines = [[self._cell(account, number) for account in accounts] for number in range(3)]
        return Row(key_of(row), (_head(row), *map(tuple, lines), ()))

    def _shown(self, accounts: Sequence[Account]) -> tuple[Account | None, int]:
        """Of several claims of an article the one under the cursor or marked, else the first; and
        how many others there are."""
        if not accounts:
            return None, 0
        chosen = [one for one in accounts if one.place == self.cursor]
        chosen += [one for one in accounts if one.place == self.marked]
        return (chosen or list(accounts))[0], len(accounts) - 1

    def _cell(self, shown_one: tuple[Account | None, int], line: int) -> Cell:
        account, others = shown_one
        room = self.window.room
        if account is None:
            return Cell(_NOTHING if line == 0 else "", "muted", room)
        if line == 0:
            return Cell(self._who(account, others), self._tone(account), room, bold=True)
        words = wrapped(shown(account.text), room)
        text = words[line - 1] if line <= len(words) else ""
        more = line == 2 and len(words) > 2
        at_cursor = account.place == self.cursor
        said = shown(text.rstrip(" …"), room - 2) + " …" if more else text
        return Cell(said, "normal", room, underline=at_cursor)

    def _who(self, account: Account, others: int) -> str:
        """Who says it and how, as the cell's first line: *● Ada Low · denies +1*."""
        mark = f"{_MARKED} " if account.place == self.marked else ""
        opposed = f"{_OPPOSED} " if account.is_against else ""
        more = f" +{others}" if others else ""
        held = f"{account.held}{more}"
        room = self.window.room - len(mark) - len(opposed) - len(held) - 3
        who = shown(account.source, max(4, room)) if account.source else ""
        return f"{mark}{opposed}{who} · {held}".strip() if who else f"{mark}{opposed}{held}"

    def _tone(self, account: Account) -> str:
        if account.place == self.cursor:
            return "accent"
        return _STANCES.get(account.stance, "muted")


def wrapped(words: str, room: int) -> list[str]:
    """`words` in lines of at most so many cells, broken at blanks, and within longer words."""
    lines, line = [], ""
    for word in words.split(" "):
        longer = f"{line} {word}" if line else word
        if width_of(longer) <= room:
            line = longer
            continue
        if line:
            lines.append(line)
        line = word
        while width_of(line) > room:
            fits = _fitting(line, room)
            lines.append(line[:fits])
            line = line[fits:]
    return [*lines, line]


def _fitting(word: str, room: int) -> int:
    """How many characters of a word fit, at least one."""
    fits = min(len(word), room)
    while fits > 1 and width_of(word[:fits]) > room:
        fits -= 1
    return fits


def key_of(row: Proposition) -> str:
    """The key of a row in the list: its first claim."""
    return " ".join(row.accounts[0].place)


def row_with(board: Board, place: Place) -> int | None:
    """The index of the proposition that has a claim."""
    return next(
        (
            n
            for n, row in enumerate(board.propositions)
            if any(one.place == place for one in row.accounts)
        ),
        None,
    )


def column_of(board: Board, place: Place) -> int:
    """The index of the column of a claim."""
    return next(n for n, one in enumerate(board.columns) if one.article == place[0])


def _head(row: Proposition) -> tuple[Cell, ...]:
    told = f"{row.outlets} outlets" if row.outlets > 1 else ""
    if not row.conflicts:
        return (Cell(row.text, "strong", bold=True), Cell(told, "muted", width_of(told)))
    kind = "conflict" if any(one.kind == "decided" for one in row.conflicts) else "conflict?"
    return (
        Cell(kind, "bad", width_of(kind), bold=True),
        Cell(row.text, "strong", bold=True),
        Cell(told, "muted", width_of(told)),
    )
