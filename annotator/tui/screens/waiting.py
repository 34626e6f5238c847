"""What a screen waits for, and with it the keys; every wait ends, however its work ended."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from textual.dom import DOMNode

from annotator.errors import AnnotatorError


def begin(
    node: DOMNode,
    work: Callable[[], Coroutine[Any, Any, None]],
    *,
    group: str,
    exclusive: bool = False,
) -> None:
    """Begins `work` beside all else; it ends with `node`. `exclusive` gives up others of its group.

    It is given as a function, for of a coroutine that is given up before its first step, Python
    complains.
    """
    node.run_worker(
        work,  # type: ignore[arg-type]  # the type of its result is beyond mypy here
        group=group,
        exclusive=exclusive,
    )


class Waiting:
    """What is awaited on a screen, `node`, by name.

    `say` is told why a work failed; `go_on` is called when something has arrived, to hand over the
    keys that waited. While `is_quiet`, the reviewer is not told that keys wait.
    """

    def __init__(
        self, node: DOMNode, say: Callable[[str], None], go_on: Callable[[], None]
    ) -> None:
        self.is_quiet = False
        self._node, self._say, self._go_on = node, say, go_on
        self._awaited: dict[str, object] = {}

    @property
    def awaited(self) -> frozenset[str]:
        """What is waited for."""
        return frozenset(self._awaited)

    def awaits(self, what: str) -> None:
        """Keys wait from now on, until `what` has `arrived`."""
        self._awaited[what] = object()

    def arrived(self, what: str) -> None:
        """Nobody has to wait for `what` any longer."""
        if self._awaited.pop(what, None) is not None:
            self._go_on()

    def fetch(self, what: str, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Does `work`; keys wait until it is over, however it ends. Where the store fails, that is
        said.

        Of two works for the same thing the later one stands, and the other is given up.
        """
        token = self._awaited[what] = object()

        async def until_over() -> None:
            try:
                await work()
            except AnnotatorError as error:
                self._say(f"{error.message} {error.hint}")
            finally:
                if self._awaited.get(what) is token:
                    self.arrived(what)

        begin(self._node, until_over, group=what, exclusive=True)
