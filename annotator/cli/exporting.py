"""Carries out `annotator export`, from its options to its messages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import typer

from annotator.cli.context import Workspace, say, scheme_id, tell
from annotator.cli.targets import folders_made, keep_inbox_safe
from annotator.core.labels import LabelScheme
from annotator.core.record import Record
from annotator.core.records.codec import time_from_text
from annotator.errors import ArticleDamaged, ExportError, RecordError
from annotator.export import records
from annotator.export.outputs import Output, clear_way, write_companions
from annotator.export.records import RecordFilter, chosen, records_of_file
from annotator.export.verify import Differs
from annotator.formats import format_named
from annotator.formats.base import Format, Loss, Losses
from annotator.settings import FILE, Settings, load_scheme
from annotator.store.reviewing.finished_reviews import Which
from annotator.store.store import Store

STANDARD_OUTPUT = Path("-")


_NAMED = 100


@dataclass(frozen=True)
class ExportOptions:
    """The options of the command line, as written there."""

    workspace: Workspace
    source: Path | None = None
    reviewer: str | None = None
    pending: bool = False
    labels: str | None = None
    since: str | None = None
    outlet: str | None = None
    strict: bool = False
    verify: bool = False
    losses: bool = False
    as_json: bool = False
    which: Which = Which.STANDING


def carry_out(options: ExportOptions, format: str, output: Path | None) -> None:
    """Write a file or folder in a format and print the result."""
    if options.as_json and output == STANDARD_OUTPUT:
        raise ExportError(
            "The records and the result cannot both go to standard output.",
            hint="Leave out --json, or give a file with --output.",
        )
    form = format_named(format)
    form.check_written()
    here = settings_for(options)
    scheme = load_scheme(here)
    target = output or _default(options, here, format, form.suffix)
    lost = Losses(keep=True) if options.as_json and options.losses else _Told(options.losses)
    how = Output(form, tuple(scheme.by_name), options.strict, options.verify, lost)
    wanted = wanted_of(options, scheme)
    keep_inbox_safe(target, here)
    clear_way(target)
    damaged: list[ArticleDamaged] = []
    with (
        rows_of(options, here, wanted, damaged) as rows,
        _losses_told(lost, format),
        differences_told(),
        folders_made(target),
    ):
        written = how.write(rows, target)
    beside = _write_beside(form, scheme, target)
    text = f"{records_counted(written)} written to {target}"
    if target == STANDARD_OUTPUT:
        tell(text.replace(" to -", ""))
        tell_damaged(damaged)
        return
    if not written and lost:
        tell(f"Nothing was written: {format} cannot represent these records (see above).")
    elif not written and not options.pending:
        tell(why_nothing(options))
    result: dict[str, Any] = {
        "records": written,
        "output": str(target),
        "beside": [str(path) for path in beside],
        "losses": dict(lost.counts),
    }
    if lost.keep:
        result["lost"] = [asdict(loss) for loss in lost.each]
    result["damaged"] = len(damaged)
    say(result, as_json=options.as_json, text=text)
    tell_damaged(damaged)


def tell_damaged(damaged: Sequence[ArticleDamaged]) -> None:
    """Print unreadable articles that were omitted, and raise ExportError if there are any."""
    if not damaged:
        return
    for error in damaged[:_NAMED]:
        tell(error.message)
    many = f"{len(damaged):,} review{'' if len(damaged) == 1 else 's'}"
    raise ExportError(
        f"{many} cannot be read and were omitted; everything else was written.",
        hint=damaged[0].hint,
    )


def reviews_named(name: str) -> Which:
    """The reviews that `--reviews` names; raises BadParameter for another name."""
    for which in (Which.STANDING, Which.ALL):
        if name == which:
            return which
    raise typer.BadParameter(
        f"{name!r} is not `all`; without it, only standing reviews are exported",
        param_hint="--reviews",
    )


def wanted_of(options: ExportOptions, scheme: LabelScheme) -> RecordFilter:
    """The filters; raises ExportError for an unknown label or an invalid date."""
    labels = tuple(filter(None, (name.strip() for name in (options.labels or "").split(","))))
    if options.source is None:  # a file may have been made with another scheme
        for name in labels:
            if name not in scheme:
                raise ExportError(
                    f"Unknown label {name!r}.", hint=f"Labels: {', '.join(scheme.by_name)}"
                )
    return RecordFilter(
        options.reviewer,
        _time(options.since) if options.since else None,
        options.outlet,
        frozenset(labels) or None,
    )


@contextmanager
def rows_of(
    options: ExportOptions, here: Settings, wanted: RecordFilter, damaged: list[ArticleDamaged]
) -> Iterator[Iterator[Record]]:
    """Yields the selected records, from the file or the store; unreadable ones are appended to
    `damaged`."""
    if options.source is not None:
        yield chosen(records_of_file(options.source), wanted)
        return
    with closing(options.workspace.open_store(here)) as store:
        yield rows_in(store, options, here, wanted, damaged)


def rows_in(
    store: Store,
    options: ExportOptions,
    here: Settings,
    wanted: RecordFilter,
    damaged: list[ArticleDamaged],
) -> Iterator[Record]:
    """The selected records of the store; unreadable ones are appended to `damaged`."""
    return records(
        store,
        scheme=scheme_id(here),
        wanted=wanted,
        pending=options.pending,
        which=options.which,
        damaged=damaged.append,
    )


def why_nothing(options: ExportOptions) -> str:
    """The message when no record was exported."""
    conditions = [
        options.since and f"since {options.since}",
        options.outlet and f"from {options.outlet}",
    ]
    further = "".join(f" {part}" for part in conditions if part)
    whose = f"by {options.reviewer}" if options.reviewer else ""
    if options.source is not None:
        return f"{options.source} has no record {whose}{further}".rstrip() + "."
    return (
        f"No review {whose}".rstrip()
        + f"{further} is finished yet; --pending exports what the pipeline suggests."
    )


def settings_for(options: ExportOptions) -> Settings:
    """The settings of the workspace; defaults if records come from a file and there is no
    workspace."""
    if options.source is not None and not (options.workspace.folder / FILE).is_file():
        nothing: dict[str, Any] = {}
        return Settings(**nothing)
    return options.workspace.settings()


def _default(options: ExportOptions, here: Settings, format: str, suffix: str) -> Path:
    """The default target of a format; each has its own name."""
    if options.source is not None and not (options.workspace.folder / FILE).is_file():
        raise ExportError(
            "There is no workspace here to write to.", hint="Give a target with --output PATH."
        )
    here.exports.mkdir(parents=True, exist_ok=True)
    name = "dataset" if format == "jsonl" else f"dataset-{format}"
    return here.exports / f"{name}{suffix}"


def _time(text: str) -> datetime:
    """Parse a date, taken as midnight UTC, or an RFC 3339 time."""
    try:
        return time_from_text(text if len(text) > 10 else f"{text}T00:00:00Z")
    except RecordError as error:
        raise ExportError(
            f"{text!r} is not a date.", hint="Write --since 2026-01-31 or 2026-01-31T08:00:00Z."
        ) from error


@contextmanager
def differences_told() -> Iterator[None]:
    """Print each difference before the error that counts them."""
    try:
        yield
    except Differs as error:
        for line in error.differences:
            tell(line)
        raise


class _Told(Losses):
    """Counts losses without keeping them, and prints each at once on request."""

    def __init__(self, item_by_item: bool) -> None:
        super().__init__()
        self.item_by_item = item_by_item

    def add(self, record: str, item: str | None, kind: str, detail: str = "") -> None:
        super().add(record, item, kind, detail)
        if self.item_by_item:
            tell(_line(Loss(record, item, kind, detail)))


def _line(loss: Loss) -> str:
    where = f"{loss.record[:12]} {loss.item}" if loss.item else loss.record[:12]
    return f"{where}: {loss.kind}" + (f": {loss.detail}" if loss.detail else "")


@contextmanager
def _losses_told(lost: Losses, format: str) -> Iterator[None]:
    """Print what the format could not hold, even after an error."""
    try:
        yield
    finally:
        if lost:
            tell(f"{format} cannot hold:")
            for kind, count in sorted(lost.counts.items()):
                tell(f"{count:>8,}  {kind}")
            if not lost.keep and not getattr(lost, "item_by_item", False):
                tell("Use --losses to list each; jsonl holds everything.")


def _write_beside(form: Format, scheme: LabelScheme, target: Path) -> Sequence[Path]:
    """Write the companion files of a format and return their paths."""
    if target == STANDARD_OUTPUT or form.companions is None:
        return ()
    companions = form.companions(scheme)
    for path in write_companions(companions, target):
        tell(f"{path} exists, differs, and was not changed. Remove it to write it again.")
    return tuple(target.with_name(target.name + ending) for ending in companions)


def records_counted(count: int) -> str:
    return f"{count:,} record{'' if count == 1 else 's'}"
