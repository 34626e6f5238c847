"""Which texts share a band, where there is no store: worked out in a database that nobody keeps."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator


class Pairing:
    """Numbers with their bands, on the disk, so that memory stays flat; gone when it is closed."""

    def __init__(self) -> None:
        # An empty name is a database in a temporary file of SQLite's own.
        self._connection = sqlite3.connect("", isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = OFF")
        self._connection.execute("CREATE TABLE band (band INTEGER, number INTEGER)")
        self._connection.execute("BEGIN")

    def add(self, number: int, bands: Iterable[int]) -> None:
        rows = ((band, number) for band in bands)
        self._connection.executemany("INSERT INTO band VALUES (?, ?)", rows)

    def pairs(self) -> Iterator[tuple[int, int]]:
        """Each number with the smallest that it shares a band with."""
        yield from self._connection.execute(
            "SELECT DISTINCT number, least FROM (SELECT number, min(number) "
            "OVER (PARTITION BY band) AS least FROM band) WHERE number <> least"
        )

    def close(self) -> None:
        self._connection.close()
