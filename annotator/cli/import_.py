"""`annotator import`: take in files of other tools, as finished reviews or as suggestions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand

from annotator.cli.context import INTERRUPTED, many, say, tell, workspace_of
from annotator.cli.options import Json
from annotator.cli.progress import progress_shown
from annotator.cli.refusals_file import file_for, lines_of, refusal_to_dict, write_refusals
from annotator.cli.targets import path_given
from annotator.cli.worker_options import ENDING, stopped_by_signals
from annotator.core.text.harmless import harmless_line

if TYPE_CHECKING:
    from datetime import datetime

    from annotator.importing.found_records import Sources
    from annotator.importing.import_batches import Imported, Whose
    from annotator.importing.label_mapping import Naming
    from annotator.settings import Settings
    from annotator.store.store import Store

_LOST = 1
_NAMES = 4  # at most so many reviewers are listed by name

Files = Annotated[
    list[Path], typer.Argument(metavar="FILE...", help="Files and folders.", parser=path_given)
]
As = Annotated[
    str,
    typer.Option(
        "--as",
        metavar="reviewer [NAME] | suggestions",
        help="Import finished reviews (by NAME, or by the annotators that the file names), or "
        "suggestions to confirm.",
    ),
]
Partial = Annotated[
    bool,
    typer.Option(
        "--partial",
        help="Omit invalid annotations; in finished reviews their words become unknown.",
    ),
]
Refusals = Annotated[
    Path | None,
    typer.Option(
        "--refusals", metavar="FILE", help="Write refused annotations to this file, one per line."
    ),
]
Reviewer = Annotated[
    str | None, typer.Option("--reviewer", metavar="NAME", help="The NAME of --as reviewer.")
]
Format = Annotated[
    str | None, typer.Option("--format", metavar="NAME", help="Input format; detected by default.")
]
Map = Annotated[
    str | None,
    typer.Option(
        "--map", metavar="FILE", help="Label mapping: a file or an entry of `label_maps`."
    ),
]
Offsets = Annotated[
    str | None,
    typer.Option(
        "--offsets",
        metavar="UNIT[+HOW...]",
        help="Unit of the file's offsets, if it cannot be detected: codepoints, utf16, grapheme"
        " or bytes, with +lf (CRLF as one), +crlf, +bom, +nobom, +blanks or +inclusive.",
    ),
]

NamedColumns = Annotated[
    str | None,
    typer.Option(
        "--columns",
        metavar="word=N,tag=N",
        help="Columns of a CoNLL file that hold words and tags, counted from 1, or from -1 at the "
        "end; detected by default.",
    ),
]
Sentences = Annotated[
    int | None,
    typer.Option(
        "--sentences", metavar="N", min=1, help="Split a CoNLL file into articles of N sentences."
    ),
]


class ImportCommand(TyperCommand):
    """Accepts `--as reviewer NAME` as two words."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        return super().parse_args(ctx, in_one_word(args))


def in_one_word(words: Sequence[str]) -> list[str]:
    """Joins `reviewer` and the NAME after it into one word.

    An existing file after `reviewer` is an input, not a name; so is a folder if there is no other
    input.
    """
    joined = list(words)
    for n, word in enumerate(joined):
        if word == "--":
            break
        starts = word == "--as=reviewer" or (word == "reviewer" and joined[n - 1 : n] == ["--as"])
        if starts and len(joined) > n + 1 and _is_name(joined[n + 1], joined):
            joined[n : n + 2] = [f"{word} {joined[n + 1]}"]
            break
    return joined


def _is_name(word: str, words: Sequence[str]) -> bool:
    path = Path(word)
    if word.startswith("-") or path.is_file():
        return False
    return not path.is_dir() or any(Path(other).exists() for other in words if other != word)


def import_(
    context: typer.Context,
    files: Files,
    what: As = "suggestions",
    reviewer: Reviewer = None,
    format: Format = None,
    label_map: Map = None,
    offsets: Offsets = None,
    columns: NamedColumns = None,
    sentences: Sentences = None,
    partial: Partial = False,
    refusals: Refusals = None,
    as_json: Json = False,
) -> None:
    """Import annotations of other tools; refused ones are listed, the rest is imported."""
    import gc
    from datetime import UTC, datetime

    from annotator.importing.found_records import Sources

    # Items contain no cycles; the garbage collector would take a fifth of the time.
    gc.set_threshold(50_000, 20, 20)
    whose = _whose(what, reviewer, partial=partial)
    now = datetime.now(UTC).replace(microsecond=0)
    sources = Sources(
        tuple(files),
        format,
        _counted(offsets),
        now,
        columns=_named_columns(columns),
        sentences=sentences,
    )
    workspace = workspace_of(context)
    chosen = workspace.settings()
    naming = _naming(chosen, label_map)
    with file_for(refusals, files) as file:
        try:
            done = _brought_in(workspace.open_store(chosen), sources, naming, whose, now)
        finally:
            for line in sources.notes.lines():
                tell(harmless_line(line))
        if file is not None:
            write_refusals(done.refused, file)
    say(_result(done), as_json=as_json, text=_text(done, whose))
    _end(done, whose, in_a_file=refusals is not None)


