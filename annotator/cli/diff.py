"""`annotator diff`: what changed between two datasets, in items."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from annotator.cli.context import tell
from annotator.cli.options import Json
from annotator.cli.targets import path_given
from annotator.core.text.harmless import harmless_json, harmless_line
from annotator.errors import RecordError

if TYPE_CHECKING:
    from annotator.core.comparison.dataset_changes import ItemChange
    from annotator.core.record import Record

Old = Annotated[
    Path, typer.Argument(metavar="OLD", parser=path_given, help="A file or folder of records.")
]
New = Annotated[
    Path, typer.Argument(metavar="NEW", parser=path_given, help="What it is compared with.")
]
_CHANGES = ("added", "removed", "changed")
_MARKS = {"added": "+", "removed": "-", "changed": "~"}


def diff(old: Old, new: New, as_json: Json = False) -> None:
    """Say which items one dataset has and the other has not, and which differ."""
    from annotator.core.comparison.dataset_changes import dataset_changes

    changes = dataset_changes(_records(old), _records(new))
    counts: Counter[str] = Counter()
    if not as_json:
        sys.stdout.writelines(_lines(changes, counts))
        return
    # Nothing is printed before all could be read; there may be millions of items.
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="surrogatepass") as spool:
        spool.writelines(_json(changes, counts))
        spool.seek(0)
        shutil.copyfileobj(spool, sys.stdout)


def _json(changes: Iterator[ItemChange], counts: Counter[str]) -> Iterator[str]:
    """One JSON object on one line, in parts."""
    yield '{"items": ['
    for number, one in enumerate(changes):
        counts[one.change] += 1
        yield (", " if number else "") + harmless_json(asdict(one))
    told = ", ".join(f'"{name}": {counts[name]}' for name in _CHANGES)
    yield f"], {told}}}\n"


def _lines(changes: Iterator[ItemChange], counts: Counter[str]) -> Iterator[str]:
    last = None
    for one in changes:
        counts[one.change] += 1
        if (one.article, one.reviewer) != last:
            last = one.article, one.reviewer
            by = f", reviewed by {one.reviewer}" if one.reviewer else ""
            yield harmless_line(f"{one.article[:12]}  {one.name or ''}{by}") + "\n"
        yield harmless_line(f"  {_MARKS[one.change]} {_told(one)}") + "\n"
    tell(", ".join(f"{counts[name]:,} {name}" for name in _CHANGES))


def _told(one: ItemChange) -> str:
    item = one.after if one.after is not None else one.before
    assert item is not None  # one of them is there
    if one.before is None or one.after is None:
        return _item(item)
    before, after = _item(one.before), _item(one.after)
    what = f"{before} -> {after}" if before != after else before
    return f"{what} ({', '.join(one.fields)})"


def _item(item: dict[str, Any]) -> str:
    from annotator.core.reviewing.wording import shortened

    pieces = item.get("content", [item])
    words = shortened(" … ".join(piece["text"] for piece in pieces))
    what = item.get("label") or ("claim" if "content" in item else item["kind"])
    return f"{pieces[0]['start']}:{pieces[-1]['end']} {what} “{words}”"


def _records(place: Path) -> Iterator[Record]:
    """The records of a file or of all files in a folder, ordered by article."""
    from annotator.export.records import in_order, records_of_file
    from annotator.formats.jsonl import records_in

    if not place.is_dir():
        return records_of_file(place)
    files = sorted(place.rglob("*.jsonl"))
    if not files:
        raise RecordError(
            f"{place} has no file of records.", hint="Give a file that `annotator export` wrote."
        )
    return in_order(chain.from_iterable(map(records_in, files)))
