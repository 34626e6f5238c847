"""Findings in one's own finished reviews: read one by one, opened at their place."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from textwrap import wrap
from time import monotonic

from annotator.core.lint.lint_finding import LintFinding
from annotator.errors import AnnotatorError
from annotator.tui.app_setup import AppSetup
from annotator.tui.keys import KeyMap, Mode
from annotator.tui.lint.finding_rows import FindingRows, mending
from annotator.tui.screens.list_frame import Act, AroundList, ListFrame
from annotator.tui.screens.list_screen import ListScreen
from annotator.tui.screens.opening import open_place
from annotator.tui.screens.waiting import begin
from annotator.tui.widgets.bar import Bar, BarLine
from annotator.tui.widgets.virtual_list import VirtualList

OPEN, KINDS = "findings_open", {"findings_next_kind": 1, "findings_previous_kind": -1}
_HINTS = (
    ((OPEN,), "open there"),
    (("findings_close",), "back"),
    (("findings_next_kind",), "one kind"),
    (("findings_down", "findings_up"), "move"),
)
_CLEAN = "Nothing contradicts itself or the guidelines in what you have finished."
# Seconds that a thread reads before what it found is shown.
_SLICE = 0.1


class LintScreen(ListScreen):
    """What contradicts itself, or the guidelines, in the reviews that the reviewer has finished."""

    opens_articles = True

    def __init__(self, setup: AppSetup, keymap: KeyMap) -> None:
        super().__init__(keymap, Mode.FINDINGS)
        self.setup = setup
        self.found = FindingRows()
        self.is_looking = True

        listed = VirtualList(
            lambda index: self.found.row(index),
            find=lambda key: self.found.place(key),
            id="findings",
        )
        widgets = listed, Bar(id="told")
        self.frame = ListFrame(widgets, self._around, lambda _: self._choose())

    def _around(self) -> AroundList:
        title = (("strong", " Findings "), ("info", f" {self.found.kind or 'all kinds'} "))
        counts = counted(self.found, is_looking=self.is_looking)
        why = "Your reviews are being read." if self.is_looking else _CLEAN
        hints = self.keys.hints(*_HINTS)
        return AroundList(title, hints, counts, told=list(self._told()), empty=why)

    def on_mount(self) -> None:
        self._look()

    # Keys

    def own_act(self, action: str) -> Act | None:
        if action in KINDS:
            return partial(self._next_kind, KINDS[action])
        return self._choose if action == OPEN else None

    def come_back(self, _article: str, saved: Callable[[], object]) -> None:
        """The reviewer is back from an article: all is looked at anew, once what was decided there
        is stored, which `saved` waits for."""
        self._look(saved)

    def _choose(self) -> None:
        one = self.found.finding(self.listed.key)
        if one is None:
            self.say("Still looking." if self.is_looking else "There is nothing to open.")
        else:
            open_place(self, one.article, one.span)

    def _next_kind(self, by: int) -> None:
        kinds = self.found.kinds()
        here = kinds.index(self.found.kind) if self.found.kind in kinds else 0
        self._show(self.found.of_kind(kinds[(here + by) % len(kinds)]))

    # Looking

    def _look(self, saved: Callable[[], object] | None = None) -> None:
        begin(self, partial(self._read, saved), group="look", exclusive=True)

    async def _read(self, saved: Callable[[], object] | None) -> None:
        """Read all findings; the first time they are shown as they are found, later when all are
        there, so that no row moves below the cursor."""
        self.is_looking = True
        self.frame.show()
        try:
            if saved is not None:
                await asyncio.to_thread(saved)
            now, reviews = FindingRows(self.found.kind), self.setup.findings()
            while (some := await asyncio.to_thread(_some, reviews)) is not None:
                now.add(some)
                if saved is None and self.is_attached:
                    now = self._kept(now)
                    self._show(now)
        except AnnotatorError as error:
            self.say(f"{error.message} {error.hint}")
        else:
            self._show(self._kept(now))
        finally:
            self.is_looking = False
            self.frame.show()

    def _kept(self, now: FindingRows) -> FindingRows:
        """These findings, of the kind that has been chosen meanwhile."""
        return now if now.kind == self.found.kind else now.of_kind(self.found.kind)

    def _show(self, now: FindingRows) -> None:
        self.found = now
        if self.query(VirtualList):
            self.listed.set_size(len(now))
            self.frame.show()

    # Drawing

    def _told(self) -> Iterator[BarLine]:
        """The whole message of the finding under the cursor, and the keys that mend it."""
        one = self.found.finding(self.listed.key)
        if one is None:
            return
        for line in wrap(one.message, max(20, self.size.width - 2)):
            yield BarLine((("normal", f" {line}"),))
        pieces = [
            piece
            for key, does in mending(one, self.keys.keymap)
            for piece in (("accent", f" {key} "), ("muted", f"{does} "))
        ]
        reopen = self.keys.keymap.shown("reopen")
        yield BarLine((("muted", f" in its review, after {reopen}:"), *pieces))


def _some(reviews: Iterator[Sequence[LintFinding]]) -> list[LintFinding] | None:
    """The findings of the next reviews, as many as a short time allows; None at the end."""
    until, some, ended = monotonic() + _SLICE, list[LintFinding](), True
    for findings in reviews:
        some += findings
        if monotonic() > until:
            ended = False
            break
    return None if ended and not some else some


def counted(found: FindingRows, *, is_looking: bool) -> str:
    """How many findings there are, in words."""
    count = sum(found.counts.values())
    if not count:
        return "looking …" if is_looking else "nothing found in your finished reviews"
    shown = found.counts[found.kind] if found.kind else count
    one = "finding" if shown == 1 else "findings"
    articles = len(found.articles)
    where = f" in {articles:,} article{'' if articles == 1 else 's'}" if not found.kind else ""
    return f"{shown:,} {one}{where}{', looking …' if is_looking else ''}"
