"""`annotator roles`: print the script that binds reviewers to database roles."""

from __future__ import annotations

from typing import Annotated

import typer

from annotator.cli.context import say, workspace_of
from annotator.cli.options import Json
from annotator.errors import SettingsError

_LONGEST = 63
"""The longest name of a role in PostgreSQL, in bytes."""
Reviewers = Annotated[
    list[str] | None, typer.Argument(metavar="[REVIEWER]...", help="Reviewers, by name.")
]
Leads = Annotated[
    list[str] | None,
    typer.Option("--lead", metavar="NAME", help="A reviewer who reads all finished reviews."),
]
Workers = Annotated[
    list[str] | None,
    typer.Option("--worker", metavar="NAME", help="A role for watchers and workers."),
]
Open = Annotated[
    bool, typer.Option("--open", help="Let reviewers read each other's reviews at any time.")
]


def roles(
    context: typer.Context,
    reviewer: Reviewers = None,
    lead: Leads = None,
    worker: Workers = None,
    is_open: Open = False,
    as_json: Json = False,
) -> None:
    """Print an SQL script that gives each reviewer a database role; for PostgreSQL."""
    from annotator.core.database_urls import sqlite_address
    from annotator.store.roles.role_script import Blindness, Members, role_script

    chosen = workspace_of(context).settings()
    if sqlite_address(chosen.database) is not None:
        raise SettingsError(
            "SQLite has no roles: whoever may write the file of the database may write all of it.",
            hint="Set `database` to a PostgreSQL server, for example "
            "postgresql+psycopg://owner@host/desk.",
        )
    members = Members(*(_checked(names) for names in (reviewer, lead, worker)))
    script = role_script(Blindness(chosen.viewer.plan, is_open), members, chosen.adjudicators)
    say({"script": script}, as_json=as_json, text=script.rstrip("\n"))


def _checked(names: list[str] | None) -> tuple[str, ...]:
    for name in names or ():
        if not name or len(name.encode()) > _LONGEST or not name.isprintable() or "$" in name:
            raise SettingsError(
                f"{name!r:.80} cannot be the name of a role.",
                hint=f"Choose a name of at most {_LONGEST} bytes, without $.",
            )
    return tuple(dict.fromkeys(names or ()))
