"""Things that a screen waits for, and keys with it; every wait ends, however its work ends."""

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
    """Start `work` in the background; it ends with `node`. `exclusive` cancels others of its group.

    `work` is a function, because Python warns about a coroutine cancelled before its first step.
    """
    node.run_worker(
        work,  # type: ignore[arg-type]  # the type of its result is beyond mypy here
        group=group,
        exclusive=exclusive,
    )


class Waiting:
    """The things that a screen, `node`, waits for, by name.

    `say` gets the error of failed work; `resume` is called when something has arrived, to dispatch
    the queued keys. While `is_quiet`, the reviewer is not told that keys wait.
    """

    def __init__(
        self, node: DOMNode, say: Callable[[str], None], resume: Callable[[], None]
    ) -> None:
        self.is_quiet = False
        self._node, self._say, self._resume = node, say, resume
        self._awaited: dict[str, object] = {}

    @property
    def awaited(self) -> frozenset[str]:
        """The names of the awaited things."""
        return frozenset(self._awaited)

    def awaits(self, what: str) -> None:
        """Make keys wait until `what` has `arrived`."""
        self._awaited[what] = object()

    def arrived(self, what: str) -> None:
        """End the wait for `what`."""
        if self._awaited.pop(what, None) is not None:
            self._resume()

    def fetch(self, what: str, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Run `work`; keys wait until it is over, however it ends. Failures of the store are shown.

        A later work for the same thing cancels the earlier one.
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
