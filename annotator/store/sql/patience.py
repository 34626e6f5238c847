"""Limits every wait for a database server.

The server itself cancels long statements, long waits for locks, and idle transactions. A server
that has stopped cannot do that, so the client gives up a little later and closes the connection.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from annotator.errors import StoreError

CONNECT_SECONDS = 5
_GRACE = 2.0  # seconds between the server's limit and ours
_IDLE_SECONDS = 60
# Detect a dead connection within twenty seconds, whatever the system's default is.
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
    """Seconds to wait for a statement, and for a lock."""

    statement: float
    lock: float


AT_THE_SCREEN = Patience(statement=7, lock=4)
"""For screens: somebody waits and can continue without the answer."""
AT_WORK = Patience(statement=30, lock=20)
"""For the watcher and its workers, which retry."""
ONCE = Patience(statement=600, lock=60)
"""For a verb, which a person would have to restart."""
REBUILDING = Patience(statement=6 * 3600, lock=600)
"""For migrations, which may rewrite large tables."""


class ServerClock:
    """The clock of the database server, independent of this machine's.

    Before `set`, and for SQLite, it is this machine's clock.
    """

    def __init__(self) -> None:
        self._set: tuple[float, float] | None = None

    def set(self, epoch: float) -> None:
        """Set the server's time, in seconds since 1970."""
        self._set = epoch, _elapsed()

    def now(self) -> datetime:
        """The server's time (UTC), without a query."""
        if self._set is None:
            return datetime.now(UTC)
        epoch, at = self._set
        return datetime.fromtimestamp(epoch + _elapsed() - at, UTC)


def connecting(dialect: Any, patience: Patience) -> Callable[..., Any]:
    """Opens connections for SQLAlchemy that give up when the server does not answer."""
    connect = dialect.connect
    if dialect.driver == "psycopg":
        connect = _impatient(dialect.loaded_dbapi).connect

    def open_one(_dialect: Any, _record: Any, words: Any, options: Any) -> Any:
        line = {} if dialect.driver == "pg8000" else _LINE
        try:
            connection = connect(*words, **{**line, **options})
        except (TypeError, ValueError, OverflowError):  # an invalid host or port
            raise StoreError(
                "The URL of the database has an invalid part.",
                hint="Check the host, the port and the options in `database`.",
            ) from None
        if dialect.driver == "psycopg":
            connection.patience = patience.statement + _GRACE
        return connection

    return open_one


def set_up_server(connection: Any, patience: Patience, clock: ServerClock) -> None:
    """Set the timeouts of a new connection, and read the server's time."""
    milliseconds = (f"{seconds * 1000:.0f}" for seconds in _limits(patience))
    cursor = connection.cursor()
    cursor.execute(_SET_UP, tuple(milliseconds))
    clock.set(float(cursor.fetchone()[-1]))
    cursor.close()
    connection.commit()


def take_time(connection: Any, patience: Patience) -> None:
    """Raise the timeouts of a connection for its current transaction."""
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
    """A driver's connection that waits at most `patience` seconds for each answer."""

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
                        # A late answer must not be taken for that of another statement.
                        self.pgconn.finish()
                        raise driver.OperationalError(
                            f"no answer within {self.patience:.0f} seconds"
                        )
                    wanted = gen.send(ready)
            except StopIteration as end:
                return end.value

    return ImpatientConnection


def _elapsed() -> float:
    """Monotonic seconds, including suspended time if the system supports it."""
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if clock is None else time.clock_gettime(clock)
