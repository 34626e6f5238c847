"""The actions of the adjudication screen: one method per action of the table of keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from annotator.core.adjudicating.difference_wording import place_of
from annotator.core.article import Span
from annotator.tui.adjudicating.adjudication_desk import AdjudicationDesk
from annotator.tui.keys import Mode
from annotator.tui.review.text_prompts import Note
from annotator.tui.screens.letter_menus import label_menu
from annotator.tui.widgets.letter_menu import MenuPrompt

if TYPE_CHECKING:
    from annotator.tui.adjudicating.adjudication_screen import AdjudicationScreen

_ANSWERS = ("a", "b", "c", "d")


class AdjudicationActions:
    """The actions, on the adjudication in hand."""

    def __init__(self, screen: AdjudicationScreen) -> None:
        self._screen = screen

    @classmethod
    def handles(cls, action: str) -> bool:
        """Whether there is an action of this name."""
        name = action.removeprefix("adjudicate_")
        is_numbered = name.startswith("label_") and name.removeprefix("label_").isdecimal()
        is_answer = name.startswith("answer_") and name.removeprefix("answer_") in _ANSWERS
        return is_numbered or is_answer or name in _OF_THE_DESK or hasattr(cls, f"do_{name}")

    def act(self, desk: AdjudicationDesk, action: str) -> None:
        """Run one action of the table of keys."""
        name = action.removeprefix("adjudicate_")
        if (place := name.removeprefix("label_")) != name:
            self._label_numbered(desk, int(place))
        elif (letter := name.removeprefix("answer_")) != name:
            desk.choose(_ANSWERS.index(letter))
        elif name in _OF_THE_DESK:
            _OF_THE_DESK[name](desk)
        else:
            getattr(self, f"do_{name}")(desk)

    def _label_numbered(self, desk: AdjudicationDesk, number: int) -> None:
        labels = list(self._screen.setup.config.scheme)
        if number <= len(labels):
            desk.choose_label(labels[number - 1].name)
        else:
            self._screen.say(f"The scheme has no label {number}.")

    def do_label(self, desk: AdjudicationDesk) -> None:
        menu = label_menu(self._screen.setup.config.scheme, title="another label")
        prompt = MenuPrompt(menu, lambda label: desk.choose_label(label.name), self._screen.say)
        self._screen.frame.prompts.open(prompt)

    def do_other(self, desk: AdjudicationDesk) -> None:
        one = desk.difference
        self._screen.open_as_review(Span(0, 1) if one is None else place_of(desk.review, one))

    def do_note(self, desk: AdjudicationDesk) -> None:
        if desk.difference is None or desk.difference.contested is None:
            self._screen.say("Notes are on items.")
            return
        title = "why, for those who answered otherwise"
        self._screen.frame.prompts.open(Note(title, desk.noted, desk.note))

    def do_finish(self, _desk: AdjudicationDesk) -> None:
        self._screen.loader.finish()

    def do_anew(self, _desk: AdjudicationDesk) -> None:
        self._screen.loader.open_again(anew=True)

    def do_help(self, _desk: AdjudicationDesk) -> None:
        from annotator.tui.screens.help_screen import HelpScreen

        screen = self._screen
        screen.show_over(HelpScreen(screen.setup, screen.keymap, Mode.ADJUDICATION))

    def do_palette(self, _desk: AdjudicationDesk) -> None:
        from annotator.tui.screens.offers import Below
        from annotator.tui.screens.palette_prompt import open_palette

        screen = self._screen
        prompts = screen.frame.prompts
        open_palette(Below(screen, Mode.ADJUDICATION, screen.keymap, prompts, screen.act))


_OF_THE_DESK: Mapping[str, Callable[[AdjudicationDesk], None]] = {
    "both": AdjudicationDesk.choose_both,
    "neither": AdjudicationDesk.choose_neither,
    "all": lambda desk: desk.choose_all(0),
    "all_b": lambda desk: desk.choose_all(1),
    "next": lambda desk: desk.go_to_open(1),
    "previous": lambda desk: desk.go_to_open(-1),
    "down": lambda desk: desk.go_to(desk.here + 1),
    "up": lambda desk: desk.go_to(desk.here - 1),
    "top": lambda desk: desk.go_to(0),
    "bottom": lambda desk: desk.go_to(len(desk.differences)),
    "undo": AdjudicationDesk.undo,
    "redo": AdjudicationDesk.redo,
    "reopen": AdjudicationDesk.reopen,
}
"""The actions that need nothing but the adjudication."""
