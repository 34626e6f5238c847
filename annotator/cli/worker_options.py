"""What `add` and `watch` share: settings of the workers, and stopping by signals."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from annotator.errors import SettingsError

if TYPE_CHECKING:
    from annotator.inbox.reading import ReadingRules
    from annotator.ingest.check_intake import CheckIntake
    from annotator.ingest.plan import SuggesterPlan, WorkerPlan
    from annotator.ingest.stopping import Stop
    from annotator.settings import Settings
    from annotator.store.store import Store

_BATCH = 8
"""Articles in a batch with suggesters."""
ENDING = "Stopping after the current batch; press ctrl+c again to stop at once."
"""Message after the first signal, while the current batch is finished."""


def plan_for(chosen: Settings) -> WorkerPlan:
    """Configuration of the worker processes; raises SettingsError for an invalid suggester."""
    from annotator.ingest.plan import WorkerPlan
    from annotator.settings import load_scheme

    labels = tuple(label.name for label in load_scheme(chosen))
    plan = WorkerPlan(
        database=chosen.database,
        model=chosen.model,
        encoder_runtime=chosen.encoder_runtime,
        labels=labels,
        jobs=shares_work(chosen),
    )
    if not chosen.suggesters:
        return plan
    # Some take seconds for an article, and a batch is ready when its last article is.
    return replace(plan, suggesters=_suggesters(chosen, labels), batch=_BATCH)


def shares_work(chosen: Settings) -> bool:
    """Whether the workers of several machines share a queue of jobs.

    Raises SettingsError where the database cannot have one.
    """
    if chosen.queue != "cluster":
        return False
    if not chosen.database.startswith("postgresql+psycopg:"):
        raise SettingsError(
            'The setting queue = "cluster" needs a PostgreSQL database.',
            hint="Set `database` to postgresql+psycopg://user@host/name, or remove `queue`.",
        )
    return True


def _suggesters(chosen: Settings, labels: Sequence[str]) -> tuple[SuggesterPlan, ...]:
    from annotator.ingest.plan import SuggesterPlan
    from annotator.suggest.pipeline import shipped_folder

    known = {os.path.realpath(chosen.model or shipped_folder()): "the pipeline of `model`"}
    for one in chosen.suggesters:
        whose = known.setdefault(os.path.realpath(one.model), f"the suggester {one.name}")
        if whose != f"the suggester {one.name}":
            raise SettingsError(
                f"The suggester {one.name} is the same as {whose} ({one.model}).",
                hint="Correct or remove it in annotator.toml.",
            )
        for theirs, ours in one.labels.items():
            if ours not in labels:
                raise SettingsError(
                    f"The suggester {one.name} gives {theirs} the name {ours}, which is not a "
                    "label here.",
                    hint=f"Labels: {', '.join(labels)}",
                )
    return tuple(SuggesterPlan(**one.model_dump()) for one in chosen.suggesters)


def check_intake_for(chosen: Settings, store: Store, *, stays: bool = False) -> CheckIntake | None:
    """What slips checks in, at once or (`stays`) while people review; None if the settings want
    none. Raises RecordError for bad gold."""
    if chosen.check_gold is None or not chosen.checks:
        return None
    from annotator.ingest.check_intake import CheckIntake, read_check_gold
    from annotator.settings import load_scheme

    labels = {label.name for label in load_scheme(chosen)}
    return CheckIntake(
        store, read_check_gold(chosen.check_gold, labels), chosen.checks, stays=stays
    )


def rules_for(chosen: Settings) -> ReadingRules:
    """Rules for reading files, from the settings."""
    from annotator.inbox.reading import ReadingRules

    return ReadingRules(max_size=chosen.max_size, encodings=chosen.encodings, inbox=chosen.inbox)


def workers_for(chosen: Settings) -> int:
    """The number of worker processes."""
    from annotator.ingest.plan import default_workers

    return chosen.workers or default_workers(os.cpu_count())


@contextmanager
def stopped_by_signals(stop: Stop, *, saying: str = "") -> Iterator[None]:
    """The first SIGINT or SIGTERM stops after the current batch, the second at once.

    `saying` is printed at the first signal, since finishing the batch can take long.
    """

    def ask(*_: object) -> None:
        if saying and not stop.asked.is_set():
            # Not through the buffer: the signal may have interrupted a write to it.
            with suppress(OSError):
                os.write(sys.stderr.fileno(), f"\n{saying}\n".encode())
        stop.ask()

    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, ask) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
