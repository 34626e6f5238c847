"""Who may come in: whoever has the link that the server printed.

The link carries a token. The first visit exchanges it for a cookie, so that the token does not stay
in the address line; everything else is refused without that cookie, and a page of another site
cannot use it.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Awaitable, Callable
from hashlib import sha256
from urllib.parse import urlencode, urlsplit

from aiohttp import web

_REFUSED = (
    "This page needs the link that `annotator serve` printed when it was started.\n"
    "Links of earlier starts are no longer valid.\n"
)
_HEADERS = {
    # Nothing is loaded from, sent to or framed by another site.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
        "font-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def new_token() -> str:
    """A token that cannot be guessed, 43 characters that are safe in an address."""
    return secrets.token_urlsafe(32)


class Admission:
    """Lets in requests that know `token`."""

    def __init__(self, token: str) -> None:
        self._token = token
        # Browsers keep one set of cookies for all ports of a machine.
        self.cookie = f"annotator-{sha256(token.encode()).hexdigest()[:8]}"

    @web.middleware
    async def check(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """The answer of `handler` to an admitted request; else a redirect or a refusal (403)."""
        answer = await self._answer(request, handler)
        if not answer.prepared:
            answer.headers.update(_HEADERS)
        return answer

    async def _answer(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if self.is_token(request.query.get("token", "")):
            return self._with_cookie(request)
        if not self.is_token(request.cookies.get(self.cookie, "")) or _is_from_elsewhere(request):
            return web.Response(status=403, text=_REFUSED)
        try:
            return await handler(request)
        except web.HTTPException as refusal:
            return web.Response(status=refusal.status, text=refusal.reason)

    def is_token(self, given: str) -> bool:
        """Whether this is the token; takes equally long for all wrong ones."""
        # What is no UTF-8 in a header comes as surrogates.
        told = given.encode("utf-8", "surrogateescape")
        return hmac.compare_digest(told, self._token.encode())

    def _with_cookie(self, request: web.Request) -> web.Response:
        rest = {name: value for name, value in request.query.items() if name != "token"}
        # A relative address stays right behind a proxy or a tunnel.
        answer = web.Response(status=303, headers={"Location": f"./?{urlencode(rest)}"})
        answer.set_cookie(self.cookie, self._token, httponly=True, samesite="Lax")
        return answer


def _is_from_elsewhere(request: web.Request) -> bool:
    """Whether a page of another site asks; browsers say so for a websocket."""
    origin = request.headers.get("Origin")
    try:
        return origin is not None and urlsplit(origin).netloc != request.host
    except ValueError:  # it is no address at all
        return True
