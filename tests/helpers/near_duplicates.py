"""Near-duplicates linked without a worker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from annotator.store.linking.near_duplicates import link
from annotator.store.store import Store


def link_alike(store: Store, bands: Mapping[str, Sequence[int]]) -> None:
    """Store the bands of these articles, by their ids, and link near-duplicates."""
    with store.database.writing(lock="intake") as connection:
        link(connection, bands)
