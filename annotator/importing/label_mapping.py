"""Maps labels of files to ours, and finds unknown ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from annotator.core.record import Record
from annotator.core.records.record_to_decisions import labels_of, with_labels
from annotator.errors import SchemeError


@dataclass(frozen=True)
class Naming:
    """The labels of the scheme, and a map from labels of files to these."""

    labels: Collection[str]
    names: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for theirs, ours in self.names.items():
            for name in ours:
                if name not in self.labels:
                    raise SchemeError(
                        f"The label map gives {theirs} the name {name}, which is not a label here.",
                        hint=f"Labels: {', '.join(self.labels)}",
                    )

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(name.casefold() for name in (*self.labels, *self.names))

    def renamed(self, record: Record) -> Record:
        """The record with its labels mapped."""
        one_name = {theirs: ours[0] for theirs, ours in self.names.items() if len(ours) == 1}
        return with_labels(record, one_name) if one_name else record

    def unknown_in(self, records: Iterable[Record]) -> Counter[str]:
        """The labels with no or several counterparts here, and their frequency."""
        counts = Counter(label for record in records for label in labels_of(record))
        return Counter({label: n for label, n in counts.items() if not self.has_name(label)})

    def has_name(self, label: str) -> bool:
        """Whether `label` has exactly one counterpart here."""
        return len(self.names[label]) == 1 if label in self.names else label in self.labels

    def means(self, label: str) -> bool:
        """Whether this is a label here or in the map, ignoring case."""
        return label.casefold() in self._known

    def refuse(self, unknown: Mapping[str, int]) -> None:
        """Raises SchemeError listing the unknown labels, if any."""
        if not unknown:
            return
        listed = ", ".join(self._told(label, unknown[label]) for label in sorted(unknown))
        raise SchemeError(
            f"The files have unknown labels: {listed}. Nothing was imported.",
            hint="Map each to one of ours with --map FILE (lines such as PER=PERSON), "
            f"or add it to the label scheme: {', '.join(self.labels)}",
        )

    def _told(self, label: str, count: int) -> str:
        several = self.names.get(label, ())
        choice = f", {' or '.join(several)}?" if several else ""
        return f"{label} ({count:,}{choice})"
