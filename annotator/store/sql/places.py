"""Parses and checks database URLs before anything is opened."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from annotator.core.database_urls import showable, sqlite_address
from annotator.errors import StoreError
from annotator.mounts import network_kind

_EXAMPLE = "Write sqlite:///annotator.db"
_ESCAPED = (
    "Write postgresql+psycopg://user@host/name; in a password @ is %40, : is %3A, / is %2F, "
    "? is %3F, # is %23 and % is %25."
)
_DRIVERS = ("postgresql", "postgresql+psycopg", "postgresql+psycopg2", "postgresql+pg8000")
_OPTIONS = frozenset(
    {"timeout", "isolation_level", "detect_types", "check_same_thread", "cached_statements", "uri"}
)


def parse(url: str) -> URL:
    """The parsed URL; raises StoreError, without secrets, if it is not supported."""
    address = sqlite_address(url)
    if address is None:
        return _server(url)
    options = dict(parse_qsl(address.options, keep_blank_values=True))
    if not address.path or address.path == ":memory:" or options.get("mode") == "memory":
        raise StoreError("A database in memory would be lost.", hint=_EXAMPLE)
    if options.keys() - _OPTIONS and "uri" not in options:
        # The option is not named, since it may be part of a password.
        raise StoreError(
            f"{showable(url)} has an option that SQLite does not support.",
            hint="Remove the part after ?; if it belongs to the file name, write %3F.",
        )
    return URL.create("sqlite", database=address.path, query=options)


def secrets_in(url: URL) -> frozenset[str]:
    """The secret parts of a URL."""
    return frozenset(_secrets(url))


def check_place(file: Path) -> None:
    """Raises StoreError if a SQLite database cannot exist here, or is on a network mount."""
    if file.is_dir():
        raise StoreError(f"{file} is a folder, not a database.", hint="Give a file in it.")
    if not file.parent.is_dir():
        raise StoreError(
            f"The folder {file.parent} for the database does not exist.",
            hint="Create it, or set another path for the database.",
        )
    kind = network_kind(Path(os.path.realpath(file)).parent)
    if kind is not None:
        # WAL needs shared memory, which several machines do not have.
        raise StoreError(
            f"The database {file} is on a network file system ({kind}), "
            "where SQLite corrupts data written by several machines.",
            hint="Set `database` in annotator.toml to a file on a local disk, such as "
            "sqlite:////var/lib/annotator/annotator.db, or to PostgreSQL for a team.",
        )


def _server(url: str) -> URL:
    try:
        parsed = make_url(url)
        backend = parsed.get_backend_name()
    except (ArgumentError, NoSuchModuleError, ValueError):
        # The original message would show the URL with its password.
        hint = _ESCAPED if url.startswith("postgres") else _EXAMPLE
        raise StoreError(
            f"The setting `database` is not a database URL: {showable(url)}", hint=hint
        ) from None
    if backend == "sqlite":
        raise StoreError(f"{showable(url)} does not name a file.", hint=_EXAMPLE)
    if backend != "postgresql":
        raise StoreError(
            f"{backend} databases are not supported.", hint="Use SQLite or PostgreSQL."
        )
    if parsed.drivername not in _DRIVERS:
        raise StoreError(
            f"The driver of {parsed.drivername} is not supported.",
            hint="Write postgresql+psycopg://…",
        )
    if "@" in str(parsed.host):
        raise StoreError(
            f"The URL of the database has more than one @: {showable(url)}", hint=_ESCAPED
        )
    plain = parsed.drivername == "postgresql"
    return parsed.set(drivername="postgresql+psycopg") if plain else parsed


def _secrets(url: URL) -> Iterator[str]:
    if url.password:
        yield str(url.password)
    for name, value in url.query.items():
        if "pass" in name.lower():
            yield from [value] if isinstance(value, str) else value
