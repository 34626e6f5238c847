"""The server of `annotator serve`: who is let in, and what a tab may send."""

import asyncio
import contextlib
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("textual_serve", reason="needs the extra browser")
from aiohttp import ClientWebSocketResponse, ClientWSTimeout, WSServerHandshakeError
from aiohttp.test_utils import TestClient, TestServer

from annotator.browser import browser_session, screens_server
from annotator.browser.admission import Admission, new_token
from annotator.browser.screens_server import ScreensServer
from annotator.browser.unasked_connections import MOST_UNASKED

# Speaks the protocol of the screens: says back what it is sent, until it is told to leave.
ECHO = """
import sys
out, taken = sys.stdout.buffer, sys.stdin.buffer
out.write(b"__GANGLION__\\n")
while kind := taken.read(1):
    said = taken.read(int.from_bytes(taken.read(4), "big"))
    if kind == b"M" and b'"quit"' in said:
        break
    out.write(b"D" + (len(said) + 1).to_bytes(4, "big") + kind + said)
    out.flush()
"""


@pytest.fixture
async def client() -> AsyncIterator[TestClient]:  # type: ignore[type-arg]
    """A browser before it has followed the link; its token is `secret`."""
    server = ScreensServer([sys.executable, "-c", ECHO], "secret", host="127.0.0.1", port=0)
    async with TestClient(TestServer(server.application())) as client:
        yield client


@pytest.mark.parametrize("path", ["/", "/page/start.js", "/static/js/textual.js", "/ws", "/none"])
@pytest.mark.parametrize("asked", ["", "?token=", "?token=Secret", "?token=secret2"])
async def test_nothing_is_answered_without_the_token(
    client: TestClient,  # type: ignore[type-arg]
    path: str,
    asked: str,
) -> None:
    answer = await client.get(path + asked)
    assert answer.status == 403
    assert "annotator serve" in await answer.text()
    assert not answer.cookies


async def test_the_link_is_exchanged_for_a_cookie_that_scripts_cannot_read(
    client: TestClient,  # type: ignore[type-arg]
) -> None:
    answer = await client.get("/?token=secret&fontsize=20", allow_redirects=False)
    (cookie,) = answer.cookies.values()
    assert (answer.status, answer.headers["Location"]) == (303, "./?fontsize=20")
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    page = await client.get("/?fontsize=20")
    assert page.status == 200
    assert 'data-font-size="20"' in await page.text()
    assert (await client.get("/page/../admission.py")).status == 404
    assert (await client.get("/page/index.html")).status == 404


async def test_bytes_that_are_no_text_are_no_token(client: TestClient) -> None:  # type: ignore[type-arg]
    cookie = Admission("secret").cookie
    reader, writer = await asyncio.open_connection(client.host, client.port)
    asked = f"GET /?token=%ff HTTP/1.1\r\nHost: h\r\nCookie: {cookie}=".encode()
    writer.write(asked + b"\xff\xfe\r\n\r\n")
    assert b" 403 " in await reader.readline()
    writer.close()


async def test_a_page_of_another_site_is_refused(client: TestClient) -> None:  # type: ignore[type-arg]
    await client.get("/?token=secret")
    for origin in ("http://elsewhere.example", "null", "http://[", f"https://{client.host}"):
        with pytest.raises(WSServerHandshakeError):
            await client.ws_connect("/ws", headers={"Origin": origin})
    own = f"http://{client.host}:{client.port}"
    async with client.ws_connect("/ws", headers={"Origin": own}) as socket:
        await socket.send_json(["stdin", "å"])
        assert await socket.receive_bytes() == "Då".encode()


@pytest.mark.parametrize(
    "hostile",
    [
        "no json", "[]", "{}", '["stdin"]', '["stdin", 3]', '["stdin", {"a": 1}]', '["resize", 4]',
        '["resize", {"width": -1, "height": 5}]', '["resize", {"width": 1e9, "height": 5}]',
        '["resize", {"width": 99999999, "height": 5}]', '["what", "else"]', "[" * 5_000,
        '["stdin", "\\ud800"]',
    ],
)  # fmt: skip
async def test_unknown_parts_are_dropped(
    client: TestClient,  # type: ignore[type-arg]
    hostile: str,
) -> None:
    await client.get("/?token=secret")
    async with client.ws_connect("/ws") as socket:
        await socket.send_str(hostile)
        await socket.send_json(["stdin", "after"])
        received = await socket.receive_bytes()
        if received == b"D?":  # half a surrogate has no bytes of its own
            received = await socket.receive_bytes()
        assert received == b"Dafter"


