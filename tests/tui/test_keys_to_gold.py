"""The number of keys that a reviewer who knows the result needs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest

from annotator.core.annotations import Item
from annotator.core.article import Span
from annotator.core.text.words import Words
from annotator.store.store import Store
from tests.benchmarks.planner import Planner
from tests.benchmarks.simulated_keys import Gold
from tests.helpers.items import as_entity, entity, record_of
from tests.tui.desk import TEXT, claim, reviewing, suggestions

RIGHT = suggestions()
LABEL = replace(as_entity(RIGHT[0]), label="ORG")
EDGE = replace(as_entity(RIGHT[3]), span=Span(RIGHT[3].span.start, RIGHT[3].span.end + 4))
UNSURE = tuple(replace(item, score=0.3) for item in RIGHT)
PLAIN = claim(TEXT, "Greyline may sell both ships", "told", "residents")


@pytest.mark.parametrize(
    ("suggested", "missing", "keys"),
    [
        (RIGHT, (), 1),
        (UNSURE, (), 2),
        ((LABEL, *RIGHT[1:]), (), 1 + 1),
        ((*RIGHT[:3], EDGE, *RIGHT[4:]), (), 2 + 1 + 1),
        (RIGHT, (entity(TEXT, "Ansel Post", "ORG"),), 4 + 1),
        (RIGHT, (PLAIN,), 4 + 1),
    ],
    ids=["all right", "unsure", "wrong label", "wrong edge", "missing entity", "missing claim"],
)
async def test_number_of_keys_to_gold(
    store: Store, suggested: tuple[Item, ...], missing: Iterable[Item], keys: int
) -> None:
    record = record_of(TEXT, *RIGHT, *missing)
    async with reviewing(store, TEXT, suggested, size=(120, 40)) as desk:
        planner = Planner(desk.screen, Gold(record, Words(TEXT)))
        assert await planner.work()
        assert planner.keys == keys
        await desk.settle()
