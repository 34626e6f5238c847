"""Stopping by request: after the current batch, or at once."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Stop:
    """`asked`: finish the current batch, then stop. `at_once`: abandon it for the next time."""

    asked: threading.Event = field(default_factory=threading.Event)
    at_once: threading.Event = field(default_factory=threading.Event)

    def ask(self) -> None:
        """Request a stop; the second call stops at once. For signal handlers."""
        if self.asked.is_set():
            self.at_once.set()
        self.asked.set()