async def test_too_many_tabs_are_told_so(
    client: TestClient,  # type: ignore[type-arg]
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(screens_server, "MOST_TABS", 1)
    await client.get("/?token=secret")
    async with client.ws_connect("/ws"), client.ws_connect("/ws") as second:
        assert b"Too many tabs" in await second.receive_bytes()


@contextlib.asynccontextmanager
async def browsing(script: str, *words: str) -> AsyncIterator[TestClient]:  # type: ignore[type-arg]
    """A browser that has followed the link of a server whose tabs run a script."""
    server = ScreensServer([sys.executable, "-c", script, *words], "secret", host="h", port=0)
    async with TestClient(TestServer(server.application())) as client:
        await client.get("/?token=secret")
        yield client


async def _shown(socket: ClientWebSocketResponse) -> bytes:
    """All that a tab shows until it is closed."""
    async with asyncio.timeout(20):
        return b"".join([message.data async for message in socket])


@pytest.mark.parametrize(
    ("script", "shown"),
    [
        ("raise SystemExit('The disk is\\x1b]0; full.')", b"The disk is\xef\xbf\xbd]0; full."),
        ("print('Loading ...'); 1 / 0", b"ZeroDivisionError: division by zero"),
        ("import os; os.kill(os.getpid(), 9)", b"They gave no reason."),
    ],
)
async def test_a_tab_shows_why_its_screens_do_not_start(script: str, shown: bytes) -> None:
    async with browsing(script) as client, client.ws_connect("/ws") as socket:
        told = await _shown(socket)
        assert told.startswith(b"The screens could not be started.\r\n")
        assert shown in told


async def test_a_tab_shows_which_setting_was_broken_meanwhile(tmp_path: Path) -> None:
    (tmp_path / "annotator.toml").write_text("workers = 'many'\n")
    words = [sys.executable, "-P", "-m", "annotator.cli.browser_screens", str(tmp_path), ""]
    server = ScreensServer(words, "secret", host="h", port=0)
    async with TestClient(TestServer(server.application())) as client:
        await client.get("/?token=secret")
        async with client.ws_connect("/ws") as socket:
            assert b"workers" in await _shown(socket)


async def test_a_tab_shows_why_no_process_can_be_started() -> None:
    server = ScreensServer(["/there/is/no/such/program"], "secret", host="h", port=0)
    async with TestClient(TestServer(server.application())) as client:
        await client.get("/?token=secret")
        async with client.ws_connect("/ws") as socket:
            assert b"could not be started: No such file" in await _shown(socket)


async def test_screens_that_take_nothing_are_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screens_server, "_DEAF_SECONDS", 0.2)
    monkeypatch.setattr(browser_session, "_PIPES_SECONDS", 0.1)
    monkeypatch.setattr(browser_session, "_LEAVING_SECONDS", 0.1)
    deaf = "import time; print('__GANGLION__', flush=True); time.sleep(60)"
    async with browsing(deaf) as client, client.ws_connect("/ws") as socket:
        await socket.send_json(["stdin", "x" * 3_000_000])
        assert b"not answered for a long time" in await _shown(socket)


async def test_a_server_that_stops_ends_screens_that_take_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(browser_session, "_PIPES_SECONDS", 0.1)
    monkeypatch.setattr(browser_session, "_LEAVING_SECONDS", 0.1)
    deaf = "import time; print('__GANGLION__', flush=True); time.sleep(60)"
    async with asyncio.timeout(20):
        async with browsing(deaf) as client:
            impatient = ClientWSTimeout(ws_close=0.1)
            socket = await client.ws_connect("/ws", timeout=impatient)
            await socket.send_json(["stdin", "x" * 3_000_000])


async def test_a_closed_tab_keeps_its_place_until_its_screens_have_ended(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(screens_server, "MOST_TABS", 1)
    notes = tmp_path / "notes"
    slow = ECHO.replace("break", "note('end'); break").replace(
        "out, taken",
        "note = lambda word: print(word, file=open(sys.argv[1], 'a'))\nnote('start')\nout, taken",
    )
    async with browsing(slow, str(notes)) as client:
        for _ in range(3):
            async with client.ws_connect("/ws") as socket:
                await socket.send_json(["stdin", "x"])
                assert await socket.receive_bytes() == b"Dx"
    assert notes.read_text().split() == ["start", "end"] * 3


async def test_connections_that_ask_for_nothing_keep_nobody_out() -> None:
    server = ScreensServer([sys.executable, "-c", ECHO], "secret", host="127.0.0.1", port=0)
    ready: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    serving = asyncio.create_task(server.serve_until_stopped(ready.set_result))
    port = await ready
    silent = [await asyncio.open_connection("127.0.0.1", port) for _ in range(MOST_UNASKED + 9)]
    for _, writer in silent:
        writer.write(b"GET / HTTP/1.1\r\nX-Half: ")
    asked = b"GET /?token=secret HTTP/1.1\r\nHost: h\r\n\r\n"
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(asked)
    assert b" 303 " in await reader.readline()
    async with asyncio.timeout(20):
        assert not await silent[0][0].read()  # the oldest has been closed
        writer.write(asked)  # one that has asked is kept
        while b" 303 " not in await reader.readline():
            pass
        serving.cancel()
        await asyncio.wait({serving})
    for _, one in [*silent, (reader, writer)]:
        one.close()


async def test_a_signal_right_after_the_link_stops_the_server_as_any_other() -> None:
    server = ScreensServer([sys.executable, "-c", ECHO], "secret", host="127.0.0.1", port=0)
    async with asyncio.timeout(20):
        await server.serve_until_stopped(lambda _: os.kill(os.getpid(), signal.SIGINT))


async def test_a_refused_connection_is_closed(client: TestClient) -> None:  # type: ignore[type-arg]
    answer = await client.get("/")
    assert (answer.status, answer.headers["Connection"]) == (403, "close")


@given(st.text())
def test_no_text_but_the_token_is_the_token(given_text: str) -> None:
    token = new_token()
    assert not Admission(token).is_token(given_text)
    assert Admission(token).is_token(token)


def test_the_page_names_no_other_address() -> None:
    page = Path(screens_server.__file__).parent / "page"
    for file in page.iterdir():
        assert not re.search(r"(https?:|wss?:|[\"'(])//", file.read_text(encoding="utf-8"))
