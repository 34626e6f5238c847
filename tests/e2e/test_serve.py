"""`annotator serve`: the screens in a headless Chromium, by keys and mouse."""

import asyncio
import contextlib
import os
import re
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.e2e.conftest import put_article
from tests.helpers.building import ready
from tests.helpers.items import entity
from tests.helpers.stores import empty_store

pytest.importorskip("textual_serve", reason="needs the extra browser")
from aiohttp import ClientSession, CookieJar

from tests.helpers.chromium import CHROMIUM, Page, chromium

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium here"),
    pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for processes in /proc"),
]
FIRST = "Ferry halted\n\nMara Lind said on Monday that the ferry would stay in port.\n"
SECOND = "Bridge opened\n\nOsk Varre cut the ribbon of the new bridge in Lindhaven.\n"
HELD = "review WHERE leased_until IS NOT NULL"
PATIENCE = 60.0


async def _until(holds: Callable[[], bool], seconds: float = PATIENCE) -> None:
    async with asyncio.timeout(seconds):
        while not holds():
            await asyncio.sleep(0.05)


def _count(workspace: Path, question: str) -> int:
    with contextlib.closing(sqlite3.connect(workspace / "annotator.db", timeout=30)) as database:
        return int(database.execute(f"SELECT count(*) FROM {question}").fetchone()[0])


@contextlib.asynccontextmanager
async def serving(workspace: Path) -> AsyncIterator[tuple[str, asyncio.subprocess.Process]]:
    """The link of a server and its process; stopped by ctrl+c, with all that it started."""
    words = [sys.executable, "-m", "annotator", "--workspace", str(workspace)]
    server = await asyncio.create_subprocess_exec(
        *words, "serve", "--port", "0", stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    assert server.stdout is not None
    link = (await asyncio.wait_for(server.stdout.readline(), PATIENCE)).decode().strip()
    try:
        yield link, server
        if server.returncode is None:
            server.send_signal(signal.SIGINT)
            assert await asyncio.wait_for(server.wait(), PATIENCE) == 0
            assert not _started(workspace)
    finally:
        if server.returncode is None:
            server.kill()


async def _row(page: Page, number: int) -> tuple[float, float]:
    """A place in a row of the terminal, counted from 0, in pixels."""
    rows = int(re.search(r"height=(\d+)", page.asked[-1])[1])  # type: ignore[index]
    height = await page.value("document.querySelector('.xterm-screen').clientHeight")
    return 200.0, (number + 0.5) * height / rows


async def test_keys_and_mouse_work_in_a_browser_and_nothing_comes_from_elsewhere(
    workspace: Path, tmp_path: Path
) -> None:
    store = empty_store(workspace / "annotator.db")
    ready(store, SECOND, [entity(SECOND, "Osk Varre")])
    ready(store, FIRST, [entity(FIRST, "Mara Lind")])
    store.close()
    async with serving(workspace) as (link, _), chromium(tmp_path / "profile") as page:
        await page.call("Page.navigate", url=link)
        await page.until_received("Ferry halted")
        await page.until_received("Bridge opened")
        await page.press("\r", "Enter", 13)
        await page.until_received("would stay in port")
        await page.press("a")
        await _until(lambda: _count(workspace, "decision") >= 1)

        seen = len(page.received)
        await page.press("q")
        await page.until_received("Bridge opened", since=seen)
        await page.click(*await _row(page, 3), times=2)
        await page.until_received("cut the ribbon", since=seen)
        await _until(lambda: _count(workspace, HELD) == 1)

        assert not page.problems

        # Leaving the screens is said, and they open again.
        await page.press("q")
        await page.press("q")
        async with asyncio.timeout(PATIENCE):
            while not await page.value("document.body.classList.contains('-closed')"):
                await asyncio.sleep(0.05)
        await _until(lambda: "browser_screens" not in "".join(_started(workspace)))
        seen = len(page.received)
        await page.press("\r", "Enter", 13)
        await page.until_received("Ferry halted", since=seen)
        await page.press("\r", "Enter", 13)
        await page.until_received("would stay in port", since=seen)
        await _until(lambda: _count(workspace, HELD) == 1)

        # The tab is closed with an article open: it is released, as by a closed terminal.
        await page.call("Page.navigate", url="about:blank")
        await _until(lambda: not _count(workspace, HELD))

        here = urlsplit(link).netloc
        assert {urlsplit(asked).netloc for asked in page.asked} <= {here, "blank", ""}
        assert "token" not in "".join(page.asked[1:])


async def test_a_killed_server_leaves_nothing_running(workspace: Path) -> None:
    put_article(workspace, FIRST, "Mara Lind")
    browser = ClientSession(cookie_jar=CookieJar(unsafe=True))
    async with serving(workspace) as (link, server), browser as web:
        await web.get(link)
        async with web.ws_connect(f"{link.partition('?')[0]}ws?width=90&height=20") as tab:
            while b"Ferry halted" not in (await tab.receive()).data:
                pass
            assert len(_started(workspace)) == 3
            os.kill(server.pid, signal.SIGKILL)
            await server.wait()
    await _until(lambda: not _started(workspace))


def _started(workspace: Path) -> list[str]:
    """The command lines of the running processes that name the workspace."""
    lines = []
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if entry.name.isdigit():
                lines.append((entry / "cmdline").read_bytes().replace(b"\0", b" ").decode())
    return [line for line in lines if str(workspace) in line and "pytest" not in line.split()[0]]
