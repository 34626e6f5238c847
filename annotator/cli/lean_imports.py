"""Keeps what the screens never use out of their memory: several megabytes.

Asyncio loads TLS and hashlib OpenSSL, whose hashes Python has of its own; SQLAlchemy loads the
metadata of installed packages and a driver for asyncio. Code that uses one of them later still
gets it, except for OpenSSL's own algorithms in hashlib.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType

_WITHOUT = {"asyncio": "ssl", "hashlib": "_hashlib"}
_DEFERRED = ("importlib.metadata", "sqlalchemy.dialects.sqlite.aiosqlite")


def import_lean() -> None:
    """Load asyncio and hashlib without OpenSSL, and defer what SQLAlchemy loads in vain."""
    for name, optional in _WITHOUT.items():
        _load_without(optional, name)
    for name in _DEFERRED:
        _defer(name)


def _load_without(optional: str, name: str) -> None:
    """Load a module as where `optional` is not installed; that can be imported afterwards."""
    if optional in sys.modules:
        return
    sys.modules[optional] = None  # type: ignore[assignment]  # imports of it fail, as documented
    try:
        import_module(name)
    finally:
        del sys.modules[optional]


def _defer(name: str) -> None:
    """Have a module loaded when a name in it is asked for, rather than when it is imported."""
    if name in sys.modules:
        return
    package, _, last = name.rpartition(".")
    deferred = ModuleType(name)

    def value(wanted: str) -> object:
        if sys.modules.get(name) is deferred:
            del sys.modules[name]
        return getattr(import_module(name), wanted)

    deferred.__getattr__ = value  # type: ignore[method-assign]
    sys.modules[name] = deferred
    if package in sys.modules:
        setattr(sys.modules[package], last, deferred)
