"""What is to be said once the screens are gone: what could not be saved, and where it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from annotator.tui.app import AnnotatorApp


def last_words(app: AnnotatorApp) -> Iterator[str]:
    """What is to be said once the screens are gone: where decisions are that nobody could write."""
    setup = app.setup
    for path in app.rescued:
        yield f"Decisions that could not be saved are in {path}."
        if setup is not None and setup.rescue is not None and path.parent != setup.rescue:
            yield f"  Move it to {setup.rescue}, and the next start of the screens saves them."
        else:
            yield "  The next start of the screens saves them."
    if app.held and setup is not None:
        minutes = max(1, round(setup.lease_seconds / 60))
        yield "The article that was open could not be given back: for others it is free again"
        yield f"  within {minutes} min, for {setup.reviewer} at once."
    unwritten, problem = app.not_rescued
    if unwritten:
        from annotator.tui.saving.aside import as_line  # not needed before

        yield f"Decisions could not be saved, nor put into a file ({problem}). They are:"
        yield from (as_line(decision, text) for decision, text in unwritten)
        yield "Put these lines into a file unsaved-1.jsonl in the workspace: the next start of the"
        yield "screens saves them."
