"""Four articles that are ready, in a queue."""

from __future__ import annotations

from annotator.store.store import Store
from tests.helpers.items import entity
from tests.tui.desk import Desk, drawn, take_in

TITLES = ("Bridge shut", "Council meets", "Dam repaired", "Elm felled")


def text(title: str) -> str:
    return f"{title}\n\nNobody in Sund was hurt by it, {title}.\n"


def take_in_four(store: Store) -> dict[str, str]:
    """Four articles that are ready, the first of them the oldest; ids by title. Their scores fall,
    the third has no suggestions at all."""
    made = {}
    for n, title in enumerate(TITLES):
        found = (entity(text(title), "Sund", "GPE", score=0.9 - n / 10),) if n != 2 else ()
        made[title] = take_in(store, text(title), found, minutes=60 - n)
    return made


def titles(desk: Desk) -> list[str]:
    """The titles in the list from its top."""
    lines = drawn(desk.queue.rows.listed)
    return [title for line in lines for title in TITLES if title in line]
