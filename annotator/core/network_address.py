"""Addresses on a network, as settings and the configurations of pipelines name them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

# A host with a dot in it, or with a port, or this machine; then perhaps a path.
_SERVER = re.compile(
    r"(?:[\w-]+(?:\.[\w-]+)+|(?:[\w-]+|\[[\da-f:.]+\])(?=:)|localhost)(?::\d+)?(?:/\S*)?", re.I
)
_PORTS = {"http": 80, "ws": 80, "https": 443, "wss": 443, "grpc": 443, "grpcs": 443, "ftp": 21}


@dataclass(frozen=True, slots=True, order=True)
class NetworkAddress:
    """A host, in lower case, and a port."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def address_in(words: str) -> NetworkAddress | None:
    """The address in a URL (`http://127.0.0.1:8080/v1`); None if it is not a URL with a host.

    The path does not matter. Raises ValueError for an invalid port or host.
    """
    scheme, separator, rest = words.strip().partition("://")
    if not separator or scheme.lower() == "file" or not scheme.isidentifier():
        return None
    return _address(rest, _PORTS.get(scheme.lower(), 80))


def address_of_server(words: str) -> NetworkAddress | None:
    """The address in a URL or in the form `host`, `host:port`, as an option for a server has it;
    None for anything else. Raises ValueError for an invalid port or host."""
    plain = words.strip()
    found = address_in(plain)
    if found is not None or "://" in plain or not _SERVER.fullmatch(plain):
        return found
    return _address(plain, 80)


def _address(rest: str, default: int) -> NetworkAddress | None:
    parts = urlsplit(f"//{rest}")
    host, port = parts.hostname, parts.port
    return NetworkAddress(host.lower(), default if port is None else port) if host else None
