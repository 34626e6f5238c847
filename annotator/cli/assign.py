"""`annotator assign`: who is to review which articles."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from annotator.cli.context import many, say, tell, workspace_of
from annotator.cli.options import Json

if TYPE_CHECKING:
    from annotator.settings import Settings
    from annotator.store.listing.assignments import Assignment
    from annotator.store.store import Store

Articles = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[ARTICLE]...",
        help="Articles: ids, unique prefixes of ids, or names of files.",
        show_default=False,
    ),
]
Outlet = Annotated[str | None, typer.Option(metavar="NAME", help="All articles of an outlet.")]
StoryId = Annotated[
    str | None, typer.Option("--story", metavar="ID", help="All articles of a story.")
]
To = Annotated[str | None, typer.Option("--to", metavar="NAME[,NAME]", help="To these reviewers.")]
Clear = Annotated[bool, typer.Option("--clear", help="Take the assignments back.")]
List = Annotated[bool, typer.Option("--list", help="List who has what, and how far they are.")]


def assign(
    context: typer.Context,
    articles: Articles = None,
    outlet: Outlet = None,
    story: StoryId = None,
    to: To = None,
    clear: Clear = False,
    listed: List = False,
    as_json: Json = False,
) -> None:
    """Assign articles to reviewers, who get them next; nobody else is offered them."""
    selects = bool(articles or outlet or story)
    names = _names(to)
    if listed and (selects or clear):
        raise typer.BadParameter("--list goes with --to only")
    if not listed and not (selects or (clear and names)):
        raise typer.BadParameter("give an ARTICLE, an --outlet or a --story")
    if not listed and not clear and not names:
        raise typer.BadParameter("give --to NAME, or --clear")
    workspace = workspace_of(context)
    chosen = workspace.settings()
    with closing(workspace.open_store(chosen)) as store:
        if listed:
            _list(store, names, as_json=as_json)
            return
        ids = tuple(_meant(store, chosen, articles or (), outlet, story))
        if clear:
            cleared = store.assignments.clear(ids if selects else None, names)
            told = f"{many(cleared, 'assignment')} taken back."
            say({"cleared": cleared, "articles": len(ids)}, as_json=as_json, text=told)
            return
        now = datetime.now(UTC).replace(microsecond=0)
        done = store.assignments.assign(ids, names, by=chosen.reviewer, now=now)
        known = done.articles * len(names) - done.new
        result = {"assigned": done.new, "known": known, "articles": done.articles}
        before = f" ({known:,} known)" if known else ""
        say(
            result,
            as_json=as_json,
            text=f"{many(done.articles, 'article')} assigned to {' and '.join(names)}{before}.",
        )


def _names(to: str | None) -> tuple[str, ...]:
    """The names of reviewers in an option; raises BadParameter for one that cannot be."""
    names = tuple(dict.fromkeys(name.strip() for name in (to or "").split(",")))
    if to is not None and not all(0 < len(name) <= 100 for name in names):
        raise typer.BadParameter("a reviewer's name has 1 to 100 characters", param_hint="--to")
    return names if to is not None else ()


def _meant(
    store: Store,
    chosen: Settings,
    words: tuple[str, ...] | list[str],
    outlet: str | None,
    story: str | None,
) -> Iterator[str]:
    for word in words:
        yield from store.articles.all_meant(word)
    if outlet is not None:
        yield from store.assignments.of_outlet(outlet)
    if story is not None:
        yield from store.stories.meant(story, chosen.reviewer).articles


def _list(store: Store, names: tuple[str, ...], *, as_json: bool) -> None:
    found = [one for one in store.assignments.listed() if not names or one.reviewer in names]
    if as_json or found:
        result = {"assignments": [_plain(one) for one in found]}
        say(result, as_json=as_json, text=map(_line, found))
    else:
        tell("Nothing is assigned.")


def _plain(one: Assignment) -> dict[str, Any]:
    return {
        "article": one.article,
        "name": one.name,
        "reviewer": one.reviewer,
        "at": _time(one.at),
        "by": one.by,
        "started": _time(one.started),
        "finished": _time(one.finished),
    }


def _time(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat().replace("+00:00", "Z")


def _line(one: Assignment) -> str:
    state = one.state or "to do"
    return f"{one.article[:12]}  {one.reviewer:<12} {state:<9}  {one.name}"
