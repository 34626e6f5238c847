"""Connections that have not asked for anything yet: only so many, so that nobody is kept out.

Whoever reaches the port can open connections and say nothing, or half a request. Each takes a file
of the process; where all are taken, nobody else gets in.
"""

from __future__ import annotations

from collections.abc import Callable

from aiohttp.web_protocol import RequestHandler

MOST_UNASKED = 64
"""A browser asks at once, with at most six connections."""


class UnaskedConnections:
    """Makes connections, and closes the oldest of those that have not asked if they are many."""

    def __init__(self, made: Callable[[], RequestHandler], most: int = MOST_UNASKED) -> None:
        self._made, self._most = made, most
        self._unasked: dict[RequestHandler, None] = {}

    def __call__(self) -> RequestHandler:
        """A new connection."""
        connection = self._made()
        self._unasked[connection] = None
        if len(self._unasked) > self._most:
            oldest = next(iter(self._unasked))
            self.asked(oldest)
            oldest.force_close()
        return connection

    def asked(self, connection: RequestHandler) -> None:
        """A connection has sent a whole request."""
        self._unasked.pop(connection, None)
