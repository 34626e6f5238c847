"""Writes a folder for `datasets.load_dataset`: Parquet with text, tokens, tags and items.

`tokens` are those of the review screen, divided where an entity starts or ends; `offsets` are their
offsets in `text`. `ner_tags` are IOB2 classes, `O` first, of entities without overlap (the longest
ones); -100, which training ignores, marks undecided tokens. `entities`, `claims` and `junk` contain
all decided items, with offsets into `text`; other columns have the rest of the record.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import orjson

from annotator.core.record import FORMAT as RECORD_FORMAT
from annotator.core.record import Record, record_from_dict
from annotator.core.records.tie_rows import ties_from_list
from annotator.errors import ExportError, RecordError
from annotator.formats.across_rows import with_ties, without_invalid
from annotator.formats.base import Format, FormatReader, Losses, ReadOptions, Refused, counted
from annotator.formats.decided_items import decided_only
from annotator.formats.hf_features import COLUMNS, LATER, card, schema
from annotator.formats.iob import edges_of, tags_of, token_spans, unknown_spans, without_overlap
from annotator.formats.json_values import value_of
from annotator.formats.loss_report import count_undecided
from annotator.formats.plain_files import OUTSIDE, leads_out
from annotator.formats.refusals import RefusedPiece, refused_then_record
from annotator.formats.signs import Signs

UNKNOWN = -100

_HINT = "Install it: pip install pyarrow"
_NAME = "train-00000-of-00001.parquet"
_ROWS_AT_ONCE = 200
# Fields that a record's line has only where there is something to say.
_ABSENT: dict[str, Any] = {
    "unknown": [],
    "identities": [],
    "story": None,
    "ties": [],
    "suggesters": [],
}
_OURS_ALONE = ("tokens", "offsets", "ner_tags")
Plain = dict[str, Any]


def write(
    records: Iterable[Record], target: Path, losses: Losses, labels: Sequence[str] = ()
) -> int:
    """Write `data/` with one Parquet file and `README.md`; returns how many records.

    Classes are those of `labels`, in their order, then of other labels, by name. Raises ExportError
    if pyarrow is not installed.
    """
    try:
        import pyarrow as arrow
        from pyarrow import parquet
    except ImportError as error:
        raise ExportError("The format hf needs pyarrow.", hint=_HINT) from error
    data = target / "data"
    data.mkdir()
    classes = _Classes(labels)
    languages: set[str] = set()
    count = 0
    left = iter(records)
    first = classes.names
    columns = schema(arrow, first)
    with parquet.ParquetWriter(data / _NAME, columns) as file:
        while some := list(islice(left, _ROWS_AT_ONCE)):
            for record in some:
                count_undecided(record, losses)
            languages.update(record.article.language or "" for record in some)
            rows = [_row(record, classes) for record in some]
            file.write_table(arrow.Table.from_pylist(rows, columns))
            count += len(some)
    if classes.in_order() != first:
        _renumber(data / _NAME, classes)
    text = card(classes.in_order(), sorted(languages - {""}))
    (target / "README.md").write_bytes(text.encode())
    return count


def expected(record: Record) -> Record:
    """All that was decided comes back; what was left open does not."""
    return decided_only(record)


def read(path: Path, _options: ReadOptions) -> Iterator[Record | Refused]:
    """The records of a folder written by `write`, or of one of its Parquet files, in order.

    Raises RecordError without pyarrow, if there is no such file, or if one is not Parquet.
    """
    try:
        from pyarrow import ArrowException
    except ImportError as error:
        raise RecordError("Reading Parquet needs pyarrow.", hint=_HINT) from error
    files = sorted(path.rglob("*.parquet")) if path.is_dir() else [path]
    if not files:
        raise RecordError(f"{path} holds no .parquet file.", hint="Check the folder's name.")
    for file in files:
        if leads_out(file, (path.resolve(),)):
            yield Refused(file.name, None, OUTSIDE, kind=OUTSIDE)
            continue
        try:
            yield from _read_file(file)
        except (ArrowException, OSError) as error:
            raise RecordError(
                f"{file.name} is not a readable Parquet file: {str(error).rstrip('.')}.",
                hint="Write it again.",
            ) from error


# Rows


class _Classes:
    """The tag classes so far, with their numbers; grows with new labels."""

    def __init__(self, labels: Iterable[str]) -> None:
        self.known = tuple(dict.fromkeys(labels))
        self.labels = dict.fromkeys(self.known)
        self.numbers = {name: number for number, name in enumerate(self.names)}

    @property
    def names(self) -> list[str]:
        return _names(self.labels)

    def in_order(self) -> list[str]:
        """The names in their final order, independent of the order of records."""
        return _names((*self.known, *sorted(self.labels.keys() - set(self.known))))

    def number(self, tag: str | None) -> int:
        if tag is None:
            return UNKNOWN
        if tag not in self.numbers:
            self.labels[tag[2:]] = None
            self.numbers = {name: number for number, name in enumerate(self.names)}
        return self.numbers[tag]


def _names(labels: Iterable[str]) -> list[str]:
    return ["O", *(f"{prefix}-{label}" for label in labels for prefix in "BI")]


def _row(record: Record, classes: _Classes) -> Plain:
    whole = decided_only(record)
    text = record.article.text
    kept = without_overlap(whole.entities)
    unknown = unknown_spans(record, kept)
    edges = edges_of((*(entity.span for entity in kept), *unknown))
    tokens = token_spans(text, edges)
    plain = {**_ABSENT, **whole.to_dict()}
    plain["meta"] = orjson.dumps(plain["meta"]).decode()
    plain["tokens"] = [token.of(text) for token in tokens]
    plain["offsets"] = [{"start": token.start, "end": token.end} for token in tokens]
    plain["ner_tags"] = [classes.number(tag) for tag in tags_of(tokens, kept, unknown)]
    return {name: plain[name] for name in COLUMNS}


def _renumber(path: Path, classes: _Classes) -> None:
    """Rewrite a file with tags numbered in the final order of classes."""
    import pyarrow as arrow
    from pyarrow import parquet

    final = classes.in_order()
    places = {name: number for number, name in enumerate(final)}
    moved = {number: places[name] for name, number in classes.numbers.items()}
    moved[UNKNOWN] = UNKNOWN
    first = path.rename(path.with_suffix(".first"))
    columns = schema(arrow, final)
    field = columns.get_field_index("ner_tags")
    with parquet.ParquetFile(first) as before, parquet.ParquetWriter(path, columns) as after:
        for group in range(before.num_row_groups):
            table = before.read_row_group(group)
            tags = [[moved[tag] for tag in row] for row in table.column(field).to_pylist()]
            numbered = arrow.array(tags, columns.field(field).type)
            table = table.set_column(field, columns.field(field), numbered)
            after.write_table(table.replace_schema_metadata(columns.metadata))
    first.unlink()


# Reading


def _read_file(path: Path) -> Iterator[Record | Refused]:
    from pyarrow import parquet

    with parquet.ParquetFile(path) as file:
        there = set(file.schema_arrow.names)
        missing = [name for name in COLUMNS if name not in there and name not in LATER]
        if missing:
            raise RecordError(
                f"{path.name} has no column {missing[0]!r}.",
                hint="Only datasets that annotator wrote can be read.",
            )
        columns = [name for name in _read_columns() if name in there]
        batches = file.iter_batches(_ROWS_AT_ONCE, columns=columns)
        rows = (row for batch in batches for row in batch.to_pylist())
        for number, row in enumerate(rows, start=1):
            lost: list[RefusedPiece] = []
            try:
                record = _record(row, lost)
            except (RecordError, ValueError) as error:
                yield Refused(path.name, number, str(error), kind="invalid record")
            else:
                yield from refused_then_record(record, lost, path.name, number)


def _read_columns() -> list[str]:
    return [name for name in COLUMNS if name not in _OURS_ALONE]


def _record(row: Plain, lost: list[RefusedPiece]) -> Record:
    rejected = [
        {key: value for key, value in one.items() if value is not None}
        for one in row["rejected"] or ()
    ]
    meta = value_of((row["meta"] or "{}").encode())
    unsaid = {name for name in ("assisted", "bulk") if row["review"].get(name) is None}
    review = {name: value for name, value in row["review"].items() if name not in unsaid}
    more = {"format": RECORD_FORMAT, "offered": [], "meta": meta, "rejected": rejected}
    more["review"] = review
    plain = without_invalid({**row, **more}, lost)
    ties = ties_from_list(plain.pop("ties", ()))
    return with_ties(record_from_dict(plain), ties, lost)


FORMAT = Format(
    "hf",
    "",
    folder_writer=write,
    reader=FormatReader(counted(read), expected),
    signs=Signs(endings=(".parquet",), is_folder=True),
)
