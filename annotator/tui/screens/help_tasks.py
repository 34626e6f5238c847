"""What help is about: tasks with their actions, and how a review goes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from string import Template

from annotator.tui.keys import Key, KeyMap, Mode, show_key

Task = tuple[str, tuple[str, ...]]

HOW_A_REVIEW_GOES = (
    "`$queue_open` in the queue opens an article. What the pipeline suggests is underlined, the "
    "item at hand is highlighted; the line at the foot shows the keys for it.",
    "`$accept` accepts it, `$reject` rejects it, and the next open one comes. `$label_1` to "
    "`$label_0`, or `$label` and a letter, give an entity another label; `$left_out` `$left_in` "
    "`$right_in` `$right_out` move its edges.",
    "A claim has a source (who), a cue (the words that attribute) and a content (what is said): "
    "`$next_part` goes from part to part, `$source` and `$cue` set them, `$attributes` sets the "
    "stance and what else there is.",
    "What is missing: select words (`$anchor` and the arrows, `$select_right`, or the mouse) "
    "and press a digit for an entity, `$claim` for a claim. `$jump` jumps to a word.",
    "`$accept_all` accepts the rest, `$finish` finishes; the next article opens. `$undo` undoes "
    "every step, a finish too. All is saved at once, and finished reviews are exported by "
    "themselves.",
)
"""Paragraphs in Markdown with the names of actions, for which their keys are put."""

_REVIEW: tuple[Task, ...] = (
    (
        "Review an article",
        (
            *("accept", "reject", "leave", "next_open", "previous_open", "accept_all", "finish"),
            *("same", "repeat", "undo", "redo", "guideline"),
        ),
    ),
    (
        "Correct an entity",
        (
            *(f"label_{digit}" for digit in "1234567890"),
            *("label", "left_out", "left_in", "right_in", "right_out", "edges"),
            *("identity", "same_identity"),
        ),
    ),
    (
        "Claims",
        (
            *("claim", "next_part", "previous_part", "attributes", "source", "cue", "speaker"),
            *("no_source", "further_piece", "drop_part"),
        ),
    ),
    (
        "The whole article",
        ("junk", "note", "article_note", "notes", "skip", "reopen", "earlier", "identities"),
    ),
    ("Find and list", ("jump", "search", "filter", "order", "unfold")),
    ("Select words", ("select_right", "select_left", "anchor", "select_sentence", "copy")),
    ("Move", ("next_item", "previous_item")),
    ("The screen", ("palette", "help", "panel", "tags", "close", "back")),
)
_QUEUE: tuple[Task, ...] = (
    ("Queue", ("queue_open", "queue_next", "queue_skip", "queue_undo", "queue_show_new")),
    (
        "Find an article",
        ("queue_search", "queue_find", "queue_filter", "queue_order", "queue_close"),
    ),
    (
        "Look after the work",
        ("queue_rejected", "queue_lint", "queue_statistics", "queue_stories", "queue_identities"),
    ),
    ("Work with others", ("queue_adjudicate", "queue_overruled", "queue_agreement")),
)
_TASKS: Mapping[Mode, tuple[Task, ...]] = {Mode.REVIEW: _REVIEW, Mode.QUEUE: _QUEUE}
_REST = {Mode.REVIEW: "Move", Mode.QUEUE: "More of the queue"}


def how_a_review_goes(keymap: KeyMap) -> list[str]:
    """The paragraphs with the keys of their actions."""
    keys = {key.action: show_key(key.keys[0]) if key.keys else "no key" for key in keymap.keys}
    return [Template(words).substitute(keys) for words in HOW_A_REVIEW_GOES]


def tasks(keymap: KeyMap, mode: Mode) -> Iterator[tuple[str, Sequence[Key]]]:
    """The tasks of a screen with their keys; each of its actions belongs to one."""
    keys = {key.action: key for key in keymap.keys if key.mode is mode}
    named = _TASKS.get(mode, ())
    told = {action for _, actions in named for action in actions}
    rest = [key for action, key in keys.items() if action not in told]
    last = _REST.get(mode, "")
    for title, actions in named:
        own = [keys[action] for action in actions if action in keys]
        if title == last:
            own, rest = [*own, *rest], []
        if own:
            yield title, own
    if rest:
        yield last or rest[0].section, rest
