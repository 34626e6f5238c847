"""Writes and reads spaCy's DocBin: one `.spacy` file, or a folder of them for the corpus reader.

Tokens are spaCy's for English, divided where an item starts or ends, so that all offsets are exact.
`doc.ents` has entities without overlap (the longest, without blanks at their ends), and
`doc.spans["sc"]` all of them. `doc.spans["claims"]` has the pieces of claims, labelled CONTENT, CUE
and SOURCE, with one span id for each claim; `doc.spans["junk"]` has the junk lines. The rest of the
record is in `doc.user_data["annotator"]`. Undecided words are missing (`ent_iob` 0), not outside;
missing words in files of others are unknown. A DocBin is in memory as a whole while it is written
or read, so many articles need a folder.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from annotator.core.record import Record
from annotator.errors import ExportError, RecordError
from annotator.formats.base import Format, FormatReader, Losses, ReadOptions, Refused, counted
from annotator.formats.decided_items import decided_only
from annotator.formats.plain_files import OUTSIDE, leads_out, refuse_holes
from annotator.formats.signs import Signs

SUFFIX = ".spacy"
IN_A_SHARD = 500
MOST_IN_A_FILE = 10_000


def write(records: Iterable[Record], target: BinaryIO, losses: Losses) -> int:
    """Write one file and return how many records; raises ExportError if there are too many for
    memory."""
    from annotator.formats.docbin_docs import pack

    left = iter(records)
    content, count = pack(islice(left, MOST_IN_A_FILE), losses)
    if next(left, None) is not None:
        raise ExportError(
            f"More than {MOST_IN_A_FILE} articles are too many for one .spacy file.",
            hint="Name a folder as output; spaCy reads it in the same way.",
        )
    target.write(content)
    return count


def write_folder(
    records: Iterable[Record],
    target: Path,
    losses: Losses,
    _labels: Sequence[str] = (),
) -> int:
    """Write `000001.spacy` and so on into a folder; returns how many records."""
    from annotator.formats.docbin_docs import pack

    left = iter(records)
    total, number = 0, 0
    while True:
        content, count = pack(islice(left, IN_A_SHARD), losses)
        if count == 0 and number > 0:
            return total
        total, number = total + count, number + 1
        (target / f"{number:06}{SUFFIX}").write_bytes(content)


def expected(record: Record) -> Record:
    """The record without open items and claims that were only offered."""
    return decided_only(record)


def read(path: Path, _options: ReadOptions) -> Iterator[Record | Refused]:
    """The articles of any `.spacy` file, or of all such files in a folder, in order.

    Entities are read from `doc.ents` and `doc.spans["sc"]`, each once; in our files only from
    `doc.spans["sc"]`, which has all of them. Raises RecordError if there is no such file, or one is
    not a DocBin.
    """
    from annotator.formats.docbin_docs import read_file

    files = sorted(path.rglob(f"*{SUFFIX}")) if path.is_dir() else [path]
    if not files:
        raise RecordError(f"{path} holds no .spacy file.", hint="Check the folder's name.")
    for file in files:
        if leads_out(file, (path.resolve(),)):
            yield Refused(file.name, None, OUTSIDE, kind=OUTSIDE)
            continue
        refuse_holes(file)
        yield from read_file(file)


FORMAT = Format(
    "spacy",
    SUFFIX,
    writer=write,
    folder_writer=write_folder,
    reader=FormatReader(counted(read), expected),
    signs=Signs(endings=(SUFFIX,)),
)
