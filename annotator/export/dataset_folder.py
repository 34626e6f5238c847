"""Writes a dataset folder: records in train, dev and test splits, with card and documents."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path
from typing import Any

from annotator.core.agreement import Agreement, agreement
from annotator.core.anchoring import PipelineOverlap
from annotator.core.dataset_facts import DatasetFacts
from annotator.core.decisions import Answer
from annotator.core.labels import LabelScheme
from annotator.core.record import Record
from annotator.export.card import card
from annotator.export.croissant import NAME as CROISSANT
from annotator.export.croissant import Described, croissant_json
from annotator.export.figures import Figures
from annotator.export.outputs import explained, refuse_link
from annotator.export.quality_card import Measured
from annotator.export.quality_figures import QualityFigures
from annotator.export.splits import SPLITS, split_of
from annotator.export.statistics_file import NAME as STATISTICS
from annotator.export.statistics_file import statistics_json
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
    other articles in the store by state, and `filters` are the filters of the export. `overlaps`
    compares reviews with the pipeline, by article and reviewer; None where that is not known.
    `measured` is what is known of all reviews behind the records, also those that adjudications
    replace; without it, agreement is measured from the records. `about` is what people say of the
    dataset.
    """

    scheme: LabelScheme
    papers: Mapping[str, bytes]
    stories: Mapping[str, str] = field(default_factory=dict)
    left_out: Mapping[str, int] = field(default_factory=dict)
    filters: Mapping[str, str] = field(default_factory=dict)
    overlaps: Mapping[tuple[str, str], PipelineOverlap] | None = None
    measured: Measured | None = None
    about: DatasetFacts = field(default_factory=DatasetFacts)

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
            self._describe(figures, folder)
        return figures

    def _describe(self, figures: Figures, folder: Path) -> None:
        """Write the card, the statistics, and the description for programs, which lists them."""
        reviewed_twice = bool(figures.reviewed_twice)
        mean = _agreement(folder / "records") if reviewed_twice else None
        if self.measured is not None:
            found = replace(self.measured, mean=mean)
        else:
            measures = _measures(folder / "records") if reviewed_twice else []
            anchoring = None if self.overlaps is None else _anchoring(figures.quality)
            found = Measured(mean, measures, anchoring)
        text = card(
            figures,
            self.scheme,
            measured=found,
            left_out=self.left_out,
            filters=self.filters,
            about=self.about,
        )
        (folder / "README.md").write_text(text, encoding="utf-8", newline="\n")
        numbers = statistics_json(
            figures,
            agreement=found.measures,
            anchoring=found.anchoring or {},
            checks=found.checks,
        )
        (folder / STATISTICS).write_text(numbers, encoding="utf-8", newline="\n")
        schema = json.loads(self.papers.get("record.schema.json", b"{}"))
        one = Described(self.about, figures, self.scheme, found, self.left_out, schema)
        described = croissant_json(one, folder)
        (folder / CROISSANT).write_text(described, encoding="utf-8", newline="\n")

    def _write_records(self, rows: Iterable[Record], folder: Path, *, verified: bool) -> Figures:
        figures = Figures(quality=QualityFigures(self.overlaps or {}))
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
        figures.quality.end()
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


def _measures(folder: Path) -> list[dict[str, Any]]:
    """The measures of agreement with their intervals, as JSON values."""
    from annotator.measures.agreement_measures import measures
    from annotator.measures.article_sums import TOGETHER
    from annotator.measures.comparisons import Comparisons
    from annotator.measures.measure_values import measure_to_dict

    found = Comparisons()
    for split in SPLITS:
        for records in _by_article(folder / f"{split}.jsonl"):
            if len(records) > 1:
                found.take_records(records)
    if not found.sums.articles():
        return []
    every = measures(found.sums, [TOGETHER])
    return [measure_to_dict(one) for one in every if one.category is None]


def _anchoring(quality: QualityFigures) -> dict[str, Any]:
    """The agreement of the reviews with the pipeline, as JSON values."""
    from annotator.measures.pipeline_agreement import anchoring, anchoring_to_dict

    helped, alone = quality.compared(assisted=True), quality.compared(assisted=False)
    return anchoring_to_dict(anchoring(helped, alone))


def _by_article(path: Path) -> Iterator[list[Record]]:
    reviewed = (
        record
        for record in records_in(path)
        if record.review.reviewer is not None and record.answer is Answer.ACCEPT
    )
    for _, records in groupby(reviewed, key=lambda record: record.article.id):
        yield list(records)
