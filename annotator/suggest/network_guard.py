"""Keeps a process from reaching any address that no setting names.

It watches Python's own sockets. Code that opens connections without them (a library written in C, a
program that is started) is out of its reach, so it is no protection against hostile pipelines.
"""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Iterable
from typing import Any

from annotator.core.network_address import NetworkAddress

_TO_ADDRESS = frozenset(("socket.connect", "socket.sendto", "socket.sendmsg"))
_BY_NAME = frozenset(("socket.getaddrinfo", "socket.gethostbyname"))
_PROXIES = ("http_proxy", "https_proxy", "all_proxy")


def keep_to(addresses: Iterable[NetworkAddress]) -> None:
    """From now on, only these addresses can be reached from this process; cannot be undone.

    Other attempts raise PermissionError. Downloads of model hubs and proxies are turned off.
    """
    for variable in _PROXIES:
        for name in (variable, variable.upper()):
            os.environ.pop(name, None)
    os.environ |= {"NO_PROXY": "*", "HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1"}
    sys.addaudithook(_Guard(addresses))


class _Guard:
    """The audit hook."""

    def __init__(self, addresses: Iterable[NetworkAddress]) -> None:
        self.named = frozenset(addresses)
        self.hosts = frozenset(address.host for address in self.named)
        self.numbers: frozenset[tuple[str, int]] = frozenset()
        self.is_asking = False

    def __call__(self, event: str, args: tuple[Any, ...]) -> None:
        if self.is_asking:
            return
        if event in _TO_ADDRESS:
            self._check_address(*args[:2])
        elif event in _BY_NAME:
            self._check_name(args[0])

    def _check_address(self, own: socket.socket, address: Any) -> None:
        if own.family not in (socket.AF_INET, socket.AF_INET6) or not isinstance(address, tuple):
            return
        host, port = str(address[0]).lower(), int(address[1])
        if NetworkAddress(host, port) in self.named or (host, port) in self.numbers:
            return
        self._look_up()
        if (host, port) not in self.numbers:
            raise PermissionError(f"{NetworkAddress(host, port)} may not be reached")

    def _check_name(self, host: Any) -> None:
        words = host.decode(errors="replace") if isinstance(host, bytes) else str(host or "")
        if words and words.lower() not in self.hosts and not _is_number(words):
            raise PermissionError(f"{words} may not be looked up")

    def _look_up(self) -> None:
        """Find the numbers of the named hosts, which may have changed."""
        found: set[tuple[str, int]] = set()
        self.is_asking = True
        try:
            for one in self.named:
                try:
                    known = socket.getaddrinfo(one.host, one.port, type=socket.SOCK_STREAM)
                except OSError:
                    continue
                found |= {(str(row[4][0]), one.port) for row in known}
        finally:
            self.is_asking = False
        self.numbers = frozenset(found)


def _is_number(host: str) -> bool:
    """Whether a host is an IP address, which is looked up without asking anybody."""
    for family in (socket.AF_INET, socket.AF_INET6):
        try:
            socket.inet_pton(family, host)
        except OSError:
            continue
        return True
    return False
