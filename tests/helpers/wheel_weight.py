"""What a wheel weighs: the pipeline, and all the rest, which has a bound.

python -m tests.helpers.wheel_weight dist/*.whl
"""

from __future__ import annotations

import sys
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

PIPELINE = "annotator/suggest/model/"
REST = 2_000_000
"""Bytes that everything but the pipeline may take, compressed."""


@dataclass(frozen=True, slots=True)
class Weight:
    """Compressed bytes of the pipeline's files and of all others."""

    pipeline: int
    rest: int

    @property
    def is_light(self) -> bool:
        return self.rest <= REST


def weight_of(files: Iterable[tuple[str, int]]) -> Weight:
    """The weight of files, each a name and its compressed bytes."""
    pipeline = rest = 0
    for name, size in files:
        if name.startswith(PIPELINE):
            pipeline += size
        else:
            rest += size
    return Weight(pipeline, rest)


def in_wheel(wheel: Path | IO[bytes]) -> Iterator[tuple[str, int]]:
    """The files of a wheel."""
    with zipfile.ZipFile(wheel) as archive:
        yield from ((one.filename, one.compress_size) for one in archive.infolist())


def in_tree(root: Path) -> Iterator[tuple[str, int]]:
    """The files that would be in a wheel of this tree, but for the pipeline's."""
    for folder in ("annotator", "schema", "seeds/gold"):
        for file in (root / folder).rglob("*"):
            name = file.relative_to(root).as_posix()
            left_out = name.startswith(PIPELINE) or "__pycache__" in name
            if file.is_file() and not left_out:
                yield name, len(zlib.compress(file.read_bytes()))


def main() -> None:
    """Tells what a wheel weighs; the exit status is 1 if that is too much."""
    weight = weight_of(in_wheel(Path(sys.argv[1])))
    print(f"the pipeline {weight.pipeline:,} bytes, the rest {weight.rest:,} of {REST:,}")
    sys.exit(not weight.is_light)


if __name__ == "__main__":
    main()
