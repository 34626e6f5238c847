"""`annotator purge`: remove an article and all its reviews for good."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from annotator.cli.context import say, tell, workspace_of
from annotator.cli.options import Json
from annotator.errors import ExportError, StoreError

if TYPE_CHECKING:
    from annotator.store.values import ArticleContents, Tombstone

ArticleId = Annotated[
    str, typer.Argument(metavar="ARTICLE", help="Article id or a unique prefix of it.")
]
_SHORTEST = 8
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


def purge(
    context: typer.Context, article: ArticleId, yes: Yes = False, as_json: Json = False
) -> None:
    """Remove an article and its reviews for good; a tombstone records when and by whom."""
    from datetime import UTC, datetime

    from annotator.export.purge_files import copies_elsewhere, remove_exported
    from annotator.training.own_reviews.versions import learnt_from

    _check_long_enough(article)
    workspace = workspace_of(context)
    chosen = workspace.settings()
    store = workspace.open_store(chosen)
    try:
        name = store.articles.named(article)
        contents = store.purge.contents(name)
        if contents is not None and not yes:
            _ask(name, contents)
        now = datetime.now(UTC).replace(microsecond=0)
        tombstone = store.purge.article(name, by=chosen.reviewer, now=now)
        removed = remove_exported(chosen.exports, name)
        not_erased = store.purge.erase()
        elsewhere = [
            str(path) for path in copies_elsewhere(store.database.file, chosen.exports, name)
        ]
    finally:
        store.close()
    learnt = learnt_from(workspace.folder.resolve(), name)
    result = {
        "purged": name,
        "at": tombstone.at.isoformat().replace("+00:00", "Z"),
        "by": tombstone.by,
        "counts": dict(tombstone.counts),
        "files_removed": removed.count,
        "files_left": [str(path) for path, _ in removed.left],
        "erased": not_erased is None,
        "may_still_hold_it": elsewhere,
        "models_taught_by_it": [str(folder) for folder in learnt],
    }
    say(result, as_json=as_json, text=_text(tombstone, removed.count, before=contents is None))
    for left, reason in removed.left:
        tell(f"Could not be removed ({reason}): {left}")
    if not_erased is not None:
        tell(f"The text may remain in unused parts of the database: {not_erased}.")
        if store.database.is_sqlite:
            tell("Run the same command again when nobody is working, to overwrite them.")
    if contents is not None and contents.files:
        tell(f"The source file was not removed: {', '.join(contents.files)}")
    for path in elsewhere:
        tell(f"May still hold it: {path}")
    for folder in learnt:
        tell(f"Was trained with it: {folder}. `annotator train` makes a version without it.")
    tell("Backups and datasets kept elsewhere were not checked and may hold it too.")
    if removed.left:
        raise ExportError(
            f"{_files(len(removed.left))} could not be removed; everything else was.",
            hint="Make the folder writable and run the command again.",
        )


def _files(count: int) -> str:
    return "1 exported file" if count == 1 else f"{count:,} exported files"


def _check_long_enough(article: str) -> None:
    """Refuse a short prefix: a typo must not select an article."""
    if len(article.strip()) < _SHORTEST:
        raise StoreError(
            f"{article!r:.20} is too short to select an article for removal.",
            hint=f"Give at least {_SHORTEST} characters of the id; an exported record contains it.",
        )


def _ask(name: str, contents: ArticleContents) -> None:
    """Ask for confirmation at the terminal."""
    if not sys.stdin.isatty():
        raise StoreError(
            f"Purging {name[:12]} cannot be undone and needs confirmation at a terminal.",
            hint="Use --yes to remove it without asking.",
        )
    tell(f"{contents.title or name[:12]} ({name[:12]})")
    whose = f" (by {', '.join(contents.reviewers)})" if contents.reviewers else ""
    tell(f"reviews: {len(contents.reviewers)}{whose}, decisions: {contents.decisions:,}")
    typer.confirm("Remove all of this for good?", abort=True, err=True)


def _text(tombstone: Tombstone, removed: int, *, before: bool) -> str:
    if before:
        day = f"{tombstone.at:%Y-%m-%d}"
        return (
            f"{tombstone.article[:12]} was purged on {day} by {tombstone.by}; remaining files were "
            "removed now"
        )
    counts = "".join(f"{what.replace('_', ' ')}: {n:,}, " for what, n in tombstone.counts.items())
    return f"Purged {tombstone.article[:12]} ({counts}exported files: {removed:,})"
