"""Rejected files and failed articles: listed with reasons, live, and retried by a key."""

from __future__ import annotations

import pytest

from annotator.core.arrival import Arrival, FileState, Rejection
from annotator.core.states import QueueFilter
from annotator.store.store import Store
from annotator.store.values import QueueView
from annotator.tui.queue import problems as problems_read
from annotator.tui.queue.rejected_screen import RejectedScreen
from annotator.tui.widgets.bar import Bar
from annotator.tui.widgets.virtual_list import VirtualList
from tests.tui.desk import OTHER, TEXT, Desk, at_desk, drawn, take_in
from tests.tui.held_clock import NOON

WHY = Rejection("It is not UTF-8 text [/x].", "Save it as UTF-8.")


def reject(store: Store, *names: str, why: Rejection = WHY) -> None:
    """Files that could not be read."""
    store.files.take_in(
        [
            Arrival(f"/inbox/{name}", FileState(n + 7, 12, 1, 1), NOON, (), why)
            for n, name in enumerate(names)
        ]
    )


def fail(store: Store, text: str) -> str:
    article = take_in(store, text, None)
    store.work.lease("worker", limit=9, seconds=60, now=NOON)
    store.work.fail("worker", article, "The pipeline stopped 3 times at this text.", now=NOON)
    return article


async def problems(desk: Desk) -> VirtualList:
    """The list of problems, opened by its key."""
    await desk.press("r")
    await desk.until(lambda: isinstance(desk.app.screen, RejectedScreen))
    await desk.until(lambda: "reading" not in head(desk))
    return desk.app.screen.query_one(VirtualList)


def head(desk: Desk) -> str:
    return desk.app.screen.query_one("#counts", Bar).plain


def again(store: Store) -> list[str]:
    return sorted(file.name for file in store.files.rejected() if file.again)


async def test_a_file_in_a_folder_is_listed_with_its_folder(store: Store) -> None:
    reject(store, "sub/deep/c.txt")
    async with at_desk(store, inbox="/inbox") as desk:
        assert drawn(await problems(desk))[2].split()[0].lstrip("▌") == "sub/deep/c.txt"
    async with at_desk(store, inbox="/another") as desk:
        assert drawn(await problems(desk))[2].split()[0].lstrip("▌") == "/inbox/sub/deep/c.txt"


async def test_files_and_articles_are_listed_with_their_reasons(store: Store) -> None:
    reject(store, "bad.txt")
    fail(store, TEXT)
    async with at_desk(store) as desk:
        lines = drawn(await problems(desk))
        assert "1 file rejected, 1 article without suggestions" in head(desk)
        assert "FILES THAT COULD NOT BE READ" in lines[1]
        assert "bad.txt" in lines[2]
        assert "It is not UTF-8 text [/x]. Save it as UTF-8." in lines[3]
        assert "ARTICLES WITHOUT SUGGESTIONS" in lines[5]
        assert "Ferry vote slips to spring" in lines[6]
        assert "The pipeline stopped 3 times at this text." in lines[7]
        await desk.press("q")
        await desk.until(lambda: desk.app.screen is desk.queue)


async def test_new_rejections_appear_and_the_cursor_stays(store: Store) -> None:
    reject(store, "bad.txt")
    async with at_desk(store) as desk:
        listed = await problems(desk)
        row = listed.key
        reject(store, "bad.txt", "another.txt")
        await desk.until(lambda: listed.count == 3)
        assert listed.key == row
        assert "2 files rejected" in head(desk)


async def test_one_file_is_retried(store: Store) -> None:
    reject(store, "a.txt", "b.txt", "c.txt")
    async with at_desk(store) as desk:
        listed = await problems(desk)
        await desk.press("j", "t")
        await desk.until(lambda: "1 file to be read at the next scan" in head(desk))
        await desk.until(lambda: again(store) == ["b.txt"])
        await desk.until(lambda: "will be read again" in drawn(listed)[4])


async def test_one_article_is_retried(store: Store) -> None:
    fail(store, OTHER)
    article = fail(store, TEXT)
    async with at_desk(store) as desk:
        listed = await problems(desk)
        await desk.press("t")
        await desk.until(lambda: "1 article put back to wait" in head(desk))
        await desk.until(lambda: listed.count == 2)
        (waits,) = store.queue.page(QueueView("ada", state=QueueFilter.WAITING), offset=0, limit=9)
        assert waits.id == article


async def test_everything_is_retried(store: Store) -> None:
    reject(store, "a.txt", "b.txt")
    fail(store, OTHER)
    async with at_desk(store) as desk:
        await problems(desk)
        await desk.press("T")
        told = "2 files to be read at the next scan, 1 article put back to wait"
        await desk.until(lambda: told in head(desk))
        assert again(store) == ["a.txt", "b.txt"]
        assert store.queue.counts().waiting == 1


async def test_one_that_is_retried_already_is_not_counted_anew(store: Store) -> None:
    reject(store, "a.txt", "b.txt")
    async with at_desk(store) as desk:
        listed = await problems(desk)
        await desk.press("T")
        await desk.until(lambda: "will be read again" in drawn(listed)[2])
        assert "2 files to be read at the next scan" in head(desk)
        await desk.press("t")
        await desk.until(lambda: "to be read at the next scan already" in head(desk))
        await desk.press("T")
        await desk.until(lambda: "Everything is to be tried again already." in head(desk))


async def test_its_keys_can_be_changed(store: Store) -> None:
    reject(store, "a.txt", "b.txt")
    async with at_desk(store, keys={"problems_again": "y", "problems_down": "d"}) as desk:
        await problems(desk)
        assert "y try this one again" in " ".join(desk.bar("hints").split())
        await desk.press("t")
        assert "t does nothing here" in head(desk)
        await desk.press("d", "y")
        await desk.until(lambda: again(store) == ["b.txt"])


async def test_only_files_that_are_not_retried_already_are_counted(store: Store) -> None:
    reject(store, "a.txt", "b.txt", "c.txt")
    async with at_desk(store) as desk:
        listed = await problems(desk)
        await desk.press("t")
        await desk.until(lambda: "will be read again" in drawn(listed)[2])
        await desk.press("T")
        await desk.until(lambda: "2 files to be read at the next scan" in head(desk))


async def test_all_failed_articles_are_retried_not_only_those_listed(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(problems_read, "SHOWN", 1)
    fail(store, OTHER)
    fail(store, TEXT)
    async with at_desk(store) as desk:
        await problems(desk)
        await desk.press("T")
        await desk.until(lambda: "2 articles put back to wait" in head(desk))
        assert store.queue.counts().waiting == 2


async def test_an_empty_list_says_so(store: Store) -> None:
    async with at_desk(store) as desk:
        await problems(desk)
        assert "None." in head(desk)
        await desk.press("T")
        await desk.until(lambda: "There is nothing to try again." in head(desk))
        await desk.press("t", "j", "k", "escape")
        await desk.until(lambda: desk.app.screen is desk.queue)


async def test_text_cut_off_in_a_row_is_shown_below(store: Store) -> None:
    reason = "The file is not UTF-8 text; it is probably WINDOWS-1252."
    hint = "Convert it: iconv -f WINDOWS-1252 -t UTF-8 latin.txt > latin-utf8.txt, and go on."
    reject(store, "latin.txt", why=Rejection(reason, hint))
    async with at_desk(store, size=(60, 24)) as desk:
        await problems(desk)
        told = desk.app.screen.query_one("#told", Bar).plain
        assert " ".join(told.split()) == f"{reason} {hint}"
        assert all(len(line) <= 60 for line in told.splitlines())