def _brought_in(
    store: Store, sources: Sources, naming: Naming, whose: Whose, now: datetime
) -> Imported:
    """The outcome of the import; for unknown labels, other refusals are printed first."""
    from annotator.importing.import_batches import import_files
    from annotator.importing.surveying import UnknownLabels
    from annotator.ingest.stopping import Stop

    stop = Stop()
    try:
        with stopped_by_signals(stop, saying=ENDING), progress_shown("imported") as progress:
            return import_files(
                sources,
                store=store,
                naming=naming,
                whose=whose,
                now=now,
                asked=stop.asked,
                progress=progress,
            )
    except UnknownLabels as error:
        for line in lines_of(error.refused):
            tell(line)
        raise
    finally:
        store.close()


def _end(done: Imported, whose: Whose, *, in_a_file: bool) -> None:
    """Print refusals and what to do about them, and exit with the matching status."""
    for line in lines_of(done.refused, in_a_file=in_a_file):
        tell(line)
    if done.interrupted:
        tell("Stopped. Run the same command again to continue.")
        raise typer.Exit(INTERRUPTED)
    came = done.imported + done.known
    if not came and not done.refused:
        tell("Nothing was imported: these files contain no annotations.")
        raise typer.Exit(_LOST)
    if done.refused and not (whose.partial and came):
        tell(_what_to_do(done, whose))
        raise typer.Exit(_LOST)


def _what_to_do(done: Imported, whose: Whose) -> str:
    if whose.partial or not done.imported + done.known:
        return "Nothing was imported. Fix what was refused and import again."
    if whose.are_reviews and done.suggested:
        return (
            "Articles with refused annotations were imported as suggestions. Fix these and "
            "import again, or use --partial to import them as finished with those words "
            "unknown."
        )
    return (
        "The rest was imported. Fix what was refused and import again, or use --partial to omit it."
    )


def _whose(what: str, given: str | None, *, partial: bool) -> Whose:
    """How to import: as suggestions, or as finished reviews and by whom."""
    from annotator.importing.import_batches import Whose

    name = _reviewer(what, given)
    return Whose(name or None, each=name == "", partial=partial)


def _reviewer(what: str, given: str | None) -> str | None:
    """The reviewer of the finished work, "" for the annotators that the files name; None for
    suggestions."""
    from annotator.importing.annotators import is_name

    kind, _, name = what.strip().partition(" ")
    name = name.strip()
    if kind == "suggestions" and not name:
        if given:
            raise typer.BadParameter("requires --as reviewer", param_hint="--reviewer")
        return None
    if kind != "reviewer":
        raise typer.BadParameter(
            f"{what!r} is not `suggestions`, `reviewer` or `reviewer NAME`",
            param_hint="--as",
        )
    if name and given and name != given:
        raise typer.BadParameter(f"names {given}, --as names {name}", param_hint="--reviewer")
    name = name or (given or "").strip()
    if given is not None and not name:
        raise typer.BadParameter("needs a NAME", param_hint="--reviewer")
    if name and not is_name(name):
        raise typer.BadParameter(f"{name!r:.60} cannot be a reviewer's name", param_hint="--as")
    return name


def _counted(offsets: str | None) -> str | None:
    from annotator.formats.readings import reading_named

    try:
        return offsets if offsets is None else reading_named(offsets).name
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--offsets") from error


def _named_columns(columns: str | None) -> str | None:
    from annotator.formats.conll.conll_named import check_names

    try:
        return columns if columns is None else check_names(columns)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--columns") from error


def _naming(chosen: Settings, label_map: str | None) -> Naming:
    from annotator.importing.label_mapping import Naming
    from annotator.settings import load_scheme

    labels = tuple(label.name for label in load_scheme(chosen))
    return Naming(labels, _names(label_map, chosen.label_maps) if label_map else {})


def _names(
    name: str, of_the_settings: Mapping[str, Mapping[str, str]]
) -> dict[str, tuple[str, ...]]:
    """Maps labels of files to ours: the entry of that name in the settings, otherwise the file."""
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
            hint=f"Give a text file, or an entry of `label_maps` in the settings ({known}).",
        ) from error
    return dict(label_map_rows(lines, name))


def _result(done: Imported) -> dict[str, Any]:
    return {
        "imported": done.imported,
        "known": done.known,
        "refused": [refusal_to_dict(one) for one in done.refused],
        "finished": dict(sorted(done.by.items())),
        "suggested": done.suggested,
    }


def _text(done: Imported, whose: Whose) -> str:
    """How many articles were imported as what, and how many annotations were refused."""
    pieces = [one for one in done.refused if one.is_piece]
    if whose.are_reviews:
        count = done.imported - done.suggested
        parts = [f"{count:,} imported as finished reviews{_by(done, whose)}"]
        parts += [f"{done.suggested:,} as suggestions"] if done.suggested else []
    else:
        parts = [f"{done.imported:,} imported as suggestions"]
    parts += [f"{done.known:,} known", f"{len(done.refused) - len(pieces):,} refused"]
    if pieces:
        articles = len({one.article for one in pieces})
        of = many(articles, "article")
        parts.append(f"{len(pieces):,} {'piece' if len(pieces) == 1 else 'pieces'} of {of} refused")
    return ", ".join(parts)


def _by(done: Imported, whose: Whose) -> str:
    if whose.reviewer is not None:
        return f" by {whose.reviewer}"
    names = sorted(done.by)
    if len(names) > _NAMES:
        return f" by {len(names):,} reviewers"
    return f" by {', '.join(f'{name} ({done.by[name]:,})' for name in names)}" if names else ""
