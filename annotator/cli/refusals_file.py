"""Reports refusals: on standard error a few of each kind, in a file all of them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from annotator.cli.targets import folders_made
from annotator.core.text.harmless import harmless_json, harmless_line
from annotator.replacing import replacing_file

if TYPE_CHECKING:
    from annotator.importing.refusal_groups import Refusal, RefusalKind

_FIRST = 3
_LONGEST_LINE = 1_000_000


def lines_of(refused: Sequence[Refusal], *, in_a_file: bool = False) -> Iterator[str]:
    """The refusals as lines: the count of each kind and the places of the first ones. All text
    quoted from files is made harmless here."""
    from annotator.importing.refusal_groups import by_kind

    cut = False
    for kind in by_kind(refused):
        yield harmless_line(f"  {_counted(kind)}: {kind.name}")
        for one in kind.refused[:_FIRST]:
            yield harmless_line(f"    {_told(one, kind)}")
        if (more := len(kind.refused) - _FIRST) > 0:
            yield f"    … and {more:,} more"
            cut = True
    if cut and not in_a_file:
        yield "  Use --refusals FILE to write all of them, one per line"


def refusal_to_dict(one: Refusal) -> dict[str, Any]:
    """A refusal for JSON; `article` is the id of the article that it belongs to."""
    return {
        "file": one.file,
        "line": one.line,
        "reason": one.reason,
        "kind": one.kind,
        "article": one.article,
    }


@contextmanager
def file_for(path: Path | None, besides: Sequence[Path]) -> Iterator[IO[str] | None]:
    """A file for the refusals, None without a path. It replaces the target when the block ends
    without an error. Raises AnnotatorError before anything is imported if it cannot be written or
    is one of the input files `besides`."""
    from annotator.errors import AnnotatorError

    if path is None:
        yield None
        return
    if any(path.resolve() == other.resolve() for other in besides):
        raise AnnotatorError(
            f"{path} is one of the input files.", hint="Give another file to --refusals."
        )
    if os.path.lexists(path) and not _holds_refusals(path):
        raise AnnotatorError(
            f"{path} exists and is not a file of refusals.",
            hint="It was not changed. Give another file to --refusals.",
        )
    with ExitStack() as stack:
        try:
            stack.enter_context(folders_made(path))
            beside = stack.enter_context(replacing_file(path))
            file = beside.open("w", encoding="utf-8", errors="backslashreplace", newline="\n")
        except OSError as error:
            raise AnnotatorError(
                f"{path} cannot be written: {error.strerror or error}.",
                hint="Give another file to --refusals.",
            ) from error
        yield stack.enter_context(file)


def _holds_refusals(path: Path) -> bool:
    """Whether a file is empty or was written by an earlier import; False for a link."""
    if path.is_symlink() or not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            first = file.readline(_LONGEST_LINE)
        return not first or {"file", "line", "reason"} <= json.loads(first).keys()
    except (OSError, ValueError, AttributeError):
        return False


def write_refusals(refused: Sequence[Refusal], file: IO[str]) -> None:
    """Write each refusal as one line of JSON."""
    for one in refused:
        file.write(harmless_json(refusal_to_dict(one)) + "\n")


def _counted(kind: RefusalKind) -> str:
    if kind.pieces:
        return f"{kind.pieces:,} {'piece' if kind.pieces == 1 else 'pieces'}"
    return f"{kind.wholes:,} refused"


def _told(one: Refusal, kind: RefusalKind) -> str:
    return _place(one) if one.reason == kind.name else f"{_place(one)}: {one.reason}"


def _place(refused: Refusal) -> str:
    """File and line of a refusal; in binary files the number of the article."""
    if refused.line is None:
        return refused.file
    counted = "article " if refused.file.endswith((".spacy", ".parquet")) else ""
    return f"{refused.file}, {counted}{refused.line:,}"
