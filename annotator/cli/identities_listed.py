"""`annotator identities`: who is meant in all articles, and what is proposed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from annotator.cli.context import many, say, tell, workspace_of
from annotator.cli.options import Json
from annotator.errors import AnnotatorError, ArticleDamaged

if TYPE_CHECKING:
    from annotator.core.across.alias_lines import Alias
    from annotator.core.across.open_identities import OpenIdentity
    from annotator.store.identities.identity_store import ListedIdentity
    from annotator.store.identities.open_proposals import ProposedIdentities
    from annotator.store.store import Store

_NEWEST = 1000
Newest = Annotated[
    int,
    typer.Option("--newest", metavar="N", min=0, help="Number of articles to read for proposals."),
]
Add = Annotated[
    Path | None,
    typer.Option("--add", metavar="FILE", help="Add names of an alias file: `name`, `aliases`."),
]
Remove = Annotated[
    Path | None, typer.Option("--remove", metavar="FILE", help="Remove names added before.")
]
Plain = dict[str, Any]


def identities(
    context: typer.Context,
    add: Add = None,
    remove: Remove = None,
    newest: Newest = _NEWEST,
    as_json: Json = False,
) -> None:
    """List identities with their forms and articles, and names that may be one; take in names."""
    workspace = workspace_of(context)
    chosen = workspace.settings()
    damaged: list[ArticleDamaged] = []
    with closing(workspace.open_store(chosen)) as store:
        result: Plain = {"added": 0, "removed": 0, "refused": []}
        if add is not None:
            result["added"] = store.identities.add_aliases(_aliases(add, result["refused"]))
        if remove is not None:
            names = _aliases(remove, result["refused"])
            result["removed"] = store.identities.remove_aliases(names)
        listed = [*store.identities.all()]
        proposed = _proposed(store, chosen.reviewer, newest, damaged)
    result |= {
        "identities": [_plain(one) for one in listed],
        "proposals": [_open(one) for one in proposed.proposals],
        "read": proposed.read,
        "of": proposed.articles,
    }
    say(result, as_json=as_json, text=[*_lines(listed, proposed)])
    _tell(result, proposed, damaged)


def _tell(result: Plain, proposed: ProposedIdentities, damaged: list[ArticleDamaged]) -> None:
    for what in ("added", "removed"):
        if result[what]:
            tell(f"{many(result[what], 'name')} {what}.")
    for one in result["refused"]:
        tell(f"Not taken, line {one['line']} of {one['file']}: {one['reason']}")
    if proposed.read < proposed.articles:
        articles = many(proposed.articles, "article")
        tell(f"Proposals are from the newest {proposed.read:,} of {articles}.")
    for error in damaged:
        tell(f"{error.message} {error.hint}")
    if damaged or result["refused"]:
        raise typer.Exit(1)


def _proposed(
    store: Store, reviewer: str, newest: int, damaged: list[ArticleDamaged]
) -> ProposedIdentities:
    from annotator.cli.progress import progress_shown
    from annotator.store.identities.open_proposals import ProposalsWanted

    with progress_shown("articles read") as show:
        return store.identities.proposed(ProposalsWanted(reviewer, newest, show, damaged.append))


def _aliases(file: Path, refused: list[Plain]) -> Iterator[Alias]:
    """The names in an alias file; lines that give none are appended to `refused`."""
    from annotator.core.across.alias_lines import LONGEST_LINE, aliases_in
    from annotator.errors import RecordError

    try:
        with file.open(encoding="utf-8-sig") as lines:
            number = 0
            # One character more than a line may have, so that a longer one is not read whole.
            while line := lines.readline(LONGEST_LINE + 1):
                number += 1
                if not line.strip():
                    continue
                try:
                    yield from aliases_in(line)
                except RecordError as error:
                    refused.append({"file": file.name, "line": number, "reason": error.message})
                while not line.endswith("\n") and (line := lines.readline(LONGEST_LINE)):
                    pass
    except (OSError, UnicodeDecodeError) as error:
        why = "is not UTF-8" if isinstance(error, UnicodeDecodeError) else "cannot be read"
        raise AnnotatorError(
            f"{file} {why}.", hint="Give a file of names (JSONL with `name` and `aliases`)."
        ) from error


def _plain(one: ListedIdentity) -> Plain:
    from annotator.core.across.identity_log import key_in

    identity = one.identity
    return {
        "id": identity.id,
        "name": identity.name,
        "type": identity.type,
        "link": identity.link,
        "note": identity.note,
        "forms": [{"form": key_in(form), "count": count} for form, count in one.forms],
        "mentions": one.mentions,
        "articles": one.articles,
    }


def _open(one: OpenIdentity) -> Plain:
    proposal = one.proposal
    return {
        "name": proposal.name,
        "type": proposal.type,
        "forms": [{"form": form, "count": count} for form, count in proposal.forms],
        "articles": len(proposal.articles),
        "evidence": [
            {"one": seen.one, "other": seen.other, "why": seen.why.value, "score": seen.score}
            for seen in proposal.evidence
        ],
        "score": proposal.score,
        "identities": list(one.known),
    }


def _lines(listed: list[ListedIdentity], proposed: ProposedIdentities) -> Iterator[str]:
    from annotator.core.across.identity_log import key_in

    for one in listed:
        forms = ", ".join(f"{key_in(form)} {count}" for form, count in one.forms)
        places = f"{many(one.mentions, 'mention')} in {many(one.articles, 'article')}"
        yield f"{one.identity.id[:12]:<12}  {one.identity.type:<8} {one.identity.name}: {places}"
        if forms:
            yield f"{'':<14}{forms}"
    for found in proposed.proposals:
        proposal = found.proposal
        forms = ", ".join(f"{form} {count}" for form, count in proposal.forms)
        places = many(len(proposal.articles), "article")
        yield f"{'proposed':<12}  {proposal.type:<8} {proposal.name}: {places}: {forms}"
        why = (f"{seen.one} – {seen.other}: {seen.why}" for seen in proposal.evidence)
        if found.proposal.evidence:
            yield f"{'':<14}{'; '.join(dict.fromkeys(why))}"
