"""A worker process: leases waiting articles, runs the pipeline, and stores suggestions.

Started by the pool as `python -m annotator.ingest.worker`. Its plan is the first line of standard
input (it may hold a password, which a command line would show); the second says that the store can
be opened, each further one wakes it, and the end of input means that its parent has ended. It sends
JSON lines on standard output.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from annotator.core.annotations import Claim, Entity, Item
from annotator.core.holds import Hold
from annotator.core.record import PipelineId
from annotator.errors import AnnotatorError, ModelError
from annotator.ingest.batch_sizes import BatchSizes
from annotator.ingest.own_output import own_output
from annotator.ingest.plan import MODEL_ERROR, WorkerEvent, WorkerPlan, event, plan_from_json
from annotator.ingest.second_opinion import NOBODY, Interrupted, SuggesterPatience, Suggesters
from annotator.ingest.worker_input import WorkerInput
from annotator.store.linking.minhash import bands_of
from annotator.store.values import Leased, Suggested

if TYPE_CHECKING:  # a worker process loads a pipeline first
    from annotator.store.store import Store

IDLE = 2.0
_PLAIN = "The mayor of Varnholm said on Tuesday that the bridge would stay closed."


class Suggester(Protocol):
    """The part of a pipeline that a worker needs."""

    @property
    def id(self) -> PipelineId: ...

    def suggest(self, texts: Sequence[str]) -> Any:
        """The items of each text, in order."""


@dataclass(frozen=True, eq=False)
class Worker:
    """A worker without its process."""

    name: str
    plan: WorkerPlan
    store: Store
    pipeline: Suggester
    detect: Callable[[str], str | None]
    say: Callable[[bytes], None]
    sizes: BatchSizes
    suggesters: Suggesters = NOBODY
    must_stop: Callable[[], bool] = lambda: False

    def work_once(self) -> int:
        """Lease and process one batch; returns the number of articles, none of a batch that is left
        for the next time because the worker must stop."""
        batch = self.store.work.lease(
            self.name,
            limit=self.sizes.next(time.monotonic()),
            seconds=self.plan.lease_seconds,
            now=self.store.now(),
        )
        try:
            return self._work(batch)
        except Interrupted:
            return 0
        finally:
            self.sizes.ended(time.monotonic(), len(batch))

    def work_on(self, articles: Sequence[str], *, again: bool) -> None:
        """Process these articles as far as they still wait; those tried before come one by one.

        With `again`, they are taken over from a worker that is thought to be dead; it can store
        nothing any more. Raises Interrupted if the worker must stop before the end.
        """
        work, lease = self.store.work, partial(self._lease, taken_over=again)
        for batch in self._batches(articles):
            self._work(lease(batch, tried=False))
        for article in work.tried(articles):
            leased = lease([article], tried=True)
            if leased and leased[0].tries > self.plan.max_tries:
                work.give_up(self.name, article, leased[0].tries - 1)
            else:
                self._work(leased)

    def _batches(self, articles: Sequence[str]) -> Iterator[Sequence[str]]:
        """The articles in batches, each as large as it may be when it begins."""
        start = 0
        while start < len(articles):
            batch = articles[start : start + self.sizes.next(time.monotonic())]
            start += len(batch)
            yield batch
            self.sizes.ended(time.monotonic(), len(batch))

    def _lease(
        self, articles: Sequence[str], *, tried: bool, taken_over: bool
    ) -> tuple[Leased, ...]:
        if self.must_stop():
            raise Interrupted
        held = Hold(self.name, self.plan.lease_seconds, self.store.now(), taken_over)
        return self.store.work.lease_these(articles, held, tried=tried)

    def _work(self, batch: Sequence[Leased]) -> int:
        """Process leased articles and store the results; returns their number."""
        if not batch:
            return 0
        # From here to "done" the pool renews the leases and enforces a deadline.
        self.say(event(WorkerEvent.BEGUN, characters=sum(len(leased.text) for leased in batch)))
        try:
            attached = self._bring_to_end(batch)
        except (AnnotatorError, Interrupted):
            # A full disk does not count as a try of the articles.
            with contextlib.suppress(AnnotatorError):
                self.store.work.release(self.name, tried=False)
            raise
        self.say(event(WorkerEvent.DONE, leased=len(batch), attached=attached))
        for trouble in self.suggesters.news():
            self.say(event(WorkerEvent.TROUBLE, message=trouble, hint=""))
        return len(batch)

    def _bring_to_end(self, batch: Sequence[Leased]) -> int:
        try:
            results = self._suggested(batch)
        except (AnnotatorError, Interrupted):
            raise
        except Exception as error:  # one bad text must not affect the others
            if len(batch) > 1:
                return sum(self._bring_to_end((leased,)) for leased in batch)
            what = f"{type(error).__name__}: {error}"[:200]
            reason = f"The pipeline failed on this text ({what})."
            self.store.work.fail(self.name, batch[0].id, reason, now=self.store.now())
            self.say(event(WorkerEvent.FAILED, article=batch[0].id, reason=reason))
            return 0
        return self.store.work.attach(self.name, results, self.pipeline.id, now=self.store.now())

    def _suggested(self, batch: Sequence[Leased]) -> list[Suggested]:
        languages = [self.detect(leased.text) for leased in batch]
        patience = SuggesterPatience(self._go_on, self.must_stop)
        with self.suggesters.asked(batch, languages, patience) as asked:
            found = self._ours(batch, languages)
        labels = frozenset(self.plan.labels)
        return [
            replace(
                _within_scheme(leased.id, items, language, labels),
                bands=bands_of(leased.text, items),
                opinions=asked.opinions_on(n, items, labels),
            )
            for n, (leased, items, language) in enumerate(zip(batch, found, languages, strict=True))
        ]

    def _ours(
        self, batch: Sequence[Leased], languages: Sequence[str | None]
    ) -> list[tuple[Item, ...]]:
        """The items of our pipeline for each article; none for those in another language."""
        ours = [n for n, language in enumerate(languages) if language in (None, "en")]
        found = dict(
            zip(ours, self.pipeline.suggest([batch[n].text for n in ours]), strict=True)
            if ours
            else ()
        )
        return [found.get(n, ()) for n in range(len(batch))]

    def _go_on(self) -> None:
        """Tell the pool that a suggester is being waited for, which has a deadline of its own."""
        self.say(event(WorkerEvent.BEGUN, characters=0))


def _within_scheme(
    article: str, items: Sequence[Item], language: str | None, labels: frozenset[str]
) -> Suggested:
    """Remove suggestions with labels outside the scheme, and count them."""
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
    """Run until stopped or the parent has ended; returns the exit status."""
    out = own_output()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    orders = WorkerInput()
    signal.signal(signal.SIGTERM, lambda *_: orders.stop())
    line = orders.first_line()
    if not line:
        return 0
    name, plan = plan_from_json(line)

    def say(what: bytes) -> None:
        try:
            os.write(out, what)
        except BrokenPipeError:  # the parent has ended; the current batch is still stored
            orders.stop()

    try:
        worker = _seated(name, plan, say, orders)
    except AnnotatorError as error:
        say(
            event(
                WorkerEvent.ERROR,
                message=error.message,
                hint=error.hint,
                error=type(error).__name__,
            )
        )
        return MODEL_ERROR
    if worker is None:
        return 0
    go_on = _run
    if plan.jobs:
        from annotator.ingest.cluster_worker import run_jobs as go_on  # only where it is installed
    say(
        event(
            WorkerEvent.READY, pipeline=worker.pipeline.id.name, version=worker.pipeline.id.version
        )
    )
    go_on(worker, orders)
    worker.suggesters.end()
    with contextlib.suppress(AnnotatorError):
        worker.store.work.release(worker.name)
    return 0


def _seated(
    name: str, plan: WorkerPlan, say: Callable[[bytes], None], orders: WorkerInput
) -> Worker | None:
    """The worker once its pipeline is loaded and the store is open; None if it must stop before."""
    with Suggesters.launched(plan.suggesters) as suggesters:
        with _without_collections():
            pipeline, detect = _loaded(plan)
            from annotator.store.sql.patience import AT_WORK
            from annotator.store.store import Store
        if not orders.is_told_to_begin():
            return None
    store = Store.open(plan.database, upgrade=False, patience=AT_WORK)
    return Worker(
        name,
        plan,
        store=store,
        pipeline=pipeline,
        detect=detect,
        say=say,
        sizes=BatchSizes(plan.batch),
        suggesters=suggesters,
        must_stop=lambda: orders.listen(0.0),
    )


def _loaded(plan: WorkerPlan) -> tuple[Suggester, Callable[[str], str | None]]:
    """The pipeline and the detector of languages, each tried out; the detector unpacks its table on
    another processor meanwhile."""
    from concurrent.futures import ThreadPoolExecutor

    from annotator.suggest.language import detect
    from annotator.suggest.pipeline import keep_to_one_thread, load

    keep_to_one_thread()
    with ThreadPoolExecutor(1) as beside:
        tried = beside.submit(detect, _PLAIN)
        pipeline = load(plan.model, plan.encoder_runtime)
        _try_out(pipeline, is_ours=plan.model is None)
        tried.result()
    return pipeline, detect


@contextlib.contextmanager
def _without_collections() -> Iterator[None]:
    """Load something that stays: the collector of cycles looks through it neither now nor later."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def _try_out(pipeline: Suggester, *, is_ours: bool) -> None:
    """Raises ModelError if the pipeline fails on a plain sentence, so that no article is blamed.

    Also triggers lazy loading.
    """
    try:
        tuple(pipeline.suggest([_PLAIN]))
    except AnnotatorError:
        raise
    except Exception as error:
        from annotator.suggest.pipeline import way_out

        raise ModelError(
            f"The pipeline {pipeline.id.name} fails on a plain sentence"
            f" ({type(error).__name__}: {error}).",
            hint=way_out(is_ours=is_ours),
        ) from error


def _run(worker: Worker, orders: WorkerInput) -> None:
    from annotator.store.sql.notices import listen

    was_busy = True
    orders.hear_too(listen(worker.store.database))
    while not orders.listen(0.0):
        try:
            busy = worker.work_once() > 0
        except AnnotatorError as error:
            worker.say(event(WorkerEvent.TROUBLE, message=error.message, hint=error.hint))
            busy = False
        if not busy:
            if was_busy:
                _give_memory_back()
            orders.listen(IDLE)
        was_busy = busy


def _give_memory_back() -> None:
    """Return freed memory to the system when idle (glibc only); a busy worker keeps it."""
    with contextlib.suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


if __name__ == "__main__":
    sys.exit(main())
