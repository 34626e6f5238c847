"""`annotator find`: where words stand, in context."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from annotator.cli.context import many, say, tell, workspace_of
from annotator.cli.options import Json
from annotator.core.text.harmless import harmless_line
from annotator.errors import ArticleDamaged

if TYPE_CHECKING:
    from annotator.core.search.sought import HitInContext, Sought
    from annotator.settings import Settings
    from annotator.store.searching.search import FoundArticle

_BOLD, _PLAIN = "\x1b[1m", "\x1b[0m"
_WHAT = 22
Words = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="WORDS",
        help="A phrase; `word*` also finds longer words, `one + other` both in one paragraph. "
        "Case and accents do not matter.",
        show_default=False,
    ),
]
Source = Annotated[
    str | None, typer.Option("--source", metavar="NAME", help="Claims of this source.")
]
Label = Annotated[
    str | None, typer.Option("--label", metavar="L", help="Entities with this label.")
]
OfIdentity = Annotated[
    str | None,
    typer.Option("--identity", metavar="ID", help="Mentions of this identity (see `identities`)."),
]
Cue = Annotated[bool, typer.Option("--cue", help="Look for WORDS in the cues of claims.")]
Found = tuple["FoundArticle", "HitInContext"]


def find(
    context: typer.Context,
    words: Words = None,
    source: Source = None,
    label: Label = None,
    identity: OfIdentity = None,
    cue: Cue = False,
    as_json: Json = False,
) -> None:
    """Show where words stand in all articles, or in what is marked there, in context."""
    line = " ".join(words or ())
    if identity is not None:
        if line or source or label or cue:
            raise typer.BadParameter("--identity goes with nothing else")
        _find_identity(context, identity, as_json=as_json)
        return
    if label is not None and (cue or source is not None):
        raise typer.BadParameter("--label goes neither with --source nor with --cue")
    if not (line or source or label):
        raise typer.BadParameter("give WORDS, or a --source or a --label")
    workspace = workspace_of(context)
    chosen = workspace.settings()
    sought = _sought(line, source, None if label is None else _known(label, chosen), cue)
    damaged: list[ArticleDamaged] = []
    with closing(workspace.open_store(chosen)) as store:
        articles = store.search.all(sought, damaged=damaged.append)
        found = ((one, hit) for one in articles for hit in one.hits)
        if as_json:
            hits = [_plain(*pair, sought) for pair in found]
            say({"hits": hits}, as_json=True, text="")
        else:
            _show(found, line if sought.is_possible else None)
    for error in damaged:
        tell(f"{error.message} {error.hint}")
    if damaged:
        raise typer.Exit(1)


def _find_identity(context: typer.Context, prefix: str, *, as_json: bool) -> None:
    """Show the mentions of the identity with this id or unique prefix of one."""
    from annotator.core.search.sought import Sought
    from annotator.store.searching.search import FoundArticle
    from annotator.store.values import Stage

    workspace = workspace_of(context)
    with closing(workspace.open_store(workspace.settings())) as store:
        one = store.identities.called(prefix)
        mentions = store.identities.mentions(one.id, limit=None)
    found = (
        (
            FoundArticle(mention.article, 0, mention.name, Stage.READY, (mention.hit,)),
            replace(mention.hit, what=mention.label),
        )
        for mention in mentions
    )
    if as_json:
        sought = Sought(in_entities=True)
        say({"hits": [_plain(*pair, sought) for pair in found]}, as_json=True, text="")
    else:
        _show(found, one.name)


def _sought(line: str, source: str | None, label: str | None, cue: bool) -> Sought:
    from annotator.core.search.query import Query
    from annotator.core.search.sought import Sought

    about = None if source is None else Query.of(source)
    if not line:
        # Without words, every cue of the source is meant.
        return Sought(source=about, label=label, in_cues=cue)
    words = Query.of(line)
    # A query without a letter or digit finds nothing, whatever else is given.
    return Sought(words, about, cue, label) if words else Sought()


def _known(label: str, chosen: Settings) -> str:
    """The label of the scheme that is meant, however it is written; an unknown one as it is."""
    from annotator.settings import load_scheme

    names = [one.name for one in load_scheme(chosen)]
    meant = next((name for name in names if name.casefold() == label.casefold()), None)
    if meant is None:
        tell(f"The label scheme has no {label}; it has {', '.join(names)}.")
    return meant or label


def _plain(article: FoundArticle, hit: HitInContext, sought: Sought) -> dict[str, Any]:
    return {
        "article": article.id,
        "start": hit.span.start,
        "end": hit.span.end,
        "left": hit.left,
        "text": hit.text,
        "right": hit.right,
        "name": article.name,
        "label": hit.what if sought.of_entities else None,
        "source": hit.what if sought.needs_items and not sought.of_entities else None,
    }


def _show(found: Iterator[Found], line: str | None) -> None:
    """Print hits as they are found, below the names of their articles."""
    from annotator.tui.terminal.cells import shown

    width = shutil.get_terminal_size().columns
    marks = (_BOLD, _PLAIN) if _may_be_bold() else ("[", "]")
    hits, ids = 0, set()
    for article, hit in found:
        if article.id not in ids:
            ids.add(article.id)
            print(f"{article.id[:12]}  {shown(harmless_line(article.name), width - 15)}")
        print(_line(hit, width - 1, marks))
        hits += 1
    if line is None:
        tell("The query contains no word; give one with a letter or a digit.")
    else:
        tell(f"{many(hits, 'hit')} in {many(len(ids), 'article')}" if hits else "Nothing found.")


def _line(hit: HitInContext, width: int, marks: tuple[str, str]) -> str:
    from annotator.tui.search.hit_lines import hit_line
    from annotator.tui.terminal.cells import shown, width_of

    head = "  "
    if hit.what:
        what = shown(hit.what, _WHAT)
        head += what + " " * (_WHAT + 2 - width_of(what))
    around = 0 if marks[0] == _BOLD else sum(map(len, marks))
    left, text, right = hit_line(hit, max(20, width - len(head) - around))
    return f"{head}{left}{marks[0]}{text}{marks[1]}{right}".rstrip()


def _may_be_bold() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")
