"""MinHash bands of a text: near-duplicates share at least one, other texts hardly ever.

Not loaded by the screens; workers and imports compute bands.

Broder 1997 (MinHash), Leskovec, Rajaraman & Ullman, Mining of Massive Datasets, 3.4 (banding). With
24 bands of 5 values, 99 % of pairs that share 0.7 of their shingles are found, at 0.5 half of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b

from rensa import RMinHash

from annotator.core.annotations import Item, Junk
from annotator.core.text.shingles import shingles

BANDS, ROWS = 24, 5
_SEED = 20181219
# Changing this version makes all earlier bands incomparable.
_KIND = f"{RMinHash.ALGORITHM_VERSION}".encode()


def bands_of(text: str, items: Iterable[Item] = ()) -> tuple[int, ...]:
    """The bands of a text without its junk lines, as signed 64-bit numbers; none for short texts.

    Equal on all machines, since they are stored.
    """
    found = shingles(text, (item.span for item in items if isinstance(item, Junk)))
    if not found:
        return ()
    sketch = RMinHash(num_perm=BANDS * ROWS, seed=_SEED)
    sketch.update(list(found))
    values = sketch.digest()
    return tuple(_hash(band, values[band * ROWS : (band + 1) * ROWS]) for band in range(BANDS))


def _hash(band: int, values: Iterable[int]) -> int:
    key = b"".join(value.to_bytes(8, "big") for value in (band, *values))
    return int.from_bytes(blake2b(key, digest_size=8, key=_KIND).digest(), "big", signed=True)
