"""`annotator doctor`: whether this machine and workspace are ready for use, with advice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

import typer

from annotator.cli.context import many, say, tell, workspace_of
from annotator.cli.fitness import Check, checks
from annotator.cli.options import Json
from annotator.core.text.harmless import harmless_line


def doctor(context: typer.Context, as_json: Json = False) -> None:
    """Check that this machine and workspace are ready for use, with advice where not."""
    looked: list[Check] = []
    for one in checks(workspace_of(context).folder):
        looked.append(one)
        if not as_json:
            for line in _lines(one):
                print(harmless_line(line), flush=True)
    if as_json:
        say({"checks": [asdict(one) for one in looked]}, as_json=True, text="")
    ill = sum(not one.ok for one in looked)
    if ill:
        tell(f"{many(ill, 'check')} failed.")
        raise typer.Exit(1)


def _lines(one: Check) -> Iterator[str]:
    yield f"{'ok  ' if one.ok else 'FAIL'}  {one.name:<9} {one.found}"
    if one.advice:
        yield f"                {one.advice}"
