"""`annotator export`: finished reviews as one sorted JSONL file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from annotator.cli.options import Json
from annotator.cli.shared import open_store, say, scheme_id, settings, tell

Output = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Where to; - is standard output. [exports/dataset.jsonl]"),
]
Reviewer = Annotated[
    str | None, typer.Option(metavar="NAME", help="Only the reviews of this reviewer.")
]
Pending = Annotated[
    bool, typer.Option("--pending", help="Also articles nobody has reviewed, as suggested.")
]


def export(
    output: Output = None,
    reviewer: Reviewer = None,
    pending: Pending = False,
    as_json: Json = False,
) -> None:
    """Write finished reviews as JSONL, one record each, sorted; the target is replaced whole."""
    from annotator.errors import ExportError
    from annotator.export import records, write_jsonl

    if as_json and output == Path("-"):
        raise ExportError(
            "The records and the result cannot both go to standard output.",
            hint="Leave out --json, or name a file with --output.",
        )
    chosen = settings()
    target = output or _default(chosen.exports)
    store = open_store(chosen)
    try:
        rows = records(store, scheme=scheme_id(chosen), reviewer=reviewer, pending=pending)
        written = write_jsonl(rows, target)
    finally:
        store.close()
    text = f"{written} record{'' if written == 1 else 's'} written to {target}"
    if target == Path("-"):
        tell(text.replace(" to -", ""))
        return
    if not written and not pending:
        whose = f"No review by {reviewer}" if reviewer else "No review"
        tell(f"{whose} is finished yet; --pending exports what the pipeline suggests.")
    say({"records": written, "output": str(target)}, as_json=as_json, text=text)


def _default(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder / "dataset.jsonl"
