"""The keys of the screens over the queue and over an article: rows of the table of keys."""

from __future__ import annotations

from annotator.tui.key_rows import Key, KeyRows, Mode

_stories = KeyRows(Mode.STORIES, "Stories")
_board = KeyRows(Mode.BOARD, "Board")
_pairs = KeyRows(Mode.PAIRS, "Pairs")
_figures = KeyRows(Mode.FIGURES, "Agreement")
_statistics = KeyRows(Mode.STATISTICS, "Statistics")
_history = KeyRows(Mode.HISTORY, "History")
_earlier = KeyRows(Mode.EARLIER, "Earlier and alike")
_findings = KeyRows(Mode.FINDINGS, "Findings")
_problems = KeyRows(Mode.PROBLEMS, "Problems")
_identities = KeyRows(Mode.IDENTITIES, "Identities")


def _adjudicate(action: str, keys: str, does: str, hint: str = "", rank: int = 99) -> Key:
    name = f"adjudicate_{action}"
    return Key(name, tuple(keys.split()), Mode.ADJUDICATION, "Adjudication", does, hint, rank)


FURTHER_KEYS: tuple[Key, ...] = (
    _stories("open", "enter", "the board: who says what, and where they differ", "board", 1),
    _stories("accept", "a", "make what is proposed a story, or add it to its story", "accept", 2),
    _stories("apart", "x", "these articles are not on one event", "not one", 3),
    _stories("rename", "r", "another title", "title", 4),
    _stories("out", "o", "take an article out of the story", "take out", 5),
    _stories("in", "i", "put the article of the queue's cursor into the story", "put in", 6),
    _stories("undo", "u", "undo", "undo", 7),
    _stories("redo", "ctrl+r", "redo"),
    *_stories.moves(),
    _stories("help", "?", "all keys", "help", 0),
    _stories("palette", "ctrl+p", "every action by name"),
    _stories.close("back to the queue", "back", 1),
    _board("accept", "a", "tie the proposed pair as proposed", "as proposed", 1),
    _board("same", "=", "they say the same", "same", 2),
    _board("contradicts", "!", "they contradict each other", "contradict", 3),
    _board("supports", "+", "the first supports the second", "supports", 4),
    _board("unrelated", "0", "they have nothing to do with each other", "unrelated", 5),
    _board("skip", "n", "the next proposed pair", "next", 6),
    _board("back", "p", "the proposed pair before"),
    _board("mark", "space", "mark the claim, to tie it to the one under the cursor", "mark", 7),
    _board("go", "tab", "to the claims of the proposed pair, one after the other"),
    _board("pairs", "t", "proposed pairs, as many as fit, tied by their letters", "pairs", 1),
    _board("open", "enter", "open the article at the claim", "article", 8),
    _board("undo", "u", "undo the last tie made here", "undo", 9),
    _board("right", "right l", "the next account"),
    _board("left", "left h", "the account before"),
    *_board.moves(down="the next proposition", up="the proposition before"),
    _board("help", "?", "all keys", "help", 0),
    _board("palette", "ctrl+p", "every action by name"),
    _board.close("back to the stories", "back", 5),
    _pairs("all", "enter", "tie all open pairs of the block as their signs say", "all of it", 2),
    _pairs("next", "space pagedown", "further pairs", "further", 1),
    _pairs("before", "pageup left", "the pairs before"),
    _pairs("more", "right", "further claims for the first one of the block", "more for it", 5),
    _pairs("down", "down tab", "the next block", "block", 5),
    _pairs("up", "up shift+tab", "the block before"),
    _pairs("same", "=", "the next letter, or the block: they say the same", "same", 6),
    _pairs("contradicts", "!", "the next letter, or the block: they contradict each other"),
    _pairs("supports", "+", "the next letter, or the block: one supports the other"),
    _pairs("unrelated", "0", "the next letter, or the block: unrelated", "unrelated", 7),
    _pairs("search", "/", "other claims for the first one of the block, by words", "search", 4),
    _pairs("undo", "backspace ctrl+z", "undo what the last key tied", "undo", 3),
    _pairs("help", "?", "all keys", "help", 0),
    _pairs("palette", "ctrl+p", "every action by name"),
    _pairs("close", "escape", "back to the board", "board", 3),
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
    *_figures.moves(down="down, also in checks and what was decided against you"),
    _figures.close("back"),
    _statistics("next_view", "tab right l", "the next view: speed, suggestions, notes and so on"),
    _statistics("previous_view", "shift+tab left h", "the view before"),
    _statistics("reviewer", "p", "the next reviewer, or all of them"),
    _statistics("reviewer_back", "P", "the reviewer before"),
    _statistics("unit", "w", "speed by day, or by week"),
    _statistics("seen", "s", "suggestions that were seen, or those that were not"),
    _statistics("open", "enter", "open the article there, from a list of articles or of notes"),
    _statistics("agreement", "K", "how far reviewers agree, and where they differ"),
    *_statistics.moves(),
    _statistics.close("back to the queue"),
    _history("open", "enter", "go to the item, in the article"),
    _history("undo", "u", "undo back to before this line"),
    *_history.moves(),
    _history.close("back to the article"),
    *_earlier.moves(),
    _earlier.close("back to the article"),
    _findings("open", "enter", "open the article there"),
    _findings("next_kind", "tab", "findings of the next kind"),
    _findings("previous_kind", "shift+tab", "findings of the kind before"),
    *_findings.moves(),
    _findings.close("back to the queue"),
    _problems("again", "t", "try this file or article again"),
    _problems("all_again", "T", "try all files and articles again"),
    *_problems.moves(),
    _problems.close("back to the queue"),
    _identities("take", "a", "take the proposal: these names are one"),
    _identities("differ", "x", "a name is not the same as the others, or as the marked identity"),
    _identities("merge", "m", "mark the identity; on another one, merge the marked one into it"),
    _identities("split", "s", "one of its names is another identity"),
    _identities("rename", "r", "another name for the identity"),
    _identities("type", "t", "its type, by letter"),
    _identities("link", "l", "its id elsewhere, such as wikidata:Q42"),
    _identities("note", ";", "a note on it"),
    _identities("further", "+", "look for proposals in further articles"),
    _identities("open", "enter", "open the article at the mention"),
    _identities("lists", "tab shift+tab", "to the mentions below, and back"),
    _identities("undo", "u", "undo"),
    _identities("redo", "ctrl+r", "redo"),
    *_identities.moves(),
    _identities.close("back"),
)
