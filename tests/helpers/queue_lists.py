"""What the queue lists, in short."""

from __future__ import annotations

from annotator.store.store import Store
from annotator.store.values import QueueView
from tests.helpers.building import ids

ADAS = QueueView("ada")


def listed(store: Store, view: QueueView = ADAS) -> list[str]:
    return ids(store.queue.page(view, offset=0, limit=100))
