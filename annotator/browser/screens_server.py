"""The server: one page, its files, and a websocket for each tab.

It is textual-serve's, with three differences: it asks for a token, its page loads nothing from
elsewhere, and a closed tab ends its screens as a closed terminal does.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Callable, Sequence
from html import escape
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any

import orjson
import textual_serve
from aiohttp import WSMsgType, web
from textual_serve.server import Server, to_int

from annotator.browser.admission import Admission
from annotator.browser.browser_session import BrowserSession
from annotator.errors import AnnotatorError

MOST_TABS = 16
"""Each takes a process; more are refused."""

_PAGE = files("annotator.browser") / "page"
_STATIC = Path(textual_serve.__file__).parent / "static"
_KINDS = {"start.js": "text/javascript", "page.css": "text/css"}
_SMALLEST, _LARGEST = 8, 40  # the size of letters, in pixels
_MOST_CELLS = 1000
_FULL = "Too many tabs are open; close one of them.\r\n"


class ScreensServer(Server):
    """Serves the screens that `words` starts, on `host` and `port`, to whoever knows `token`."""

    def __init__(self, words: Sequence[str], token: str, *, host: str, port: int) -> None:
        super().__init__(" ".join(words), host=host, port=port, title="annotator")
        self._words, self._token = words, token
        self._tabs: set[web.WebSocketResponse] = set()
        self._ending: set[asyncio.Task[None]] = set()

    async def serve_until_stopped(self, ready: Callable[[int], None]) -> None:
        """Serve until SIGINT or SIGTERM; `ready` is called with the port once it is open.

        Raises AnnotatorError if the address cannot be used. Returns when all screens have ended.
        """
        runner = web.AppRunner(self.application(), access_log=None)
        await runner.setup()
        try:
            site = web.TCPSite(runner, self.host, self.port)
            with _told_if_refused(self.host, self.port):
                await site.start()
            ready(runner.addresses[0][1])
            await _stopped()
        finally:
            await runner.cleanup()

    def application(self) -> web.Application:
        """The routes, all of them behind the token."""
        application = web.Application(middlewares=[Admission(self._token).check])
        application.add_routes(
            [
                web.get("/", self.handle_index),
                web.get("/ws", self.handle_websocket),
                web.get("/page/{name}", self.handle_page_file),
                web.get("/download/{key}", self.handle_download),
                web.static("/static", _STATIC),
            ]
        )
        application.on_shutdown.append(self._close_tabs)
        application.on_cleanup.append(self._wait_for_ends)
        return application

    async def _close_tabs(self, _app: web.Application) -> None:
        await asyncio.gather(*(tab.close() for tab in list(self._tabs)))

    async def _wait_for_ends(self, _app: web.Application) -> None:
        """Wait for the screens of closed tabs, which save and leave."""
        await asyncio.gather(*self._ending, return_exceptions=True)

    async def handle_index(self, request: web.Request) -> web.Response:
        """The page; `?fontsize=N` sets the size of its letters in pixels."""
        wanted = to_int(request.query.get("fontsize", ""), 16)
        size = min(max(wanted, _SMALLEST), _LARGEST)
        page = Template((_PAGE / "index.html").read_text(encoding="utf-8"))
        filled = page.substitute(font_size=size, title=escape(self.title))
        return web.Response(text=filled, content_type="text/html")

    async def handle_page_file(self, request: web.Request) -> web.Response:
        """A file of the page."""
        name = request.match_info["name"]
        if name not in _KINDS:
            raise web.HTTPNotFound
        text = (_PAGE / name).read_text(encoding="utf-8")
        return web.Response(text=text, content_type=_KINDS[name])

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """Run the screens of one tab until either side ends."""
        tab = web.WebSocketResponse(heartbeat=15)
        await tab.prepare(request)
        if len(self._tabs) >= MOST_TABS:
            await tab.send_bytes(_FULL.encode())
            await tab.close()
            return tab
        self._tabs.add(tab)
        session = BrowserSession(
            self._words,
            write_bytes=tab.send_bytes,
            write_str=tab.send_str,
            close=tab.close,
            download_manager=self.download_manager,
        )
        try:
            await session.start(_cells(request, "width", 80), _cells(request, "height", 24))
            await self._carry(tab, session)
        finally:
            self._tabs.discard(tab)
            ending = asyncio.create_task(session.stop())
            self._ending.add(ending)
            ending.add_done_callback(self._ending.discard)
            await asyncio.shield(ending)
        return tab

    async def _carry(self, tab: web.WebSocketResponse, session: BrowserSession) -> None:
        """Hand on what the browser sends; what is not understood is dropped."""
        async for message in tab:
            if message.type is WSMsgType.TEXT:
                with contextlib.suppress(ValueError, LookupError, TypeError, AttributeError):
                    await _hand_on(message.json(loads=orjson.loads), tab, session)


async def _hand_on(said: Any, tab: web.WebSocketResponse, session: BrowserSession) -> None:
    match said:
        case ["stdin", str(keys)]:
            await session.send_bytes(keys.encode("utf-8", "replace"))
        case ["resize", {"width": int(width), "height": int(height)}]:
            if 0 < width <= _MOST_CELLS and 0 < height <= _MOST_CELLS:
                await session.set_terminal_size(width, height)
        case ["ping", sent]:
            await tab.send_json(["pong", sent])
        case ["blur"]:
            await session.blur()
        case ["focus"]:
            await session.focus()


def _cells(request: web.Request, name: str, usual: int) -> int:
    given = to_int(request.query.get(name, ""), usual)
    return given if 0 < given <= _MOST_CELLS else usual


async def _stopped() -> None:
    """Wait for SIGINT or SIGTERM."""
    stopped, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stopped.set)
    await stopped.wait()


@contextlib.contextmanager
def _told_if_refused(host: str, port: int) -> Any:
    try:
        yield
    except (OSError, OverflowError) as error:
        raise AnnotatorError(
            f"The address {host}, port {port}, cannot be used: {error}.",
            hint="Choose another port with --port, or 0 for any that is free.",
        ) from None
