"""Findings as rows: a heading for each article, its findings below; pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from annotator.core.lint.lint_finding import MENDING, FindingKind, LintFinding
from annotator.tui.keys import KeyMap
from annotator.tui.widgets.rows import Cell, Row

_KIND = max(map(len, FindingKind))


class FindingRows:
    """A growing list of findings, all of them or those of one kind."""

    def __init__(self, kind: FindingKind | None = None) -> None:
        self.kind = kind
        self.articles: set[str] = set()
        self.counts: Counter[FindingKind] = Counter()
        """Findings of each kind, those that are not shown too."""
        self._found: list[LintFinding] = []
        self._rows: list[Row] = []
        self._by_key: dict[str, tuple[int, LintFinding]] = {}
        self._article_above = ""

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, findings: Iterable[LintFinding]) -> None:
        """Add findings at the end."""
        for one in findings:
            self._found.append(one)
            self.counts[one.kind] += 1
            self.articles.add(one.article)
            if self.kind in (None, one.kind):
                self._show(one)

    def of_kind(self, kind: FindingKind | None) -> FindingRows:
        """The same findings, of which those of `kind` are shown; all without one."""
        rows = FindingRows(kind)
        rows.add(self._found)
        return rows

    def kinds(self) -> Sequence[FindingKind | None]:
        """What can be shown: all kinds, then each that there is."""
        return (None, *(kind for kind in FindingKind if self.counts[kind]))

    def place(self, key: str) -> int | None:
        """The index of the row with this key, if any."""
        return self._by_key[key][0] if key in self._by_key else None

    def finding(self, key: str | None) -> LintFinding | None:
        """The finding of the row with this key, if any."""
        return self._by_key[key][1] if key in self._by_key else None

    def row(self, index: int) -> Row | None:
        """The row at an index; None beyond the end."""
        return self._rows[index] if 0 <= index < len(self._rows) else None

    def _show(self, one: LintFinding) -> None:
        key = f"{one.kind} {one.article} {one.span.start} {one.span.end} {one.message}"
        if key in self._by_key:
            return
        if self._article_above != one.article:
            self._article_above = one.article
            name = Cell(one.name, "info", bold=True)
            self._rows.append(Row(f"{one.article} {len(self._rows)}", ((name,),), heading=True))
        self._by_key[key] = len(self._rows), one
        cells = Cell(one.kind, "muted", width=_KIND), Cell(one.message)
        self._rows.append(Row(key, (cells,)))


def mending(one: LintFinding, keys: KeyMap) -> Iterator[tuple[str, str]]:
    """The keys that mend a finding in its review, each with what it does, the most likely first."""
    return ((keys.shown(action), MENDING[action]) for action in one.mended_by)
