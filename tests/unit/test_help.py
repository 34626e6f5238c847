"""Help by task: complete, searchable, without signs of Markdown, as wide as the screen."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.tui.keys import KEYS, Mode, keymap
from annotator.tui.screens.help_pages import HelpPages, HelpPart, laid_out
from annotator.tui.screens.help_tasks import tasks
from annotator.tui.terminal.cells import width_of
from annotator.tui.widgets.bar import BarLine
from annotator.tui.widgets.wrapping import wrapped
from tests.tui.desk import SCHEME

GUIDELINES = (Path(__file__).parents[2] / "schema" / "guidelines.md").read_text(encoding="utf-8")


def parts(mode: Mode = Mode.REVIEW) -> tuple[HelpPart, ...]:
    return HelpPages(keymap(), mode, SCHEME, GUIDELINES).parts()


def told(line: BarLine) -> str:
    return "".join(words for _, words, *_ in line.left)


@pytest.mark.parametrize("mode", list(Mode))
def test_every_action_of_a_screen_belongs_to_one_task(mode: Mode) -> None:
    listed = [key.action for _, keys in tasks(keymap(), mode) for key in keys]
    assert sorted(listed) == sorted(key.action for key in KEYS if key.mode is mode)


@pytest.mark.parametrize("mode", list(Mode))
def test_how_a_review_goes_stands_on_top_and_the_names_of_actions_are_listed(mode: Mode) -> None:
    shown = laid_out(parts(mode), 110)
    assert told(shown.lines[0]) == "How a review goes"
    begin = next(at for title, at in shown.begins.items() if title.startswith("Names of actions"))
    names = " ".join(map(told, shown.lines[begin:])).split()
    assert {key.action for key in KEYS if key.mode is mode} <= set(names)


def test_from_the_queue_help_tells_of_articles_too() -> None:
    titles = list(laid_out(parts(Mode.QUEUE), 110).begins)
    assert titles.index("Queue") < titles.index("In an article: Claims")


def test_help_tells_of_screens_that_have_none_of_their_own() -> None:
    assert {"Statistics", "Agreement"} <= set(laid_out(parts(Mode.QUEUE), 110).begins)
    shown = laid_out(parts(), 110)
    assert "History" in shown.begins
    assert "history_undo" in " ".join(map(told, shown.lines))


@pytest.mark.parametrize("width", [40, 76, 114, 194])
def test_no_line_is_wider_than_the_screen_and_no_sign_of_markdown_is_left(width: int) -> None:
    shown = laid_out(parts(), width)
    assert max(width_of(told(line)) for line in shown.lines) <= width
    assert not [told(line) for line in shown.lines if "**" in told(line) or " `" in told(line)]


@pytest.mark.parametrize("mode", [*Mode], ids=str)
def test_a_blank_stands_between_the_keys_and_what_they_do(mode: Mode) -> None:
    for line in laid_out(parts(mode), 120).lines:
        for role, keys, *_ in line.left:
            if role == "key" and keys.startswith("  "):
                assert keys.endswith(" "), told(line)


def test_labels_are_in_their_colours_in_the_table_and_in_the_guidelines() -> None:
    shown = laid_out(parts(), 110)
    tones = [
        tone for line in shown.lines for tone, words, *_ in line.left if words.strip() == "GPE"
    ]
    assert tones.count("label:GPE") == 2


def test_typing_leaves_only_matching_lines() -> None:
    shown = laid_out(parts(), 110, "humvees")
    assert {"Labels", "Guidelines"} >= set(shown.begins)
    assert any("VEHICLE" in told(line) for line in shown.lines)
    assert not laid_out(parts(), 110, "no such words at all").lines


def test_a_remapped_key_is_shown_everywhere() -> None:
    pages = HelpPages(keymap({"accept": "f5"}), Mode.REVIEW, SCHEME, "")
    lines = "\n".join(map(told, laid_out(pages.parts(), 80).lines))
    assert "f5 accepts it" in lines
    assert "  f5            accept, next open" in lines


words = st.lists(st.tuples(st.sampled_from(["normal", "strong"]), st.text("ab  c", max_size=9)))


@given(words, st.integers(4, 20))
def test_wrapping_keeps_every_word_in_order(given_words: list[tuple[str, str]], width: int) -> None:
    lines = wrapped(given_words, width, first=(("muted", "- "),), further="  ")
    flat = "".join(text for _, text in given_words).split()
    assert "".join("".join(told(line)[2:].split()) for line in lines) == "".join(flat)
    for line in lines:
        assert width_of(told(line)) <= max(width, 2 + max(map(len, flat), default=0))
