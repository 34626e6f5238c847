"""`annotator memory`: what decisions have taught, as lists for other tools and from them."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from annotator.cli.context import say, tell, workspace_of
from annotator.cli.options import Json
from annotator.cli.targets import keep_inbox_safe, write_file
from annotator.errors import AnnotatorError, RecordError

if TYPE_CHECKING:
    from annotator.core.labels import LabelScheme
    from annotator.core.memory.ruler_patterns import Named
    from annotator.store.store import Store

Output = Annotated[
    str | None,
    typer.Option("--output", metavar="FILE", help="Write entity-ruler patterns; - is stdout."),
]
Add = Annotated[
    Path | None, typer.Option("--add", metavar="FILE", help="Add names from such patterns.")
]
Remove = Annotated[
    Path | None, typer.Option("--remove", metavar="FILE", help="Remove names added before.")
]
Plain = dict[str, Any]


def memory(
    context: typer.Context,
    output: Output = None,
    add: Add = None,
    remove: Remove = None,
    as_json: Json = False,
) -> None:
    """Show what decisions have taught; write and read it as spaCy entity-ruler patterns."""
    if output == "-" and as_json:
        raise typer.BadParameter("--json and --output - both need standard output")
    workspace = workspace_of(context)
    chosen = workspace.settings()
    if output is not None:
        keep_inbox_safe(output, chosen)
    from annotator.settings import load_scheme

    scheme = load_scheme(chosen)
    with closing(workspace.open_store(chosen)) as store:
        result: Plain = {"added": 0, "removed": 0, "refused": []}
        if add is not None:
            names = tuple(_names(add, scheme, result["refused"]))
            result["added"] = store.forms.add_list(names, by=chosen.reviewer, now=store.now())
        if remove is not None:
            names = tuple(_names(remove, scheme, result["refused"]))
            result["removed"] = store.forms.remove_list(names)
        # Forms are read page by page, twice: there may be many.
        written = None if output is None else _write(store, output)
        result |= _counts(store, chosen.wrong_after) | {"output": output, "patterns": written}
    for one in result["refused"]:
        tell(f"Not taken, line {one['line']} of {one['file']}: {one['reason']}")
    if output != "-":
        say(result, as_json=as_json, text=_text(result))
    if result["refused"]:
        raise typer.Exit(1)


def _names(file: Path, scheme: LabelScheme, refused: list[Plain]) -> Iterator[Named]:
    """The names in a file of patterns; lines that give none are appended to `refused`."""
    from annotator.core.memory.ruler_patterns import named_in

    labels = frozenset(label.name for label in scheme)
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        why = "is not UTF-8" if isinstance(error, UnicodeDecodeError) else "cannot be read"
        raise AnnotatorError(
            f"{file} {why}.", hint="Give a file of entity-ruler patterns (JSONL)."
        ) from error
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                yield named_in(line, labels)
            except RecordError as error:
                refused.append({"file": file.name, "line": number, "reason": error.message})


def _write(store: Store, output: str) -> int:
    """Write the patterns of all names that are suggested wherever they stand; returns how many."""
    from annotator.core.memory.ruler_patterns import patterns_of

    patterns = patterns_of(store.forms.all())
    lines = [f"{json.dumps(one, ensure_ascii=False)}\n" for one in patterns]
    if output == "-":
        sys.stdout.writelines(lines)
        return len(lines)
    write_file(Path(output), "".join(lines).encode())
    return len(lines)


def _counts(store: Store, wrong_after: int) -> Plain:
    forms = wrong = 0
    for _, known in store.forms.all():
        forms += 1
        wrong += bool(wrong_after) and known.is_wrong(wrong_after)
    return {"forms": forms, "known_wrong": wrong}


def _text(result: Plain) -> str:
    said = [f"{result['forms']:,} forms, {result['known_wrong']:,} known wrong"]
    said += [f"{result[what]:,} {what}" for what in ("added", "removed") if result[what]]
    if result["output"] is not None:
        said.append(f"{result['patterns']:,} patterns written to {result['output']}")
    return "; ".join(said)
