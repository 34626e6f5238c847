"""How `annotator export` is carried out: from what was asked for to what is said of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from annotator.cli.context import open_store, say, scheme_id, settings, tell, workspace
from annotator.core.codec import time_from_text
from annotator.core.labels import LabelScheme
from annotator.core.record import Record
from annotator.errors import ArticleDamaged, ExportError, RecordError
from annotator.export import records
from annotator.export.outputs import Output, clear_way, write_companions
from annotator.export.records import Wanted, chosen, records_of_file
from annotator.export.verify import Differs
from annotator.formats import format_named
from annotator.formats.base import Format, Loss, Losses
from annotator.settings import FILE, Settings, load_scheme

STANDARD_OUTPUT = Path("-")


_NAMED = 100


@dataclass(frozen=True)
class Asked:
    """What the command line asks for, as it was written there."""

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


def carry_out(asked: Asked, format: str, output: Path | None) -> None:
    """Writes a file or folder in a format and says what became of it."""
    if asked.as_json and output == STANDARD_OUTPUT:
        raise ExportError(
            "The records and the result cannot both go to standard output.",
            hint="Leave out --json, or name a file with --output.",
        )
    form = format_named(format)
    here = settings_for(asked)
    scheme = load_scheme(here)
    target = output or _default(asked, here, format, form.suffix)
    lost = Losses(keep=True) if asked.as_json and asked.losses else _Told(asked.losses)
    how = Output(form, tuple(scheme.by_name), asked.strict, asked.verify, lost)
    wanted = wanted_of(asked, scheme)
    clear_way(target)
    damaged: list[ArticleDamaged] = []
    with (
        rows_of(asked, here, wanted, damaged) as rows,
        _losses_told(lost, format),
        differences_told(),
    ):
        written = how.write(rows, target)
    beside = _write_beside(form, scheme, target)
    text = f"{records_counted(written)} written to {target}"
    if target == STANDARD_OUTPUT:
        tell(text.replace(" to -", ""))
        tell_damaged(damaged)
        return
    if not written and lost:
        tell(f"{format} left every record out, as named above.")
    elif not written and not asked.pending:
        tell(why_nothing(asked))
    result: dict[str, Any] = {
        "records": written,
        "output": str(target),
        "beside": [str(path) for path in beside],
        "losses": dict(lost.counts),
    }
    if lost.keep:
        result["lost"] = [asdict(loss) for loss in lost.each]
    result["damaged"] = len(damaged)
    say(result, as_json=asked.as_json, text=text)
    tell_damaged(damaged)


def tell_damaged(damaged: Sequence[ArticleDamaged]) -> None:
    """Names the articles that were left out because they cannot be read, as an ExportError."""
    if not damaged:
        return
    for error in damaged[:_NAMED]:
        tell(error.message)
    many = f"{len(damaged):,} review{'' if len(damaged) == 1 else 's'}"
    raise ExportError(
        f"{many} cannot be read and were left out; all else was written.", hint=damaged[0].hint
    )


def wanted_of(asked: Asked, scheme: LabelScheme) -> Wanted:
    """The filters; ExportError for a label that there is not, or a date that is none."""
    labels = tuple(filter(None, (name.strip() for name in (asked.labels or "").split(","))))
    if asked.source is None:  # a file may have been made with another scheme
        for name in labels:
            if name not in scheme:
                raise ExportError(
                    f"No label is called {name!r}.", hint=f"Labels: {', '.join(scheme.by_name)}"
                )
    return Wanted(
        asked.reviewer,
        _time(asked.since) if asked.since else None,
        asked.outlet,
        frozenset(labels) or None,
    )


@contextmanager
def rows_of(
    asked: Asked, here: Settings, wanted: Wanted, damaged: list[ArticleDamaged]
) -> Iterator[Iterator[Record]]:
    """The records that are wanted, from the file that was named or from the store; `damaged` gets
    what cannot be read there."""
    if asked.source is not None:
        yield chosen(records_of_file(asked.source), wanted)
        return
    store = open_store(here)
    try:
        yield records(
            store,
            scheme=scheme_id(here),
            pending=asked.pending,
            damaged=damaged.append,
            **vars(wanted),
        )
    finally:
        store.close()


def why_nothing(asked: Asked) -> str:
    """What to say where no record came out."""
    conditions = [asked.since and f"since {asked.since}", asked.outlet and f"from {asked.outlet}"]
    further = "".join(f" {part}" for part in conditions if part)
    whose = f"by {asked.reviewer}" if asked.reviewer else ""
    if asked.source is not None:
        return f"{asked.source} has no record {whose}{further}".rstrip() + "."
    return (
        f"No review {whose}".rstrip()
        + f"{further} is finished yet; --pending exports what the pipeline suggests."
    )


def settings_for(asked: Asked) -> Settings:
    """Those of the workspace; where records come from a file, one can do without a workspace."""
    if asked.source is not None and not (workspace() / FILE).is_file():
        nothing: dict[str, Any] = {}
        return Settings(**nothing)
    return settings()


def _default(asked: Asked, here: Settings, format: str, suffix: str) -> Path:
    """Where a format goes if nobody says; each has a name of its own."""
    if asked.source is not None and not (workspace() / FILE).is_file():
        raise ExportError(
            "There is no workspace here to write to.", hint="Say where to, with --output PATH."
        )
    here.exports.mkdir(parents=True, exist_ok=True)
    name = "dataset" if format == "jsonl" else f"dataset-{format}"
    return here.exports / f"{name}{suffix}"


def _time(text: str) -> datetime:
    """A date, which is its first moment in UTC, or a time as RFC 3339 has it."""
    try:
        return time_from_text(text if len(text) > 10 else f"{text}T00:00:00Z")
    except RecordError as error:
        raise ExportError(
            f"{text!r} is not a date.", hint="Write --since 2026-01-31 or 2026-01-31T08:00:00Z."
        ) from error


@contextmanager
def differences_told() -> Iterator[None]:
    """Names every difference that was found, before the error that counts them."""
    try:
        yield
    except Differs as error:
        for line in error.differences:
            tell(line)
        raise


class _Told(Losses):
    """Counts losses, and says each at once if that is wanted: nothing is kept."""

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
    """Says at the end, however it comes, what the format could not hold."""
    try:
        yield
    finally:
        if lost:
            tell(f"{format} cannot hold:")
            for kind, count in sorted(lost.counts.items()):
                tell(f"{count:>8,}  {kind}")
            if not lost.keep and not getattr(lost, "item_by_item", False):
                tell("--losses names each; jsonl holds everything.")


def _write_beside(form: Format, scheme: LabelScheme, target: Path) -> Sequence[Path]:
    """The files that a format wants beside its own."""
    if target == STANDARD_OUTPUT or form.companions is None:
        return ()
    companions = form.companions(scheme)
    for path in write_companions(companions, target):
        tell(f"{path} is there already and differs; it was left alone. Remove it to have it anew.")
    return tuple(target.with_name(target.name + ending) for ending in companions)


def records_counted(count: int) -> str:
    return f"{count:,} record{'' if count == 1 else 's'}"
