"""What shows of which tool a file is, and the way out where its format is not read here.

The first sign that fits decides, so that the more telling ones stand first. A sign of a format that
is not read must fit all of a file's first values; of one that is, one of them: what a mixed file
holds besides is refused line by line by whoever reads it. `json_signs` and `head_signs` are the
tables.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Sign:
    """`name` is the format's with its tool; `shape` what a value of such a file looks like, `head`
    what its beginning does, where it is no JSON; `reads` our name of the format, if it is read;
    else `out` is what to do instead, `FILE` standing for the file."""

    name: str
    shape: Any = None
    head: str = ""
    reads: str | None = None
    out: str = ""


LINES = 'one line {"text": ..., "entities": [[start, end, label], ...]} for each text'
WRITE = f"Write {LINES}."
ADD = "The texts alone are taken in by: annotator add FILE"
BRAT_OR_CONLL = "Export from there as brat or as CoNLL 2003 (2002), which are read"
