"""Where a database is: its address taken apart and checked, before anything is opened."""

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
    """The address of a database that we can use; StoreError, without what is secret in it, says
    why another one is none."""
    address = sqlite_address(url)
    if address is None:
        return _server(url)
    options = dict(parse_qsl(address.options, keep_blank_values=True))
    if not address.path or address.path == ":memory:" or options.get("mode") == "memory":
        raise StoreError("A database in memory would be forgotten.", hint=_EXAMPLE)
    if options.keys() - _OPTIONS and "uri" not in options:
        # Which one is not said: it may be a piece of a password.
        raise StoreError(
            f"{showable(url)} is followed by an option that SQLite does not have.",
            hint="Leave out what follows the ?; where it belongs to the file's name, write %3F.",
        )
    return URL.create("sqlite", database=address.path, query=options)


def secrets_in(url: URL) -> frozenset[str]:
    """What of an address nobody else may see."""
    return frozenset(_secrets(url))


def check_place(file: Path) -> None:
    """StoreError where no SQLite database can be, or none that several machines could use."""
    if file.is_dir():
        raise StoreError(f"{file} is a folder, not a database.", hint="Name a file in it.")
    if not file.parent.is_dir():
        raise StoreError(
            f"The folder {file.parent} for the database does not exist.",
            hint="Make it, or name another place for the database.",
        )
    kind = network_kind(Path(os.path.realpath(file)).parent)
    if kind is not None:
        # WAL needs memory that all its users share, which no two machines do.
        raise StoreError(
            f"The database {file} lies on a network file system ({kind}), "
            "where SQLite damages what several machines write.",
            hint="Set `database` in annotator.toml to a file on a local disk, such as "
            "sqlite:////var/lib/annotator/annotator.db, or to PostgreSQL for a team.",
        )


def _server(url: str) -> URL:
    try:
        parsed = make_url(url)
        backend = parsed.get_backend_name()
    except (ArgumentError, NoSuchModuleError, ValueError):
        # Its own words would show the address, password and all.
        hint = _ESCAPED if url.startswith("postgres") else _EXAMPLE
        raise StoreError(
            f"The setting `database` is not the address of a database: {showable(url)}", hint=hint
        ) from None
    if backend == "sqlite":
        raise StoreError(f"{showable(url)} names no file for a database.", hint=_EXAMPLE)
    if backend != "postgresql":
        raise StoreError(
            f"Databases of the kind {backend} are not supported.", hint="Use SQLite or PostgreSQL."
        )
    if parsed.drivername not in _DRIVERS:
        raise StoreError(
            f"The driver of {parsed.drivername} is not supported.",
            hint="Write postgresql+psycopg://…",
        )
    if "@" in str(parsed.host):
        raise StoreError(
            f"The address of the database has more than one @: {showable(url)}", hint=_ESCAPED
        )
    plain = parsed.drivername == "postgresql"
    return parsed.set(drivername="postgresql+psycopg") if plain else parsed


def _secrets(url: URL) -> Iterator[str]:
    if url.password:
        yield str(url.password)
    for name, value in url.query.items():
        if "pass" in name.lower():
            yield from [value] if isinstance(value, str) else value
