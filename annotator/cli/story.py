"""`annotator story`: articles on one event, and what they say of it."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from annotator.cli.context import many, say, tell, workspace_of
from annotator.cli.options import Json
from annotator.cli.targets import keep_inbox_safe, path_given, write_file
from annotator.errors import ArticleDamaged

if TYPE_CHECKING:
    from annotator.core.across.board import Board
    from annotator.core.across.story_log import Story
    from annotator.core.across.story_window import ProposedStory
    from annotator.settings import Settings
    from annotator.store.store import Store
    from annotator.store.stories.story_store import OpenedStory

Id = Annotated[
    str | None,
    typer.Argument(
        metavar="ID",
        help="A story, also a proposed one, by its id or that of an article in it.",
        show_default=False,
    ),
]
Html = Annotated[
    Path | None, typer.Option("--html", metavar="FILE", help="Write its board as one page.")
]
Csv = Annotated[
    Path | None, typer.Option("--csv", metavar="FILE", help="Write its accounts as a table.")
]
Graphml = Annotated[
    Path | None, typer.Option("--graphml", metavar="FILE", help="Write its board as a graph.")
]
Plain = dict[str, Any]


def story(
    context: typer.Context,
    story: Id = None,
    html: Html = None,
    csv: Csv = None,
    graphml: Graphml = None,
    as_json: Json = False,
) -> None:
    """List stories; with an ID show its board: who says what, and where accounts differ."""
    targets = {"html": html, "csv": csv, "graphml": graphml}
    wanted = {kind: path_given(file) for kind, file in targets.items() if file is not None}
    if wanted and story is None:
        raise typer.BadParameter("--html, --csv and --graphml need the ID of a story")
    workspace = workspace_of(context)
    chosen = workspace.settings()
    for file in wanted.values():
        keep_inbox_safe(file, chosen)
    damaged: list[ArticleDamaged] = []
    with closing(workspace.open_store(chosen)) as store:
        if story is None:
            _list(store, chosen, damaged, as_json=as_json)
        else:
            opened = store.stories.open(
                store.stories.meant(story, chosen.reviewer),
                chosen.reviewer,
                damaged=damaged.append,
            )
            _show(opened, wanted, as_json=as_json)
    for error in damaged:
        tell(f"{error.message} {error.hint}")
    if damaged:
        raise typer.Exit(1)


def _list(store: Store, chosen: Settings, damaged: list[ArticleDamaged], *, as_json: bool) -> None:
    standing = store.stories.all().standing
    proposed = store.stories.proposed(chosen.reviewer, damaged=damaged.append)
    result = {
        "stories": [_plain(one) for one in standing]
        + [_plain(one, proposed=True) for one in proposed if one.into is None],
        "proposals": [_proposed(one) for one in proposed],
    }
    lines = [
        f"{one.id[:12]:<12}  {many(len(one.articles), 'article'):>12}  {one.title}"
        for one in standing
    ]
    lines += [
        f"{one.id[:12]:<12}  {many(len(one.articles), 'article'):>12}  {_into(one)}{one.title}"
        for one in proposed
    ]
    if as_json or lines:
        say(result, as_json=as_json, text=lines)
    else:
        tell("There are no stories, and none is proposed.")


def _into(one: ProposedStory) -> str:
    return "proposed: " if one.into is None else f"proposed for {one.into[:12]}: "


def _plain(one: Story | ProposedStory, *, proposed: bool = False) -> Plain:
    return {
        "id": one.id,
        "title": one.title,
        "articles": list(one.articles),
        "is_proposed": proposed,
    }


def _proposed(one: ProposedStory) -> Plain:
    return {
        "title": one.title,
        "articles": list(one.articles),
        "score": one.score,
        "story": one.into,
    }


def _show(opened: OpenedStory, wanted: dict[str, Path], *, as_json: bool) -> None:
    from annotator.core.across.board import story_claims
    from annotator.export.story_json import board_to_dict, lines_of

    board = story_claims(opened.annotated).arranged(opened.ties)
    for kind, file in wanted.items():
        write_file(file, _content(kind, opened, board))
    told = {kind: str(file) for kind, file in wanted.items()}
    plain = _plain(opened.story, proposed=opened.story.id in opened.story.articles)
    result = {"stories": [plain], **plain, "written": told}
    result |= board_to_dict(board, opened.ties)
    if as_json or not wanted:
        say(result, as_json=as_json, text=lines_of(opened.story.title, board))
    for name in told.values():
        tell(f"Written: {name}")


def _content(kind: str, opened: OpenedStory, board: Board) -> bytes:
    from annotator.export.story_csv import board_to_csv
    from annotator.export.story_graphml import board_to_graphml
    from annotator.export.story_page import story_page

    match kind:
        case "html":
            return story_page(opened.story.title, board)
        case "csv":
            return board_to_csv(board)
        case _:
            return board_to_graphml(board, opened.ties)
