"""Prompts, questions and the action that `.` repeats, without a screen."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from annotator.core.annotations import JunkKind
from annotator.core.decisions import Decision, accept
from annotator.tui.review.questions import Questions
from annotator.tui.review.repeats import Again, Repeats
from annotator.tui.review.text_prompts import Note
from annotator.tui.screens.letter_menus import junk_menu
from annotator.tui.terminal.keyboard import Typed, now
from annotator.tui.widgets.letter_menu import Choice, MenuPrompt, Submenu, menu_of
from annotator.tui.widgets.prompts import Done, Prompts
from tests.helpers.strategies import stamped
from tests.unit.test_commands import FIRST, LAST, review_of

LATER = 1e9


def ignored(_: object) -> None:
    """For what is told or chosen and does not matter."""


def menu(chosen: list[JunkKind], said: list[str]) -> MenuPrompt[JunkKind]:
    return MenuPrompt(junk_menu(title="Junk"), chosen.append, said.append)


def test_a_menu_closes_before_its_choice_is_carried_out() -> None:
    chosen, said = list[JunkKind](), list[str]()
    prompts = Prompts(lambda: None)
    seen: list[bool] = []
    prompts.open(MenuPrompt(junk_menu(title=""), lambda _: seen.append(True), said.append))
    is_open = prompts.current is not None
    prompts.press("a", "a")
    assert (is_open, seen, prompts.current) == (True, [True], None)
    prompts.open(menu(chosen, said))
    prompts.press("?", "?")
    assert (chosen, prompts.current is None) == ([], False)
    assert "No option" in said[-1]
    prompts.press("escape", None)
    assert prompts.current is None


def test_a_choice_may_open_another_prompt() -> None:
    prompts = Prompts(lambda: None)
    second = menu([], [])
    prompts.open(MenuPrompt(junk_menu(title=""), lambda _: prompts.open(second), ignored))
    prompts.press("a", "a")
    assert prompts.current is second


def test_a_letter_opens_a_further_menu_of_the_same_values() -> None:
    chosen = list[int]()
    further = menu_of("further", "", [Choice("b", "two", 2)])
    letters: list[Choice[int] | Submenu[int]] = [
        Choice("a", "one", 1),
        Submenu("f", "further", further),
    ]
    first = menu_of("first", "", letters)
    prompts = Prompts(lambda: None)
    prompts.open(MenuPrompt(first, chosen.append, ignored))
    for key in ("f", "a", "b"):
        prompts.press(key, key)
    assert (chosen, prompts.current) == ([2], None)


def test_a_menu_removes_its_hints_when_it_closes() -> None:
    closed = list[bool]()
    for key in ("escape", "a"):
        prompts = Prompts(lambda: None)
        prompts.open(MenuPrompt(junk_menu(title=""), ignored, ignored, lambda: closed.append(True)))
        prompts.press(key, None)
    assert closed == [True, True]


def test_a_note_takes_keys_and_pastes_and_keeps_its_words_on_enter() -> None:
    kept: list[str] = []
    prompts = Prompts(lambda: None)
    prompts.open(Note("note", "old", kept.append))
    for key in ("backspace", "x", " "):
        prompts.press(key, key if len(key) == 1 else None)
    assert prompts.insert("one\ntwo")
    prompts.press("enter", "\r")
    assert (kept, prompts.current) == (["olx one two"], None)
    prompts.open(Note("note", "", kept.append))
    prompts.press("escape", None)
    assert len(kept) == 1


def test_a_menu_ignores_a_paste() -> None:
    prompts = Prompts(lambda: None)
    assert not prompts.insert("words")
    prompts.open(menu([], []))
    assert not prompts.insert("words")


def test_a_prompt_is_drawn_with_its_keys() -> None:
    note = Note("note on this item", "a very long remark " * 20, ignored)
    head, line = note.lines(40)
    assert head.left[0][1].strip() == "note on this item"
    assert sum(len(words) for _, words, *_ in line.left) <= 40
    assert isinstance(note.press("escape", None), Done)


# Questions


def test_no_earlier_key_answers_a_question() -> None:
    questions = Questions()
    assert questions.take(Typed(1.0, "A"))
    questions.ask()
    assert not questions.take(Typed(1.0, "A"))
    assert questions.take(Typed(1.0, "n"))
    questions.ask()
    assert questions.take(Typed(now() + LATER, "n"))


def test_earlier_keys_do_not_decide_on_an_item_scrolled_into_view() -> None:
    questions = Questions()
    questions.take(Typed(1.0, "a"))
    questions.ask(about="item")
    questions.take(Typed(1.0, "x"))
    assert not questions.could_be_seen("item")
    assert questions.could_be_seen("other")
    questions.take(Typed(now() + LATER, "a"))
    assert questions.could_be_seen("item")


def test_a_paste_answers_no_question_and_is_not_delayed() -> None:
    questions = Questions()
    questions.take(Typed(1.0, ""))
    questions.ask()
    assert questions.take(Typed(1.0, "", pasted="words"))


def test_a_key_held_down_does_not_answer_a_question_that_needs_it_anew() -> None:
    questions = Questions()
    start = now() + LATER
    questions.take(Typed(start, "u"))
    questions.ask(anew=True)
    assert not any(questions.take(Typed(start + n * 0.1, "u")) for n in range(1, 30))
    assert questions.take(Typed(start + 4, "u"))
    questions.ask(anew=True)
    assert questions.take(Typed(start + 4.01, "n"))


@given(st.lists(st.tuples(st.floats(0.01, 0.6), st.sampled_from("Ax")), max_size=30))
def test_a_key_that_is_held_down_when_it_asks_is_no_answer(
    pressed: list[tuple[float, str]],
) -> None:
    questions, last, at = Questions(), Typed(now() + LATER, ""), now() + LATER
    for pause, key in pressed:
        at += pause
        typed = Typed(at, key).after(last)
        is_held = key == "A" and typed.repeats and last.repeats
        if questions.take(typed) and key == "A":
            assert not is_held
            questions.ask()
        last = typed


def test_a_key_repeats_that_follows_itself_fast() -> None:
    first = Typed(1.0, "A")
    assert Typed(1.1, "A").after(first).repeats
    for other in (Typed(1.5, "A"), Typed(1.1, "a"), Typed(1.1, "", pasted="A")):
        assert not other.after(first).repeats
    assert not first.after(None).repeats


# What is repeated


def made(group: str) -> tuple[Decision, ...]:
    decisions = stamped([accept(FIRST), accept(LAST)], review_of(FIRST, LAST))
    return tuple(replace(one, group=group) for one in decisions)


def test_the_last_action_not_undone_is_repeated() -> None:
    repeats = Repeats()
    assert repeats.last() is None
    for group in ("one", "two"):
        repeats.add(group, Again(group))
    second = made("two")
    repeats.undone(second)
    assert repeats.last() == Again("one")
    repeats.redone(second)
    assert repeats.last() == Again("two")


def test_nothing_older_than_a_decision_without_repetition_is_repeated() -> None:
    repeats = Repeats()
    assert repeats.is_empty
    repeats.add("one", Again("one"))
    repeats.add("two", None)
    assert repeats.last() is None
    assert not repeats.is_empty
    repeats.undone(made("two"))
    assert repeats.last() == Again("one")
    repeats.undone(made("one"))
    assert (repeats.last(), repeats.is_empty) == (None, True)
