"""`annotator verify`: whether the store still is what people decided."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO

import typer

from annotator.cli.context import many, say, scheme_id, tell, workspace_of
from annotator.cli.options import Json
from annotator.cli.targets import folders_made, keep_inbox_safe, path_given
from annotator.core.journal.journal_problems import Problem, ProblemKind
from annotator.core.text.harmless import harmless_line
from annotator.errors import ExportError, StoreError

if TYPE_CHECKING:
    from annotator.cli.progress import Progress
    from annotator.export.checked_files import CheckedFiles
    from annotator.store.store import Store

Heads = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        parser=path_given,
        help="Write the heads of all chains to FILE, to be kept elsewhere.",
    ),
]
Against = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        parser=path_given,
        help="Check that everything whose heads are in FILE is still there.",
    ),
]
_LISTED = 100


def verify(
    context: typer.Context, heads: Heads = None, against: Against = None, as_json: Json = False
) -> None:
    """Check chains, cached columns, offsets and exported files of the whole store."""
    from annotator.cli.progress import progress_shown
    from annotator.export.checked_files import CheckedFiles

    workspace = workspace_of(context)
    chosen = workspace.settings()
    if heads is not None:
        keep_inbox_safe(heads, chosen)
    with closing(workspace.open_store(chosen)) as store, ExitStack() as stack:
        kept = None if heads is None else stack.enter_context(_written(heads))
        files = CheckedFiles(
            store, chosen.exports / "records", scheme_id(chosen), datetime.now(UTC)
        )
        check = _StoreCheck(store, files, kept)
        with progress_shown("articles verified") as show:
            check.run(show)
        if against is not None:
            check.tell_all(_missing(store, against))
    say(check.result(), as_json=as_json, text=check.lines())
    if check.wrong:
        tell(f"{many(sum(check.wrong.values()), 'problem')}. {check.advice()}")
        raise typer.Exit(1)


class _StoreCheck:
    """Checks a store, and counts what was checked and what is wrong."""

    def __init__(self, store: Store, files: CheckedFiles, kept: BinaryIO | None) -> None:
        self.store, self.files, self.kept = store, files, kept
        self.checked: Counter[ProblemKind] = Counter()
        self.wrong: Counter[ProblemKind] = Counter()
        self.problems: list[Problem] = []
        self.head = hashlib.sha256()
        self.heads = 0

    def run(self, show: Progress) -> None:
        from annotator.store.journal.kept_heads import FORMAT, WITHOUT_END, end_line, head_line

        self.head.update(head_line(WITHOUT_END))
        if self.kept is not None:
            self.kept.write(head_line(FORMAT))
        for article in self.store.checks.articles(show):
            self.checked[ProblemKind.CHAIN] += article.entries
            self.checked[ProblemKind.FOLD] += article.reviews
            self.checked[ProblemKind.OFFSETS] += article.spans
            self.tell_all(article.problems)
            self.tell_all(self.files.of(article.id, article.finished))
            for head in article.heads:
                self._keep(head)
        for log in self.store.checks.logs():
            self.checked[ProblemKind.CHAIN] += log.entries
            self.tell_all(filter(None, [log.problem]))
            if log.number:
                self._keep({"log": log.log, "number": log.number, "chain": log.head})
        if self.kept is not None:
            self.kept.write(end_line(self.heads))
        self.tell_all(self.store.checks.whole())
        self.tell_all(self.files.strangers())
        self.checked[ProblemKind.EXPORTS] = self.files.checked

    def tell_all(self, problems: Iterable[Problem]) -> None:
        """Count problems; the first ones of each kind are listed."""
        for problem in problems:
            self.wrong[problem.kind] += 1
            if self.wrong[problem.kind] <= _LISTED:
                self.problems.append(problem)

    def result(self) -> dict[str, Any]:
        order = list(ProblemKind)
        listed = sorted(self.problems, key=lambda one: order.index(one.kind))
        return {
            "checked": {kind.value: self.checked[kind] for kind in ProblemKind},
            "problems": [asdict(one) for one in listed],
            "wrong": {kind.value: self.wrong[kind] for kind in ProblemKind},
            "head": self.head.hexdigest(),
        }

    def lines(self) -> Iterator[str]:
        """The first thing wrong of each kind, and what was checked."""
        for kind in ProblemKind:
            checked = f"{kind:<8} {many(self.checked[kind], _NOUNS[kind])}"
            first = next((one for one in self.problems if one.kind is kind), None)
            if first is None:
                yield f"{checked}: nothing wrong"
                continue
            more = self.wrong[kind] - 1
            yield f"{checked}: {many(more + 1, 'problem')}, the first:"
            who = f" reviewed by {first.reviewer}" if first.reviewer else ""
            where = f"{first.article[:12]}{who}: " if first.article else ""
            yield f"         {harmless_line(where + first.message)}"
        yield f"head     {self.head.hexdigest()}"

    def advice(self) -> str:
        """What to do about the problems."""
        if any(self.wrong[kind] for kind in ProblemKind if kind is not ProblemKind.EXPORTS):
            return "Keep the database as it is, and compare it with a backup."
        return "The database is intact; only these exported files are wrong."

    def _keep(self, head: dict[str, Any]) -> None:
        from annotator.store.journal.kept_heads import head_line

        line = head_line(head)
        self.head.update(line)
        self.heads += 1
        if self.kept is not None:
            self.kept.write(line)


_NOUNS = {
    ProblemKind.CHAIN: "decision",
    ProblemKind.FOLD: "review",
    ProblemKind.OFFSETS: "span",
    ProblemKind.EXPORTS: "file",
}


@contextmanager
def _written(target: Path) -> Iterator[BinaryIO]:
    """A file to write to, which replaces the target when the block ends without an error."""
    from annotator.replacing import replacing_file

    try:
        with (
            folders_made(target),
            replacing_file(target) as temporary,
            temporary.open("wb") as stream,
        ):
            yield stream
    except OSError as error:
        raise ExportError(
            f"Cannot write {target}: {error.strerror or error}.", hint="Give another file."
        ) from error


def _missing(store: Store, against: Path) -> Iterator[Problem]:
    from annotator.store.journal.kept_heads import heads_in, missing

    try:
        with against.open("rb") as lines:
            yield from missing(store.database, heads_in(lines, against.name), against.name)
    except OSError as error:
        raise StoreError(
            f"Cannot read {against}: {error.strerror or error}.", hint="Give another file."
        ) from error
