"""The table of rebindable keys: every action, its default keys, its screen, its description.

Dispatch, footer, help and the palette read this table; `[keys]` in the settings changes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Mode(StrEnum):
    """The screen that reads the keys. Letter menus have their own letters."""

    QUEUE = "queue"
    REVIEW = "review"
    STORIES = "stories"
    BOARD = "board"
    ADJUDICATION = "adjudication"
    FIGURES = "figures"
    STATISTICS = "statistics"
    HISTORY = "history"


@dataclass(frozen=True, slots=True)
class Key:
    """An action: its id, its keys, its screen, its section in help, its description.

    `hint` is its word in the footer, if it has a place there; lower `rank` first.
    """

    action: str
    keys: tuple[str, ...]
    mode: Mode
    section: str
    does: str
    hint: str = ""
    rank: int = 99


def _review(section: str, action: str, keys: str, does: str, hint: str = "", rank: int = 99) -> Key:
    return Key(action, tuple(keys.split()), Mode.REVIEW, section, does, hint, rank)


def _queue(action: str, keys: str, does: str, hint: str = "", rank: int = 99) -> Key:
    return Key(action, tuple(keys.split()), Mode.QUEUE, "Queue", does, hint, rank)


def _stories(action: str, keys: str, does: str, hint: str = "", rank: int = 99) -> Key:
    return Key(action, tuple(keys.split()), Mode.STORIES, "Stories", does, hint, rank)


def _board(action: str, keys: str, does: str, hint: str = "", rank: int = 99) -> Key:
    return Key(action, tuple(keys.split()), Mode.BOARD, "Board", does, hint, rank)


def _adjudicate(action: str, keys: str, does: str, hint: str = "", rank: int = 99) -> Key:
    name = f"adjudicate_{action}"
    return Key(name, tuple(keys.split()), Mode.ADJUDICATION, "Adjudication", does, hint, rank)


def _figures(action: str, keys: str, does: str) -> Key:
    name = f"figures_{action}"
    return Key(name, tuple(keys.split()), Mode.FIGURES, "Agreement", does)


def _statistics(action: str, keys: str, does: str) -> Key:
    name = f"statistics_{action}"
    return Key(name, tuple(keys.split()), Mode.STATISTICS, "Statistics", does)


def _history(action: str, keys: str, does: str) -> Key:
    name = f"history_{action}"
    return Key(name, tuple(keys.split()), Mode.HISTORY, "History", does)


KEYS: tuple[Key, ...] = (
    _review("Decide", "accept", "a", "accept, next open", "accept", 1),
    _review("Decide", "reject", "x", "reject, next open", "reject", 2),
    _review("Decide", "leave", "space", "leave open, next open", "leave", 4),
    _review(
        "Decide",
        "accept_all",
        "A",
        "accept all open items, finish, next article; asks first about unsure and unseen ones",
        "all",
        6,
    ),
    *(
        _review(
            "Decide", f"label_{digit}", digit, f"label {place} of the scheme: relabels, or marks"
        )
        for place, digit in enumerate("1234567890", start=1)
    ),
    _review("Decide", "label", "l", "any label, by its letter", "label", 5),
    _review("Decide", "same", "*", "the next decision for every equal string (again: as it is)"),
    _review(
        "Decide",
        "identity",
        "m",
        "whom or what the name, or the speaker of a claim, means; all of its form",
    ),
    _review("Decide", "same_identity", "=", "the identity that the name was tied to before (≈)"),
    _review("Decide", "repeat", ".", "repeat the last decision here"),
    _review("Decide", "undo", "u", "undo", "undo", 7),
    _review("Decide", "redo", "ctrl+r", "redo"),
    _review("Go", "next_open", "n", "the next open item after the caret", "next", 3),
    _review("Go", "previous_open", "p", "the open item before the caret"),
    _review("Go", "next_item", "N", "next item of any state"),
    _review("Go", "previous_item", "P", "previous item of any state"),
    _review(
        "Go",
        "next_part",
        "tab",
        "the claim around the item, then its parts; otherwise the next item",
    ),
    _review(
        "Go",
        "previous_part",
        "shift+tab",
        "the previous part of the claim; otherwise the previous item",
    ),
    _review(
        "Go",
        "jump",
        "f",
        "jump to a word by its first letters; after v, or with an edge key, up to it",
        "jump",
        9,
    ),
    _review("Go", "search", "/", "search in the text: enter next hit, esc ends"),
    _review(
        "Go",
        "filter",
        "F",
        "only some items: a state, kind or label, unsure ones, denials, demands and so on",
    ),
    _review(
        "Go", "order", "o", "the order: by text, least confident first, denials first and so on"
    ),
    _review("Go", "unfold", "T", "show or fold claims below fold_below and known wrong names"),
    _review("Caret", "token_right", "right w", "a word to the right"),
    _review("Caret", "token_left", "left b", "a word to the left"),
    _review("Caret", "line_down", "down j", "a line down"),
    _review("Caret", "line_up", "up k", "a line up"),
    _review("Caret", "sentence_right", ") ctrl+down", "the next sentence"),
    _review("Caret", "sentence_left", "( ctrl+up", "the sentence before"),
    _review("Caret", "page_down", "pagedown", "a page down"),
    _review("Caret", "page_up", "pageup", "a page up"),
    _review("Caret", "top", "g home", "the top"),
    _review("Caret", "bottom", "G end", "the end"),
    _review("Caret", "characters", ",", "arrows and edges by character, until pressed again"),
    _review("Caret", "character_right", "alt+right", "a character to the right"),
    _review("Caret", "character_left", "alt+left", "a character to the left"),
    _review("Select", "select_right", "shift+right W", "a word more to the right"),
    _review("Select", "select_left", "shift+left B", "a word more to the left"),
    _review("Select", "select_down", "shift+down J", "a line more down"),
    _review("Select", "select_up", "shift+up K", "a line more up"),
    _review("Select", "anchor", "v", "an anchor: moves select until pressed again"),
    _review("Select", "select_sentence", "V", "the sentence"),
    _review("Select", "copy", "y", "copy the selection to the clipboard"),
    _review("Shape", "left_out", "[ ctrl+left", "left edge out", "edges", 10),
    _review("Shape", "left_in", "] ctrl+right", "left edge in"),
    _review("Shape", "right_in", "{ alt+shift+left", "right edge in"),
    _review("Shape", "right_out", "} alt+shift+right", "right edge out"),
    _review("Shape", "edges", "e", "the selection becomes the edges of the item"),
    _review("Shape", "further_piece", "+", "add the selection to the part as a piece"),
    _review("Shape", "drop_part", "d", "remove the focused piece"),
    _review(
        "Claims", "claim", "c", "claim from the selection, or the one around the caret", "claim", 8
    ),
    _review(
        "Claims", "source", "s", "the selection becomes the source; without one, pick by letter"
    ),
    _review("Claims", "cue", "r", "the selection becomes the cue; without one, pick by letter"),
    _review(
        "Claims",
        "speaker",
        ">",
        "who speaks, by letter, or nobody; again: shows who does now",
    ),
    _review("Claims", "no_source", "S", "the claim has no source"),
    _review(
        "Claims", "attributes", "t", "quotation, kind of source, stance, certainty, check-worthy"
    ),
    _review("Article", "junk", "-", "mark the line as junk; on a junk line, choose its kind"),
    _review(
        "Article", "note", ";", "a note on the item under the caret; on plain text, on the article"
    ),
    _review("Article", "article_note", ":", "a note on the article, wherever the caret is"),
    _review(
        "Article", "notes", "L", "the notes on the article and on its items: enter goes to one"
    ),
    _review(
        "Article",
        "guideline",
        "i",
        "what the guidelines say on the item at hand, until pressed again",
    ),
    _review(
        "Article",
        "finish",
        "enter",
        "finish, next article; with open items, press twice",
        "finish",
        11,
    ),
    _review("Article", "skip", "X", "skip the article, or mark it unusable"),
    _review("Article", "reopen", "R", "reopen a finished review"),
    _review("Article", "history", "h", "everything done on this article; u undoes back to a line"),
    _review(
        "Article", "earlier", "H", "decisions carried over from an earlier text, near-duplicates"
    ),
    _review("Screen", "identities", "M", "who and what names mean, and names that may be one"),
    _review("Screen", "tags", "#", "labels and states as text beside the words, or not"),
    _review("Screen", "panel", "\\", "side panel", "panel", 13),
    _review(
        "Screen", "close", "escape", "close a menu, a search or a selection, never the article"
    ),
    _review("Screen", "back", "q", "back to the queue; everything is saved", "queue", 12),
    _review("Screen", "help", "?", "all keys, label meanings, guidelines", "help", 0),
    _review("Screen", "palette", "ctrl+p", "every action by name"),
    _queue("queue_open", "enter", "open the article", "open", 1),
    _queue("queue_next", "n", "open the next ready article", "next ready", 2),
    _queue("queue_show_new", ".", "show arrivals", "show new", 5),
    _queue("queue_filter", "F", "only some articles, by state, reviewer or outlet", "filter", 3),
    _queue(
        "queue_order",
        "o",
        "the order: newest, least confident, most claims, longest first, by story, and so on",
        "order",
        4,
    ),
    _queue("queue_preview", "p", "show or hide the preview below the list", "preview", 11),
    _queue("queue_reverse", "R", "the same order the other way round"),
    _queue("queue_outlet", "l", "only the articles of one outlet"),
    _queue(
        "queue_search", "/", "search in the titles: enter accepts a hit, esc returns", "titles", 7
    ),
    _queue("queue_find", "f", "find words in all articles, in context", "find", 6),
    _queue("queue_lint", "L", "what contradicts itself or the guidelines in what you finished"),
    _queue("queue_agreement", "K", "how far reviewers agree, and where they differ"),
    _queue("queue_statistics", "I", "statistics: speed, what became of suggestions, notes"),
    _queue("queue_adjudicate", "D", "what finished reviews differ on, here or in the next article"),
    _queue("queue_overruled", "d", "what adjudications decided against your answers"),
    _queue("queue_checks", "C", "how near you came to the gold of the checks that you finished"),
    _queue("queue_identities", "M", "who and what names mean, and names that may be one"),
    _queue(
        "queue_rejected", "r", "rejected files and failed articles, with reasons", "problems", 8
    ),
    _queue(
        "queue_stories", "S", "articles on one event: stories, and what is proposed", "stories", 10
    ),
    _queue("queue_undo", "u", "take back the finish of the article that was just finished"),
    _queue("queue_tour", "T", "a tour of two minutes on a sample; nothing is kept", "tour", 12),
    _queue("queue_again", "t", "retry a failed article"),
    _queue("queue_suggest", "s", "new suggestions for an article without decisions"),
    _queue("queue_skip", "X", "open the article and skip it, or mark it unusable"),
    _queue("queue_copy", "y", "copy the article's id to the clipboard"),
    _queue("queue_address", "U", "copy the address of the article's page to the clipboard"),
    _queue("queue_down", "down j", "down"),
    _queue("queue_up", "up k", "up"),
    _queue("queue_page_down", "pagedown", "a page down"),
    _queue("queue_page_up", "pageup", "a page up"),
    _queue("queue_top", "g home", "the top"),
    _queue("queue_bottom", "G end", "the end"),
    _queue("queue_close", "escape", "close a menu or a search; otherwise remove the filter"),
    _queue("queue_help", "?", "all keys", "help", 0),
    _queue("queue_palette", "ctrl+p", "every action by name"),
    _queue("queue_quit", "q", "quit; everything is saved", "quit", 9),
    _stories(
        "stories_open", "enter", "the board: who says what, and where they differ", "board", 1
    ),
    _stories(
        "stories_accept", "a", "make what is proposed a story, or add it to its story", "accept", 2
    ),
    _stories("stories_apart", "x", "these articles are not on one event", "not one", 3),
    _stories("stories_rename", "r", "another title", "title", 4),
    _stories("stories_out", "o", "take an article out of the story", "take out", 5),
    _stories(
        "stories_in", "i", "put the article of the queue's cursor into the story", "put in", 6
    ),
    _stories("stories_undo", "u", "undo", "undo", 7),
    _stories("stories_redo", "ctrl+r", "redo"),
    _stories("stories_down", "down j", "down"),
    _stories("stories_up", "up k", "up"),
    _stories("stories_page_down", "pagedown", "a page down"),
    _stories("stories_page_up", "pageup", "a page up"),
    _stories("stories_top", "g home", "the top"),
    _stories("stories_bottom", "G end", "the end"),
    _stories("stories_help", "?", "all keys", "help", 0),
    _stories("stories_palette", "ctrl+p", "every action by name"),
    _stories("stories_close", "escape q", "back to the queue", "back", 1),
    _board("board_accept", "a", "tie the proposed pair as proposed", "as proposed", 1),
    _board("board_same", "=", "they say the same", "same", 2),
    _board("board_contradicts", "!", "they contradict each other", "contradict", 3),
    _board("board_supports", "+", "the first supports the second", "supports", 4),
    _board("board_unrelated", "0", "they have nothing to do with each other", "unrelated", 5),
    _board("board_skip", "n", "the next proposed pair", "next", 6),
    _board("board_back", "p", "the proposed pair before"),
    _board(
        "board_mark", "space", "mark the claim, to tie it to the one under the cursor", "mark", 7
    ),
    _board("board_go", "tab", "to the claims of the proposed pair, one after the other"),
    _board("board_open", "enter", "open the article at the claim", "article", 8),
    _board("board_undo", "u", "undo the last tie made here", "undo", 9),
    _board("board_right", "right l", "the next account"),
    _board("board_left", "left h", "the account before"),
    _board("board_down", "down j", "the next proposition"),
    _board("board_up", "up k", "the proposition before"),
    _board("board_page_down", "pagedown", "a page down"),
    _board("board_page_up", "pageup", "a page up"),
    _board("board_top", "g home", "the top"),
    _board("board_bottom", "G end", "the end"),
    _board("board_help", "?", "all keys", "help", 0),
    _board("board_palette", "ctrl+p", "every action by name"),
    _board("board_close", "escape q", "back to the stories", "back", 5),
    _adjudicate("answer_a", "a left", "the first answer (A), next open", "A", 1),
    _adjudicate("answer_b", "b right", "the second answer (B), next open", "B", 2),
    _adjudicate("answer_c", "c", "the third answer (C), next open"),
    _adjudicate("answer_d", "d", "the fourth answer (D), next open"),
    _adjudicate("both", "+", "all answers stand, next open", "both", 3),
    _adjudicate("neither", "x z", "no answer stands, next open", "neither", 4),
    *(
        _adjudicate(f"label_{place}", digit, f"label {place} of the scheme, whoever gave it")
        for place, digit in enumerate("1234567890", start=1)
    ),
    _adjudicate("label", "l", "any label, by its letter", "label", 5),
    _adjudicate(
        "other", "o", "another answer: the article opens there as a review", "other answer", 6
    ),
    _adjudicate("note", ";", "a note, which those who answered otherwise find", "note", 7),
    _adjudicate("all", "A", "A for every open difference, by one key"),
    _adjudicate("all_b", "B", "B for every open difference, by one key"),
    _adjudicate("next", "n", "the next open difference", "next", 10),
    _adjudicate("previous", "p", "the open difference before"),
    _adjudicate("down", "down j", "the next difference"),
    _adjudicate("up", "up k", "the difference before"),
    _adjudicate("top", "g home", "the first difference"),
    _adjudicate("bottom", "G end", "the last difference"),
    _adjudicate("undo", "u", "undo", "undo", 9),
    _adjudicate("redo", "ctrl+r", "redo"),
    _adjudicate("finish", "enter", "finish, next article to adjudicate", "finish", 8),
    _adjudicate("reopen", "R", "reopen a finished adjudication"),
    _adjudicate("anew", "N", "begin anew where a review was finished anew since"),
    _adjudicate("help", "?", "all keys", "help", 0),
    _adjudicate("palette", "ctrl+p", "every action by name"),
    _adjudicate("back", "q escape", "back to the queue; everything is saved", "queue", 11),
    _figures("open", "enter", "what met what; then its places; then the article there"),
    _figures("next_pair", "p", "the next pair of reviewers"),
    _figures("previous_pair", "P", "the pair of reviewers before"),
    _figures("next_subject", "tab", "the matrix of claims, junk lines, attributes and so on"),
    _figures("previous_subject", "shift+tab", "the matrix before"),
    _figures("right", "right l", "further measures; the cell to the right"),
    _figures("left", "left h", "the measures before; the cell to the left"),
    _figures("down", "down j", "down, also in checks and what was decided against you"),
    _figures("up", "up k", "up"),
    _figures("close", "escape q", "back"),
    _statistics("next_view", "tab right l", "the next view: speed, suggestions, notes and so on"),
    _statistics("previous_view", "shift+tab left h", "the view before"),
    _statistics("reviewer", "p", "the next reviewer, or all of them"),
    _statistics("reviewer_back", "P", "the reviewer before"),
    _statistics("unit", "w", "speed by day, or by week"),
    _statistics("seen", "s", "suggestions that were seen, or those that were not"),
    _statistics("open", "enter", "open the article there, from a list of articles or of notes"),
    _statistics("agreement", "K", "how far reviewers agree, and where they differ"),
    _statistics("down", "down j", "down"),
    _statistics("up", "up k", "up"),
    _statistics("close", "escape q", "back to the queue"),
    _history("open", "enter", "go to the item, in the article"),
    _history("undo", "u", "undo back to before this line"),
    _history("down", "down j", "down"),
    _history("up", "up k", "up"),
    _history("close", "escape q", "back to the article"),
)

SECTIONS = (
    *("Decide", "Go", "Select", "Shape", "Claims", "Article", "Caret", "Screen", "Queue"),
    *("Stories", "Board", "Adjudication", "Agreement", "Statistics", "History"),
)
