"""The notices when an article is opened; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotator.core.reviewing.sitting import told_result
from annotator.core.reviewing.wording import shortened
from annotator.core.text.counted import many
from annotator.tui.keys import KeyMap

if TYPE_CHECKING:
    from annotator.core.review import Review
    from annotator.store.values import OpenedReview
    from annotator.tui.review.article_actions import FinishedArticle

UNASSISTED = "Opened without suggestions."


def opening_words(
    opened: OpenedReview,
    keymap: KeyMap,
    open_count: int,
    done_before: FinishedArticle | None = None,
) -> str:
    """What a reviewer should know before the first key; empty if there is nothing.

    `done_before` is the article that a key has just finished or skipped.
    """
    said = _notice(opened, keymap, open_count)
    done = words_on_finished(done_before) if done_before else ""
    return f"{said} {done}".strip()


def words_on_finished(done: FinishedArticle) -> str:
    """What became of an article that a key has just finished."""
    if done.told:
        return f"“{shortened(done.name)}” {done.told}; {done.undo} undoes"
    return told_result(done.result, done.undo, done.left)


def _notice(opened: OpenedReview, keymap: KeyMap, open_count: int) -> str:
    """What is special about the article itself."""
    review = opened.review
    if review.finished:
        return f"{_finished(review)} {keymap.shown('reopen')} takes it up again."
    if opened.assigned:
        return f"Assigned to {' and '.join(opened.assigned)}, not to you. {_help(opened, keymap)}"
    if not opened.assisted:
        return _help(opened, keymap)
    if opened.half_done:
        who = " and ".join(opened.half_done)
        return f"{who} started this and released it. Your decisions are a separate review."
    if opened.carried:
        from annotator.tui.review.carried_over_screen import notice

        return notice(opened.carried, keymap.shown("earlier"))
    if not review.suggestions and opened.article.language not in (None, "en"):
        code, skip = opened.article.language, keymap.shown("skip")
        return f"Not in English, it seems ({code}): nothing was suggested. {skip} skips it."
    return "" if open_count else f"Nothing is open: {keymap.shown('finish')} finishes."


def _help(opened: OpenedReview, keymap: KeyMap) -> str:
    """What is said of a review without suggestions; empty for others."""
    if opened.assisted:
        return ""
    return f"{UNASSISTED} Mark everything yourself; {keymap.shown('finish')} finishes."


def _finished(review: Review) -> str:
    """The notice about a finished review, with the number of unknown words."""
    if not review.unknown:
        return "Finished."
    letters = sum(map(len, review.unknown))
    return (
        f"Finished, but for {many(letters, 'character')} that nobody decided on when it was "
        "imported."
    )
