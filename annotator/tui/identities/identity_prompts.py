"""What is asked on the identities: a line to type, a form, a type, who differs."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from annotator.core.across.identity_log import is_form, key_in
from annotator.tui.widgets.letter_menu import Choice, LetterMenu, menu_of
from annotator.tui.widgets.prompts import Done, LinePrompt

_LETTERS = "abcdefghijklmnop"


class FieldPrompt(LinePrompt):
    """A field of an identity; `keep` gets what was typed."""

    keys = "enter keeps it   esc leaves it as it was "

    def __init__(self, title: str, text: str, keep: Callable[[str], None]) -> None:
        super().__init__(text)
        self.title, self._keep = title, keep

    def submit(self) -> Done | None:
        return Done(lambda: self._keep(" ".join(self.line.text.split())))


def form_menu(forms: Sequence[str], *, title: str) -> LetterMenu[str]:
    """Forms by letter."""
    choices = (
        Choice(letter, key_in(form) if is_form(form) else form, form)
        for letter, form in zip(_LETTERS, forms, strict=False)
    )
    return menu_of("forms", title, choices)
