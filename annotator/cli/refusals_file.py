"""How refusals are told: on standard error by kind, the first of each; all of them in a file."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from annotator.core.harmless import harmless_json, harmless_line
from annotator.replacing import replacing_file

if TYPE_CHECKING:
    from annotator.importing.refusal_groups import Kind, Refusal

_FIRST = 3
_LONGEST_LINE = 1_000_000


def lines_of(refused: Sequence[Refusal], *, in_a_file: bool = False) -> Iterator[str]:
    """The refusals as lines: how many of each kind, and where the first of them stand. Every word
    of a file that these show comes through here."""
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
        yield "  All of them, one a line: --refusals FILE"


def refusal_to_dict(one: Refusal) -> dict[str, Any]:
    """A refusal as programs get it; `article` is the id of the one that it was a piece of."""
    return {
        "file": one.file,
        "line": one.line,
        "reason": one.reason,
        "kind": one.kind,
        "article": one.article,
    }


@contextmanager
def file_for(path: Path | None, besides: Sequence[Path]) -> Iterator[IO[str] | None]:
    """The file that is to hold the refusals; None if there is none to be. It is begun before
    anything is done, and takes its place when the block ends well. AnnotatorError if it cannot be
    written, or is one of those `besides` that are read."""
    from annotator.errors import AnnotatorError

    if path is None:
        yield None
        return
    if any(path.resolve() == other.resolve() for other in besides):
        raise AnnotatorError(
            f"{path} is one of the files to be imported.", hint="Name another file for --refusals."
        )
    if os.path.lexists(path) and not _holds_refusals(path):
        raise AnnotatorError(
            f"{path} is there already, and holds something else than refusals.",
            hint="It was left as it is. Name another file for --refusals.",
        )
    with ExitStack() as stack:
        try:
            beside = stack.enter_context(replacing_file(path))
            file = beside.open("w", encoding="utf-8", errors="backslashreplace", newline="\n")
        except OSError as error:
            raise AnnotatorError(
                f"{path} cannot be written: {error.strerror or error}.",
                hint="Name another file for --refusals.",
            ) from error
        yield stack.enter_context(file)


def _holds_refusals(path: Path) -> bool:
    """Whether a file is empty or what an earlier import wrote; a link is not looked through."""
    if path.is_symlink() or not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            first = file.readline(_LONGEST_LINE)
        return not first or {"file", "line", "reason"} <= json.loads(first).keys()
    except (OSError, ValueError, AttributeError):
        return False


def write_refusals(refused: Sequence[Refusal], file: IO[str]) -> None:
    """Every refusal as a JSON object, one a line."""
    for one in refused:
        file.write(harmless_json(refusal_to_dict(one)) + "\n")


def _counted(kind: Kind) -> str:
    if kind.pieces:
        return f"{kind.pieces:,} {'piece' if kind.pieces == 1 else 'pieces'}"
    return f"{kind.wholes:,} refused"


def _told(one: Refusal, kind: Kind) -> str:
    return _place(one) if one.reason == kind.name else f"{_place(one)}: {one.reason}"


def _place(refused: Refusal) -> str:
    """Where in which file; one that nobody reads by line is counted by its articles."""
    if refused.line is None:
        return refused.file
    counted = "article " if refused.file.endswith((".spacy", ".parquet")) else ""
    return f"{refused.file}, {counted}{refused.line:,}"
