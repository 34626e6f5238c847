"""The suggesters of a record: further pipelines whose suggestions its review was opened with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from annotator.core.records.record_checks import names


@dataclass(frozen=True, slots=True)
class SuggesterId:
    """A suggester: its name in the settings; name, version and hash of its pipeline."""

    suggester: str
    name: str
    version: str
    hash: str


def suggesters_to_list(suggesters: Iterable[SuggesterId]) -> list[dict[str, Any]]:
    """Suggesters in record form, in their order."""
    return [asdict(one) for one in suggesters]


def suggesters_from_list(rows: Iterable[Mapping[str, Any]]) -> tuple[SuggesterId, ...]:
    """The inverse of `suggesters_to_list`; raises RecordError."""
    fields = ("suggester", "name", "version", "hash")
    return tuple(SuggesterId(*names(row, f"suggesters[{n}]", fields)) for n, row in enumerate(rows))
