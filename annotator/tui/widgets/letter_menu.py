"""Letter menus: values of one type, each with a letter, and the prompt to choose one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, TypeAlias, TypeVar

from annotator.tui.widgets.bar import BarLine, Piece, flowed
from annotator.tui.widgets.prompts import Done

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Choice(Generic[T_co]):
    """A choice of a menu: a value, and words for it in a tone; one that `is_chosen` is marked."""

    letter: str
    words: str
    value: T_co
    tone: str = "normal"
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class Submenu(Generic[T_co]):
    """A letter that opens a further menu of values of the same type."""

    letter: str
    words: str
    menu: LetterMenu[T_co]
    tone: str = "normal"


MenuLine: TypeAlias = Choice[T] | Submenu[T]
"""The effect of one letter of a menu."""


@dataclass(frozen=True)
class LetterMenu(Generic[T_co]):
    """Rows of choices, each with a head, below a title. Letters are unique within a menu."""

    name: str
    title: str
    rows: tuple[tuple[str, tuple[MenuLine[T_co], ...]], ...]

    @cached_property
    def by_letter(self) -> dict[str, MenuLine[T_co]]:
        """The effect of each letter, in the order of the menu."""
        return {line.letter: line for _, lines in self.rows for line in lines}

    def lines(self, width: int) -> list[BarLine]:
        """The menu in `width` cells: its title, then its choices."""
        drawn = [BarLine((("accent", f" {self.title}"),), (("muted", "esc closes ", "escape"),))]
        for head, lines in self.rows:
            groups = [_pieces(line) for line in lines]
            lead = [(("muted", f"{head:<12} "),)] if head else []
            drawn += flowed([*lead, *groups], width, further=" " * 14 if head else " ")
        return drawn


def _pieces(line: MenuLine[T]) -> tuple[Piece, ...]:
    """A letter and its words, as they are drawn."""
    if isinstance(line, Choice) and line.is_chosen:
        head, tone = f"●{line.letter}", "accent"
        return (tone, head, line.letter), (tone, f" {line.words}  ", line.letter)
    return ("strong", line.letter, line.letter), (line.tone, f" {line.words}  ", line.letter)


def menu_of(name: str, title: str, lines: Iterable[MenuLine[T]]) -> LetterMenu[T]:
    """A menu of one row without a head."""
    return LetterMenu(name, title, (("", tuple(lines)),))


class MenuPrompt(Generic[T]):
    """Lets the reviewer choose a value of a menu; `closed` cleans up the screen."""

    def __init__(
        self,
        menu: LetterMenu[T],
        chosen: Callable[[T], None],
        say: Callable[[str], None],
        closed: Callable[[], None] | None = None,
    ) -> None:
        self.menu = menu
        self._chosen, self._say, self._closed = chosen, say, closed

    def press(self, pressed: str, _character: str | None) -> Done | None:
        if pressed == "escape":
            return Done()
        match self.menu.by_letter.get(pressed):
            case Choice(value=value):
                return Done(lambda: self._chosen(value))
            case Submenu(menu=menu):
                self.menu = menu
            case None:
                self._say(f"No option {pressed}; esc closes.")
        return None

    def insert(self, _words: str) -> bool:
        return False

    def lines(self, width: int) -> list[BarLine]:
        return self.menu.lines(width)

    def close(self) -> None:
        if self._closed is not None:
            self._closed()
