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
from http import HTTPStatus
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any

import orjson
import textual_serve
from aiohttp import WSMsgType, web
from textual_serve.server import Server, to_int

from annotator.browser.admission import Admission, Handler
from annotator.browser.browser_session import BrowserSession
from annotator.browser.unasked_connections import UnaskedConnections
from annotator.errors import AnnotatorError

MOST_TABS = 16
"""Each takes a process; more are refused."""

_PAGE = files("annotator.browser") / "page"
_STATIC = Path(textual_serve.__file__).parent / "static"
_KINDS = {"start.js": "text/javascript", "page.css": "text/css"}
_SMALLEST, _LARGEST = 8, 40  # the size of letters, in pixels
_MOST_CELLS = 1000
_FULL = "Too many tabs are open; close one of them.\n"
_FAILED = "The screens could not be started: {}.\n"
_DEAF = "\x1b[?1049lThe screens have not answered for a long time, and were ended.\n"
_DEAF_SECONDS = 30.0
_CLOSING_SECONDS = 3.0  # in which the browser may say that it has closed, too


class ScreensServer(Server):
    """Serves the screens that `words` starts, on `host` and `port`, to whoever knows `token`."""

    def __init__(self, words: Sequence[str], token: str, *, host: str, port: int) -> None:
        super().__init__(" ".join(words), host=host, port=port, title="annotator")
        self._words, self._token = words, token
        self._open: set[asyncio.Task[None]] = set()
        self._all: set[asyncio.Task[None]] = set()  # those too whose screens are ending
        self._processes = asyncio.Semaphore(MOST_TABS)
        self._unasked: UnaskedConnections | None = None

    async def serve_until_stopped(self, ready: Callable[[int], None]) -> None:
        """Serve until SIGINT or SIGTERM; `ready` is called with the port once it is open.

        Raises AnnotatorError if the address cannot be used. Returns when all screens have ended.
        """
        runner = web.AppRunner(self.application(), access_log=None)
        await runner.setup()
        try:
            with _told_if_refused(self.host, self.port):
                server = await self._listen(runner)
            stopped = _stopped_by_signals()  # before anybody can know that it runs
            with contextlib.closing(server):
                ready(server.sockets[0].getsockname()[1])
                await stopped.wait()
        finally:
            await runner.cleanup()

    async def _listen(self, runner: web.AppRunner) -> asyncio.Server:
        assert runner.server is not None
        self._unasked = UnaskedConnections(runner.server)
        loop = asyncio.get_running_loop()
        return await loop.create_server(self._unasked, self.host, self.port, backlog=128)

    @web.middleware
    async def _count(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Note that a connection has asked; one that is refused is closed."""
        if self._unasked is not None:
            self._unasked.asked(request.protocol)
        answer = await handler(request)
        if answer.status == HTTPStatus.FORBIDDEN:
            answer.force_close()
        return answer

    def application(self) -> web.Application:
        """The routes, all of them behind the token."""
        checks = [self._count, Admission(self._token).check]
        application = web.Application(middlewares=checks)
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
        for tab in list(self._open):
            tab.cancel()

    async def _wait_for_ends(self, _app: web.Application) -> None:
        """Wait for the screens of closed tabs, which save and leave."""
        await asyncio.gather(*self._all, return_exceptions=True)

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
        tab = web.WebSocketResponse(heartbeat=15, timeout=_CLOSING_SECONDS)
        await tab.prepare(request)
        if len(self._open) >= MOST_TABS:
            await _say(tab, _FULL)
            await tab.close()
            return tab
        size = _cells(request, "width", 80), _cells(request, "height", 24)
        running = asyncio.create_task(self._run_screens(tab, *size))
        self._open.add(running)
        self._all.add(running)
        running.add_done_callback(self._all.discard)
        # A server that stops cancels the tabs itself, and then waits for what they save.
        await asyncio.wait({running})
        return tab

    async def _run_screens(self, tab: web.WebSocketResponse, width: int, height: int) -> None:
        this = asyncio.current_task()
        assert this is not None
        this.add_done_callback(self._open.discard)
        async with self._processes:  # a closed tab keeps its place until its process has ended
            session = BrowserSession(
                self._words,
                write_bytes=tab.send_bytes,
                write_str=tab.send_str,
                close=tab.close,
                download_manager=self.download_manager,
            )
            try:
                await session.start(width, height)
                await _carry(tab, session)
            except TimeoutError:
                await _say(tab, _DEAF)
            except OSError as error:
                await _say(tab, _FAILED.format(error.strerror or error))
            finally:
                self._open.discard(this)
                await asyncio.gather(tab.close(), session.stop(), return_exceptions=True)


async def _carry(tab: web.WebSocketResponse, session: BrowserSession) -> None:
    """Hand on what the browser sends; what is not understood is dropped. Raises TimeoutError if
    the screens take nothing for a long time."""
    async for message in tab:
        if message.type is WSMsgType.TEXT:
            with contextlib.suppress(ValueError, LookupError, TypeError, AttributeError):
                async with asyncio.timeout(_DEAF_SECONDS):
                    await _hand_on(message.json(loads=orjson.loads), tab, session)


async def _say(tab: web.WebSocketResponse, words: str) -> None:
    """Show words in a tab, if it is still there."""
    with contextlib.suppress(ConnectionError):
        await tab.send_bytes(words.replace("\n", "\r\n").encode())


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


def _stopped_by_signals() -> asyncio.Event:
    """Set by SIGINT, SIGTERM or SIGHUP."""
    stopped, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stopped.set)
    return stopped


@contextlib.contextmanager
def _told_if_refused(host: str, port: int) -> Any:
    try:
        yield
    except (OSError, OverflowError) as error:
        raise AnnotatorError(
            f"The address {host}, port {port}, cannot be used: {error}.",
            hint="Choose another port with --port, or 0 for any that is free.",
        ) from None
