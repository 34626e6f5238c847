"""The table of rebindable keys: every action, its default keys, its screen, its description.

Dispatch, footer, help and the palette read this table; `[keys]` in the settings changes it.
"""

from __future__ import annotations

from annotator.tui.further_keys import FURTHER_KEYS
from annotator.tui.key_rows import Key, KeyRows, Mode

_queue = KeyRows(Mode.QUEUE, "Queue")


def _review(section: str, action: str, keys: str, does: str, hint: str = "", rank: int = 99) -> Key:
    return Key(action, tuple(keys.split()), Mode.REVIEW, section, does, hint, rank)


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
    _queue("open", "enter", "open the article", "open", 1),
    _queue("next", "n", "open the next ready article", "next ready", 2),
    _queue("show_new", ".", "show arrivals", "show new", 5),
    _queue("filter", "F", "only some articles, by state, reviewer or outlet", "filter", 3),
    _queue(
        "order",
        "o",
        "the order: newest, least confident, most claims, longest first, by story, and so on",
        "order",
        4,
    ),
    _queue("preview", "p", "show or hide the preview below the list", "preview", 11),
    _queue("reverse", "R", "the same order the other way round"),
    _queue("outlet", "l", "only the articles of one outlet"),
    _queue("search", "/", "search in the titles: enter accepts a hit, esc returns", "titles", 7),
    _queue("find", "f", "find words in all articles, in context", "find", 6),
    _queue("lint", "L", "what contradicts itself or the guidelines in what you finished"),
    _queue("agreement", "K", "how far reviewers agree, and where they differ"),
    _queue("statistics", "I", "statistics: speed, what became of suggestions, notes"),
    _queue("adjudicate", "D", "what finished reviews differ on, here or in the next article"),
    _queue("overruled", "d", "what adjudications decided against your answers"),
    _queue("checks", "C", "how near you came to the gold of the checks that you finished"),
    _queue("identities", "M", "who and what names mean, and names that may be one"),
    _queue("rejected", "r", "rejected files and failed articles, with reasons", "problems", 8),
    _queue("stories", "S", "articles on one event: stories, and what is proposed", "stories", 10),
    _queue("undo", "u", "take back the finish of the article that was just finished"),
    _queue("tour", "T", "a tour of two minutes on a sample; nothing is kept", "tour", 12),
    _queue("again", "t", "retry a failed article"),
    _queue("suggest", "s", "new suggestions for an article without decisions"),
    _queue("skip", "X", "open the article and skip it, or mark it unusable"),
    _queue("copy", "y", "copy the article's id to the clipboard"),
    _queue("address", "U", "copy the address of the article's page to the clipboard"),
    *_queue.moves(),
    _queue("close", "escape", "close a menu or a search; otherwise remove the filter"),
    _queue("help", "?", "all keys", "help", 0),
    _queue("palette", "ctrl+p", "every action by name"),
    _queue("quit", "q", "quit; everything is saved", "quit", 9),
    *FURTHER_KEYS,
)

SECTIONS = (
    *("Decide", "Go", "Select", "Shape", "Claims", "Article", "Caret", "Screen", "Queue"),
    *("Stories", "Board", "Pairs", "Adjudication", "Agreement", "Statistics", "History"),
    *("Earlier and alike", "Findings", "Problems", "Identities"),
)
