"""`annotator review`: the screens."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from annotator.cli.shared import open_store, settings, workspace

if TYPE_CHECKING:
    from annotator.tui.setup import AppSetup


def review_articles(reviewer: str | None = None) -> None:
    """Open the queue and review articles."""
    show_screens(reviewer)


def show_screens(
    reviewer: str | None, watcher_problem: Callable[[], str | None] | None = None
) -> None:
    """The review screens until the reviewer leaves them.

    `watcher_problem` says why the watcher that belongs to them has ended, None while it has not.
    Settings and database are loaded behind the first frame; what is wrong with them is raised here.
    """
    from annotator.tui.app import run_app

    run_app(lambda: _setup(reviewer, watcher_problem))


def _setup(reviewer: str | None, watcher_problem: Callable[[], str | None] | None) -> AppSetup:
    from annotator.logs import to_file
    from annotator.settings import bundled, load_scheme
    from annotator.tui.setup import AppSetup

    chosen = settings(reviewer=reviewer)
    to_file(workspace() / "annotator.log")
    return AppSetup(
        store=open_store(chosen),
        reviewer=chosen.reviewer,
        scheme=load_scheme(chosen),
        keymap=chosen.keys,
        confidence=chosen.confidence,
        theme=chosen.theme,
        guidelines=bundled("guidelines.md").read_text(encoding="utf-8"),
        reviews_per_article=chosen.reviews_per_article,
        lease_seconds=chosen.lease_seconds,
        workspace=workspace().resolve().name,
        inbox=str(chosen.inbox),
        rescue=workspace().resolve(),
        watcher_problem=watcher_problem,
    )
