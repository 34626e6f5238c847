"""A headless Chromium, driven through its own debugging protocol."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "chrome"))), None)
_STEP_SECONDS = 30.0


class Page:
    """A page: what it asked for, what its websockets received, and hands to use it."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.asked: list[str] = []
        """Every address that the page asked for, in order."""
        self.received = ""
        """What its websockets received, as text."""
        self.problems: list[str] = []
        """What the browser's console calls an error."""
        self._socket = socket
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._news = asyncio.Event()
        self._number = 0

    async def listen(self) -> None:
        async for message in self._socket:
            said = message.json()
            if "id" in said:
                self._answers.pop(said["id"]).set_result(said)
            else:
                self._note(said["method"], said["params"])
            self._news.set()

    def _note(self, method: str, about: dict[str, Any]) -> None:
        match method:
            case "Network.requestWillBeSent":
                self.asked.append(about["request"]["url"])
            case "Network.webSocketCreated":
                self.asked.append(about["url"])
            case "Network.webSocketFrameReceived":
                frame = about["response"]
                if frame["opcode"] == 2:
                    self.received += base64.b64decode(frame["payloadData"]).decode(errors="replace")
            case "Log.entryAdded" if about["entry"]["level"] == "error":
                self.problems.append(about["entry"]["text"])
            case "Runtime.exceptionThrown":
                self.problems.append(str(about["exceptionDetails"]))

    async def call(self, method: str, **about: Any) -> dict[str, Any]:
        self._number += 1
        answer = self._answers[self._number] = asyncio.get_running_loop().create_future()
        await self._socket.send_json({"id": self._number, "method": method, "params": about})
        said = await asyncio.wait_for(answer, _STEP_SECONDS)
        result: dict[str, Any] = said.get("result", {})
        return result

    async def until_received(self, words: str, *, since: int = 0) -> None:
        """Wait until the websocket has received these words."""
        try:
            async with asyncio.timeout(_STEP_SECONDS):
                while words not in self.received[since:]:
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            told = f"{self.asked}, {self.problems}, {self.received[since:][-3000:]!r}"
            pytest.fail(f"{words!r} did not come; {told}")

    async def press(self, character: str, key: str = "", code: int = 0) -> None:
        """Press and release a key that types a character."""
        named = {"key": key or character, "windowsVirtualKeyCode": code or ord(character.upper())}
        await self.call("Input.dispatchKeyEvent", type="keyDown", text=character, **named)
        await self.call("Input.dispatchKeyEvent", type="keyUp", **named)

    async def click(self, x: float, y: float, times: int = 1) -> None:
        for count in range(1, times + 1):
            for kind in ("mousePressed", "mouseReleased"):
                await self.call(
                    "Input.dispatchMouseEvent",
                    type=kind, x=x, y=y, button="left", buttons=1, clickCount=count,
                )  # fmt: skip

    async def value(self, expression: str) -> Any:
        """The value of a JavaScript expression."""
        answer = await self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        return answer["result"].get("value")

    async def picture(self) -> bytes:
        """The page as PNG."""
        return base64.b64decode((await self.call("Page.captureScreenshot"))["data"])


@contextlib.asynccontextmanager
async def chromium(folder: Path) -> AsyncIterator[Page]:
    """An empty page of a Chromium whose profile is in `folder`."""
    assert CHROMIUM is not None
    process = await asyncio.create_subprocess_exec(
        CHROMIUM,
        "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
        "--no-first-run", "--disable-background-networking", "--disable-component-update",
        "--window-size=1000,640", "--remote-debugging-port=0", f"--user-data-dir={folder}",
        "about:blank",
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        port = await _debugging_port(folder)
        async with aiohttp.ClientSession() as web:
            async with web.get(f"http://127.0.0.1:{port}/json/list") as answer:
                pages = [one for one in await answer.json() if one["type"] == "page"]
            async with web.ws_connect(pages[0]["webSocketDebuggerUrl"], max_msg_size=0) as socket:
                page = Page(socket)
                listening = asyncio.create_task(page.listen())
                for domain in ("Network", "Page", "Runtime", "Log"):
                    await page.call(f"{domain}.enable")
                await page.call("Emulation.setFocusEmulationEnabled", enabled=True)
                yield page
                listening.cancel()
    finally:
        process.kill()
        await process.wait()


async def _debugging_port(folder: Path) -> int:
    async with asyncio.timeout(_STEP_SECONDS):
        while True:
            with contextlib.suppress(OSError, IndexError, ValueError):
                return int((folder / "DevToolsActivePort").read_text().splitlines()[0])
            await asyncio.sleep(0.02)
