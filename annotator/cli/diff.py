"""`annotator diff`: how two datasets differ, item by item."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from annotator.cli.context import many, say, tell
from annotator.cli.options import Json
from annotator.cli.targets import path_given
from annotator.core.text.harmless import harmless_line
from annotator.errors import RecordError

if TYPE_CHECKING:
    from annotator.core.dataset_diff import ItemDiff, RecordDiff
    from annotator.core.record import Record

_SIGNS = {"added": "+", "removed": "-", "changed": "~"}
_HELP = "Records (JSONL), or a folder of them, such as a dataset."
Old = Annotated[Path, typer.Argument(metavar="OLD", help=_HELP, parser=path_given)]
New = Annotated[Path, typer.Argument(metavar="NEW", help=_HELP, parser=path_given)]


def diff(old: Old, new: New, as_json: Json = False) -> None:
    """Show how two datasets differ: items added, removed and changed."""
    from annotator.core.dataset_diff import record_diffs

    found = record_diffs(_records(old), _records(new))
    if as_json:
        say(_result(found), as_json=True, text="")
    else:
        _show(found)


def _records(path: Path) -> Iterator[Record]:
    """The records of a file or folder, ordered by article; raises RecordError if there are none."""
    from annotator.export.records import in_order, records_of_file
    from annotator.formats.jsonl import records_in

    if not path.exists():
        raise RecordError(f"There is no file {path}.", hint="Give a .jsonl file or a folder.")
    if not path.is_dir():
        return records_of_file(path)
    files = sorted(path.rglob("*.jsonl"))
    if not files:
        raise RecordError(f"{path} has no .jsonl file.", hint="Give a folder of records.")
    return in_order(record for file in files for record in records_in(file))


def _show(found: Iterable[RecordDiff]) -> None:
    """Print differences as they are found, below the names of their articles."""
    items: Counter[str] = Counter()
    articles: set[str] = set()
    for one in found:
        print(harmless_line(_head(one)))
        text = one.record.article.text
        for item in one.items:
            print(harmless_line(f"  {_SIGNS[item.kind]} {_told(item, text)}"))
            items[item.kind] += 1
        articles.add(one.record.article.id)
    told = ", ".join(f"{items[kind]:,} {kind}" for kind in _SIGNS)
    tell(f"{told}, in {many(len(articles), 'article')}" if articles else "No differences.")


def _head(one: RecordDiff) -> str:
    record = one.record
    who = record.review.reviewer
    head = f"{record.article.id[:12]}  {record.article.name}"
    head += f", reviewed by {who}" if who else ", not reviewed"
    if one.old is None or one.new is None:
        return f"{head}: {one.kind}"
    before, after = one.old.answer, one.new.answer
    return head if before is after else f"{head}: {before} → {after}"


def _told(one: ItemDiff, text: str) -> str:
    from annotator.core.reviewing.wording import named

    item = one.new or one.old
    assert item is not None  # a difference has one of the two
    where = f"[{item.span.start}, {item.span.end})"
    changes = ", ".join(
        f"{field.name} {field.old or 'none'} → {field.new or 'none'}" for field in one.fields
    )
    return f"{where} {named(item, text)}{f': {changes}' if changes else ''}"


def _result(found: Iterable[RecordDiff]) -> dict[str, Any]:
    items: list[dict[str, Any]] = []
    records: list[dict[str, Any]] = []
    for one in found:
        records.append(_record_row(one))
        items += (_item_row(item, one) for item in one.items)
    counts = Counter(row["change"] for row in items)
    return {**{kind: counts[kind] for kind in _SIGNS}, "records": records, "items": items}


def _record_row(one: RecordDiff) -> dict[str, Any]:
    return {
        "change": one.kind.value,
        **_whose(one),
        "old_answer": one.old and one.old.answer.value,
        "new_answer": one.new and one.new.answer.value,
    }


def _item_row(item: ItemDiff, of: RecordDiff) -> dict[str, Any]:
    from annotator.core.records.codec import item_to_dict

    text = of.record.article.text
    return {
        "change": item.kind.value,
        **_whose(of),
        "item": type(item.new or item.old).__name__.lower(),
        "fields": [field.name for field in item.fields],
        "old": item.old and item_to_dict(item.old, text),
        "new": item.new and item_to_dict(item.new, text),
    }


def _whose(one: RecordDiff) -> dict[str, Any]:
    return {"article": one.record.article.id, "reviewer": one.record.review.reviewer}
