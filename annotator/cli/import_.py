"""`annotator import`: other people's work, as finished reviews or as suggestions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand

from annotator.cli.options import Json
from annotator.cli.progress import progress_shown
from annotator.cli.shared import open_store, say, settings, tell
from annotator.cli.working import stopped_by_signals

if TYPE_CHECKING:
    from annotator.importing.bringing_in import Imported
    from annotator.importing.naming import Naming
    from annotator.importing.reading import Refusal
    from annotator.settings import Settings

_INTERRUPTED = 130
_LONGEST_NAME = 100

Files = Annotated[list[Path], typer.Argument(metavar="FILE...", help="Files, and folders of them.")]
As = Annotated[
    str,
    typer.Option(
        "--as",
        metavar="reviewer NAME | suggestions",
        help="As NAME's finished reviews, or as suggestions to be confirmed.",
    ),
]
Reviewer = Annotated[
    str | None, typer.Option("--reviewer", metavar="NAME", help="The NAME of --as reviewer.")
]
Format = Annotated[
    str | None, typer.Option("--format", metavar="NAME", help="The format; by content if absent.")
]
Map = Annotated[
    str | None,
    typer.Option(
        "--map", metavar="FILE", help="Our names for its labels: a file, or one of `label_maps`."
    ),
]
Offsets = Annotated[
    str | None,
    typer.Option(
        "--offsets",
        metavar="UNIT[+HOW...]",
        help="What its offsets count, where its words do not prove it: codepoints, utf16, grapheme"
        " or bytes, with +lf (CRLF as one), +crlf, +bom, +nobom, +blanks or +inclusive.",
    ),
]


class ImportCommand(TyperCommand):
    """Takes `--as reviewer NAME` as it is said, in two words."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        return super().parse_args(ctx, in_one_word(args))


def in_one_word(words: Sequence[str]) -> list[str]:
    """The words of a command line with `reviewer` and the NAME behind it as one."""
    joined = list(words)
    for n, word in enumerate(joined):
        if word == "--":
            break
        starts = word == "--as=reviewer" or (word == "reviewer" and joined[n - 1 : n] == ["--as"])
        if starts and len(joined) > n + 1 and not joined[n + 1].startswith("-"):
            joined[n : n + 2] = [f"{word} {joined[n + 1]}"]
            break
    return joined


def import_(
    files: Files,
    what: As = "suggestions",
    reviewer: Reviewer = None,
    format: Format = None,
    label_map: Map = None,
    offsets: Offsets = None,
    as_json: Json = False,
) -> None:
    """Take in what others annotated; what does not fit is listed, the rest comes in."""
    import gc
    from datetime import UTC, datetime

    from annotator.importing.bringing_in import import_files
    from annotator.importing.reading import Sources
    from annotator.ingest.stopping import Stop

    # Items hold no cycles; looking for some in all that is read takes a fifth of the time.
    gc.set_threshold(50_000, 20, 20)
    name = _reviewer(what, reviewer)
    now = datetime.now(UTC).replace(microsecond=0)
    sources = Sources(tuple(files), format, _counted(offsets), now)
    chosen, stop = settings(), Stop()
    naming = _naming(chosen, label_map)
    store = open_store(chosen)
    try:
        with stopped_by_signals(stop), progress_shown("imported") as progress:
            done = import_files(
                sources,
                store=store,
                naming=naming,
                reviewer=name,
                now=now,
                asked=stop.asked,
                progress=progress,
            )
    finally:
        store.close()
    for line in sources.notes.lines():
        tell(line)
    say(_result(done), as_json=as_json, text=_text(done, name))
    if done.interrupted:
        tell("Stopped. The same command goes on where it stopped.")
        raise typer.Exit(_INTERRUPTED)


def _reviewer(what: str, given: str | None) -> str | None:
    """Whose finished work it is; None if these are suggestions."""
    kind, _, name = what.strip().partition(" ")
    name = name.strip()
    if kind == "suggestions" and not name:
        if given:
            raise typer.BadParameter("goes with --as reviewer", param_hint="--reviewer")
        return None
    if kind != "reviewer":
        raise typer.BadParameter(
            f"{what!r} is neither `reviewer NAME` nor `suggestions`", param_hint="--as"
        )
    if name and given and name != given:
        raise typer.BadParameter(f"names {given}, --as names {name}", param_hint="--reviewer")
    # A file where the name should stand: it was forgotten.
    forgotten = bool(name) and Path(name).is_file()
    name = name or (given or "").strip()
    if not name or forgotten:
        raise typer.BadParameter(
            "`reviewer` needs a NAME behind it: --as reviewer ada", param_hint="--as"
        )
    if len(name) > _LONGEST_NAME or not name.isprintable():
        raise typer.BadParameter(f"{name!r:.60} cannot be a reviewer's name", param_hint="--as")
    return name


def _counted(offsets: str | None) -> str | None:
    from annotator.formats.readings import reading_named

    try:
        return offsets if offsets is None else reading_named(offsets).name
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--offsets") from error


def _naming(chosen: Settings, label_map: str | None) -> Naming:
    from annotator.importing.naming import Naming
    from annotator.settings import load_scheme

    labels = tuple(label.name for label in load_scheme(chosen))
    return Naming(labels, _names(label_map, chosen.label_maps) if label_map else {})


def _names(
    name: str, of_the_settings: Mapping[str, Mapping[str, str]]
) -> dict[str, tuple[str, ...]]:
    """Our names for labels of files: the map of that name in the settings, else the file's."""
    from annotator.core.labels import label_map_rows
    from annotator.errors import SchemeError

    if name in of_the_settings:
        lines = [f"{theirs}={ours}" for theirs, ours in of_the_settings[name].items()]
        return dict(label_map_rows(lines, f"label_maps.{name}"))
    try:
        lines = Path(name).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        known = ", ".join(of_the_settings) or "none"
        raise SchemeError(
            f"The label map {name} cannot be read.",
            hint=f"Give a text file, or a name in `label_maps` of the settings ({known}).",
        ) from error
    return dict(label_map_rows(lines, name))


def _result(done: Imported) -> dict[str, Any]:
    return {
        "imported": done.imported,
        "known": done.known,
        "refused": [
            {"file": one.file, "line": one.line, "reason": one.reason} for one in done.refused
        ],
    }


def _text(done: Imported, reviewer: str | None) -> str:
    what = f"as finished reviews by {reviewer}" if reviewer else "as suggestions"
    lines = [
        f"{done.imported:,} imported {what}, {done.known:,} known, {len(done.refused):,} refused"
    ]
    for one in done.refused:
        lines.append(f"  {_place(one)}: {one.reason}")
    return "\n".join(lines)


def _place(refused: Refusal) -> str:
    """Where in which file; one that nobody reads by line is counted by its articles."""
    if refused.line is None:
        return refused.file
    counted = "article " if refused.file.endswith((".spacy", ".parquet")) else ""
    return f"{refused.file}, {counted}{refused.line:,}"
