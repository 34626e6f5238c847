"""How long a database server is waited for: nothing that it does, or does not, takes for ever.

The server itself ends what takes too long, waits too long for a lock, or leaves a transaction
lying. A server that has stopped cannot even do that, so whoever waits for its answer gives up a
little later and closes the connection.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from annotator.errors import StoreError

CONNECT_SECONDS = 5
_GRACE = 2.0  # seconds by which the server's own limit comes first
_IDLE_SECONDS = 60
# A line that is dead is noticed within twenty seconds, whatever the system would take for it.
_LINE = {
    "connect_timeout": CONNECT_SECONDS,
    "keepalives": 1,
    "keepalives_idle": 5,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}
_SET_UP = (
    "SELECT set_config('statement_timeout', %s, false), set_config('lock_timeout', %s, false), "
    "set_config('idle_in_transaction_session_timeout', %s, false), "
    "extract(epoch FROM clock_timestamp())"
)


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds for one statement, and for what somebody else has locked."""

    statement: float
    lock: float


AT_THE_SCREEN = Patience(statement=7, lock=4)
"""Somebody waits for the answer and can go on without it."""
AT_WORK = Patience(statement=30, lock=20)
"""The watcher and its workers: what fails is done again."""
ONCE = Patience(statement=600, lock=60)
"""A verb: what fails has to be started again by hand."""
REBUILDING = Patience(statement=6 * 3600, lock=600)
"""Tables rewritten, large ones too."""


class ServerClock:
    """The time as the database has it, whatever this machine's clock says or does meanwhile.

    Until `set`, and for a database that is a file on this machine, that is this machine's time.
    """

    def __init__(self) -> None:
        self._set: tuple[float, float] | None = None

    def set(self, epoch: float) -> None:
        """Says what the time is there now, in seconds since 1970."""
        self._set = epoch, _elapsed()

    def now(self) -> datetime:
        """The time (UTC); asks nobody."""
        if self._set is None:
            return datetime.now(UTC)
        epoch, at = self._set
        return datetime.fromtimestamp(epoch + _elapsed() - at, UTC)


def connecting(dialect: Any, patience: Patience) -> Callable[..., Any]:
    """Opens connections to a server for SQLAlchemy that are given up when it does not answer."""
    connect = dialect.connect
    if dialect.driver == "psycopg":
        connect = _impatient(dialect.loaded_dbapi).connect

    def open_one(_dialect: Any, _record: Any, words: Any, options: Any) -> Any:
        line = {} if dialect.driver == "pg8000" else _LINE
        try:
            connection = connect(*words, **{**line, **options})
        except (TypeError, ValueError, OverflowError):  # a name or number that can be none
            raise StoreError(
                "The address of the database has a part that cannot be used.",
                hint="Check the host, the port and the options in `database`.",
            ) from None
        if dialect.driver == "psycopg":
            connection.patience = patience.statement + _GRACE
        return connection

    return open_one


def set_up_server(connection: Any, patience: Patience, clock: ServerClock) -> None:
    """Tells the server of a new connection how long things may take, and asks it for the time."""
    milliseconds = (f"{seconds * 1000:.0f}" for seconds in _limits(patience))
    cursor = connection.cursor()
    cursor.execute(_SET_UP, tuple(milliseconds))
    clock.set(float(cursor.fetchone()[-1]))
    cursor.close()
    connection.commit()


def take_time(connection: Any, patience: Patience) -> None:
    """Gives a connection of the pool more time for the transaction that it has begun."""
    statement, lock, idle = (f"{seconds * 1000:.0f}" for seconds in _limits(patience))
    raw = connection.connection.dbapi_connection
    if hasattr(raw, "patience"):
        raw.patience = patience.statement + _GRACE
    connection.exec_driver_sql(f"SET LOCAL statement_timeout = {statement}")
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = {lock}")
    connection.exec_driver_sql(f"SET LOCAL idle_in_transaction_session_timeout = {idle}")


def _limits(patience: Patience) -> tuple[float, float, float]:
    idle = max(_IDLE_SECONDS, patience.statement if patience is REBUILDING else 0)
    return patience.statement, patience.lock, idle


def _impatient(driver: Any) -> Any:
    """The driver's connection, which waits for one answer no longer than its `patience`."""

    class ImpatientConnection(driver.Connection):  # type: ignore[misc]  # known when it is loaded
        patience = float(CONNECT_SECONDS + _GRACE)

        def wait(self, gen: Any, *words: Any, **options: Any) -> Any:
            return super().wait(self._within(gen), *words, **options)

        def _within(self, gen: Any) -> Generator[Any, Any, Any]:
            until = time.monotonic() + self.patience
            try:
                wanted = next(gen)
                while True:
                    ready = yield wanted
                    if not ready and time.monotonic() > until:
                        # What it may say later belongs to nothing any more.
                        self.pgconn.finish()
                        raise driver.OperationalError(
                            f"no answer within {self.patience:.0f} seconds"
                        )
                    wanted = gen.send(ready)
            except StopIteration as end:
                return end.value

    return ImpatientConnection


def _elapsed() -> float:
    """Seconds since some moment, those included in which the machine slept, where it tells."""
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if clock is None else time.clock_gettime(clock)
