"""A dataset: records on three sides, with all that explains them, in one folder."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from annotator.core.agreement import Agreement, agreement
from annotator.core.decisions import Answer
from annotator.core.labels import LabelScheme
from annotator.core.record import Record
from annotator.export.card import card
from annotator.export.figures import Figures
from annotator.export.outputs import explained, refuse_link
from annotator.export.splits import SIDES, side_of
from annotator.export.verify import Differs, Verification
from annotator.export.writing import replacing_folder
from annotator.formats import jsonl
from annotator.formats.jsonl import line_of, records_in

MANIFEST = "manifest-sha256.txt"
_BUFFER = 1 << 20


@dataclass(frozen=True)
class Dataset:
    """What goes into a dataset beside its records.

    `papers` are files by name (label scheme, schema, guidelines). `stories` names for an article
    the oldest that it is linked with, itself if it is not there. `left_out` counts the articles
    that the store holds beyond the records, by state; `filters` are the conditions that the records
    were chosen by.
    """

    scheme: LabelScheme
    papers: Mapping[str, bytes]
    stories: Mapping[str, str] = field(default_factory=dict)
    left_out: Mapping[str, int] = field(default_factory=dict)
    filters: Mapping[str, str] = field(default_factory=dict)

    def write(self, rows: Iterable[Record], target: Path, *, verified: bool = False) -> Figures:
        """Writes records, which come by article id, then reviewer, into a folder; their figures.

        The folder takes the target's place whole, or not at all; the same records give the same
        bytes. ExportError if it cannot be written, if the target holds anything that an export did
        not write, or if what is read back differs.
        """
        refuse_link(target)
        with explained(target), replacing_folder(target, MANIFEST) as folder:
            (folder / "records").mkdir()
            figures = self._write_records(rows, folder / "records", verified=verified)
            for name, content in self.papers.items():
                (folder / name).write_bytes(content)
            agreed = _agreement(folder / "records") if figures.reviewed_twice else None
            text = card(
                figures, self.scheme, agreed=agreed, left_out=self.left_out, filters=self.filters
            )
            (folder / "README.md").write_text(text, encoding="utf-8", newline="\n")
        return figures

    def _write_records(self, rows: Iterable[Record], folder: Path, *, verified: bool) -> Figures:
        figures = Figures()
        files = {side: folder / f"{side}.jsonl" for side in SIDES}
        with ExitStack() as stack:
            checks = {side: stack.enter_context(Verification(jsonl)) for side in SIDES}
            with ExitStack() as opened:
                streams = {
                    side: opened.enter_context(file.open("wb", buffering=_BUFFER))
                    for side, file in files.items()
                }
                for record in rows:
                    side = side_of(record.article.id, self.stories)
                    figures.take(record, side)
                    streams[side].write(line_of(record))
                    if verified:
                        checks[side].keep(record)
            if verified:
                _compare(checks, files)
        return figures


def _compare(checks: Mapping[str, Verification], files: Mapping[str, Path]) -> None:
    differences = [
        f"{side}: {difference}"
        for side, check in checks.items()
        for difference in check.differences(files[side])
    ]
    if differences:
        raise Differs(differences)


def _agreement(folder: Path) -> Agreement:
    """Over the articles that more than one person has reviewed; read back, to hold few at once."""
    return agreement(
        [record.items for record in records]
        for side in SIDES
        for records in _by_article(folder / f"{side}.jsonl")
        if len(records) > 1
    )


def _by_article(path: Path) -> Iterator[list[Record]]:
    reviewed = (
        record
        for record in records_in(path)
        if record.review.reviewer is not None and record.answer is Answer.ACCEPT
    )
    for _, records in groupby(reviewed, key=lambda record: record.article.id):
        yield list(records)
