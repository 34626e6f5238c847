"""What formats of marks keep of a record: its decided items with everything that was said of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from annotator.core.annotations import in_text_order
from annotator.core.record import Record
from annotator.formats.base import Losses
from annotator.formats.decided_items import decided_only
from annotator.formats.imported_items import AnItem
from annotator.formats.iob import is_reviewed
from annotator.formats.loss_report import count_article, count_stretches, count_undecided


def expected(record: Record) -> Record | None:
    """The record without open items, and without claims that were only offered; None for an
    unreviewed, skipped or unusable article, whose lack of marks would look like a finding."""
    if not is_reviewed(record):
        return None
    decided = decided_only(record)
    return replace(
        decided,
        entities=_in_file_order(decided.entities),
        claims=_in_file_order(decided.claims),
        junk=_in_file_order(decided.junk),
    )


def held_records(records: Iterable[Record], losses: Losses) -> Iterator[Record]:
    """What the format keeps of each record, counting what it does not; unknown words count too,
    since programs that show marks take words without a mark for outside."""
    for record in records:
        held = expected(record)
        if held is None:
            count_article(record, losses)
            continue
        count_undecided(record, losses)
        count_stretches(held, losses)
        yield held


def _in_file_order(items: Iterable[AnItem]) -> tuple[AnItem, ...]:
    return tuple(sorted(items, key=in_text_order))


Naming = Callable[[Record], str]
"""Names the file of a record."""


def numbered_names() -> Naming:
    """Names files after the ids of articles; the second review of an article gets a number."""
    seen: dict[str, int] = {}

    def name(record: Record) -> str:
        times = seen[record.article.id] = seen.get(record.article.id, 0) + 1
        return record.article.id if times == 1 else f"{record.article.id}-{times}"

    return name
