"""Any keys, on any screen and terminal: the screens go on and let out, and the logs are whole.

`python -m tests.benchmarks.monkey` presses thousands.
"""

from __future__ import annotations

import random

from annotator.store.store import Store
from tests.helpers.items import entity
from tests.tui.desk import OTHER, TEXT, suggestions, take_in
from tests.tui.random_keys import RandomKeys, problems_of


async def test_any_keys_leave_the_screens_and_the_logs_whole(store: Store) -> None:
    take_in(store, OTHER, (entity(OTHER, "Sund", "GPE"),), minutes=5)
    take_in(store, TEXT, suggestions())
    hand = RandomKeys(random.Random(6))
    await hand.work(store, 45)
    assert hand.unseen == []
    assert problems_of(store) == []
