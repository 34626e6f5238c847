"""spaCy's DocBin: one `.spacy` file, or a folder of them, which spaCy's corpus reader takes too.

Tokens are spaCy's for English, cut where an item starts or ends, so that every offset is exact.
`doc.ents` has entities without overlap (the longest stay, without blanks at their ends), all of
them stand in `doc.spans["sc"]`. `doc.spans["claims"]` has the pieces of claims, labelled CONTENT,
CUE and SOURCE, those of one claim under one span id; `doc.spans["junk"]` the lines that are not
part of the article. The rest of the record stands in `doc.user_data["annotator"]`. Words that
nobody decided on are missing (`ent_iob` 0), never outside; missing words of others are unknown. A
DocBin is held whole in memory by those who write and read it, hence the folder for many articles.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from annotator.core.record import Record
from annotator.errors import ExportError, RecordError
from annotator.formats.base import Format, FormatReader, Losses, ReadOptions, Refused, counted
from annotator.formats.decided_items import settled
from annotator.formats.plain_files import OUTSIDE, leads_out, refuse_holes
from annotator.formats.signs import Signs

SUFFIX = ".spacy"
IN_A_SHARD = 500
MOST_IN_A_FILE = 10_000


def write(records: Iterable[Record], target: BinaryIO, losses: Losses) -> int:
    """Writes one file and returns how many records; ExportError if it would get too large to be
    held in memory."""
    from annotator.formats.docbin_docs import pack

    left = iter(records)
    content, count = pack(islice(left, MOST_IN_A_FILE), losses)
    if next(left, None) is not None:
        raise ExportError(
            f"These are more than {MOST_IN_A_FILE} articles, too many for one .spacy file.",
            hint="Name a folder as output: spaCy reads it in the same way.",
        )
    target.write(content)
    return count


def write_folder(
    records: Iterable[Record],
    target: Path,
    losses: Losses,
    _labels: Sequence[str] = (),
) -> int:
    """Writes `000001.spacy` and so on into a folder; returns how many records."""
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
    """All that was decided comes back; what was left open does not."""
    return settled(record)


def read(path: Path, _options: ReadOptions) -> Iterator[Record | Refused]:
    """The articles of any `.spacy` file, or of all such files in a folder, in order.

    Entities are those in `doc.ents` and `doc.spans["sc"]`, each once; of what `write` made those in
    `doc.spans["sc"]` alone, where all of them are. RecordError if there is no such file, or a file
    is none of spaCy's.
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
