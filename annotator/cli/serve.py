"""`annotator serve`: the same screens in a browser."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from ipaddress import ip_address
from typing import Annotated

import typer

from annotator.cli.context import Workspace, tell, workspace_of
from annotator.errors import AnnotatorError

PORT = 8321


def _address(host: str) -> str:
    """The address; an empty one is wrong usage, for it would listen everywhere."""
    if not host.strip():
        raise typer.BadParameter("an address is empty; 0.0.0.0 listens on every address")
    return host


Host = Annotated[
    str,
    typer.Option(
        metavar="ADDRESS", callback=_address, help="Address to listen on; loopback by default."
    ),
]
Port = Annotated[
    int, typer.Option(metavar="N", min=0, max=65535, help="Port to listen on; 0: any free one.")
]
Reviewer = Annotated[
    str | None,
    typer.Option("--reviewer", metavar="NAME", help="Reviewer name to record decisions under."),
]


def serve(
    context: typer.Context,
    host: Host = "127.0.0.1",
    port: Port = PORT,
    reviewer: Reviewer = None,
) -> None:
    """Watch the inbox and review articles in a browser, at the link that is printed."""
    try:
        from annotator.browser.admission import new_token
        from annotator.browser.screens_server import ScreensServer
    except ModuleNotFoundError:
        raise AnnotatorError(
            "`serve` needs the package textual-serve, which is not installed.",
            hint="Install it: pip install 'annotator[browser]'.",
        ) from None
    from annotator.cli.run import watcher_beside, watcher_problem

    workspace = workspace_of(context)
    _check(workspace, reviewer)
    token = new_token()
    words = [sys.executable, "-P", "-m", "annotator.cli.browser_screens"]
    server = ScreensServer(
        [*words, str(workspace.folder), reviewer or ""], token, host=host, port=port
    )
    with tempfile.TemporaryFile() as said, watcher_beside(workspace, said) as watcher:
        asyncio.run(server.serve_until_stopped(lambda opened: _invite(host, opened, token)))
        problem = watcher_problem(watcher, said)
    if problem is not None:
        raise problem


def _check(workspace: Workspace, reviewer: str | None) -> None:
    """Raise now what each tab would only show later: wrong settings, a database that is away."""
    chosen = workspace.settings(**({} if reviewer is None else {"reviewer": reviewer}))
    workspace.open_store(chosen).close()


def _invite(host: str, port: int, token: str) -> None:
    """Print the link, and what to know about it."""
    place = f"[{host}]" if ":" in host else host
    print(f"http://{place}:{port}/?token={token}", flush=True)
    tell("Open this link in a browser. ctrl+c here ends it; what was decided is kept.")
    if not _is_loopback(host):
        tell("Everybody who has the link reviews under your name, and nothing on the way is")
        tell("encrypted. Safer: leave out --host and take an SSH tunnel, see docs/browser.md.")
    elif "SSH_CONNECTION" in os.environ:
        tell(f"From your own machine: ssh -L {port}:127.0.0.1:{port} HOST, then open the link.")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
