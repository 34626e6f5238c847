"""Lines of the palette that concern the whole workspace: export, guidelines."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from annotator.core.guidelines import paragraphs
from annotator.errors import AnnotatorError
from annotator.tui.app_setup import AppSetup
from annotator.tui.screens.layers import KeyScreen
from annotator.tui.screens.offers import Below, Offer
from annotator.tui.screens.waiting import begin
from annotator.tui.widgets.prompts import Done, LinePrompt

_FILE = "dataset.jsonl"


class ExportTarget(LinePrompt):
    """Asks for the file to write finished reviews to."""

    title, keys = "export finished reviews to", "enter writes it   esc closes "

    def __init__(self, target: Path, write: Callable[[Path], None]) -> None:
        super().__init__(str(target))
        self._write = write

    def submit(self) -> Done | None:
        typed = self.line.text.strip()
        return Done(lambda: self._write(Path(typed))) if typed else None


def export_offers(below: Below) -> Iterator[Offer]:
    """The export of finished reviews."""
    setup = below.setup
    if setup is None or setup.export is None:
        return

    def ask() -> None:
        target = Path(setup.config.exports or ".") / _FILE
        below.prompts.open(ExportTarget(target, partial(_write, below.screen, setup)))

    yield Offer(
        "export",
        "Export finished…",
        ask,
        about="all finished reviews, one JSON line each",
        also="dataset jsonl write file",
    )


def _write(screen: KeyScreen, setup: AppSetup, target: Path) -> None:
    """Write the file in the background, and say when it is there."""

    async def write() -> None:
        assert setup.export is not None  # otherwise it is not offered
        try:
            count = await asyncio.to_thread(setup.export, target)
        except AnnotatorError as error:
            screen.say(f"{error.message} {error.hint}")
            return
        records = "record" if count == 1 else "records"
        screen.say(f"{count:,} {records} written to {target}.")

    screen.say(f"Writing {target} …")
    begin(screen, write, group="export")


def guideline_offers(below: Below) -> Iterator[Offer]:
    """Each chapter of the guidelines."""
    setup = below.setup
    if setup is None:
        return
    for one in paragraphs(setup.config.guidelines):
        if one.level == 2:
            title = one.text.lstrip("0123456789. ")
            yield Offer(
                f"guidelines:{title}",
                f"Guidelines: {title[:1].lower()}{title[1:]}",
                partial(_show, below, setup, one.text),
                also="help rules",
            )


def _show(below: Below, setup: AppSetup, heading: str) -> None:
    from annotator.tui.screens.help_screen import HelpScreen  # the palette opens without it

    help_ = HelpScreen(setup, below.keymap, below.mode, begin_at=heading)
    below.screen.show_over(help_)
