"""`annotator model`: the versions that a workspace has trained, and which of them is used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from annotator.cli.context import say, tell, workspace_of
from annotator.cli.options import Json

Use = Annotated[
    str | None,
    typer.Option("--use", metavar="N|shipped", help="Use this version from now on."),
]
Back = Annotated[bool, typer.Option("--back", help="Use again what was in use before.")]
Plain = dict[str, Any]
_GONE = ", which is not there any more: choose another with --use"


def model(
    context: typer.Context, use: Use = None, back: Back = False, as_json: Json = False
) -> None:
    """List the versions trained on one's own reviews; choose the one to use."""
    from annotator.settings import FILE
    from annotator.training.own_reviews import versions

    if use is not None and back:
        raise typer.BadParameter("--use and --back exclude each other")
    workspace = workspace_of(context)
    folder = workspace.folder.resolve()
    if use is not None and (folder / FILE).is_file():
        # Before the settings are read: it mends a damaged choice.
        versions.use(folder, use)
    chosen = workspace.settings()
    if back:
        versions.use_the_one_before(folder)
        chosen = workspace.settings()
    result: Plain = {
        "in_use": in_use(folder, chosen.model),
        "versions": [_plain(one) for one in versions.versions(folder)],
    }
    say(result, as_json=as_json, text=_lines(result))
    if use is not None or back:
        _tell_effect(folder, chosen.model)


def _tell_effect(folder: Path, model: str | None) -> None:
    from annotator.training.own_reviews.versions import folder_in_use

    own = folder_in_use(folder)
    if model != (None if own is None else str(own)):
        tell(f"`model` is set to {model}, so this has no effect until that setting is removed.")
    else:
        tell("A watcher that is running uses it when it is started again.")


def in_use(workspace: Path, model: str | None) -> str:
    """What is used: the number of an own version, `shipped`, or what `model` is set to."""
    from annotator.training.own_reviews.versions import SHIPPED, folder_in_use

    if model is None:
        return SHIPPED
    own = folder_in_use(workspace.resolve())
    return own.name if own is not None and str(own) == model else model


def _plain(one: Any) -> Plain:
    made_from = dict(one.made_from)
    return {
        "version": one.number,
        "folder": str(one.folder),
        "reviews": one.reviews,
        "is_of_shipped": _is_of_shipped(made_from.get("base", {})),
        **made_from,
    }


def _is_of_shipped(base: Mapping[str, Any]) -> bool:
    """Whether a version was made from the pipeline that comes with this annotator."""
    from annotator.suggest.pipeline import shipped_folder
    from annotator.training.own_reviews.versions import hash_of

    return bool(base) and base.get("hash") == hash_of(shipped_folder())


def _lines(result: Plain) -> Iterator[str]:
    if not result["versions"]:
        yield "No version has been trained here: `annotator train` makes one from finished reviews"
    else:
        yield f"  {'version':<9}{'made':<22}{'reviews':>7}   {'F, held out':<18}F, general news"
    for one in result["versions"]:
        scores = one.get("scores", {})
        held_out, general = (_change(scores.get(name)) for name in ("held_out", "general"))
        mark = "*" if result["in_use"] == str(one["version"]) else " "
        old = "" if one["is_of_shipped"] else "   made from another release: train again"
        yield (
            f"{mark} {one['version']:<9}{one.get('made', '?'):<22}{one['reviews']:>7,}   "
            f"{held_out:<18}{general}{old}"
        )
    used = result["in_use"]
    is_gone = used.isdecimal() and all(used != str(one["version"]) for one in result["versions"])
    yield f"In use: {used}{_GONE if is_gone else ''}"


def _change(row: Mapping[str, Any] | None) -> str:
    if not row:
        return "?"
    return f"{100 * row['before']['value']:.1f} → {100 * row['after']['value']:.1f}"
