"""`annotator report`: how far the work is, and what could not be read."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from textwrap import wrap
from typing import Annotated

import typer

from annotator.cli.context import say, tell, workspace_of
from annotator.cli.model import in_use
from annotator.cli.options import Json
from annotator.cli.targets import keep_inbox_safe, path_given, write_file
from annotator.inbox.files import escaped

Html = Annotated[
    Path | None, typer.Option("--html", metavar="FILE", help="Write it as one page with plots.")
]


def report(context: typer.Context, html: Html = None, as_json: Json = False) -> None:
    """Show progress, speed, what became of suggestions, rejected files with reasons, and agreement
    between reviewers."""
    from annotator.cli.report_figures import report_figures
    from annotator.cli.report_lines import report_lines
    from annotator.tui.saving.restore import waiting

    workspace = workspace_of(context)
    chosen = workspace.settings()
    target = None if html is None else path_given(html)
    if target is not None:
        keep_inbox_safe(target, chosen)
    with closing(workspace.open_store(chosen)) as store:
        inbox = escaped(os.path.realpath(chosen.inbox))
        unsaved = waiting(workspace.folder).items()
        result = report_figures(store, store.now(), inbox=inbox, unsaved=unsaved)
        made_at = store.now()
    result["model"] = in_use(workspace.folder, chosen.model)
    if target is not None:
        from annotator.export.report_page import report_page

        write_file(target, report_page(result, workspace.folder.resolve().name, made_at))
        result["written"] = {"html": str(target)}
    if as_json or target is None:
        lines = [*report_lines(result), f"model: {result['model']}"]
        say(result, as_json=as_json, text=fitted(lines))
    if target is not None:
        tell(f"Written: {target}")


def fitted(lines: Iterable[str]) -> Iterator[str]:
    """The lines wrapped to the width of the terminal, their rest indented; unchanged if the output
    is not a terminal."""
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else 0
    for line in lines:
        if not width or len(line) <= width:
            yield line
            continue
        indent = " " * (len(line) - len(line.lstrip()) + 4)
        yield from wrap(
            line,
            max(40, width),
            subsequent_indent=indent,
            drop_whitespace=True,
            replace_whitespace=False,
            break_on_hyphens=False,
        )
