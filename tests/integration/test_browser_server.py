"""The server of `annotator serve`: who is let in, and what a tab may send."""

import asyncio
import re
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("textual_serve", reason="needs the extra browser")
from aiohttp import WSServerHandshakeError
from aiohttp.test_utils import TestClient, TestServer

from annotator.browser import screens_server
from annotator.browser.admission import Admission, new_token
from annotator.browser.screens_server import ScreensServer

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
async def test_what_is_not_understood_is_dropped(
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


@given(st.text())
def test_no_text_but_the_token_is_the_token(given_text: str) -> None:
    token = new_token()
    assert not Admission(token).is_token(given_text)
    assert Admission(token).is_token(token)


def test_the_page_names_no_other_address() -> None:
    page = Path(screens_server.__file__).parent / "page"
    for file in page.iterdir():
        assert not re.search(r"(https?:|wss?:|[\"'(])//", file.read_text(encoding="utf-8"))
