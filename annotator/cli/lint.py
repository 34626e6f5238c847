"""`annotator lint`: what in finished work contradicts itself or the guidelines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing
from typing import TYPE_CHECKING, Annotated, Any

import typer

from annotator.cli.context import many, say, scheme_id, tell, workspace_of
from annotator.cli.options import Json
from annotator.core.lint.lint_finding import MENDING, FindingKind, LintFinding
from annotator.core.text.harmless import harmless_line
from annotator.errors import ArticleDamaged

if TYPE_CHECKING:
    from annotator.settings import Settings
    from annotator.store.store import Store
    from annotator.tui.keys import KeyMap

Kinds = Annotated[
    list[FindingKind] | None,
    typer.Option(
        "--kind",
        metavar="KIND",
        help="Only this kind; may be given several times.",
        parser=lambda words: _kind(words),
    ),
]
Reviewer = Annotated[
    str | None, typer.Option("--reviewer", metavar="NAME", help="Only reviews by NAME.")
]


def _kind(words: str) -> FindingKind:
    if words not in set(FindingKind):
        raise typer.BadParameter(f"{words!r} is not one of {', '.join(FindingKind)}")
    return FindingKind(words)


def lint(
    context: typer.Context,
    kind: Kinds = None,
    reviewer: Reviewer = None,
    as_json: Json = False,
) -> None:
    """List what contradicts itself or the guidelines in finished reviews, and how to fix it."""
    from annotator.tui.keys import keymap

    workspace = workspace_of(context)
    chosen = workspace.settings()
    keys = keymap(chosen.keys, chosen.keyboard)
    damaged: list[ArticleDamaged] = []
    with closing(workspace.open_store(chosen)) as store:
        found = _findings(store, chosen, reviewer, damaged)
        wanted = (one for one in found if not kind or one.kind in kind)
        if as_json:
            plain = [_plain(one, keys) for one in wanted]
            say({"findings": plain}, as_json=True, text="")
        else:
            _show(wanted, keys)
    for error in damaged:
        tell(f"{error.message} {error.hint}")
    if damaged:
        raise typer.Exit(1)


def _findings(
    store: Store, chosen: Settings, reviewer: str | None, damaged: list[ArticleDamaged]
) -> Iterator[LintFinding]:
    from annotator.core.lint.form_consistency import findings
    from annotator.export.records import RecordFilter, records

    finished = records(
        store, scheme=scheme_id(chosen), wanted=RecordFilter(reviewer), damaged=damaged.append
    )
    return findings(finished)


def _plain(one: LintFinding, keys: KeyMap) -> dict[str, Any]:
    return {
        "kind": one.kind.value,
        "article": one.article,
        "start": one.span.start,
        "end": one.span.end,
        "message": one.message,
        "name": one.name,
        "reviewer": one.reviewer,
        "keys": [keys.shown(action) for action in one.mended_by],
    }


def _show(found: Iterable[LintFinding], keys: KeyMap) -> None:
    """Print findings as they are found, below the names of their articles."""
    counts: dict[FindingKind, int] = {}
    last = None
    for one in found:
        if (one.article, one.reviewer) != last:
            last = one.article, one.reviewer
            print(harmless_line(f"{one.article[:12]}  {one.name}, reviewed by {one.reviewer}"))
        print(f"  {one.kind:<11} {harmless_line(one.message)}  ({_mends(one, keys)})")
        counts[one.kind] = counts.get(one.kind, 0) + 1
    told = ", ".join(f"{number:,} {kind}" for kind, number in sorted(counts.items()))
    tell(f"{many(sum(counts.values()), 'finding')}: {told}" if counts else "Nothing found.")


def _mends(one: LintFinding, keys: KeyMap) -> str:
    return ", ".join(f"{keys.shown(action)} {MENDING[action]}" for action in one.mended_by)
