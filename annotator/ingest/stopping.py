"""How a person ends the work: in good order, or at once."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Stop:
    """`asked`: finish what is in hand, then end. `at_once`: leave it; it is done next time."""

    asked: threading.Event = field(default_factory=threading.Event)
    at_once: threading.Event = field(default_factory=threading.Event)

    def ask(self) -> None:
        """The first time in good order, the second time at once; for a signal handler."""
        if self.asked.is_set():
            self.at_once.set()
        self.asked.set()
