"""Finds texts that share a MinHash band without a store, in a temporary SQLite database."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator


class Pairing:
    """Numbers with their bands on disk, so memory use stays constant; removed on close."""

    def __init__(self) -> None:
        # An empty name makes SQLite use a temporary file.
        self._connection = sqlite3.connect("", isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = OFF")
        self._connection.execute("CREATE TABLE band (band INTEGER, number INTEGER)")
        self._connection.execute("BEGIN")

    def add(self, number: int, bands: Iterable[int]) -> None:
        rows = ((band, number) for band in bands)
        self._connection.executemany("INSERT INTO band VALUES (?, ?)", rows)

    def pairs(self) -> Iterator[tuple[int, int]]:
        """Pairs of each number and the smallest number that shares a band with it."""
        yield from self._connection.execute(
            "SELECT DISTINCT number, least FROM (SELECT number, min(number) "
            "OVER (PARTITION BY band) AS least FROM band) WHERE number <> least"
        )

    def close(self) -> None:
        self._connection.close()
