"""What the card below the queue says."""

from __future__ import annotations

from pathlib import Path

from annotator.core.reading_progress import Progress
from annotator.core.reviewing.sitting import ArticleResult
from annotator.settings import Settings, workspace_config
from annotator.store.values import Counts
from annotator.tui.keys import keymap
from annotator.tui.queue.card_lines import empty_card, end_card, welcome_card
from annotator.tui.widgets.bar import BarLine

CONFIG = workspace_config(
    Settings(reviewer="ada", inbox=Path("/desk/in box"), exports=Path("/desk/exports")),
    Path("/desk"),
)


def plain(lines: tuple[BarLine, ...]) -> str:
    return "\n".join("".join(words for _, words, *_ in line.left) for line in lines)


def test_the_bar_shows_what_is_read_and_how_long_the_rest_takes() -> None:
    lines = plain(welcome_card(CONFIG, keymap(), Progress(6, 9), left=4.2))
    assert "Welcome, ada. 9 articles in in box/  ━━━━━━━━──── 6 of 9 read, 4 s left" in lines


def test_before_the_first_article_the_card_says_what_is_done() -> None:
    lines = plain(welcome_card(CONFIG, keymap(), Progress(0, 1), doing="loading the model"))
    assert "1 article in in box/  ──────────── 0 of 1 read, loading the model" in lines


def test_the_steps_have_the_keys_of_the_workspace() -> None:
    lines = plain(welcome_card(CONFIG, keymap({"accept": "y", "copy": ""}), Progress(9, 9)))
    assert "y x right, wrong" in lines
    assert "all are read" in lines
    assert "/desk/exports/records" in lines


def test_an_empty_workspace_says_where_files_go_by_their_full_path() -> None:
    lines = plain(empty_card(CONFIG, keymap(), 120))
    assert "Put files into  /desk/in box" in lines
    assert "annotator --workspace /desk add FILE…" in lines


def test_the_end_says_what_was_done_where_it_is_and_what_is_next() -> None:
    results = [ArticleResult(accepted=2, corrected=1, decided=3)]
    lines = plain(end_card(CONFIG, results, Counts(articles=4, finished=4)))
    assert "All articles are done. 1 article finished, 3 items decided" in lines
    assert "2 accepted, 1 corrected" in lines
    assert "/desk/exports/records  4 in all" in lines
    assert "annotator --workspace /desk export --output FILE" in lines


def test_the_end_does_not_claim_that_all_is_done_while_articles_wait() -> None:
    lines = plain(end_card(CONFIG, [], Counts(articles=4, finished=1, waiting=3)))
    assert "Nothing else is ready yet." in lines


def test_no_line_is_too_long_for_a_narrow_screen() -> None:
    cards = (
        welcome_card(CONFIG, keymap(), Progress(6, 9), left=4.2, width=80),
        empty_card(CONFIG, keymap(), 80),
        end_card(CONFIG, [], None),
    )
    assert all(len(line) <= 80 for card in cards for line in plain(card).splitlines())
