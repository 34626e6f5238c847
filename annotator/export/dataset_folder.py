"""Writes a dataset folder: records in train, dev and test splits, with card and documents."""

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
from annotator.export.splits import SPLITS, split_of
from annotator.export.verify import Differs, Verification
from annotator.export.writing import replacing_folder
from annotator.formats import jsonl
from annotator.formats.jsonl import line_of, records_in

MANIFEST = "manifest-sha256.txt"
_BUFFER = 1 << 20


@dataclass(frozen=True)
class Dataset:
    """The contents of a dataset other than its records.

    `papers` are files by name (label scheme, schema, guidelines). `stories` maps an article to the
    oldest article of its story; an article it lacks is a story of its own. `left_out` counts the
    other articles in the store by state, and `filters` are the filters of the export.
    """

    scheme: LabelScheme
    papers: Mapping[str, bytes]
    stories: Mapping[str, str] = field(default_factory=dict)
    left_out: Mapping[str, int] = field(default_factory=dict)
    filters: Mapping[str, str] = field(default_factory=dict)

    def write(self, rows: Iterable[Record], target: Path, *, verified: bool = False) -> Figures:
        """Write records, ordered by article id and reviewer, into a folder and return their
        figures.

        The folder replaces the target completely or not at all; the same records give the same
        bytes. Raises ExportError if the target cannot be written, if it holds files that no export
        wrote, or if reading back finds a difference.
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
        files = {split: folder / f"{split}.jsonl" for split in SPLITS}
        with ExitStack() as stack:
            checks = {split: stack.enter_context(Verification(jsonl.FORMAT)) for split in SPLITS}
            with ExitStack() as opened:
                streams = {
                    split: opened.enter_context(file.open("wb", buffering=_BUFFER))
                    for split, file in files.items()
                }
                for record in rows:
                    split = split_of(record.article.id, self.stories)
                    figures.take(record, split)
                    streams[split].write(line_of(record))
                    if verified:
                        checks[split].keep(record)
            if verified:
                _compare(checks, files)
        return figures


def _compare(checks: Mapping[str, Verification], files: Mapping[str, Path]) -> None:
    differences = [
        f"{split}: {difference}"
        for split, check in checks.items()
        for difference in check.differences(files[split])
    ]
    if differences:
        raise Differs(differences)


def _agreement(folder: Path) -> Agreement:
    """Agreement on articles with several reviews; these are read back so that few are in memory."""
    return agreement(
        [record.items for record in records]
        for split in SPLITS
        for records in _by_article(folder / f"{split}.jsonl")
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
