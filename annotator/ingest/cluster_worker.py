"""A worker that gets its articles as jobs of Procrastinate, from any machine's watcher.

The job says which articles; leasing, suggesting and storing are `Worker`'s as without it. Articles
are processed in the loop itself: in a process with threads a pipeline is slower. Meanwhile the pool
sends the heartbeat.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import procrastinate
from procrastinate import exceptions, retry
from procrastinate.jobs import Job
from procrastinate.worker import Worker as QueueWorker

from annotator.errors import AnnotatorError
from annotator.ingest.plan import WorkerEvent, event
from annotator.ingest.second_opinion import Interrupted
from annotator.store.jobs import job_queue
from annotator.store.roles.role_script import JOBS

if TYPE_CHECKING:
    from annotator.ingest.worker import Worker
    from annotator.ingest.worker_input import WorkerInput

_P = ParamSpec("_P")
_T = TypeVar("_T")
_LISTENING = 0.5
_POLLING = 5.0
_AFTER_TROUBLE = 2.0


class _Later(retry.BaseRetryStrategy):
    """A job that cannot be done now is done later; one that fails by a bug is not."""

    def get_retry_decision(
        self,
        *,
        exception: BaseException,
        job: Job,  # noqa: ARG002
    ) -> retry.RetryDecision | None:
        if isinstance(exception, Interrupted):
            return retry.RetryDecision(retry_in={"seconds": 0})
        if isinstance(exception, AnnotatorError):
            return retry.RetryDecision(retry_in={"seconds": 5})
        return None


def run_jobs(worker: Worker, orders: WorkerInput) -> None:
    """Do jobs until `orders` says to stop, whatever becomes of the connection."""
    for name in ("procrastinate", "psycopg.pool"):  # the pool is told instead
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    while not orders.listen(0.0):
        try:
            asyncio.run(_run(worker, orders))
        except (exceptions.ConnectorException, OSError) as error:
            name = type(error.__cause__ or error).__name__
            what = f"The queue of jobs does not answer ({name})."
            worker.say(event(WorkerEvent.TROUBLE, message=what, hint=""))
        orders.listen(_AFTER_TROUBLE)


class _InThisThread(ThreadPoolExecutor):
    """Looks up host names at once: a process that has ever had a second thread is slower."""

    def submit(self, fn: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> Future[_T]:
        done: Future[_T] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except Exception as error:
            done.set_exception(error)
        return done


async def _run(worker: Worker, orders: WorkerInput) -> None:
    """Do jobs until `orders` says to stop, or the connection is lost."""
    asyncio.get_running_loop().set_default_executor(_InThisThread())
    app = _app(worker)
    async with app.open_async():
        queue_worker = QueueWorker(
            app,
            queues=[job_queue.QUEUE],
            name=worker.name,
            install_signal_handlers=False,
            stalled_worker_timeout=worker.plan.stalled_seconds,
            delete_jobs="successful",
            fetch_job_polling_interval=_POLLING,
            update_heartbeat_interval=worker.plan.stalled_seconds / 3,
        )
        beside = [
            asyncio.create_task(_stop_when_told(queue_worker, worker, orders)),
            asyncio.create_task(_look_after(worker)),
        ]
        try:
            await queue_worker.run()  # type: ignore[no-untyped-call]
        finally:
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)


def _app(worker: Worker) -> procrastinate.App:
    url = worker.store.database.url.set(drivername="postgresql")
    connector = procrastinate.PsycopgConnector(
        conninfo=url.render_as_string(hide_password=False),
        kwargs={"options": f"-c search_path={JOBS}", "connect_timeout": 5},
        min_size=1,
        max_size=2,
        timeout=10.0,
    )
    app = procrastinate.App(connector=connector)

    @app.task(name=job_queue.TASK, pass_context=True, retry=_Later())
    async def suggest(context: procrastinate.JobContext, articles: Sequence[str]) -> None:
        worker.work_on(articles, again=context.job.attempts > 0)

    return app


async def _stop_when_told(queue_worker: QueueWorker, worker: Worker, orders: WorkerInput) -> None:
    """Tell the pool where the worker sits, and pass on that it must stop."""
    told = None
    while not orders.listen(0.0):
        if queue_worker.worker_id is not None and queue_worker.worker_id != told:
            told = queue_worker.worker_id
            worker.say(event(WorkerEvent.SEATED, seat=told))
        await asyncio.sleep(_LISTENING)
    queue_worker.stop()  # type: ignore[no-untyped-call]


async def _look_after(worker: Worker) -> None:
    """Now and then, take up the jobs of dead workers, and articles without a job."""
    while True:
        job_queue.look_after(worker.store.database, worker.plan.stalled_seconds)
        await asyncio.sleep(worker.plan.stalled_seconds / 3)
