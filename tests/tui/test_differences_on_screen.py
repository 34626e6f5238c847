"""Suggestions of several pipelines, at the screen: what they agree on once, what differs first."""

from __future__ import annotations

from annotator.core.annotations import Entity, Item
from annotator.core.opinions import Opinion, merged
from annotator.store.store import Store
from annotator.tui.review.annotation_list import AnnotationList
from tests.helpers.items import entity
from tests.tui.desk import TEXT, Desk, drawn, reviewing
from tests.tui.one_app import ONE_APP

pytestmark = ONE_APP
LABELS = frozenset(("GPE", "PERSON", "ORG"))
ANSEL = entity(TEXT, "PORT ANSEL", "GPE", id="e1")
ILVA = entity(TEXT, "Ilva Marrow", "PERSON", id="e2", score=0.7)
FERRIES = entity(TEXT, "Greyline Ferries", "ORG", id="e3")
DESK = Opinion("desk", (ANSEL, entity(TEXT, "Ilva", "PERSON"), FERRIES), LABELS)


def items() -> tuple[Item, ...]:
    return merged([ANSEL, ILVA, FERRIES], [DESK])


def labels(desk: Desk) -> list[tuple[str, str]]:
    held = desk.review.held.values()
    return [(one.item.label, one.status) for one in held if isinstance(one.item, Entity)]


def panel(desk: Desk) -> list[str]:
    return drawn(desk.screen.query_one(AnnotationList).sections[0].listed)


async def test_agreed_suggestions_share_a_row_and_others_have_a_sign(store: Store) -> None:
    async with reviewing(store, items=items()) as desk:
        rows = [line for line in panel(desk) if line.strip()]
        assert len(rows) == 4
        assert [("≠" in row) for row in rows] == [False, True, True, False]


async def test_the_detail_line_says_who_says_what(store: Store) -> None:
    async with reviewing(store, items=items()) as desk:
        assert "pipeline and desk say so" in desk.bar("detail")
        assert "≠" not in desk.bar("detail")
        await desk.press("n")
        assert "≠ desk says so; pipeline: PERSON “Ilva Marrow”" in desk.bar("detail")
        await desk.press("n")
        assert "≠ pipeline says so; desk: PERSON “Ilva”" in desk.bar("detail")


async def test_the_order_by_confidence_begins_with_what_differs(store: Store) -> None:
    async with reviewing(store, items=items()) as desk:
        await desk.press("o", "u")
        assert "Differences first" in desk.bar("detail")
        seen = [desk.focused()]
        for _ in range(3):
            await desk.press("n")
            seen.append(desk.focused())
        assert seen == ["Ilva Marrow", "Ilva", "PORT ANSEL", "Greyline Ferries"]
        await desk.press("o", "t")
        assert "In the order of the text" in desk.bar("detail")


async def test_accepting_one_rejects_the_other_and_undo_brings_it_back(store: Store) -> None:
    async with reviewing(store, items=items()) as desk:
        await desk.press("n", "n", "a")
        assert labels(desk) == [
            ("GPE", "open"),
            ("PERSON", "rejected"),
            ("PERSON", "accepted"),
            ("ORG", "open"),
        ]
        await desk.press("u")
        assert {status for _, status in labels(desk)} == {"open"}


async def test_accepting_all_leaves_alternatives_open(store: Store) -> None:
    async with reviewing(store, items=items()) as desk:
        article = desk.review.article
        await desk.press("A")
        assert "one by one: differing between pipelines" in desk.bar("prompt")
        assert "A everything (2)" in desk.bar("prompt")
        await desk.press("A")
        assert [status for _, status in labels(desk)] == ["accepted", "open", "open", "accepted"]
        assert "2 open where pipelines differ" in desk.bar("detail")
        assert desk.focused() == "Ilva"
        await desk.press("a", "A")
        assert desk.stored(article).finished


async def test_a_corrected_label_decides_between_them_too(store: Store) -> None:
    async with reviewing(store, items=items()) as desk:
        await desk.press("n", "2")
        assert labels(desk)[1:3] == [("ORG", "accepted"), ("PERSON", "rejected")]
