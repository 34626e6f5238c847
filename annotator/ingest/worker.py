"""A worker process: leases waiting articles, asks the pipeline, stores what it suggests.

Started by the pool as `python -m annotator.ingest.worker`. Its plan is the first line of standard
input (it may hold a password, which a command line would show); every further line wakes it, and
the end of input means that its parent is gone. It answers in lines of JSON on standard output.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Protocol

from annotator.core.annotations import Claim, Entity, Item
from annotator.core.record import PipelineId
from annotator.errors import AnnotatorError, ModelError
from annotator.ingest.plan import MODEL_ERROR, WorkerPlan, event, plan_from_json
from annotator.store.values import Leased, Suggested

IDLE = 2.0
_PLAIN = "The mayor of Varnholm said on Tuesday that the bridge would stay closed."
_NICE = 5
# A batch that takes longer than this has hung: fixed seconds, and seconds per character. The
# pipeline needs some 40 microseconds a character, so this is far beyond a busy machine.
_HUNG_AFTER = 120.0
_HUNG_PER_CHARACTER = 0.002


class Pipeline(Protocol):
    """What a worker asks of a pipeline."""

    @property
    def id(self) -> PipelineId: ...

    def suggest(self, texts: Sequence[str]) -> Any:
        """For each text, in order, its items."""


class Desk(Protocol):
    """What a worker asks of the store."""

    def lease_waiting(
        self, worker: str, *, limit: int, seconds: float, now: datetime
    ) -> tuple[Leased, ...]: ...

    def renew(self, worker: str, *, seconds: float, now: datetime) -> int: ...

    def attach(
        self, worker: str, results: Sequence[Suggested], pipeline: PipelineId, *, now: datetime
    ) -> int: ...

    def fail(self, worker: str, article_id: str, reason: str, *, now: datetime) -> None: ...

    def release(self, worker: str) -> int: ...


class Worker:
    """One worker at its desk, without the process around it."""

    def __init__(
        self,
        name: str,
        plan: WorkerPlan,
        *,
        store: Desk,
        pipeline: Pipeline,
        detect: Callable[[str], str | None],
        say: Callable[[bytes], None],
    ) -> None:
        self.name = name
        self.plan = plan
        self.store = store
        self.pipeline = pipeline
        self.detect = detect
        self.say = say
        self.in_hand: float | None = None
        """When the batch in hand will count as hung (monotonic seconds); None between batches."""

    def work_once(self) -> int:
        """Leases a batch and brings it to its end; returns how many articles it held."""
        batch = self.store.lease_waiting(
            self.name, limit=self.plan.batch, seconds=self.plan.lease_seconds, now=_now()
        )
        if not batch:
            return 0
        characters = sum(len(leased.text) for leased in batch)
        self.in_hand = time.monotonic() + _HUNG_AFTER + characters * _HUNG_PER_CHARACTER
        try:
            attached = self._bring_to_end(batch)
        finally:
            self.in_hand = None
        self.say(event("done", leased=len(batch), attached=attached))
        return len(batch)

    def _bring_to_end(self, batch: Sequence[Leased]) -> int:
        try:
            results = self._suggested(batch)
        except AnnotatorError:
            raise
        except Exception as error:  # one bad text must not cost the others their suggestions
            if len(batch) > 1:
                return sum(self._bring_to_end((leased,)) for leased in batch)
            what = f"{type(error).__name__}: {error}"[:200]
            reason = f"The pipeline failed on this text ({what})."
            self.store.fail(self.name, batch[0].id, reason, now=_now())
            self.say(event("failed", article=batch[0].id, reason=reason))
            return 0
        return self.store.attach(self.name, results, self.pipeline.id, now=_now())

    def _suggested(self, batch: Sequence[Leased]) -> list[Suggested]:
        languages = [self.detect(leased.text) for leased in batch]
        ours = [n for n, language in enumerate(languages) if language in (None, "en")]
        found = dict(
            zip(ours, self.pipeline.suggest([batch[n].text for n in ours]), strict=True)
            if ours
            else ()
        )
        return [
            _within_scheme(leased.id, found.get(n, ()), languages[n], frozenset(self.plan.labels))
            for n, leased in enumerate(batch)
        ]


def _within_scheme(
    article: str, items: Sequence[Item], language: str | None, labels: frozenset[str]
) -> Suggested:
    """What the label scheme has no label for is left out, and counted."""
    dropped = {
        item.id
        for item in items
        if labels and isinstance(item, Entity) and item.label not in labels
    }
    kept = (
        replace(item, source_entity=None)
        if isinstance(item, Claim) and item.source_entity in dropped
        else item
        for item in items
        if item.id not in dropped
    )
    return Suggested(article, tuple(kept), language, len(dropped))


def main() -> int:
    """Runs until told to end or left alone; returns the exit status."""
    out = _own_output()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    stop, wake = threading.Event(), threading.Event()

    def end(*_: object) -> None:
        stop.set()
        wake.set()

    signal.signal(signal.SIGTERM, end)
    line, rest = _first_line()
    if not line:
        return 0
    name, plan = plan_from_json(line)
    threading.Thread(target=_listen, args=(rest, stop, wake), daemon=True).start()
    with contextlib.suppress(OSError):
        os.nice(_NICE)

    def say(what: bytes) -> None:
        try:
            os.write(out, what)
        except BrokenPipeError:  # the parent is gone; what is in hand is still stored
            stop.set()

    try:
        worker = _seated(name, plan, say)
    except AnnotatorError as error:
        say(event("error", message=error.message, hint=error.hint, error=type(error).__name__))
        return MODEL_ERROR
    say(event("ready", pipeline=worker.pipeline.id.name, version=worker.pipeline.id.version))
    threading.Thread(target=_keep_leases, args=(worker,), daemon=True).start()
    _run(worker, stop, wake)
    return 0


def _seated(name: str, plan: WorkerPlan, say: Callable[[bytes], None]) -> Worker:
    from annotator.store.store import Store
    from annotator.suggest.language import detect
    from annotator.suggest.pipeline import load

    pipeline = load(plan.model)
    _try_out(pipeline)
    detect(_PLAIN)
    store = Store.open(plan.database, upgrade=False)
    return Worker(name, plan, store=store, pipeline=pipeline, detect=detect, say=say)


def _try_out(pipeline: Pipeline) -> None:
    """ModelError if the pipeline cannot even do a plain sentence: no article is to blame then.

    It also loads what is loaded on first use only.
    """
    try:
        tuple(pipeline.suggest([_PLAIN]))
    except AnnotatorError:
        raise
    except Exception as error:
        raise ModelError(
            f"The pipeline {pipeline.id.name} fails on a plain sentence"
            f" ({type(error).__name__}: {error}).",
            hint="Set another `model` in annotator.toml, or remove that line to use our own.",
        ) from error


def _run(worker: Worker, stop: threading.Event, wake: threading.Event) -> None:
    while not stop.is_set():
        wake.clear()
        try:
            busy = worker.work_once()
        except AnnotatorError as error:
            worker.say(event("trouble", message=error.message, hint=error.hint))
            busy = 0
        if not busy:
            wake.wait(IDLE)
    with contextlib.suppress(AnnotatorError):
        worker.store.release(worker.name)


def _keep_leases(worker: Worker) -> None:
    """Renews what is in hand; ends the process if that takes so long that it must have hung."""
    while True:
        time.sleep(worker.plan.lease_seconds / 3)
        end = worker.in_hand
        if end is None:
            continue
        if time.monotonic() > end:
            worker.say(event("trouble", message="A batch took far too long.", hint=""))
            os._exit(1)
        with contextlib.suppress(AnnotatorError):
            worker.store.renew(worker.name, seconds=worker.plan.lease_seconds, now=_now())


def _own_output() -> int:
    """Standard output kept for our events; what libraries print goes to standard error."""
    sys.stdout.flush()
    out = os.dup(1)
    os.dup2(2, 1)
    return out


def _first_line() -> tuple[bytes, bytes]:
    """The first line of standard input and what came behind it.

    Read without buffers: a thread blocked in one would keep the interpreter from ending.
    """
    read = b""
    while b"\n" not in read:
        chunk = os.read(0, 1 << 16)
        if not chunk:
            return b"", b""
        read += chunk
    line, _, rest = read.partition(b"\n")
    return line, rest


def _listen(rest: bytes, stop: threading.Event, wake: threading.Event) -> None:
    chunk = rest or b"\n"
    while chunk:
        wake.set()
        chunk = os.read(0, 1 << 16)
    stop.set()
    wake.set()


def _now() -> datetime:
    return datetime.now(UTC)


if __name__ == "__main__":
    sys.exit(main())
