"""Keys only decide on visible items; hidden and undone ones are left alone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from annotator.core.annotations import Claim, Entity, Item, Junk, JunkKind, Verdict
from annotator.core.article import Span
from annotator.core.review import Status
from annotator.store.store import Store
from tests.helpers.items import entity, span
from tests.tui.desk import TEXT, Desk, reviewing
from tests.tui.one_app import ONE_APP

pytestmark = ONE_APP

LINES = 60
LONG = "".join(f"Ward {n} was quiet, the mayor said.\n\n" for n in range(LINES)) + "The end.\n"


def ward(n: int) -> Entity:
    return entity(LONG, "was quiet", "GPE", nth=n)


def wards(*numbers: int) -> tuple[Entity, ...]:
    return tuple(ward(n) for n in numbers)


def quiet(n: int) -> Claim:
    return Claim(f"c{n}", (span(LONG, "was quiet", n),), (span(LONG, "said", n),))


async def test_a_key_for_an_item_out_of_view_only_scrolls_to_it(
    store: Store,
) -> None:
    async with reviewing(store, LONG, wards(1)) as desk:
        for key in ("a", "x", "1", "[", "]", "{", "}"):
            scroll_away(desk)
            await desk.press(key)
            assert (key, decided_on(desk)) == (key, 0)
            assert desk.view.shows_start_of(ward(1).span)
            assert "out of view" in desk.bar("detail")
            await desk.press(key)
            assert (key, decided_on(desk)) == (key, 1)
            await desk.press("u")


def scroll_away(desk: Desk) -> None:
    """Scrolls to the end as the wheel does: caret and focus stay where they are, out of view."""
    desk.view.scroll_to(y=1000, animate=False, force=True, immediate=True)


def decided_on(desk: Desk) -> int:
    """How many items are not as they were suggested."""
    return sum(held.status is not Status.OPEN for held in desk.review.held.values())


async def test_a_claim_out_of_view_is_not_changed(store: Store) -> None:
    sourced = replace(quiet(1), source=(span(LONG, "the mayor", 1),))
    async with reviewing(store, LONG, (sourced,)) as desk:
        for key in ("S", "[", "}"):
            scroll_away(desk)
            await desk.press(key)
            assert (key, decided_on(desk)) == (key, 0)
            await desk.press(key)
            assert (key, decided_on(desk)) == (key, 1)
            await desk.press("u")


@pytest.mark.parametrize(("item", "keys"), [(quiet(0), "t"), (ward(0), "l*")])
async def test_a_menu_for_an_item_scrolls_to_it(store: Store, item: Item, keys: str) -> None:
    async with reviewing(store, LONG, (item,)) as desk:
        for key in keys:
            scroll_away(desk)
            await desk.press(key)
            assert desk.menu is not None
            assert desk.view.shows_start_of(item.span)
            await desk.press("escape")


async def test_an_item_scrolled_away_under_a_menu_is_not_decided_on(store: Store) -> None:
    async with reviewing(store, LONG, wards(0)) as desk:
        await desk.press("l")
        assert desk.menu is not None
        letter = next(iter(desk.menu.by_letter))
        scroll_away(desk)
        await desk.press(letter)
        assert desk.decisions() == ()


async def test_the_same_everywhere_also_decides_out_of_view(store: Store) -> None:
    async with reviewing(store, LONG, wards(0)) as desk:
        await desk.press("a", "P", "*", "*")
        assert len(desk.review.entities) == LINES


async def test_nothing_is_marked_at_a_caret_out_of_view(store: Store) -> None:
    async with reviewing(store, LONG, ()) as desk:
        scroll_away(desk)
        await desk.press("1")
        assert desk.decisions() == ()
        await desk.press("1")
        assert len(desk.review.entities) == 1


async def test_keys_in_one_burst_decide_one_item_after_the_other(store: Store) -> None:
    async with reviewing(store, LONG, wards(*range(0, LINES, 5))) as desk:
        await desk.press(*"aaaaaa")
        assert [d.target for d in desk.decisions()] == [w.id for w in wards(0, 5, 10, 15, 20, 25)]


async def test_an_edge_out_of_view_is_shown_before_it_is_moved(
    store: Store,
) -> None:
    flat = " ".join(f"word{n}" for n in range(900)) + "\n"
    long = Claim("c", (Span(0, flat.index(" word800")),))
    async with reviewing(store, flat, (long,)) as desk:
        await desk.press("}")
        assert desk.decisions() == ()
        await desk.press("}")
        (claim,) = desk.review.claims
        assert claim.content[0].of(flat).endswith("word800")
        last = claim.content[0].end - 1
        assert desk.view.shows_start_of(Span(last, last + 1))


# What `.` repeats


async def test_an_undone_label_is_not_repeated(store: Store) -> None:
    async with reviewing(store, LONG, wards(0, 1, 2)) as desk:
        await desk.press("x", "1", "u", "n", ".")
        kinds = {held.status for held in desk.review.held.values() if held.item.id == ward(2).id}
        assert kinds == {Status.REJECTED}
        assert all(e.label == "GPE" for e in desk.review.entities)


async def test_with_everything_undone_nothing_is_repeated(store: Store) -> None:
    async with reviewing(store, LONG, wards(0, 1)) as desk:
        await desk.press("x", "u", ".")
        assert desk.review.rejected == ()
        assert "no decision to repeat" in desk.bar("detail")


async def test_a_redone_decision_is_repeated_again(store: Store) -> None:
    async with reviewing(store, LONG, wards(0, 1)) as desk:
        await desk.press("x", "u", "ctrl+r", "n", ".")
        assert len(desk.review.rejected) == 2


async def test_a_key_without_decision_is_not_repeated(store: Store) -> None:
    async with reviewing(store, LONG, wards(0, 1, 2)) as desk:
        # The digit finds its item out of view; what was decided is the rejection.
        await desk.press("x")
        scroll_away(desk)
        await desk.press("1")
        await desk.press(".")
        assert [d.kind.value for d in desk.decisions()] == ["reject", "reject"]


# Junk

JUNKED = "Oslo is open.\n\nRead more: Oslo and Oslo\n\nThe council of Oslo met.\n"
LINE = Junk("j", span(JUNKED, "Read more: Oslo and Oslo"), JunkKind.RELATED_LINK)


def oslo(nth: int) -> Entity:
    return entity(JUNKED, "Oslo", "GPE", nth=nth)


async def test_the_same_everywhere_skips_junk(store: Store) -> None:
    async with reviewing(store, JUNKED, (LINE, oslo(0))) as desk:
        await desk.press("N", "a", "p", "*", "*")
        places = [e.span for e in desk.review.entities]
        assert places == [oslo(0).span, oslo(3).span]


async def mark_by_label(desk: Desk) -> None:
    desk.select("Oslo", 1)
    await desk.press("1")


async def mark_by_claim(desk: Desk) -> None:
    desk.select("Oslo and Oslo")
    await desk.press("c")


async def mark_by_repeating(desk: Desk) -> None:
    desk.select("council")
    await desk.press("1")
    desk.select("Oslo", 2)
    await desk.press(".")


@pytest.mark.parametrize("mark", [mark_by_label, mark_by_claim, mark_by_repeating])
async def test_nothing_is_marked_in_a_junk_line(
    store: Store, mark: Callable[[Desk], Awaitable[None]]
) -> None:
    async with reviewing(store, JUNKED, (LINE,)) as desk:
        await desk.press("a")
        await mark(desk)
        assert not any(LINE.span.overlaps(item.span) for item in desk.review.entities)
        assert desk.review.claims == ()
        assert "junk" in desk.bar("detail")


async def test_a_rejected_item_is_not_restored_in_a_junk_line(store: Store) -> None:
    async with reviewing(store, JUNKED, (LINE, oslo(1))) as desk:
        await desk.press("a")
        assert desk.review.entities == ()
        desk.work.navigation.focus_on(oslo(1).id)
        await desk.press("a")
        assert desk.review.entities == ()


async def test_a_new_junk_line_rejects_accepted_items_and_reports_them(
    store: Store,
) -> None:
    async with reviewing(store, JUNKED, (oslo(1),)) as desk:
        await desk.press("a")
        desk.put_caret("Read")
        desk.work.navigation.focus_on(None)
        await desk.press("-")
        assert desk.review.entities == ()
        assert "1 item in this line is rejected" in desk.bar("detail")
        await desk.press("u")
        assert len(desk.review.entities) == 1


# Accepting all


async def test_accepting_all_leaves_and_counts_filtered_items(store: Store) -> None:
    async with reviewing(store, JUNKED, (LINE, oslo(0), oslo(3))) as desk:
        article = desk.review.article
        await desk.press("F", "j")
        await desk.press("A")
        assert desk.review.article == article
        assert desk.review.finished is None
        assert "2 open that the filter hides" in desk.bar("detail")
        assert [e.verdict for e in desk.review.entities] == [Verdict.PENDING, Verdict.PENDING]
        assert [j.verdict for j in desk.review.junk] == [Verdict.ACCEPTED]


@pytest.mark.parametrize("keys", [("l",), ("*",), ("A",)])
async def test_no_menu_covers_what_is_in_focus_on_a_small_terminal(
    store: Store, keys: tuple[str, ...]
) -> None:
    last = entity(TEXT, "Tamsin", "PERSON", score=0.3)
    async with reviewing(store, TEXT, (last,), size=(80, 12)) as desk:
        await desk.press(*keys)
        cell = desk.view.lines.caret_cell
        assert desk.focused() == "Tamsin"
        assert cell is not None
        assert cell.y < 12 - len(desk.bar("prompt").splitlines())
        await desk.press("escape")
        assert desk.view.virtual_size.height == len(desk.view.scene.layout)
        assert desk.view.lines.caret_cell is not None


async def test_each_key_for_all_asks_as_long_as_anything_is_unsure(store: Store) -> None:
    unsure = tuple(replace(one, score=0.4) for one in wards(0, 1, 2))
    async with reviewing(store, LONG, unsure) as desk:
        article = desk.review.article
        await desk.press("A")
        await desk.press("escape", "a", "A")
        assert len(desk.decisions()) == 1
        assert "shows the 2 unsure" in desk.bar("prompt")
        await desk.press("A")
        assert desk.stored(article).finished is not None


async def test_accepting_all_leaves_a_junk_line_with_marked_items_open(
    store: Store,
) -> None:
    async with reviewing(store, JUNKED, (LINE, oslo(1), oslo(3))) as desk:
        desk.work.navigation.focus_on(oslo(1).id)
        await desk.press("a", "A")
        assert desk.review.finished is None
        assert desk.focused().startswith("Read more")
        assert [e.verdict for e in desk.review.entities] == [Verdict.ACCEPTED, Verdict.ACCEPTED]


@pytest.mark.parametrize(
    "keys",
    [
        ("}",),
        ("*", "x"),
        (";", "w", "enter"),
    ],
    ids=["edge", "equal strings", "note"],
)
async def test_nothing_older_than_the_last_decision_is_repeated(
    store: Store, keys: tuple[str, ...]
) -> None:
    async with reviewing(store, LONG, wards(0, 1, 2)) as desk:
        await desk.press("2", *keys)
        before = desk.decisions()
        await desk.press("n", ".")
        assert "The last decision cannot be repeated." in desk.bar("detail")
        assert desk.decisions() == before


async def test_with_the_last_decision_undone_the_one_before_is_repeated(store: Store) -> None:
    async with reviewing(store, LONG, wards(0, 1, 2)) as desk:
        await desk.press("2", "}", "u", "n", ".")
        assert desk.decisions()[-1].kind is desk.decisions()[0].kind
