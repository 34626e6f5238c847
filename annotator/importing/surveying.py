"""Surveys all files before anything is stored: labels, annotators, number of records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from annotator.errors import SchemeError
from annotator.importing.annotators import Annotators
from annotator.importing.found_records import Found, Sources
from annotator.importing.label_mapping import Naming
from annotator.importing.refusal_groups import Refusal

# Up to this many records are kept in memory from the survey to the import; more are read twice.
KEPT = 2_000
_KEPT_CHARACTERS = 16_000_000

Files = Sequence[tuple[Path, str]]


class UnknownLabels(SchemeError):
    """Unknown labels; `refused` holds the other refusals."""

    refused: Sequence[Refusal] = ()


@dataclass
class Survey:
    """The number of records, their annotators and unknown labels; the records themselves if they
    are not too many; and the refusals."""

    records: int = 0
    annotators: Annotators = field(default_factory=Annotators)
    refused: list[Refusal] = field(default_factory=list)
    unknown: Counter[str] = field(default_factory=Counter)
    held: list[Found | Refusal] | None = field(default_factory=list)
    _characters: int = 0

    def take(self, one: Found | Refusal, naming: Naming) -> None:
        """Add a record or a refusal."""
        if isinstance(one, Refusal):
            self.refused.append(one)
        else:
            self.records += 1
            self._characters += len(one.record.article.text)
            self.unknown += naming.unknown_in((one.record,))
            self.annotators.take(one.record)
        if self.held is not None:
            self.held.append(one)
            if self.records > KEPT or self._characters > _KEPT_CHARACTERS:
                self.held = None

    def check(self, naming: Naming) -> None:
        """Raises UnknownLabels with all unknown labels, if there are any."""
        try:
            naming.refuse(self.unknown)
        except SchemeError as error:
            told = UnknownLabels(error.message, hint=error.hint)
            told.refused = tuple(self.refused)
            raise told from error


def everything_in(sources: Sources, files: Files) -> Iterator[Found | Refusal]:
    """The records and refusals of all files."""
    for file, name in files:
        yield from sources.read(file, name)
